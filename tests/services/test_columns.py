"""Asked, answered once, remembered for the company, and nothing lost on the way."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, ColumnLayout, Job, Revision
from hr_portal.services import columns, layouts, results
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound

STRANGE = "No Kartu;NIK;Nama Lengkap;Tanggal Lahir;No KK;Data;Semula;Menjadi;Alasan"
"""As the world's sheet, but for the name of the column that holds the KPJ."""


def strange(world, count=3, start=100, header=STRANGE):
    """A csv whose KPJ lie under a name that nobody knows."""
    lines = world.sheet(count, start).decode().split("\r\n")
    return "\r\n".join([header, *lines[1:]]).encode()


def asked(world, content=None, **more):
    return world.draft(strange(world) if content is None else content, **more)


def answer(world, batch, words=None, actor=None, version=None, **more):
    return columns.answer(
        world.portal, actor or world.rahma, batch, version=version,
        columns={"A": "kpj"} if words is None else words, **more,
    )  # fmt: skip


def acts(portal, action):
    with portal.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).where(Act.action == action))


def test_a_file_whose_columns_are_not_certain_waits_for_an_answer(world, portal):
    batch = asked(world)
    view = world.view(batch)
    assert (view.state, view.revision.state, view.revision.total) == ("draft", "asking", 0)
    held = columns.question(portal, world.rahma, batch)
    first, *rest = held.question.columns
    assert (first.letters, first.header, first.word, first.is_asked) == (
        "A", "No Kartu", "kpj", True,
    )  # fmt: skip
    assert [one.word for one in rest[:3]] == ["nik", "nama", "tanggal_lahir"]
    assert (held.question.rows, len(first.samples), held.may_leave) == (3, 3, False)
    assert acts(portal, "revision:asked") == 1


def test_the_values_shown_with_a_question_lie_sealed_and_go_with_its_answer(world, portal):
    batch = asked(world)
    value = columns.question(portal, world.rahma, batch).question.columns[0].samples[0]
    with portal.db.read() as session:
        (sealed,) = session.scalars(sa.select(Revision.question)).all()
        details = session.scalars(sa.select(Act.details)).all()
    assert value.encode() not in sealed
    assert value not in str(details)
    answer(world, batch)
    with portal.db.read() as session:
        revision = session.scalars(sa.select(Revision)).one()
    assert revision.question is None
    assert value not in str(revision.answer)


def test_with_the_answer_the_file_is_read(world):
    batch = asked(world)
    taken = answer(world, batch, version=world.view(batch).version)
    assert (taken.file_state, taken.version) == ("received", 2)
    world.work()
    view = world.view(batch).revision
    assert (view.state, view.number, view.total, view.valid) == ("checked", 1, 3, 3)


def test_the_next_file_with_these_headers_goes_straight_through_and_says_so(world, portal, clock):
    answer(world, asked(world))
    world.work()
    made = clock.now
    clock.go(days=60)
    batch = world.draft(strange(world, 2, start=300))
    view = world.view(batch).revision
    assert (view.state, view.total) == ("checked", 2)
    assert abs(view.known_layout_at - made) < dt.timedelta(minutes=1)
    (layout,) = layouts.list_layouts(portal, world.rahma, world.view(batch).company_id)
    assert layout.columns[:2] == (("No Kartu", "kpj"), ("NIK", "nik"))
    assert layout.used_at > layout.made_at


def test_the_later_of_two_explanations_stands(world, portal):
    first, second = asked(world), asked(world)
    answer(world, first)
    answer(world, second, {"I": "keterangan"})
    (layout,) = layouts.list_layouts(portal, world.rahma, world.view(first).company_id)
    assert layout.columns[-1] == ("Alasan", "keterangan")


def test_what_one_company_explained_is_not_believed_for_another(world):
    answer(world, asked(world))
    other = world.draft(strange(world), actor=world.wulan)
    assert world.view(other, world.wulan).revision.state == "asking"


def test_a_remembered_layout_is_asked_about_again_where_the_content_speaks_against_it(world):
    answer(world, asked(world))
    lines = strange(world).decode().split("\r\n")
    turned = [";".join((b, a, *rest)) for a, b, *rest in (line.split(";") for line in lines[1:-1])]
    batch = world.draft("\r\n".join([lines[0], *turned, ""]).encode())
    assert world.view(batch).revision.state == "asking"


def test_an_answer_that_is_not_to_be_remembered_is_not(world, portal):
    answer(world, asked(world), remember=False)
    with portal.db.read() as session:
        assert session.scalars(sa.select(ColumnLayout)).all() == []


