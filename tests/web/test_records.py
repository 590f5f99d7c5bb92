"""Jejak audit, jejak peserta and insiden as pages: found, filtered, taken along as workbooks."""

import ast
import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest

import hr_portal
from hr_portal import demo
from hr_portal.web.act_words import ACTS, DETAILS
from hr_portal.web.timeline import TELLERS
from tests.web.story import phones, story  # noqa: F401 - a fixture


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def book(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def test_an_admin_reads_filters_and_takes_the_acts_along(admin, hrd, story):
    batch = story.draft(phones(1))
    number = story.view(batch).number
    text = admin.get("/admin/jejak-audit").text
    assert "batch:created" in text
    assert "Pengajuan dibuat" in text
    assert "revision:checked" in text
    assert f"nomor: {number}" in text
    assert re.search(r"<td[^>]*><span class=\"pk-id text-break\">Rahma", text), (
        "whose account it was"
    )
    assert not re.search(r"(?<!\w)[0-9a-f]{64}", text.partition("<table")[2]), "hashes are cut"
    only = admin.get(
        f"/admin/jejak-audit?jenis=batch&nomor={number}&sejak=2020-01-01&sampai=xx"
    ).text
    assert "batch:created" in only
    assert "revision:checked" not in only
    assert "Tidak ada catatan" in admin.get("/admin/jejak-audit?sampai=2020-01-01").text
    wrong = admin.get("/admin/jejak-audit?nomor=PKD-9", expect=422).text
    assert "Tidak ada pengajuan bernomor PKD-9" in wrong
    admin.post("/admin/jejak-audit/unduhan", {"nomor": "PKD-9"}, expect=422)
    sheet = book(admin.post("/admin/jejak-audit/unduhan", {"jenis": "batch"}, expect=200)).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][:2] == ("Nomor", "Waktu (UTC)")
    assert {line[4] for line in lines[1:]} == {"batch:created"}
    assert "audit:exported" in admin.get("/admin/jejak-audit?jenis=audit").text
    hrd.get("/admin/jejak-audit", expect=403)
    hrd.post("/admin/jejak-audit/unduhan", {}, expect=403)


def test_a_persons_trail_is_a_workbook_and_the_number_is_shown_nowhere(admin, hrd, reviewer, story):
    story.draft(phones(2))
    me = demo._person(100)
    sent = {"number": me["nik"], "reason": "Surat 27-11-2026", "asked_on": "2026-11-27"}
    for who in (hrd, admin):
        answer = who.post("/jejak-peserta", sent, expect=200)
        assert "jejak-peserta.xlsx" in answer.headers["Content-Disposition"]
        made = book(answer)
        assert made.sheetnames == [
            "Ringkasan",
            "Disimpan",
            "Koreksi",
            "Dokumen",
            "Dilihat",
            "Diteruskan",
        ]
        summary = dict(made["Ringkasan"].iter_rows(min_row=2, values_only=True))
        assert summary["Dijawab paling lambat (3 x 24 jam)"] == "2026-11-30"
        assert summary["Baris tersimpan"] == "1"
        assert me["nik"] in {line[7] for line in made["Disimpan"].iter_rows(values_only=True)}
    text = hrd.post("/jejak-peserta", {**sent, "number": "317101"}, expect=422).text
    assert "NIK lengkap (16 angka)" in text
    nothing = hrd.post("/jejak-peserta", {**sent, "number": "3171010101909999"}, expect=200).text
    assert "Pencarian ini tetap dicatat" in nothing
    for page in (text, nothing):
        assert "317101" not in page
    reviewer.get("/jejak-peserta", expect=403)
    reviewer.post("/jejak-peserta", sent, expect=403)


def test_an_incident_tells_whom_it_reached_the_clock_and_the_notice(admin, hrd, story):
    story.draft(phones(2))
    now = dt.datetime.now(dt.timezone(dt.timedelta(hours=7)))
    local = lambda **ago: (now - dt.timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")  # noqa: E731
    until = (now + dt.timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M")
    sent = {
        "title": "Laptop <hilang>",
        "known_at": local(hours=1),
        "since": local(days=1),
        "until": until,
    }
    assert "Belum ada insiden" in admin.get("/admin/insiden").text
    assert "Isi uraian singkat" in admin.post("/admin/insiden", {"title": "x"}, expect=422).text
    answer = admin.post("/admin/insiden", sent)
    text = admin.follow(answer).text
    assert "2 orang terdampak" in text
    assert "70 jam lagi" in text or "71 jam lagi" in text
    assert "pasal 46" in text
    assert "Laptop &lt;hilang&gt;" in text
    lines = list(
        book(admin.post(f"{answer.headers['Location']}/unduhan", {}, expect=200)).active.iter_rows(
            values_only=True
        )
    )
    assert len(lines) == 3
    assert all(re.fullmatch(r"\d{3}•+\d{4}", line[5]) for line in lines[1:])
    told = admin.follow(admin.post(f"{answer.headers['Location']}/diberitahukan", {})).text
    assert "Diberitahukan" in told
    admin.post(f"{answer.headers['Location']}/diberitahukan", {}, expect=409)
    late = {**sent, "known_at": local(days=4), "since": local(days=9), "until": local(days=8)}
    text = admin.follow(admin.post("/admin/insiden", late)).text
    assert "Batas 3 × 24 jam sudah lewat" in text
    assert "Tidak ada pengajuan dalam cakupan itu" in text
    assert "Lewat 3 × 24 jam" in admin.get("/admin/insiden").text
    hrd.get("/admin/insiden", expect=403)
    hrd.get(answer.headers["Location"], expect=403)


def test_every_act_that_is_kept_has_words_and_so_have_its_details():
    named, details = set(), set()
    for path in Path(hr_portal.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in {"audit.record", "_record"}:
                texts = [part.value for part in ast.walk(call) if isinstance(part, ast.Constant)]
                named |= {
                    text
                    for text in texts
                    if isinstance(text, str) and re.fullmatch(r"[a-z_]+:[a-z_-]+", text)
                }
                if ast.unparse(call.func) == "audit.record":
                    details |= {one.arg for one in call.keywords if one.arg}
    assert len(named) > 70
    assert named <= set(ACTS)
    assert len(details) > 70
    # told by name and by number beside the act
    assert details - {"company_id", "batch"} <= set(DETAILS)
    # and the history of a batch tells it in a sentence of its own
    assert {act for act in named if act.startswith("batch:")} <= set(TELLERS)
