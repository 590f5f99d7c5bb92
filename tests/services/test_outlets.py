"""Approved rows leave as files, once each; the agency's answer comes back and closes the batch."""

import csv
import io
import json
import re

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Act, Batch, Correction
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.services import agency, outlets, results, review
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge


def fetched(world, batch, handed, actor=None):
    """The bytes of each file of a handover, by name."""
    found = {}
    for part in handed.files:
        name, _type, chunks = outlets.open_file(world.portal, actor or world.bayu, batch, part.id)
        found[name] = b"".join(chunks)
    return found


def cells(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()], sheet


def answer(*lines, header="KPJ;ELEMEN DATA;HASIL;KETERANGAN"):
    return io.BytesIO("\r\n".join([header, *lines, ""]).encode())


def taken(world, batch, *lines, **more):
    return agency.take_answer(
        world.portal, world.bayu, batch, answer(*lines, **more), "jawaban.csv"
    )


def kpj(serial):
    return demo._person(serial)["kpj"]


def forwarded(world, count=3, outlet="sipp"):
    batch = world.decided(world.sheet(count))
    outlets.hand_over(world.portal, world.bayu, batch, outlet, version=None)
    return batch


def test_approved_rows_leave_as_text_in_the_agencys_columns(world, portal):
    batch = world.decided(world.sheet(3, line=demo._birth_line))
    handed = outlets.hand_over(portal, world.bayu, batch, "sipp", version=world.view(batch).version)
    assert world.view(batch).state == "forwarded"
    [(name, content)] = fetched(world, batch, handed).items()
    rows, sheet = cells(content)
    assert name == f"koreksi-{world.view(batch).number}-sipp.xlsx"
    assert rows[0][:4] == ["NO", "NPP", "KPJ", "NIK"]
    assert sheet.column_dimensions["D"].width > len(rows[1][3]), "a NIK is not hidden by the name"
    who = demo._person(101)
    assert rows[1][:5] == ["1", "90000123", who["kpj"], who["nik"], who["nama"]]
    assert rows[1][6:9] == ["Tanggal Lahir", rows[1][5], who["lahir"]]
    assert rows[1][5] != who["lahir"], "the agency finds people by what is on record"
    assert re.fullmatch(r"\d\d-\d\d-\d{4}", rows[1][5])
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:forwarded")).one()
    assert act.details["sha256"] == [handed.files[0].sha256]
    assert (handed.made_by, handed.rows) == ("Bayu Teladan", 3)


def test_only_what_was_approved_leaves(world, portal):
    batch = world.submitted(world.sheet(3))
    review.take(portal, world.bayu, batch)
    for row, verdict in ((2, "return"), (3, "reject")):
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows=[row], verdict=verdict, reason="Buram"
        )
    review.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.decide(portal, world.bayu, batch, version=None)
    handed = outlets.hand_over(portal, world.bayu, batch, "json", version=None)
    [content] = fetched(world, batch, handed).values()
    assert [one["kpj"] for one in json.loads(content)] == [kpj(103)]


def test_a_large_handover_is_cut_into_files_of_the_outlets_size(world, portal):
    outlets.change(
        portal, world.admin, "csv", columns="KPJ = kpj\nBARU = after", rows_a_file=2, left_out=[],
        is_confirmed=True,
    )  # fmt: skip
    batch = world.decided(world.sheet(3))
    handed = outlets.hand_over(portal, world.bayu, batch, "csv", version=None)
    found = fetched(world, batch, handed)
    assert [name.rpartition("-")[2] for name in found] == ["1.csv", "2.csv"]
    lines = [
        line
        for content in found.values()
        for line in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    ]
    assert lines[0] == lines[3] == ["KPJ", "BARU"]
    assert [line[0] for line in lines if line[0] != "KPJ"] == [kpj(101), kpj(102), kpj(103)]


