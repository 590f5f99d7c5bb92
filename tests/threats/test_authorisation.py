"""Who reaches for what isn't theirs: another company's, another branch's, or not handed in yet."""

import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Base, Batch
from hr_portal.adapters.scanner import Scanner
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    accounts,
    archive_uploads,
    archives,
    batch_views,
    changes,
    documents,
    letter_views,
    letters,
    results,
    review,
    submission,
    visible,
)
from hr_portal.services.errors import Forbidden, NotFound
from tests.services.test_review import _png

UNKNOWN = "0123456789abcdef" * 2


def returned(world, portal, batch):
    """Has a reviewer send the whole batch back."""
    review.take(portal, world.bayu, batch)
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows="rest", verdict="return", reason="Kurang"
    )
    review.decide(portal, world.bayu, batch, version=None)


def looks(portal, actor, batch, number):
    """Every way to look at a revision by its number."""
    return (
        lambda: batch_views.batch_view(portal, actor, batch, revision=number),
        lambda: results.structure(portal, actor, batch, revision=number),
        lambda: results.todo(portal, actor, batch, revision=number),
        lambda: results.rows_page(portal, actor, batch, revision=number),
        lambda: results.row_view(portal, actor, batch, 2, revision=number),
        lambda: results.findings_page(portal, actor, batch, revision=number),
        lambda: results.reveal(portal, actor, batch, 2, revision=number),
        lambda: list(results.all_findings(portal, actor, batch, revision=number)),
        lambda: changes.changes_page(portal, actor, batch, revision=number),
        lambda: changes.counts(portal, actor, batch, revision=number),
        lambda: changes.reasons(portal, actor, batch, revision=number),
    )


def handed_in_as_second_revision(world, portal):
    """A batch whose first sheet was the company's own mistake, mended before submission."""
    batch = world.draft(world.sheet(4, start=800))
    world.confirm(batch)
    early = letters.issue(portal, world.rahma, batch)
    world.revise(batch, world.sheet(3))
    world.work()
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    return batch, early


def test_a_reviewer_does_not_read_a_revision_that_was_never_handed_in(world, portal, program_of):
    batch, _early = handed_in_as_second_revision(world, portal)
    for look in looks(portal, world.bayu, batch, 1):
        with pytest.raises(NotFound):
            look()
    for look in looks(portal, world.bayu, batch, 2) + looks(portal, world.rahma, batch, 1):
        look()
    assert [one.number for one in batch_views.revisions(portal, world.bayu, batch)] == [2]
    assert [one.number for one in batch_views.revisions(portal, world.rahma, batch)] == [2, 1]
    program = program_of(world.bayu)
    for part in ("rows", "findings"):
        program.get(f"/batches/{batch}/{part}", revision=1, expect=404)
        program.get(f"/batches/{batch}/{part}", revision=2)


def test_a_reviewer_does_not_read_a_letter_that_was_never_handed_in(world, portal, program_of):
    batch, early = handed_in_as_second_revision(world, portal)
    with pytest.raises(NotFound):
        letter_views.open_letter(portal, world.bayu, early.id)
    program_of(world.bayu).get(f"/letters/{early.id}/pdf", expect=404)
    (shown,) = letter_views.list_letters(portal, world.bayu, batch)
    assert shown.state == "issued"
    assert letter_views.open_letter(portal, world.bayu, shown.id)[1]
    assert letter_views.open_letter(portal, world.rahma, early.id)[1]


def test_a_reviewer_still_reads_what_was_decided_and_nothing_made_after(world, portal):
    batch = world.submitted()
    decided_letter = letter_views.list_letters(portal, world.bayu, batch)[0]
    returned(world, portal, batch)
    assert results.rows_page(portal, world.bayu, batch).total == 3
    world.revise(batch, world.sheet(5))
    world.work()
    for look in looks(portal, world.bayu, batch, None) + looks(portal, world.bayu, batch, 2):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(NotFound):
        letter_views.letter_view(portal, world.bayu, decided_letter.id)
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    for look in looks(portal, world.bayu, batch, 1) + looks(portal, world.bayu, batch, 2):
        look()
    assert letter_views.letter_view(portal, world.bayu, decided_letter.id).revision == 1