def test_a_layout_can_be_forgotten_once_and_by_its_company_only(world, portal):
    batch = asked(world)
    answer(world, batch)
    company = world.view(batch).company_id
    (layout,) = layouts.list_layouts(portal, world.rahma, company)
    with pytest.raises(NotFound):
        layouts.forget_layout(portal, world.wulan, company, layout.id)
    layouts.forget_layout(portal, world.rahma, company, layout.id)
    with pytest.raises(NotFound):
        layouts.forget_layout(portal, world.rahma, company, layout.id)
    assert world.view(asked(world)).revision.state == "asking"
    assert acts(portal, "layout:forgotten") == 1


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ({"A": "abaikan"}, "columns_missing", "KPJ"),
        ({"I": "nik"}, "column_twice", "B “NIK”"),
        ({"A": ""}, "column_open", "A “No Kartu”"),
        ({"I": "email:menjadi"}, "columns_mixed", "I “Alasan”"),
        ({"A": "bintang"}, "column_unknown", "A"),
        ({"ZZ": "kpj"}, "column_unknown", "ZZ"),
    ],
)
def test_an_answer_of_which_no_table_comes_is_refused_and_the_question_stays(
    world, words, code, told
):
    batch = asked(world)
    with pytest.raises(Invalid) as refusal:
        answer(world, batch, words)
    assert refusal.value.code == code
    assert told in refusal.value.message
    assert told in refusal.value.message_en or code == "columns_missing"
    assert world.view(batch).revision.state == "asking"


def test_only_the_first_of_two_answers_counts(world, portal):
    batch = asked(world)
    version = world.view(batch).version
    outcomes = []

    def act(words):
        try:
            outcomes.append(answer(world, batch, words, version=version).file_state)
        except Conflict as refusal:
            outcomes.append(refusal.code)

    racing = [threading.Thread(target=act, args=({"A": "kpj"},)) for _ in range(2)]
    for one in racing:
        one.start()
    for one in racing:
        one.join()
    assert sorted(outcomes) == ["received", "stale_version"]
    assert acts(portal, "batch:columns_answered") == 1
    world.work()
    assert world.view(batch).revision.state == "checked"


def test_an_answer_sent_twice_with_one_key_is_one_answer(world):
    batch = asked(world)
    assert not answer(world, batch, idempotency_key="k").repeated
    assert answer(world, batch, idempotency_key="k").repeated
    with pytest.raises(Conflict, match="nothing_to_ask"):
        answer(world, batch, idempotency_key="other")


def test_nobody_answers_for_another_company_or_as_a_reviewer(world):
    batch = asked(world)
    for actor in (world.wulan, world.bayu, world.admin):
        with pytest.raises((NotFound, Forbidden)):
            answer(world, batch, actor=actor)


def test_a_new_file_makes_the_question_of_the_old_one_void(world):
    batch = asked(world)
    world.revise(batch, world.sheet(2))
    with pytest.raises(Conflict, match="nothing_to_ask"):
        answer(world, batch)
    world.work()
    assert world.view(batch).revision.total == 2


def test_columns_of_a_checked_draft_can_be_asked_about_again(world, portal):
    batch = world.draft()
    columns.ask_again(portal, world.rahma, batch, version=world.view(batch).version)
    world.work()
    held = columns.question(portal, world.rahma, batch)
    assert [one.is_asked for one in held.question.columns] == [False] * 9
    assert held.may_leave
    answer(world, batch, {"I": "keterangan"})
    world.work()
    view = world.view(batch).revision
    assert (view.state, view.number, view.valid) == ("checked", 2, 3)
    roles = results.structure(portal, world.rahma, batch).roles
    assert roles[8].part == "note"


def test_leaving_the_question_brings_the_earlier_reading_back(world, portal):
    batch = world.ready()
    columns.ask_again(portal, world.rahma, batch, version=None)
    world.work()
    columns.leave(portal, world.rahma, batch, version=world.view(batch).version)
    view = world.view(batch)
    assert (view.revision.number, view.revision.state, view.revision.valid) == (1, "checked", 3)
    with portal.db.read() as session:
        subjects = set(session.scalars(sa.select(Job.subject).where(Job.kind == "read")))
        assert subjects == {str(view.revision.id)}
    world.revise(batch, world.sheet(2))
    world.work()
    assert world.view(batch).revision.number == 2


def test_a_first_question_has_nothing_to_go_back_to(world, portal):
    batch = asked(world)
    with pytest.raises(Conflict, match="nothing_to_ask"):
        columns.leave(portal, world.rahma, batch, version=None)
    with pytest.raises(Conflict, match="nothing_to_ask"):
        columns.ask_again(portal, world.rahma, batch, version=None)


def test_a_submitted_batch_is_not_asked_about_again(world, portal):
    batch = world.submitted()
    with pytest.raises(Conflict, match="not_editable"):
        columns.ask_again(portal, world.rahma, batch, version=None)


def test_a_cancelled_batch_takes_no_answer(world, portal):
    from hr_portal.services import intake

    batch = asked(world)
    intake.cancel_batch(portal, world.rahma, batch)
    with pytest.raises(Conflict, match="not_editable"):
        answer(world, batch)


def test_an_asking_draft_says_that_it_waits_for_a_word_on_its_columns(world, portal):
    from hr_portal.services import submission

    (lack,) = submission.lacks(portal, world.rahma, asked(world))
    assert lack.code == "columns_unanswered"
