"""What became of the employee of a row, as sentences."""

from dataclasses import dataclass

from flask_babel import gettext as _

from hr_portal.domain.document_kinds import KINDS
from hr_portal.services.row_trail import Event
from hr_portal.web.i18n import said
from hr_portal.web.layout import DOCUMENTS, VERDICTS
from hr_portal.web.masking import veil
from hr_portal.web.timeline import Entry, message_entry
from hr_portal.web.words import field_label


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a row's timeline, with the event it tells."""

    entry: Entry
    event: Event
    has_notice: bool
    """True where the notice for the person concerned tells of it."""


def steps(events: list[Event], office: str) -> list[Step]:
    """Tell what happened, the latest first; reviewers whom the reader isn't told are `office`."""
    told: list[Step] = []
    noticed: set[str] = set()
    for event in events:
        has_notice = (
            event.kind == "verdict" and not event.is_set_aside and event.batch_id not in noticed
        )
        if has_notice:
            noticed.add(event.batch_id)
        told.append(Step(_entry(event, event.by or office), event, has_notice))
    return told


def _entry(event: Event, by: str) -> Entry:
    fields = ", ".join(field_label(key) for key in event.fields)
    if event.kind == "message":
        return message_entry(event.side, event.at, by, event.words, is_internal=event.is_internal)
    if event.kind == "submitted":
        title = _("Diajukan, revisi %(revision)s", revision=event.revision)
        return Entry("ok", "send", title, event.at, by)
    if event.kind == "document":
        state = DOCUMENTS[event.verdict]
        title = f"{said(*KINDS[event.document_kind])}: {state.label}"
        return Entry(state.tone, state.icon, title, event.at, by, event.words)
    if event.kind == "verdict":
        state = VERDICTS[event.verdict]
        title = f"{state.label}: {fields}"
        if event.second:
            by = _("%(first)s, pemeriksa kedua %(second)s", first=by, second=event.second)
        if event.is_set_aside:
            title += " " + _("(keputusan ini sudah dibuka kembali)")
        return Entry(state.tone, state.icon, title, event.at, by, event.words)
    tone, icon, title = {
        "forwarded": (
            "ok", "send", _("Diteruskan ke kantor cabang lewat %(outlet)s: %(fields)s",
                            outlet=event.words, fields=fields),
        ),
        "accepted": ("ok", "check-circle-fill", _("Diterima kantor cabang: %(fields)s", fields=fields)),
        "refused": ("err", "x-octagon-fill", _("Ditolak kantor cabang: %(fields)s", fields=fields)),
    }[event.kind]  # fmt: skip
    quote = "" if event.kind == "forwarded" else veil(event.words)
    if event.kind == "refused" and not quote:
        quote = _("Tanpa keterangan")
    return Entry(tone, icon, title, event.at, by, quote)