def test_an_outlet_that_carries_nothing_is_a_sentence(world, portal):
    batch = world.decided(world.sheet(2, line=demo._account_line))
    (sipp, *_rest) = outlets.offers(portal, world.bayu, batch)
    assert (sipp.corrections, sipp.files, sipp.left_out) == (0, 0, {"no_rekening": 2})
    with pytest.raises(Invalid, match="outlet_empty") as refusal:
        outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    assert "No Rekening" in refusal.value.message
    assert world.view(batch).state == "approved"
    outlets.hand_over(portal, world.bayu, batch, "xlsx", version=None)


def test_each_outlet_gives_out_once_and_only_what_is_approved(world, portal):
    open_batch = world.submitted(world.sheet(1, start=700))
    assert outlets.offers(portal, world.bayu, open_batch) == []
    with pytest.raises(Conflict, match="not_approved"):
        outlets.hand_over(portal, world.bayu, open_batch, "sipp", version=None)
    batch = forwarded(world)
    with pytest.raises(Conflict, match="already_forwarded") as refusal:
        outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    assert "Bayu Teladan" in refusal.value.message
    outlets.hand_over(portal, world.lestari, batch, "json", version=None)
    assert [one.outlet for one in outlets.handed_over(portal, world.rahma, batch)] == [
        "json",
        "sipp",
    ]
    with pytest.raises(NotFound):
        outlets.hand_over(portal, world.bayu, batch, "pdf", version=None)
    with pytest.raises(Forbidden):
        outlets.hand_over(portal, world.rahma, batch, "xlsx", version=None)
    with pytest.raises(Forbidden):
        fetched(world, batch, outlets.handed_over(portal, world.rahma, batch)[0], world.rahma)
    with pytest.raises(NotFound):
        outlets.open_file(portal, world.bayu, batch, 999)


def test_the_admin_changes_columns_as_data(world, portal):
    change = {"columns": "KPJ = kpj", "rows_a_file": 500, "left_out": ["hp"], "is_confirmed": True}
    outlets.change(portal, world.admin, "sipp", **change)
    sipp = outlets.listed(portal)[0]
    assert (sipp.rows_a_file, sipp.left_out, sipp.is_confirmed) == (500, {"hp"}, True)
    for wrong in ({"columns": "KPJ = gaji"}, {"rows_a_file": 0}, {"rows_a_file": None}):
        with pytest.raises(Invalid):
            outlets.change(portal, world.admin, "sipp", **change | wrong)
    with pytest.raises(NotFound):
        outlets.change(portal, world.admin, "pdf", **change)
    with pytest.raises(Forbidden):
        outlets.change(portal, world.bayu, "sipp", **change)


# --- the answer -----------------------------------------------------------------------------------


def test_an_answer_completes_the_batch_and_refused_rows_become_a_draft(world, portal):
    batch = forwarded(world)
    first = taken(world, batch, f"{kpj(101)};No HP;Diterima;")
    assert (first.accepted, first.refused, first.waiting, first.state) == (1, 0, 2, "forwarded")
    last = taken(
        world,
        batch,
        f"{kpj(101)};No HP;Diterima;",
        f"{kpj(102)};No HP;Ditolak;Nomor dipakai peserta lain",
        f"{int(kpj(103))};No HP;Diterima;",
    )
    assert (last.accepted, last.refused, last.known, last.waiting) == (1, 1, 1, 0)
    assert world.view(batch).state == last.state == "completed"
    child = world.view(last.child_batch_id)
    assert (child.state, child.parent_id, child.revision.total) == ("draft", batch, 1)
    assert results.row_view(portal, world.rahma, child.id, 3).corrections[0].field == "hp"
    standing = agency.standing(portal, world.rahma, batch)
    assert (standing.accepted, standing.refused, standing.waiting) == (2, 1, 0)
    (refused,) = standing.refusals
    assert (refused.row, refused.field, refused.words) == (3, "hp", "Nomor dipakai peserta lain")
    with portal.db.read() as session:
        words = session.scalars(sa.select(AgencyAnswer.words)).all()
    assert not any(b"peserta" in one for one in words), "the agency's words are sealed"


