"""Documents find their rows by name, singly and out of a ZIP; nothing is lost or kept twice."""

import io
import resource
import zipfile
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import demo, worker
from hr_portal.adapters.database.document_models import Clue
from hr_portal.adapters.documents.specimen import specimen
from hr_portal.services import (
    accounts,
    archives,
    coverage,
    documents,
    filing,
    intake,
    mapping_sheets,
    placing,
    results,
)
from hr_portal.services.errors import Conflict, Invalid, NotFound, TooLarge, is_no_room
from samples import papers
from tests.adapters.documents.made import small_png

MAPPING = "Berkas;NIK;Jenis\nscan 1.png;{nik};KTP\n"


def who(number):
    """The employee on row `number` + 1 of a sheet of the world."""
    return demo._person(100 + number)


def zipped(*files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    made.seek(0)
    return made


def listed(world, batch):
    return {
        one.file_name: one for one in documents.list_documents(world.portal, world.rahma, batch)
    }


def file(world, batch, content, path):
    return filing.file_document(world.portal, world.rahma, batch, io.BytesIO(content), path)


@pytest.fixture
def batch(world):
    return world.draft()


def test_a_certain_name_is_placed_and_a_doubtful_one_lies_in_the_tray(world, batch):
    placed = file(world, batch, small_png(1), f"KTP {who(1)['nik']}.png")
    asked = file(world, batch, small_png(2), "scan0031.png")
    assert (placed.is_placed, asked.is_placed) == (True, False)
    shown = listed(world, batch)
    assert shown[f"KTP {who(1)['nik']}.png"].rows == (2,)
    assert shown[f"KTP {who(1)['nik']}.png"].kind == "ktp"
    assert shown["scan0031.png"].in_tray
    assert not shown["scan0031.png"].whole_batch


def test_the_same_bytes_are_kept_once_and_said(world, batch):
    first = file(world, batch, small_png(1), f"KTP {who(1)['nik']}.png")
    again = file(world, batch, small_png(1), f"KTP {who(1)['nik']}.png")
    assert (first.is_repeated, again.is_repeated) == (False, True)
    assert again.document_id == first.document_id
    other = file(world, batch, small_png(1), f"KTP {who(2)['nik']}.png")
    assert other.is_repeated
    (one,) = documents.list_documents(world.portal, world.rahma, batch)
    assert one.rows == (2, 3)
    file(world, batch, small_png(1), f"KK {who(1)['nik']}.png")
    assert len(documents.list_documents(world.portal, world.rahma, batch)) == 2
    with world.portal.db.read() as session:
        kept = session.scalars(sa.select(documents.Document.file_id)).all()
    assert len(kept) == 2
    assert len(set(kept)) == 1


def test_a_placement_follows_the_employee_to_the_next_revision(world, batch):
    file(world, batch, small_png(1), f"KTP {who(2)['nik']}.png")
    lines = world.sheet().splitlines()
    world.revise(batch, b"\r\n".join([lines[0], lines[3], lines[2], lines[1], b""]))
    world.work()
    (one,) = documents.list_documents(world.portal, world.rahma, batch)
    assert one.rows == (3,)


def test_one_document_lies_on_several_rows_and_is_taken_off_one_of_them(world):
    batch = world.draft(world.sheet(6))
    scan = file(world, batch, small_png(1), "scan0031.png").document_id

    def place(whose):
        return placing.place_document(world.portal, world.rahma, scan, whose=whose, kind="kk").rows

    def take_back(rows=None):
        return placing.take_back(world.portal, world.rahma, scan, rows=rows)[1]

    for unclear in ("2, 99", "20-30", "2, CONTOH", " , "):
        with pytest.raises(Invalid):
            place(unclear)
    assert listed(world, batch)["scan0031.png"].in_tray
    assert place(f"2, {who(2)['nik']}; {who(3)['nama']}") == (2, 3, 4)
    assert place("5-6") == (5, 6)
    assert listed(world, batch)["scan0031.png"].rows == (2, 3, 4, 5, 6)
    assert take_back([99]) == (2, 3, 4, 5, 6)
    assert take_back([3, 5]) == (2, 4, 6)
    assert listed(world, batch)["scan0031.png"].rows == (2, 4, 6)
    assert take_back() == ()
    assert listed(world, batch)["scan0031.png"].in_tray


def test_all_proposals_of_the_tray_are_accepted_and_what_is_doubtful_stays(world, batch):
    for shade, name in enumerate(("2_ktp.png", "3_kk.png", "KTP istri baris 4.png", "scan9.png")):
        file(world, batch, small_png(shade), name)
    placed = placing.accept_proposals(world.portal, world.rahma, batch, None)
    assert sorted(placed.values()) == [(2,), (3,)]
    assert {name: one.rows for name, one in listed(world, batch).items()} == {
        "2_ktp.png": (2,), "3_kk.png": (3,), "KTP istri baris 4.png": (), "scan9.png": (),
    }  # fmt: skip
    # undone: only the rows it got then, and only where it still lies there
    card = listed(world, batch)["2_ktp.png"].id
    more = placing.place_document(world.portal, world.rahma, card, whose="2, 4", kind="ktp")
    assert (more.rows, more.added) == ((2, 4), (4,))
    assert placing.undo(world.portal, world.rahma, batch, {card: more.added, "f" * 32: [2]}) == 1
    assert listed(world, batch)["2_ktp.png"].rows == (2,)
    documents.remove_document(world.portal, world.rahma, listed(world, batch)["3_kk.png"].id)
    assert placing.undo(world.portal, world.rahma, batch, placed) == 1
    assert placing.undo(world.portal, world.rahma, batch, placed) == 0
    assert listed(world, batch)["2_ktp.png"].in_tray
    with pytest.raises(NotFound):
        placing.undo(world.portal, world.wulan, batch, placed)


def test_a_zip_is_filed_by_the_worker_and_a_wrong_file_is_refused_alone(world, batch):
    source = zipped(
        ("Berkas/", b""),
        (f"Berkas/KTP {who(1)['nik']}.png", small_png(1)),
        (f"Berkas/{who(2)['nik']}/kk.png", small_png(2)),
        ("Berkas/scan 9.png", small_png(3)),
        ("Berkas/catatan.docx", b"PK\3\4"),
        ("Berkas/KTP rusak.png", b"bukan gambar"),
        (f"Berkas/salinan {who(1)['nik']}.png", small_png(1)),
        ("__MACOSX/Berkas/._scan.png", b"x"),
        ("Berkas/.DS_Store", b"x"),
    )
    taken = archives.take_archive(world.portal, world.rahma, batch, source, "dokumen.zip")
    assert (taken.state, taken.files) == ("waiting", 6)
    world.work()
    (done,) = archives.archives_of(world.portal, world.rahma, batch)
    assert (done.state, done.done, done.kept, done.placed, done.repeated) == ("done", 6, 3, 2, 1)
    assert done.in_tray == 1
    assert {(one.path, one.code) for one in done.refused} == {
        ("Berkas/catatan.docx", "DOC-01"), ("Berkas/KTP rusak.png", "DOC-01"),
    }  # fmt: skip
    shown = listed(world, batch)
    assert shown["kk.png"].rows == (3,)
    assert shown["scan 9.png"].in_tray
    assert list(world.portal.files.names()).count(taken.id) == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_sample_of_documents_is_all_that_the_clean_sample_needs(world):
    samples = Path(papers.__file__).parent
    clean = (samples / "koreksi-bersih.xlsx").read_bytes()
    batch = world.draft(clean, name="koreksi-bersih.xlsx")
    with (samples / papers.FILE).open("rb") as source:
        archives.take_archive(world.portal, world.rahma, batch, source, papers.FILE)
    worker.run_once(world.portal)  # their pictures are not what this is about
    (done,) = archives.archives_of(world.portal, world.rahma, batch)
    assert (done.kept, done.placed, done.in_tray, done.refused) == (43, 43, 0, ())
    assert coverage.matrix(world.portal, world.rahma, batch).lacking == 0


def test_a_mapping_sheet_in_the_zip_places_what_has_no_name(world, batch):
    source = zipped(
        ("scan 1.png", small_png(1)),
        ("pemetaan.csv", MAPPING.format(nik=who(3)["nik"]).encode()),
    )
    archives.take_archive(world.portal, world.rahma, batch, source, "dokumen.zip")
    world.work()
    (one,) = documents.list_documents(world.portal, world.rahma, batch)
    assert (one.rows, one.kind) == ((4,), "ktp")


def sheet_of(*lines):
    """A workbook of one sheet, all cells as they are given."""
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_of_any_name_in_the_zip_is_known_by_its_header_and_its_faults_are_told(
    world, batch
):
    one, two, three = (who(number) for number in (1, 2, 3))
    source = zipped(
        ("hasil pindai/a.png", small_png(1)),
        ("hasil pindai/b.png", small_png(2)),
        ("c.png", small_png(3)),
        ("daftar.xlsx", sheet_of(
            ("Daftar scan",), ("Nama File", "No KTP", "Nomor KPJ", "Jenis Dokumen"),
            ("a.png", one["nik"], None, "kartu keluarga"), ("a.png", None, two["kpj"], "KK"),
            ("hasil pindai/b.png", int(three["nik"][:15] + "0"), None, "KTP"),
            ("tidak ada.png", two["nik"], None, "KTP"), (None, three["nik"], None, "KTP"),
        )),
        ("catatan.csv", b"a;b\n1;2\n"),
    )  # fmt: skip
    archives.take_archive(world.portal, world.rahma, batch, source, "dokumen.zip")
    world.work()
    (done,) = archives.archives_of(world.portal, world.rahma, batch)
    assert (done.state, done.placed, done.in_tray) == ("done", 1, 2)
    assert [(refused.path, refused.code) for refused in done.refused] == [("catatan.csv", "DOC-01")]
    shown = listed(world, batch)
    assert (shown["a.png"].rows, shown["a.png"].kind) == ((2, 3), "kk")
    assert shown["b.png"].in_tray
    sheet = mapping_sheets.sheet_of(world.portal, world.rahma, batch)
    assert (sheet.lines, sheet.sheets) == (4, ("Sheet",))
    assert [(fault.line.number, fault.code) for fault in sheet.faults] == [
        (5, "number-lost"), (6, "no-file"),
    ]  # fmt: skip
    with world.portal.db.read() as session:
        clue = session.scalars(sa.select(Clue).where(Clue.score == 100)).one()
    assert (clue.told_by, clue.certainty) == ("sheet", "sure")


def test_the_prepared_sheet_is_filled_in_and_places_what_lies_in_the_tray(world, batch):
    for name, shade in (("scan1.png", 1), ("scan2.png", 2)):
        file(world, batch, small_png(shade), name)
    made = mapping_sheets.prepared_sheet(world.portal, world.rahma, batch)
    book = openpyxl.load_workbook(io.BytesIO(made))
    rows = list(book.active.iter_rows(min_row=2))
    assert [cell.value for cell in rows[1]] == [
        "", who(2)["nik"], who(2)["kpj"], who(2)["nama"], "Kartu BPJS TK",
    ]  # fmt: skip
    rows[1][0].value = "scan2.png"
    filled = io.BytesIO()
    book.save(filled)

    def take(content, name="lembar-pemetaan.xlsx"):
        return mapping_sheets.take_sheet(
            world.portal, world.rahma, batch, io.BytesIO(content), name
        )

    assert take(filled.getvalue()) == 1
    shown = listed(world, batch)
    assert (shown["scan2.png"].rows, shown["scan2.png"].kind) == ((3,), "kartu_bpjstk")
    assert shown["scan1.png"].in_tray
    assert mapping_sheets.sheet_of(world.portal, world.rahma, batch).faults == ()
    for content, name, code in (
        (b"a;b\n1;2\n", "daftar.csv", "DOC-01"), (b"PK\3\4", "daftar.xlsx", "FILE-03"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as error:
            take(content, name)
        assert error.value.code == code
    with pytest.raises(TooLarge):
        take(b"x" * (5 * 1024 * 1024 + 1))


def test_a_second_sheet_of_the_workbook_maps_what_comes_later(world):
    book = openpyxl.Workbook()
    for line in world.sheet().decode().splitlines():
        book.active.append(line.split(";"))
    beside = book.create_sheet("Dokumen November")
    beside.append(("Berkas", "Baris", "Jenis"))
    beside.append(("scan7.png", 3, "KTP"))
    out = io.BytesIO()
    book.save(out)
    batch = intake.create_batch(
        world.portal, world.rahma, io.BytesIO(out.getvalue()), "koreksi.xlsx"
    ).batch_id
    world.work()
    assert world.view(batch).revision.state == "checked"
    structure = results.structure(world.portal, world.rahma, batch)
    assert [one.kind for one in structure.remarks if "sheet" in one.kind] == ["mapping-sheet"]
    assert file(world, batch, small_png(1), "scan7.png").is_placed
    assert listed(world, batch)["scan7.png"].rows == (3,)


def test_a_mapping_sheet_without_its_columns_is_told_and_names_still_count(world, batch):
    source = zipped((f"KTP {who(1)['nik']}.png", small_png(1)), ("pemetaan.csv", b"a;b\n1;2\n"))
    archives.take_archive(world.portal, world.rahma, batch, source, "dokumen.zip")
    world.work()
    (done,) = archives.archives_of(world.portal, world.rahma, batch)
    assert [one.path for one in done.refused] == ["pemetaan.csv"]
    assert done.placed == 1


def test_a_zip_of_which_nothing_can_be_used_is_refused(world, batch):
    def take(source, name="dokumen.zip"):
        return archives.take_archive(world.portal, world.rahma, batch, source, name)

    with pytest.raises(Invalid) as error:
        take(zipped(("a.docx", b"x"), ("b.zip", b"y")))
    assert error.value.code == "ZIP-02"
    with pytest.raises(Invalid) as error:
        take(io.BytesIO(b"PK bukan zip"))
    assert error.value.code == "ZIP-01"
    take(zipped(("KTP.png", b"bukan gambar")))
    world.work()
    (ended,) = archives.archives_of(world.portal, world.rahma, batch)
    assert ended.state == "refused"
    assert documents.list_documents(world.portal, world.rahma, batch) == []


def test_limits_of_a_zip_are_named(make_settings, database_url, world, batch):
    world.portal.settings = make_settings(
        database_url=database_url, max_archive_bytes=500, max_archive_files=2
    )
    with pytest.raises(TooLarge):
        archives.take_archive(
            world.portal, world.rahma, batch, zipped(("a.png", b"x" * 900)), "besar.zip"
        )
    many = zipped(*((f"{n}.png", b"") for n in range(5)))
    with pytest.raises(Invalid) as error:
        archives.take_archive(world.portal, world.rahma, batch, many, "banyak.zip")
    assert error.value.code == "ZIP-03"


def test_the_same_zip_twice_is_one_and_later_gives_nothing_new(world, batch):
    source = zipped((f"KTP {who(1)['nik']}.png", small_png(1)))

    def take():
        return archives.take_archive(world.portal, world.rahma, batch, source, "dokumen.zip")

    assert take().id == take().id
    world.work()
    take()
    world.work()
    newest = archives.archives_of(world.portal, world.rahma, batch)[0]
    assert (newest.kept, newest.repeated) == (0, 1)
    assert len(documents.list_documents(world.portal, world.rahma, batch)) == 1


def test_what_was_stopped_keeps_what_was_taken(world, batch):
    source = zipped((f"KTP {who(1)['nik']}.png", small_png(1)))
    taken = archives.take_archive(world.portal, world.rahma, batch, source, "a.zip")
    assert archives.stop_archive(world.portal, world.rahma, taken.id) == batch
    world.work()
    ended = archives.archive_view(world.portal, world.rahma, taken.id)
    assert (ended.state, ended.done) == ("stopped", 0)


def test_nothing_is_taken_into_what_is_closed_or_unread(world, batch):
    unread = world.upload(world.sheet(2, start=300)).batch_id
    with pytest.raises(Conflict):
        file(world, unread, small_png(1), "KTP.png")
    taken = archives.take_archive(
        world.portal, world.rahma, batch, zipped(("KTP.png", small_png(1))), "a.zip"
    )
    intake.cancel_batch(world.portal, world.rahma, batch)
    world.work()
    state = archives.archive_view(world.portal, world.rahma, taken.id).state
    assert state == "stopped"


def test_an_account_that_was_switched_off_takes_nothing_in(world, batch):
    taken = archives.take_archive(
        world.portal, world.rahma, batch, zipped(("KTP.png", small_png(1))), "a.zip"
    )
    accounts.set_user_active(world.portal, world.rahma.user_id, active=False, by=world.admin)
    world.work()
    assert archives.archive_view(world.portal, world.surya, taken.id).state == "stopped"


def test_a_full_disk_is_known_as_such_and_what_was_kept_stays(world, batch):
    file(world, batch, small_png(1), "KTP baris 2.png")
    card = specimen("KTP", "SITI CONTOHAN", [])
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(card) // 4, hard))
    try:
        with pytest.raises(OSError) as full:
            file(world, batch, card, "KK baris 2.jpg")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert is_no_room(full.value)
    assert not is_no_room(ValueError("something else"))
    assert list(listed(world, batch)) == ["KTP baris 2.png"]
    assert not list(world.portal.settings.files_dir.rglob("*.part"))
    assert file(world, batch, card, "KK baris 2.jpg").is_placed
