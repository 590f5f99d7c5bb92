"""Surel tidak terkirim: what a mail server has not taken, for the admin to mend and send again."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from hr_portal.services import notices, unsent
from hr_portal.services.errors import Conflict
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import said
from hr_portal.web.paging import page_number, view_of

blueprint = Blueprint("unsent", __name__, url_prefix="/admin/surel")

PER_PAGE: Final = 50
WHY: Final[dict[str, Any]] = {
    "refused": _l(
        "Server surel menolak alamat penerima. Periksa alamatnya pada halaman pengguna ini."
    ),
    "SMTPSenderRefused": _l(
        "Server surel menolak alamat pengirim. Periksa HR_PORTAL_MAIL_FROM pada server portal."
    ),
    "SMTPAuthenticationError": _l(
        "Server surel menolak nama atau kata sandinya. Periksa HR_PORTAL_MAIL_URL pada server portal."
    ),
    "SMTPDataError": _l(
        "Server surel menolak pesan ini. Bila tidak juga terkirim, tanyakan sebabnya kepada pengelola "
        "server surel."
    ),
    notices.UNKNOWN: _l(
        "Terputus saat diserahkan: mungkin sampai, mungkin tidak. Tanyakan kepada penerimanya sebelum "
        "mengirim lagi."
    ),
}
"""By the error that is kept with it."""
AWAY: Final = _l(
    "Server surel tidak dapat dihubungi. Periksa HR_PORTAL_MAIL_URL dan apakah server itu berjalan."
)


@blueprint.get("")
@needs("installation.manage")
def index() -> str:
    """What was not sent, why, and when it is tried again."""
    found = unsent.page(portal(), actor(), number=page_number(), per_page=PER_PAGE)
    return render_template(
        "admin/unsent.html", found=found, page=view_of(found), why=WHY, away=AWAY
    )


@blueprint.post("/<int:entry_id>/kirim")
@needs("installation.manage")
def send_again(entry_id: int) -> Response:
    """Sends one now."""
    try:
        unsent.send_again(portal(), actor(), entry_id)
    except Conflict as error:
        flash(said(error.message, error.message_en), "warn")
    else:
        flash(_("Dikirim sekarang. Bila gagal lagi, surel itu kembali ke daftar ini."), "ok")
    return redirect(url_for("unsent.index"))