def test_the_file_that_was_forwarded_can_be_filled_in_and_sent_back(world, portal):
    batch = forwarded(world)
    handed = outlets.handed_over(portal, world.bayu, batch)[0]
    [content] = fetched(world, batch, handed).values()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    sheet.cell(1, 11, "HASIL")
    for row in range(2, 5):
        sheet.cell(row, 11, "Diterima")
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    done = agency.take_answer(portal, world.bayu, batch, out, "jawaban.xlsx")
    assert (done.accepted, done.state) == (3, "completed")


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ([f"{kpj(501)};No HP;Diterima;"], "other_batch", "1 dari 1 baris bukan"),
        ([f"{kpj(101)};No HP;Diterima;", f"{kpj(501)};NIK;Ditolak;x"], "answer_unknown_rows", "baris 3"),
        ([f"{kpj(101)};No HP;Diterima;", f"{kpj(101)};No HP;Ditolak;x"], "answer_unfit", "berbeda"),
        ([f"{kpj(101)};No HP;Entah;"], "answer_unfit", "Diterima atau Ditolak"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_refused_whole(world, portal, lines, code, said):
    batch = forwarded(world)
    version = world.view(batch).version
    with pytest.raises(Invalid, match=code) as refusal:
        taken(world, batch, *lines)
    assert said in refusal.value.message
    assert world.view(batch).version == version
    assert agency.standing(portal, world.bayu, batch).waiting == 3


def test_an_answer_that_names_another_submission_is_refused_with_its_number(world):
    batch = forwarded(world)
    header = "KPJ;ELEMEN DATA;HASIL;NOMOR PENGAJUAN"
    with pytest.raises(Invalid, match="other_batch") as refusal:
        taken(world, batch, f"{kpj(101)};No HP;Diterima;PKD-2026-99999", header=header)
    assert "PKD-2026-99999" in refusal.value.message


def test_an_answer_does_not_change_what_was_answered(world):
    batch = forwarded(world)
    taken(world, batch, f"{kpj(101)};No HP;Diterima;")
    with pytest.raises(Invalid, match="answer_contradicts") as refusal:
        taken(world, batch, f"{kpj(101)};No HP;Ditolak;Ternyata salah")
    said = "Baris 2: berkas menjawab Ditolak, padahal yang tercatat untuk koreksi ini Diterima;"
    assert said in refusal.value.message
    again = taken(world, batch, f"{kpj(101)};No HP;Diterima;")
    assert (again.accepted, again.known) == (0, 1)


def test_no_answer_is_taken_before_forwarding_nor_from_a_broken_or_huge_file(
    world, portal, monkeypatch
):
    batch = world.decided(world.sheet(1))
    with pytest.raises(Conflict, match="not_forwarded"):
        taken(world, batch, f"{kpj(101)};No HP;Diterima;")
    assert agency.standing(portal, world.bayu, batch) is None
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    with pytest.raises(Invalid, match="FILE-"):
        agency.take_answer(portal, world.bayu, batch, io.BytesIO(b"PK\x03\x04rusak"), "a.xlsx")
    with pytest.raises(Forbidden):
        agency.take_answer(portal, world.rahma, batch, answer(), "a.csv")
    monkeypatch.setattr(agency, "MOST_BYTES", 10)
    with pytest.raises(TooLarge):
        taken(world, batch, f"{kpj(101)};No HP;Diterima;")


def test_the_database_takes_no_move_past_forwarding(world, portal):
    batch = world.decided(world.sheet(1))
    for state in ("completed", "draft"):
        with pytest.raises(sa.exc.DBAPIError), portal.db.write() as session:
            session.execute(sa.update(Batch).where(Batch.id == batch).values(state=state))
    with portal.db.read() as session:
        assert session.scalar(sa.select(Correction.verdict)) == "approve"
