"""The matrix: what each row asks for, what is there, and the rows that lack something."""

import io

import pytest

from hr_portal import demo
from hr_portal.adapters.database.document_models import Explanation
from hr_portal.services import coverage, documents, explaining, letters, review, submission
from hr_portal.services.errors import Conflict, Invalid, NotFound
from tests.adapters.documents.made import small_png


def name_line(_number, who):
    return ("Nama Lengkap", who["nama"] + " LAMA", who["nama"])


@pytest.fixture
def batch(world):
    """Two rows that correct a phone number, two that correct a name."""
    lines = world.sheet(2).splitlines()
    lines += world.sheet(2, start=200, line=name_line).splitlines()[1:]
    return world.draft(b"\r\n".join([*lines, b""]))


def put(world, batch, kind, row=None, shade=1):
    documents.add_document(
        world.portal,
        world.rahma,
        batch,
        io.BytesIO(small_png(shade)),
        f"{kind}.png",
        kind=kind,
        row=row,
    )


def seen(world, batch, **how):
    return coverage.matrix(world.portal, world.rahma, batch, **how)


def test_a_row_asks_for_what_its_corrections_ask_for(world, batch):
    found = seen(world, batch)
    assert [one.kind for one in found.columns] == ["kartu_bpjstk", "ktp", "kk"]
    assert [(one.asked, one.there) for one in found.columns] == [(4, 0), (2, 0), (2, 0)]
    assert [one.cells for one in found.rows][:1] == [("missing", None, None)]
    assert found.rows[3].cells == ("missing", "missing", "missing")
    assert found.rows[3].corrections == (("Nama", "Name"),)
    assert found.rows[0].name == demo._person(101)["nama"]


def test_a_complete_row_leaves_the_list_of_those_that_lack(world, batch):
    put(world, batch, "kartu_bpjstk", 2)
    put(world, batch, "ktp", 4, 2)
    found = seen(world, batch)
    assert (found.total, found.lacking, found.listed) == (4, 3, 3)
    assert [one.number for one in found.rows] == [3, 4, 5]
    assert found.rows[1].cells == ("missing", "there", "missing")
    every = seen(world, batch, show="all")
    assert (every.listed, every.rows[0].cells) == (4, ("there", None, None))
    # found by row number, or by words of the name in any order and case
    words = " ".join(reversed(demo._person(202)["nama"].lower().split()))
    for text, rows in (
        ("4", [4]),
        ("2", []),
        (words, [5]),
        ("%", []),
        ("12345678", []),
        (" ", [3, 4, 5]),
    ):
        found = seen(world, batch, text=text)
        assert ([one.number for one in found.rows], found.listed) == (rows, len(rows)), text
    assert [one.number for one in seen(world, batch, show="all", text="2").rows] == [2]


def test_a_document_of_the_whole_batch_counts_for_every_row(world, batch):
    put(world, batch, "kartu_bpjstk")
    assert [one.number for one in seen(world, batch).rows] == [4, 5]


def test_the_matrix_is_cut_into_pages(world, batch):
    assert [one.number for one in seen(world, batch, page=2, per_page=3).rows] == [5]
    assert seen(world, batch, page=9).rows == ()


def test_strangers_see_no_matrix(world, batch):
    with pytest.raises(NotFound):
        coverage.matrix(world.portal, world.wulan, batch)


def explain(world, batch, reason="Aslinya di cabang", **what):
    return explaining.explain(world.portal, world.rahma, batch, reason=reason, **what)


def without(world, batch, row, actor=None):
    found = explaining.missing_of(world.portal, actor or world.rahma, batch, [row])[row]
    return [(one.kind, one.reason) for one in found]


