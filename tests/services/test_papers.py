"""A receipt with each submission, a record with each decision, a notice for each person."""

import dataclasses
import io
import subprocess
import zipfile

import pytest
import sqlalchemy as sa

from hr_portal import demo, worker
from hr_portal.adapters.database.paper_models import Paper
from hr_portal.services import (
    agency,
    jobs,
    letter_proofs,
    notice_bundles,
    outlets,
    papers,
    reconciling,
    review,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.parts import require


def text_of(pdf, tmp_path):
    (tmp_path / "paper.pdf").write_bytes(pdf)
    told = [require("poppler"), "-layout", tmp_path / "paper.pdf", "-"]
    return " ".join(subprocess.run(told, check=True, capture_output=True, text=True).stdout.split())


def judged(world, reason="KTP tidak terbaca 😀"):
    batch = world.submitted()
    review.take(world.portal, world.bayu, batch)
    for rows, verdict in (([2], "return"), ([3], "reject"), ("rest", "approve")):
        review.give_verdicts(
            world.portal, world.bayu, batch, version=None, rows=rows, verdict=verdict,
            reason="" if verdict == "approve" else reason,
        )  # fmt: skip
    return batch


def test_papers_tell_what_happened_and_stay_as_they_are(world, portal, tmp_path):
    batch = judged(world)
    (receipt,) = papers.listed(portal, world.rahma, batch)
    assert (receipt.kind, receipt.number, receipt.sha256) == ("tanda_terima", "0001/TT/2026", None)
    with pytest.raises(Conflict, match="not_decided"):
        papers.notices(portal, world.rahma, batch, 2, 4)
    decided = review.decide(portal, world.bayu, batch, version=None)
    record, receipt = papers.listed(portal, world.bayu, batch)
    assert record.number == "0001/BA/2026"

    view, pdf = papers.open_paper(portal, world.rahma, batch, receipt.id)
    text = text_of(pdf, tmp_path)
    assert "TANDA TERIMA PENGAJUAN Nomor: 0001/TT/2026" in text
    assert "3 (tiga) baris, 3 (tiga) butir koreksi, revisi 1" in text
    assert "Data yang dikoreksi : Nomor HP 3" in text, "as on the letter and the notice"
    assert "Target keputusan: Selasa, 24 November 2026" in text
    assert view.proof_code in text

    view, pdf = papers.open_paper(portal, world.bayu, batch, record.id)
    assert papers.open_paper(portal, world.rahma, batch, record.id) == (view, pdf)
    text = text_of(pdf, tmp_path)
    assert "Disetujui 1 (satu) baris Dikembalikan untuk diperbaiki 1 (satu) baris" in text
    assert "KTP tidak terbaca [?]" in text, "what can't be printed is told"
    assert "teks seutuhnya tersimpan pada portal" in text
    assert f"dilanjutkan dalam pengajuan {decided.child_number}" in text
    for name in ("bayu", world.bayu.name.casefold(), "contohan"):
        assert name not in text.casefold(), "no name of a reviewer, none of an employee"

    proof = letter_proofs.look_up(portal, view.proof_code, address="192.0.2.9")
    assert (proof.series, proof.number, proof.sha256) == ("berita_acara", view.number, view.sha256)
    assert (proof.rows, proof.decided) == (3, (1, 1, 1))

    notice = papers.notices(portal, world.rahma, batch, 2, 3)
    text = text_of(notice, tmp_path)
    assert text.count("PEMBERITAHUAN HASIL KOREKSI DATA") == 2
    assert "Dikembalikan" in text
    assert "Alasan KTP tidak terbaca [?]" in text
    assert "Ketenagakerjaan 175" in text
    assert [
        (one.first, one.last, one.count) for one in papers.notice_parts(portal, world.rahma, batch)
    ] == [(2, 4, 3)]
    with pytest.raises(Invalid, match="notice_rows"):
        papers.notices(portal, world.rahma, batch, 9, 9)
    with pytest.raises(Forbidden):
        papers.notices(portal, world.bayu, batch, 2, 3)
    with pytest.raises(NotFound):
        papers.open_paper(portal, world.wulan, batch, record.id)
    other = world.submitted(world.sheet(1, start=300))
    with pytest.raises(NotFound):
        papers.open_paper(portal, world.rahma, other, record.id)
    assert papers.listed(portal, world.rahma, other)[0].number == "0002/TT/2026"

    for change in ("number = 'x'", "rows = 9", "sha256 = 'x'", "sha256 = NULL"):
        with (
            pytest.raises(sa.exc.DatabaseError, match="never changed"),
            portal.db.write() as session,
        ):
            session.execute(
                sa.text(f"UPDATE papers SET {change} WHERE id = :id"), {"id": record.id}
            )
    with pytest.raises(sa.exc.DatabaseError, match="never changed"), portal.db.write() as session:
        session.execute(sa.delete(Paper))


def test_a_submission_that_is_taken_back_keeps_its_receipt_and_the_next_gets_its_own(world, portal):
    batch = world.submitted()
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    (kept,) = papers.listed(portal, world.rahma, batch)
    assert (kept.number, kept.revision) == ("0001/TT/2026", 1)


def test_a_worker_makes_a_zip_with_a_pdf_for_each_employee(world, portal, monkeypatch):
    monkeypatch.setattr(notice_bundles, "ROWS_A_PIECE", 2)
    batch = judged(world)
    with pytest.raises(Conflict, match="not_decided"):
        notice_bundles.order(portal, world.rahma, batch)
    review.decide(portal, world.bayu, batch, version=None)
    assert notice_bundles.standing(portal, world.rahma, batch).state == "none"
    for _twice in range(2):
        ordered = notice_bundles.order(portal, world.rahma, batch)
        assert (ordered.state, ordered.done, ordered.rows) == ("wanted", 0, 3)
    with pytest.raises(Conflict, match="not_ready"):
        notice_bundles.open_bundle(portal, world.rahma, batch)
    with pytest.raises(Forbidden):
        notice_bundles.order(portal, world.bayu, batch)

    while (stalled := jobs.claim(portal)).kind != notice_bundles.JOB:
        worker.HANDLERS[stalled.kind](portal, stalled)
    world.clock.go(seconds=portal.settings.lease_seconds + 1)
    notice_bundles.bundle_job(portal, jobs.claim(portal))  # another worker has taken over
    with pytest.raises(jobs.LeaseLostError):
        notice_bundles.bundle_job(portal, stalled)
    assert notice_bundles.standing(portal, world.rahma, batch).done == 2
    world.work()
    assert notice_bundles.standing(portal, world.rahma, batch).state == "ready"

    name, chunks = notice_bundles.open_bundle(portal, world.rahma, batch)
    assert name == f"pemberitahuan-{world.view(batch).number}.zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as made:
        names = made.namelist()
        assert all(made.read(one).startswith(b"%PDF-") for one in names)
    people = ["-".join(demo._person(serial)["nama"].split()) for serial in (101, 102, 103)]
    assert names == [f"baris-{row}-{who}.pdf" for row, who in zip((2, 3, 4), people, strict=True)]
    world.clock.go(hours=2)
    found = {one.kind for one in reconciling.reconcile(portal)}
    assert found <= {"letter_without_pdf"}, "no file of nobody is left of the worker that stalled"


def test_notices_tell_what_the_agency_answered_and_are_made_anew_after_it(world, portal, tmp_path):
    batch = world.decided(world.sheet(3))
    notice_bundles.order(portal, world.rahma, batch)
    world.work()
    assert notice_bundles.standing(portal, world.rahma, batch).state == "ready"
    outlets.hand_over(portal, world.bayu, batch, "sipp", version=None)
    text = text_of(papers.notices(portal, world.rahma, batch, 2, 2), tmp_path)
    assert "Disetujui berarti koreksi itu diteruskan" in text
    assert notice_bundles.standing(portal, world.rahma, batch).state == "ready", "as it still is"

    cards = [demo._person(serial)["kpj"] for serial in (101, 102)]
    answer = f"KPJ;DATA;HASIL;KETERANGAN\n{cards[0]};No HP;Diterima;\n{cards[1]};No HP;Ditolak;Nomor milik orang lain"
    agency.take_answer(portal, world.bayu, batch, io.BytesIO(answer.encode()), "jawaban.csv")
    told = [
        text_of(papers.notices(portal, world.rahma, batch, row, row), tmp_path) for row in (2, 3, 4)
    ]
    assert "Sudah dicatat berarti koreksi itu disetujui dan telah dicatat" in told[0]
    assert "Kantor cabang Nomor milik orang lain" in told[1]
    assert (
        "Tidak dicatat berarti koreksi itu disetujui pemeriksa, tetapi kemudian ditolak" in told[1]
    )
    assert "Disetujui berarti koreksi itu diteruskan" in told[2], "not answered yet"
    assert all("diteruskan" not in one for one in told[:2])

    assert notice_bundles.standing(portal, world.rahma, batch).state == "none", "it told less"
    notice_bundles.order(portal, world.rahma, batch)
    world.work()
    _, chunks = notice_bundles.open_bundle(portal, world.rahma, batch)
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as made:
        assert "Tidak dicatat" in text_of(made.read(made.namelist()[1]), tmp_path)


def test_notices_that_cant_be_made_are_said_and_may_be_asked_for_again(world, portal):
    batch = judged(world)
    review.decide(portal, world.bayu, batch, version=None)
    notice_bundles.order(portal, world.rahma, batch)
    portal.settings = dataclasses.replace(portal.settings, max_attempts=0)
    world.work()
    assert notice_bundles.standing(portal, world.rahma, batch).state == "failed"
    assert notice_bundles.order(portal, world.rahma, batch).state == "wanted"