def test_a_withdrawn_batch_is_out_of_the_reviewers_sight(world, portal):
    batch = world.draft()
    world.confirm(batch)
    placed = documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", row=2)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    assert documents.open_document(portal, world.bayu, placed.id)
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah")
    with pytest.raises(NotFound):
        documents.open_document(portal, world.bayu, placed.id)
    for look in looks(portal, world.bayu, batch, 1):
        with pytest.raises(NotFound):
            look()


def test_whoever_uploaded_a_sheet_or_document_does_not_decide_it_after_a_change_of_role(
    world, portal
):
    def as_reviewer(person):
        """The same account, HRD no more."""
        return Actor(
            person.user_id, person.name, person.email, branches=frozenset(world.bayu.branches)
        )

    batch = world.draft()
    world.revise(batch, world.sheet(4), actor=world.surya)
    world.work()
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah")
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    _of_no_company(portal, world.surya)
    with pytest.raises(Forbidden, match="own_upload"):
        review.take(portal, as_reviewer(world.surya), batch)
    review.take(portal, world.bayu, batch)


def test_whoever_placed_a_document_does_not_decide_on_it(world, portal):
    batch = world.draft()
    documents.add_document(portal, world.surya, batch, _png(), "ktp.png", row=2)
    documents.add_document(portal, world.rahma, batch, _png(), "kk.png", row=3)
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    _of_no_company(portal, world.surya)
    reviewer = Actor(
        world.surya.user_id, world.surya.name, world.surya.email, branches=world.bayu.branches
    )
    with pytest.raises(Forbidden, match="own_upload"):
        review.take(portal, reviewer, batch)


def _of_no_company(portal, person):
    with portal.db.write() as session:
        session.execute(
            sa.text("DELETE FROM memberships WHERE user_id = :who"), {"who": person.user_id}
        )


