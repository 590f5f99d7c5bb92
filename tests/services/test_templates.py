"""The template filled from the last submission: everybody once, as now on record, all text."""

import io

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act
from hr_portal.services import agency, offers, outlets, results, review, templates
from hr_portal.services.errors import Invalid, NotFound
from hr_portal.services.offers import Chosen


def rows_of(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Koreksi"]
    head = [cell.value for cell in sheet[1]]
    return [
        dict(zip(head, values, strict=True))
        for values in sheet.iter_rows(min_row=3, values_only=True)
        if any(values)
    ]


def company(world):
    return next(iter(world.rahma.companies))


def approved(world, portal):
    batch = world.submitted(world.sheet(3))
    review.take(portal, world.bayu, batch)
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.decide(portal, world.bayu, batch, version=None)
    return batch


def test_everybody_of_the_last_submission_stands_in_it_once(world, portal):
    batch = approved(world, portal)
    rows = rows_of(templates.filled_template(portal, world.rahma, company(world), "per-correction"))
    sent = results.rows_page(portal, world.rahma, batch).items
    assert [row["KPJ"] for row in rows] == [one.employee["kpj"] for one in sent]
    assert [row["NIK"] for row in rows] == [one.employee["nik"] for one in sent]
    assert all(row["Tanggal Lahir"][2] == row["Tanggal Lahir"][5] == "-" for row in rows)
    assert {row["Menjadi"] for row in rows} == {None}
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:template_filled")).one()
    assert (act.subject_id, act.details) == (batch, {"employees": 3})


def test_what_was_approved_is_on_record_now(world, portal):
    approved(world, portal)
    rows = rows_of(templates.filled_template(portal, world.rahma, company(world), "per-employee"))
    assert all(row["No HP"].startswith("08") for row in rows)
    assert {row["No HP (Menjadi)"] for row in rows} == {None}


def test_what_the_agency_refused_is_not_on_record(world, portal):
    batch = approved(world, portal)
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    kpj = rows_of(templates.filled_template(portal, world.rahma, company(world), "per-employee"))[
        0
    ]["KPJ"]
    answer = f"KPJ;DATA;HASIL;KETERANGAN\r\n{kpj};No HP;Ditolak;Nomor sudah dipakai\r\n"
    agency.take_answer(portal, world.bayu, batch, io.BytesIO(answer.encode()), "jawaban.csv")
    rows = rows_of(templates.filled_template(portal, world.rahma, company(world), "per-employee"))
    assert [row["No HP"] is None for row in rows] == [True, False, False]


def test_what_still_waits_is_not_on_record_yet(world, portal):
    world.submitted(world.sheet(2))
    rows = rows_of(templates.filled_template(portal, world.rahma, company(world), "per-employee"))
    assert len(rows) == 2
    assert {row["No HP"] for row in rows} == {None}


def test_nothing_sent_yet_and_other_companies_get_nothing(world, portal):
    world.draft()
    with pytest.raises(Invalid) as refusal:
        templates.filled_template(portal, world.rahma, company(world), "per-employee")
    assert "Pakai templat kosong" in refusal.value.message
    approved(world, portal)
    for stranger in (world.wulan, world.bayu, world.admin):
        with pytest.raises(NotFound):
            templates.filled_template(portal, stranger, company(world), "per-employee")


@pytest.mark.parametrize("layout", ["per-correction", "per-employee"])
def test_a_filled_template_is_read_with_its_example_skipped_and_every_row_named(
    world, portal, layout
):
    approved(world, portal)
    data = templates.filled_template(portal, world.rahma, company(world), layout)
    batch = world.draft(data, name="terisi.xlsx")
    view = world.view(batch)
    assert view.revision.total == 3
    found = list(results.all_findings(portal, world.rahma, batch))
    # Whom nobody corrects is told by row, and left out with one click.
    assert sorted(one.row for one in found if one.code == "ROW-01") == [3, 4, 5]
    offers.take(portal, world.rahma, batch, Chosen(code="ROW-01"))
    found = list(results.all_findings(portal, world.rahma, batch))
    assert {(one.code, one.row) for one in found} == {("ROW-04", 3), ("ROW-04", 4), ("ROW-04", 5)}
    assert world.view(batch).revision.invalid == 0