def test_a_draft_is_not_submitted_before_each_document_is_there_or_its_absence_explained(
    world, batch, monkeypatch
):
    put(world, batch, "ktp", 4)
    letters.issue(world.portal, world.rahma, batch, wait=False)

    def send():
        submission.submit(world.portal, world.rahma, batch, version=None, declaration=True)

    with pytest.raises(Invalid) as refusal:
        send()
    said = refusal.value.fields["documents_lacking"]
    assert said.startswith(
        "4 baris belum dilengkapi dokumen wajib: Kartu BPJS TK (baris 2, 3, 4, 5)"
    )
    assert "KTP-el (baris 5), Kartu keluarga (baris 4, 5)." in said
    assert explain(world, batch, kind="kartu_bpjstk") == 4
    assert explain(world, batch, "Hilang, laporan menyusul", kind="kk", rows=[5]) == 1
    assert (seen(world, batch).lacking, seen(world, batch).explained) == (2, 4)
    assert [one.cells for one in seen(world, batch, show="explained").rows][3] == (
        "explained", "missing", "explained",
    )  # fmt: skip
    assert explain(world, batch, "KK sedang diurus") == 2
    assert explain(world, batch, "Kartu hilang", kind="kartu_bpjstk", rows=[2]) == 1
    of_few = seen(world, batch, show="explained")
    monkeypatch.setattr(coverage, "_FEW", 3)  # of many the rows are walked, of few looked up
    assert seen(world, batch, show="explained") == of_few
    send()
    review.take(world.portal, world.bayu, batch)
    assert without(world, batch, 2, world.bayu) == [("kartu_bpjstk", "Kartu hilang")]
    assert without(world, batch, 5, world.bayu) == [
        ("kartu_bpjstk", "Aslinya di cabang"), ("ktp", "KK sedang diurus"),
        ("kk", "Hilang, laporan menyusul"),
    ]  # fmt: skip
    with world.portal.db.read() as session:
        assert not any(b"hilang" in one.words.lower() for one in session.query(Explanation))
    with pytest.raises(Conflict):
        explain(world, batch, rows=[2])


def test_an_explanation_is_the_employees_in_the_next_revision_and_in_what_comes_back(world, batch):
    explain(world, batch)
    lines = world.sheet(2, start=200, line=name_line).splitlines()
    world.revise(batch, b"\r\n".join([*lines, b""]))
    world.work()
    assert seen(world, batch, show="all").total == 2
    assert without(world, batch, 3)[1] == ("ktp", "Aslinya di cabang")
    letters.issue(world.portal, world.rahma, batch, wait=False)
    submission.submit(world.portal, world.rahma, batch, version=None, declaration=True)
    review.take(world.portal, world.bayu, batch)
    for row, verdict in ((2, "reject"), (3, "return")):
        review.give_verdicts(
            world.portal, world.bayu, batch,
            version=None, rows=[row], verdict=verdict, reason="KTP tidak terbaca",
        )  # fmt: skip
    child = review.decide(world.portal, world.bayu, batch, version=None).child_batch_id
    assert without(world, child, 3)[1] == ("ktp", "Aslinya di cabang")
    assert explaining.take_back(world.portal, world.rahma, child, kind="ktp", rows=[3]) == 1
    assert without(world, child, 3)[1] == ("ktp", "")
    assert without(world, batch, 3)[1] == ("ktp", "Aslinya di cabang")


def test_an_explanation_says_something_of_rows_that_lack_something(world, batch):
    for how, field in (
        ({"reason": " "}, "reason"),
        ({"kind": "surat"}, "kind"),
        ({"kind": "ktp", "rows": [2, 4]}, "rows"),
        ({"kind": "npwp"}, "rows"),
        ({"rows": []}, "rows"),
    ):
        with pytest.raises(Invalid) as refusal:
            explain(world, batch, **how)
        assert set(refusal.value.fields) == {field}
    with pytest.raises(Invalid):
        explaining.take_back(world.portal, world.rahma, batch)
    with pytest.raises(Conflict):
        explain(world, batch, version=99)
    with pytest.raises(NotFound):
        explaining.explain(world.portal, world.wulan, batch, reason="Coba")