def _archive(world, batch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("scan.png", _png().getvalue())
    return archives.take_archive(world.portal, world.rahma, batch, packed, "a.zip").id


def _held(world, batch):
    world.portal.scanner = Scanner("127.0.0.1:1")
    waiting = documents.add_document(world.portal, world.rahma, batch, _png(), "akta.png", row=3)
    world.portal.scanner = None
    return waiting.id


# --- another company's, at every address


def _addresses(app):
    """Every rule of the pages with an id in it, and its methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if rule.arguments
        & {
            "batch_id",
            "document_id",
            "letter_id",
            "company_id",
            "archive_id",
            "held_id",
            "upload_id",
        }
        and not rule.rule.startswith("/api/")
    ]


_PLACES = {"row": "2", "column": "1", "act": "1", "layout_id": "1", "part": "1",
           "paper": "1", "user_id": "0" * 32, "copy_id": "1", "page": "1",
           "number": "1", "work": "1"}  # fmt: skip
"""Numbers in an address that mean nothing without the id before them."""


def _written(rule, values):
    path = rule.rule
    for name, value in {**values, **_PLACES}.items():
        path = re.sub(rf"<(?:\w+:)?{name}>", value, path)
    assert "<" not in path, path
    return path


def _plain(answer, *ids):
    """A page without what differs between any two requests."""
    text = answer.get_data(as_text=True)
    told = answer.headers["X-Request-Id"]
    dashed = "-".join(told[start : start + 4] for start in range(0, 16, 4))
    for one in (*ids, told, dashed):
        text = text.replace(one, "ID")
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", text)
    return answer.status_code, re.sub(r"\d{2}[.:]\d{2}([.:]\d{2})?", "TIME", text)


def _counts(portal):
    with portal.db.read() as session:
        return {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name not in {"sessions", "throttles"}
        }


def test_another_companys_things_answer_like_unknown_ones_on_every_page_and_verb(
    world, portal, app, browser_of
):
    batch = world.draft()
    placed = documents.add_document(portal, world.rahma, batch, _png(), "ktp.png", row=2)
    letter = letters.issue(portal, world.rahma, batch)
    theirs = {
        "batch_id": batch,
        "document_id": placed.id,
        "letter_id": letter.id,
        "company_id": world.view(batch).company_id,
        "archive_id": _archive(world, batch),
        "held_id": _held(world, batch),
        "upload_id": archive_uploads.begin(portal, world.rahma, batch, "b.zip", 9).id,
    }
    unknown = dict.fromkeys(theirs, UNKNOWN)
    form = {
        "version": "1", "reason": "Sesuai", "aturan": "ROW-03", "declaration": "ya", "verdict": "approve",
        "rows": "2", "scope": "rows", "paper": "a4", "number_pattern": "{urut}/{tahun}", "lengkap": "ya",
        "baris": "2", "kolom": "1", "whose": "2", "kind": "ktp", "series": "permohonan", "reset": "year",
        "pattern": "{urut}/{tahun}", "start": "1", "code": "SPK", "number": "1/2026", "used_on": "2026-11-01",
    }  # fmt: skip
    before = _counts(portal)
    # HRD of another company, reviewer of another branch, and a reviewer of this one: it is a draft
    for stranger in (world.wulan, world.lestari, world.bayu):
        client = browser_of(stranger)
        token = client.token()
        for rule, method in _addresses(app):
            answers = []
            for values in (theirs, unknown):
                path = _written(rule, values)
                more = {"data": {**form, "csrf_token": token}} if method == "POST" else {}
                answer = client.client.open(path, method=method, **more)
                answers.append(_plain(answer, *theirs.values(), UNKNOWN))
                assert answer.status_code in {403, 404, 422}, (stranger.name, method, path)
            assert answers[0] == answers[1], (stranger.name, method, rule.rule)
    assert _counts(portal) == {**before, "acts": _counts(portal)["acts"]}
    with portal.db.read() as session:
        assert session.get_one(Batch, batch).state == "draft"


def test_an_admin_reads_no_row_at_any_address(world, portal, app, browser_of):
    batch = world.submitted()
    letter = letter_views.list_letters(portal, world.rahma, batch)[0]
    values = {
        "batch_id": batch,
        "letter_id": letter.id,
        "document_id": UNKNOWN,
        "archive_id": UNKNOWN,
        "held_id": UNKNOWN,
        "upload_id": UNKNOWN,
    }
    client = browser_of(world.admin)
    token = client.token()
    for rule, method in _addresses(app):
        if "company_id" in rule.arguments:
            continue
        more = {"data": {"csrf_token": token}} if method == "POST" else {}
        answer = client.client.open(_written(rule, values), method=method, **more)
        assert answer.status_code == 403, (method, rule.rule)
    with pytest.raises(NotFound):
        batch_views.batch_view(portal, world.admin, batch)


def test_a_reviewer_of_another_branch_may_do_nothing_with_a_submitted_batch(
    world, portal, program_of
):
    batch = world.submitted(actor=world.wulan)
    other = world.lestari  # of the other branch
    assert not {world.view(batch, world.wulan).branch_id} & other.branches
    program = program_of(other)
    for act, body in (
        ("take", {}),
        ("release", {}),
        ("pass-on", {"version": 1}),
        ("verdicts", {"rows": "rest", "verdict": "approve", "version": 1}),
        ("decide", {"version": 1}),
    ):
        program.post(f"/batches/{batch}/{act}", expect=404, **body)
    program.get(f"/batches/{batch}", expect=404)
    assert accounts.load_actor(portal, other.user_id) == other
    with portal.db.read() as session, pytest.raises(NotFound):
        visible.batch(session, other, batch)
