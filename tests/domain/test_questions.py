"""A question and its answer go through JSON and come back the same."""

import json

from hr_portal.domain.questions import (
    AskedColumn,
    HowToRead,
    KnownLayout,
    Question,
    SheetChoice,
    Unsure,
    roles_of,
)
from hr_portal.domain.table import Role, Unreadable

QUESTION = Question(
    sheets=(SheetChoice("Januari", 3, ("KPJ", "NIK"), is_likely=True),),
    sheet="Januari",
    header=(1, 2),
    rows=3,
    columns=(
        AskedColumn("A", "No Kartu", ("1", "", "3"), "kpj", "content", is_asked=True, note="kpj"),
        AskedColumn("B", "NIK", (), "nik", "name", is_asked=False),
        AskedColumn("C", "Nama", (), "nama", "name", is_asked=False),
        AskedColumn("D", "Email", (), "", "name", is_asked=True),
    ),
    fingerprint="f",
    known_layout=7,
)


def test_a_question_comes_back_the_same():
    assert Question.unpacked(json.loads(json.dumps(QUESTION.packed()))) == QUESTION
    bare = Question(())
    assert Question.unpacked(json.loads(json.dumps(bare.packed()))) == bare


def test_orders_come_back_the_same():
    for how in (
        HowToRead(),
        HowToRead(
            "Januari", (1, 2), {"A": "kpj"}, {"No Kartu": "kpj"},
            (KnownLayout(7, "f", "Januari", ("kpj", "nik")),), "always",
        ),
    ):  # fmt: skip
        assert HowToRead.unpacked(json.loads(json.dumps(how.packed()))) == how


def test_an_answer_is_judged_as_the_reader_would():
    assert QUESTION.judge({**QUESTION.guesses(), "D": "email:menjadi"}) is None
    assert QUESTION.judge({**QUESTION.guesses(), "D": "abaikan"}).lacking == {"correction"}
    assert QUESTION.judge({"A": "kpj"}).lacking == {"nik", "nama", "correction"}


def test_who_cannot_ask_sees_a_refusal_like_others():
    unsure = Unsure(Unreadable("FILE-07", "Kolom", "Column"), QUESTION)
    assert isinstance(unsure, Unreadable)
    assert (unsure.code, unsure.message, unsure.question) == ("FILE-07", "Kolom", QUESTION)


def test_words_stand_for_roles():
    assert roles_of({"A": "nik:menjadi", "B": "abaikan"}) == {
        "A": Role("after", "nik"), "B": Role("unknown"),
    }  # fmt: skip
