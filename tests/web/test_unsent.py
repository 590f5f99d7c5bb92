"""Surel tidak terkirim: an admin sees what no mail server took, why, and sends it again."""

import re

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act, Job, OutboxEntry
from tests.web.story import phones, story  # noqa: F401 - fixture

AWAY = {"mail_url": "smtp://127.0.0.1:1"}
"""Where nobody listens."""


def end(portal, error, state="failed"):
    """As a worker leaves it after that answer."""
    with portal.db.write() as session:
        session.execute(sa.update(OutboxEntry).values(error=error))
        session.execute(sa.update(Job).where(Job.kind == "mail").values(state=state))


@pytest.mark.parametrize("limits", [AWAY])
def test_an_admin_sees_what_was_not_sent_and_sends_it_again(admin, hrd, reviewer, story):
    batch = story.submitted(phones(1))
    assert "Semua surel terkirim" in admin.get("/admin/surel").text
    reviewer.post(f"/antrean/{batch}/ambil")
    worker.run_all(story.portal)
    for page in ("perusahaan", "pengguna"):
        assert 'href="/admin/surel">1 surel tidak terkirim</a>' in admin.get(f"/admin/{page}").text
    text = admin.get("/admin/surel").text
    assert f"Pengajuan {story.view(batch).number} mulai diperiksa" in text
    assert "Server surel tidak dapat dihubungi" in text
    assert "Dicoba lagi" in text
    (address,) = re.findall('action="(/admin/surel/[0-9]+/kirim)"', text)
    back = admin.follow(admin.post(address)).text
    assert "Dikirim sekarang" in back
    assert "Semua surel terkirim" in back
    assert "sudah terkirim, sedang dikirim" in admin.follow(admin.post(address)).text
    worker.run_all(story.portal)
    assert "Server surel tidak dapat dihubungi" in admin.get("/admin/surel").text
    with story.portal.db.read() as session:
        assert session.scalars(sa.select(Act.action)).all().count("mail:sent_again") == 1
    for client in (hrd, reviewer):
        client.get("/admin/surel", expect=403)
        client.post(address, expect=403)
    admin.post("/admin/surel/999/kirim", expect=404)


@pytest.mark.parametrize(
    ("error", "state", "told"),
    [
        ("refused", "failed", ("menolak alamat penerima", "Tidak dicoba lagi")),
        ("SMTPSenderRefused", "failed", ("HR_PORTAL_MAIL_FROM", "Tidak dicoba lagi")),
        ("SMTPAuthenticationError", "queued", ("nama atau kata sandinya", "Dicoba lagi")),
        ("SMTPDataError", "failed", ("menolak pesan ini", "Tidak dicoba lagi")),
        ("unknown", "done", ("mungkin sampai, mungkin tidak", "Tidak pasti")),
    ],
)
def test_each_end_says_what_happened_and_what_to_do(admin, reviewer, story, error, state, told):
    reviewer.post(f"/antrean/{story.submitted(phones(1))}/ambil")
    end(story.portal, error, state)
    text = admin.get("/admin/surel").text
    for words in (*told, "Kirim sekarang"):
        assert words in text
    with story.portal.db.write() as session:
        session.execute(sa.update(OutboxEntry).values(kind="sign_in_code"))
    assert "Kirim sekarang" not in admin.get("/admin/surel").text, "a code is of no use any more"
