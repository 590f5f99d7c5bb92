"""Masa simpan: an admin sees what is due, holds and lifts; HRD sees that it has gone."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Batch, OutboxEntry
from hr_portal.services import intake, purging
from tests.web.story import phones, story  # noqa: F401 - a fixture


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def test_hrd_reads_on_the_draft_when_it_goes(admin, hrd, story, portal):
    story.ago(days=80)
    batch = story.draft(phones(1))
    other = story.draft(phones(2), name="lain.xlsx")
    story.now()
    assert "dibatalkan dan dokumennya dihapus" not in hrd.get(f"/pengajuan/{batch}/hasil").text
    worker.sweep(portal)
    for page in ("hasil", "lacak"):  # the e-mail leads to the second
        said = hrd.get(f"/pengajuan/{batch}/{page}").text
        assert "dibatalkan dan dokumennya dihapus mulai" in said
    assert "Draf yang tidak pernah diajukan dan 90 hari" in admin.get("/admin/masa-simpan").text
    intake.cancel_batch(portal, story.hrd, other)
    assert "dihapus mulai" not in hrd.get(f"/pengajuan/{other}/hasil").text
    with portal.db.write() as session:
        told = dt.datetime.now(dt.UTC) - dt.timedelta(days=14, minutes=1)
        session.execute(sa.update(OutboxEntry).values(created_at=told))
        session.execute(sa.update(Batch).values(last_edited_at=told - dt.timedelta(days=80)))
    assert "draf, terakhir diubah" not in admin.get("/admin/masa-simpan").text, "an act is younger"
    portal.clock = lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=11)
    purging.purge(portal, batch, "documents")
    story.now()
    assert "Draf tidak disentuh 90 hari" in hrd.get(f"/pengajuan/{batch}/lacak").text


def test_an_admin_holds_lifts_and_sees_what_goes(admin, hrd, story, portal):
    batch = story.draft(phones(1))
    intake.cancel_batch(portal, story.hrd, batch)
    with portal.db.write() as session:
        long_ago = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
        session.execute(sa.update(Batch).values(decided_at=long_ago))
    number = story.view(batch).number
    page = admin.get("/admin/masa-simpan").text
    assert "Tidak ada yang ditahan." in page
    assert "Menunggu pekerja" in page
    wrong = {"what": "PKD-1", "reason": "Sengketa"}
    text = admin.post("/admin/masa-simpan/penahanan", wrong, expect=422).text
    assert "Tidak ada pengajuan bernomor" in text
    assert 'value="PKD-1"' in text
    sent = {"what": number, "reason": "Sengketa PHI"}
    text = admin.follow(admin.post("/admin/masa-simpan/penahanan", sent)).text
    assert f"{number} ditahan" in text
    assert "Menunggu pekerja" not in text
    admin.post("/admin/masa-simpan/penahanan", sent, expect=409)
    assert "Ditahan: tidak dihapus" in hrd.get(f"/pengajuan/{batch}/lacak").text
    lift = re.search(r'action="([^"]+/cabut)"', text)[1]
    admin.post(lift, {"reason": ""}, expect=422)
    assert "Penahanan dicabut" in admin.follow(admin.post(lift, {"reason": "Selesai"})).text
    assert purging.purge(portal, batch, "documents").files == 1
    assert "Dokumen dihapus, baris disamarkan" in admin.get("/admin/masa-simpan").text
    assert "baris disamarkan sesuai masa simpan" in hrd.get(f"/pengajuan/{batch}/lacak").text
    assert "3171••••••••9" in hrd.get(f"/pengajuan/{batch}/hasil?tampil=all").text
    hrd.get("/admin/masa-simpan", expect=403)
