"""Rules that only a server can judge: the account's NPP, and what the company sent before."""

from pathlib import Path

import sqlalchemy as sa

from hr_portal.adapters.database.models import Company
from hr_portal.services import entering, mending, results, review
from samples import build

SAMPLES = Path(build.__file__).parent


def codes(world, batch, *wanted):
    found = results.findings_page(world.portal, world.rahma, batch, per_page=500).items
    return [(f.row, f.code) for f in found if f.code.startswith(wanted)]


def test_a_row_of_another_employer_is_told_by_the_accounts_npp(world):
    with world.portal.db.write() as session:
        [company] = session.scalars(sa.select(Company).where(Company.id.in_(world.rahma.companies)))
        company.npp = "90000123"
    batch = world.draft((SAMPLES / "badan-usaha.xlsx").read_bytes(), name="badan-usaha.xlsx")
    assert codes(world, batch, "NPP-03") == [(4, "NPP-03"), (6, "NPP-03")]


def test_a_sample_sent_twice_is_told_as_pending_and_then_as_approved(world):
    content = (SAMPLES / "karyawan-bersih.xlsx").read_bytes()
    first = world.submitted(content, name="karyawan-bersih.xlsx")
    rows = world.view(first).revision.total
    second = world.draft(content, name="karyawan-bersih.xlsx")
    assert len(codes(world, second, "HIS-01")) == rows
    review.take(world.portal, world.bayu, first)
    review.give_verdicts(
        world.portal, world.bayu, first, version=None, rows="rest", verdict="approve"
    )
    review.decide(world.portal, world.bayu, first, version=None)
    third = world.draft(content, name="karyawan-bersih.xlsx")
    assert codes(world, third, "HIS-01") == []
    assert len(codes(world, third, "HIS-02")) == rows


def test_what_only_the_account_tells_is_told_again_after_a_cell_was_typed(world):
    content = (SAMPLES / "badan-usaha.xlsx").read_bytes()
    world.submitted((SAMPLES / "karyawan-bersih.xlsx").read_bytes(), name="karyawan-bersih.xlsx")
    with world.portal.db.write() as session:
        [company] = session.scalars(sa.select(Company).where(Company.id.in_(world.rahma.companies)))
        company.npp = "90000123"
    for name, data, code in (
        ("badan-usaha.xlsx", content, "NPP-03"),
        ("karyawan-bersih.xlsx", (SAMPLES / "karyawan-bersih.xlsx").read_bytes(), "HIS-01"),
    ):
        batch = world.draft(data, name=name)
        before = codes(world, batch, code)
        row = results.row_view(world.portal, world.rahma, batch, 3)
        [name_cell] = [one for one in row.cells if (one.part, one.field) == ("record", "nama")]
        place = (3, name_cell.column)
        mending.edit_cells(
            world.portal, world.rahma, batch, {place: "SITI CONTOHAN"},
            version=world.view(batch).version,
        )  # fmt: skip
        assert before
        assert codes(world, batch, code) == before
    [number] = [one.column for one in row.cells if one.field == "hp" and one.part == "after"]
    told = entering.check_typed(world.portal, world.rahma, batch, 3, number, row.cells[number].raw)
    assert "HIS-01" in [one.code for one in told]
