"""Somebody who asks for too much at once: told when to come back, whichever process they ask."""

import contextlib
import dataclasses
import io

import pytest
import sqlalchemy as sa

from hr_portal.app import create_app
from hr_portal.services import accounts, limits
from hr_portal.services.context import Portal
from hr_portal.services.errors import TooMany
from tests.web.client import PASSWORD, PageClient


def test_person_company_and_address_are_counted_by_all_processes_together(
    world, portal, make_settings, clock
):
    settings = make_settings(database_url=portal.settings.database_url, exports_per_minute=2)
    with contextlib.ExitStack() as opened:
        one, two = (
            opened.enter_context(contextlib.closing(Portal.from_settings(settings, clock=clock)))
            for _ in range(2)
        )
        _count_to_the_limits(world, clock, one, two)


def _count_to_the_limits(world, clock, one, two):
    rahma, wulan = world.rahma, world.wulan
    for process in (one, two):
        limits.count(process, rahma, "exports", address="10.0.0.1")
    for process in (one, two):
        with pytest.raises(TooMany) as refusal:
            limits.count(process, rahma, "exports", address="10.0.0.2")
        assert 0 < refusal.value.retry_after <= 60
    limits.count(two, rahma, "uploads", address="10.0.0.1")
    limits.count(two, wulan, "exports", address="10.0.0.1")
    # eight more colleagues: ten in a minute are the company's, wherever they come from
    colleagues = [dataclasses.replace(rahma, user_id=f"u{n}") for n in range(9)]
    for n, colleague in enumerate(colleagues[:8]):
        limits.count(one, colleague, "exports", address=f"10.0.1.{n}")
    with pytest.raises(TooMany):
        limits.count(two, colleagues[8], "exports", address="10.0.1.9")
    strangers = [
        dataclasses.replace(wulan, user_id=f"v{n}", companies=frozenset()) for n in range(18)
    ]
    for stranger in strangers[:17]:
        limits.count(one, stranger, "exports", address="10.0.0.1")
    with pytest.raises(TooMany):
        limits.count(two, strangers[17], "exports", address="10.0.0.1")
    clock.go(minutes=2)
    limits.count(two, rahma, "exports", address="10.0.0.1")


def test_the_statement_that_counts_is_compiled_once(world, portal):
    compiled = []

    def note(_connection, _cursor, text, _values, context, _many):
        if "throttle" in text:
            compiled.append(context.compiled)

    sa.event.listen(portal.db.writer, "before_cursor_execute", note)
    for _ in range(3):
        limits.count(portal, world.rahma, "calls", address="10.0.0.1")
    assert len(compiled) == 3
    assert len(set(map(id, compiled))) == 1


def test_the_third_upload_or_export_in_a_minute_waits(
    world, portal, make_settings, clock, browser_of
):
    batch = world.draft()
    browser_of(world.rahma)  # gives her the password
    settings = make_settings(
        database_url=portal.settings.database_url, uploads_per_minute=2, exports_per_minute=2,
        calls_per_minute=2,
    )  # fmt: skip
    app = create_app(settings, portal=dataclasses.replace(portal, settings=settings))
    rahma = PageClient(app).sign_in(world.rahma.email, PASSWORD)
    export = f"/pengajuan/{batch}/temuan.xlsx"
    for _ in range(2):
        rahma.get(export)
        rahma.post("/pengajuan/baru", {"file": (io.BytesIO(b""), "kosong.csv")}, expect=422)
    waits = [
        rahma.get(export, expect=429),
        rahma.post("/pengajuan/baru", {"file": (io.BytesIO(b""), "kosong.csv")}, expect=429),
    ]
    assert "yang sudah diterima tetap tersimpan" in waits[0].text
    for made in (f"/perusahaan/{world.people.companies[0]}/contoh-surat", "/jejak-peserta"):
        rahma.post(made, {}, expect=429)
    rahma.get("/ikhtisar/umur.xlsx", expect=429)
    program = app.test_client()
    token = {"Authorization": f"Bearer {accounts.create_token(portal, world.rahma.email)}"}
    path = f"/api/v1/batches/{batch}/submit"
    for expected in (422, 422, 429):
        waits.append(program.post(path, json={"x": 1}, headers=token))
        assert waits[-1].status_code == expected
    assert waits[-1].json["error"]["code"] == "too_many"
    assert all(1 <= int(waits[at].headers["Retry-After"]) <= 60 for at in (0, 1, -1))
    assert program.get(f"/api/v1/batches/{batch}", headers=token).status_code == 200


def test_who_tries_number_after_number_or_text_after_text_is_slowed_down(
    world, portal, make_settings, browser_of
):
    batch = world.draft()
    for person in (world.rahma, world.bayu):
        browser_of(person)  # gives them the password
    settings = make_settings(database_url=portal.settings.database_url, searches_per_minute=2)
    portal = dataclasses.replace(portal, settings=settings)
    one, two = (create_app(settings, portal=portal) for _ in range(2))
    bayu = PageClient(one).sign_in(world.bayu.email, PASSWORD)
    for digit in "12":
        bayu.post("/antrean/cari", {"number": f"317101450890900{digit}"}, expect=200)
    waits = bayu.post("/antrean/cari", {"number": "3171014508909003"}, expect=429)
    assert 1 <= int(waits.headers["Retry-After"]) <= 60
    bayu.get("/antrean?cari=budi", expect=429)
    bayu.get("/antrean?cari=+")  # nothing is looked for
    rahma = [PageClient(app).sign_in(world.rahma.email, PASSWORD) for app in (one, two)]
    for process in rahma:
        process.get(f"/pengajuan/{batch}/hasil?cari=budi")
    rahma[1].get(f"/pengajuan/{batch}/hasil?cari=budi", expect=429)
    rahma[0].post(f"/pengajuan/{batch}/ganti-teks", {"cari": "budi"}, expect=429)
    rahma[0].get(f"/pengajuan/{batch}/hasil?tampil=all")
