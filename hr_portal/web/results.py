"""The result of a check: the sentence, what to do, the rows, and confirming warnings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hr_portal.adapters.spreadsheets import findings_workbook
from hr_portal.domain.masking import mask, mask_name
from hr_portal.domain.rules import RULE, title
from hr_portal.services import (
    batch_views,
    changes,
    mending,
    resembling,
    results,
    row_trail,
    splitting,
    submission,
    twins,
)
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Invalid
from hr_portal.services.mending import ActView
from hr_portal.services.paging import Page
from hr_portal.services.results import Show, TodoItem
from hr_portal.services.row_views import CellView, RowView
from hr_portal.services.submission import Lack
from hr_portal.web import sought
from hr_portal.web.access import actor, needs
from hr_portal.web.batches import may_upload
from hr_portal.web.current import portal
from hr_portal.web.formatting import number
from hr_portal.web.grid_rows import GridRows, is_name
from hr_portal.web.i18n import language, said
from hr_portal.web.layout import SEVERITIES
from hr_portal.web.paging import finding_id, page_number, row_number, view_of
from hr_portal.web.row_timeline import steps
from hr_portal.web.security import safe_next
from hr_portal.web.sending import workbook
from hr_portal.web.words import field_label, file_rows, next_step, page_of, rows_held, shown_state

blueprint = Blueprint("results", __name__)

PER_PAGE: Final = 25
MOST_COLUMNS: Final = 8
"""Columns of the grid; a row's own page shows all of them."""
ALWAYS: Final = ("kpj", "nik")
BAR_WIDTH: Final = 1000
PRESSING: Final = (
    "rows_invalid",
    "rows_refused",
    "file_invalid",
    "no_corrections",
    "document_missing",
    "warnings_unconfirmed",
)
"""Lacks that this page is about, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the bar over the rows: where it begins and how wide it is, of BAR_WIDTH."""

    tone: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the rows is shown."""

    show: Show
    code: str | None
    field: str | None
    text: str
    word: str = ""
    """What stands for the text in addresses."""

    def address(self, batch_id: str, **changed: str | int | None) -> str:
        """The address of these rows with something changed; the first page unless said."""
        values: dict[str, str | int | None] = {
            "tampil": self.show,
            "aturan": self.code,
            "kolom": self.field,
            "cari": self.word,
            **changed,
        }
        kept = {name: value for name, value in values.items() if value}
        path = url_for("results.show", batch_id=batch_id)
        return f"{path}?{urlencode(kept)}#baris" if kept else f"{path}#baris"


@blueprint.get("/pengajuan/<batch_id>/hasil")
@needs("batch.read")
def show(batch_id: str) -> str | Response:
    """The result page; with HX-Request only its rows."""
    with portal().db.together():
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        if batch.revision.state != "checked":
            return redirect(url_for("batches.show", batch_id=batch_id))
        view = _result(batch)
    g.zone = batch.timezone
    return render_template(
        "results/_rows.html"
        if request.headers.get("HX-Target") == "baris-isi"
        else "results/show.html",
        **view,
    )


@blueprint.post("/pengajuan/<batch_id>/hasil/saring")
@needs("batch.read")
def narrow(batch_id: str) -> Response:
    """Leads to the rows asked for; what was typed is no part of their address."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    word = sought.sealed(portal().vault, batch.id, request.form.get("cari", ""))
    return redirect(filters_of(batch, {**request.form, "cari": word}).address(batch_id), 303)


def _page_of(batch_id: str, filters: Filters, page: int) -> Page[RowView]:
    return results.rows_page(
        portal(), actor(), batch_id,
        show=filters.show, code=filters.code, field=filters.field, text=filters.text,
        page=page, per_page=PER_PAGE, lang=language(),
    )  # fmt: skip


def _result(batch: BatchView) -> dict[str, object]:
    """What the result page shows of a batch."""
    batch_id = batch.id
    missing = submission.lacks(portal(), actor(), batch_id) if batch.is_mine_to_edit else []
    filters = filters_of(batch, request.args)
    rows = _page_of(batch_id, filters, page_number())
    if not rows.items and rows.total:  # the rows of the last page were mended since
        rows = _page_of(batch_id, filters, rows.pages)
    view, columns = view_of(rows), grid_columns(rows.items)
    turned = rows.page if rows.page > 1 else None
    back = filters.address(batch_id, halaman=turned)
    grid = GridRows(batch, [one.column for one in columns], back)
    todo = results.todo(portal(), actor(), batch_id, lang=language())
    held = results.structure(portal(), actor(), batch_id)
    last, act_count = mending.latest(portal(), actor(), batch_id)
    at_once = offers_at_once(todo) if batch.is_mine_to_edit else 0
    step = next_step(batch, missing) if batch.is_mine_to_edit else None
    may_split, split_rows = _may_split(batch, missing)
    same = twins.twins(portal(), actor(), batch_id) if batch.is_mine_to_edit else []
    return {
        "batch": batch,
        "about": file_rows(batch),
        "title": result_title(batch, missing),
        "missing": {lack.code: lack for lack in missing},
        "todo": {
            name: [item for item in todo if item.severity == name] for name in results.SEVERITIES
        },
        "bar": shares(batch),
        "step": step,
        "tidied": tidied(batch),
        "remarks": held.remarks,
        "refused": held.refused,
        "filters": filters,
        "grid": grid.rows(rows.items, first=view.first),
        "page": view,
        "columns": columns,
        "asked": asked_column(rows.items, columns, filters),
        "row_total": batch.revision.total - batch.revision.empty,
        "may_upload": may_upload(batch),
        "shown_state": shown_state,
        "page_of": page_of,
        "may_split": may_split,
        "split_rows": split_rows,
        "twins": same,
        "resembles": None if same else resembling.of_batch(portal(), actor(), batch_id),
        "last": last,
        "act_count": act_count,
        "told": act_title,
        "offer": first_offer(todo) if batch.is_mine_to_edit and not at_once else None,
        "at_once": at_once,
        "equal": equal_pairs(todo) if batch.is_mine_to_edit else (0, 0),
        "sent_back": batch.is_mine_to_edit and _is_sent_back(batch),
    }


@blueprint.get("/pengajuan/<batch_id>/baris/<int:row>")
@needs("batch.read")
def show_row(batch_id: str, row: int) -> str:
    """One row with all its cells, identifiers masked."""
    with portal().db.together():
        view = results.row_view(portal(), actor(), batch_id, row, lang=language())
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        beside = _beside(batch, row)
    return _row_page(batch, view, beside, revealed=False)


@blueprint.post("/pengajuan/<batch_id>/baris/<int:row>/tampilkan")
@needs("batch.read")
def reveal_row(batch_id: str, row: int) -> str:
    """One row in full; who looked and when is kept."""
    view = results.reveal(portal(), actor(), batch_id, row)
    with portal().db.together():
        batch = batch_views.batch_view(portal(), actor(), batch_id)
        beside = _beside(batch, row)
    return _row_page(batch, view, beside, revealed=True)


@blueprint.get("/pengajuan/<batch_id>/pastikan")
@needs("batch.edit")
def ask_reason(batch_id: str) -> str:
    """Asks why the data are right: for one warning, or for all of a rule."""
    return _confirm_page(batch_id)


@blueprint.post("/pengajuan/<batch_id>/pastikan")
@needs("batch.edit")
def confirm(batch_id: str) -> str | Response | tuple[str, int]:
    """Confirms warnings with a reason, which the reviewer will read."""
    form = request.form
    try:
        count = results.confirm_warnings(
            portal(),
            actor(),
            batch_id,
            reason=form.get("reason", ""),
            finding_ids=form.getlist("temuan", type=finding_id) or None,
            code=form.get("aturan") or None,
            case=form.get("kasus"),
            field=form.get("kolom") or None,
            version=form.get("version", type=int),
        )
    except Invalid as error:
        return _confirm_page(batch_id, said(error.message, error.message_en)), 422
    flash(
        ngettext("%(count)s peringatan dipastikan.", "%(count)s peringatan dipastikan.", count,
                 count=number(count)),
        "ok",
    )  # fmt: skip
    return redirect(back_to_rows(batch_id))


@blueprint.get("/pengajuan/<batch_id>/temuan.xlsx")
@needs("batch.read", fresh="results.show")
def download(batch_id: str) -> Response:
    """All findings as a workbook, to mend the file with; taking it away is an act."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    headers = results.structure(portal(), actor(), batch_id).headers
    lines = (
        {
            "baris": one.row or "",
            "sel": one.cell,
            "kolom": headers[one.column] if one.column >= 0 else one.field_label,
            "kode": one.code,
            "tingkat": str(SEVERITIES[one.severity].label),
            "nilai": one.value,
            "pesan": said(one.message, one.message_en),
            "usulan": one.suggestion,
        }
        for one in results.all_findings(portal(), actor(), batch_id, lang=language())
    )
    name = f"temuan-{batch.number}-revisi-{batch.revision.number}.xlsx"
    return workbook(findings_workbook.write(lines), name)


def _may_split(batch: BatchView, missing: list[Lack]) -> tuple[bool, int | None]:
    """Whether rows could go on alone, and how many; None where only their page counts them."""
    counts = {lack.code for lack in missing}
    if (
        not counts & {"rows_invalid", "rows_refused", "document_missing"}
        or "file_invalid" in counts
    ):
        return False, None
    kept = splitting.rows_kept(portal(), actor(), batch.id)
    return kept != 0 and bool(batch.revision.valid + batch.revision.warning), kept


def _is_sent_back(batch: BatchView) -> bool:
    """Whether a reviewer's reasons wait to be read: the draft came back from one."""
    if batch.parent_id and not batch.is_split_off:
        return True
    if batch.revision.number == 1:
        return False  # a return opens the next revision
    return changes.latest_decision(portal(), actor(), batch.id) is not None


def result_title(batch: BatchView, missing: list[Lack]) -> str:
    """The finding as a sentence: what is the most pressing thing about these rows."""
    total = number(rows_held(batch))
    if not batch.is_mine_to_edit:
        return _("%(total)s baris sudah diperiksa", total=total)
    counts = {lack.code: lack.count for lack in missing}
    pressing = next((code for code in PRESSING if code in counts), None)
    if pressing is None:
        return ngettext(
            "%(total)s baris lolos pemeriksaan", "Semua %(total)s baris lolos pemeriksaan",
            rows_held(batch), total=total,
        )  # fmt: skip
    many = counts[pressing]
    told = {"count": number(many), "total": total}
    return {
        "rows_invalid": ngettext(
            "%(count)s dari %(total)s baris perlu diperbaiki",
            "%(count)s dari %(total)s baris perlu diperbaiki", many, **told,
        ),
        "rows_refused": ngettext(
            "%(count)s baris tidak dapat dibaca", "%(count)s baris tidak dapat dibaca", many, **told
        ),
        "file_invalid": ngettext(
            "%(count)s kesalahan mengenai seluruh kolom",
            "%(count)s kesalahan mengenai seluruh kolom", many, **told,
        ),
        "no_corrections": _("Berkas ini tidak memuat koreksi"),
        "document_missing": ngettext(
            "%(count)s dari %(total)s baris perlu dokumen",
            "%(count)s dari %(total)s baris perlu dokumen", many, **told,
        ),
        "warnings_unconfirmed": ngettext(
            "%(count)s peringatan perlu dipastikan", "%(count)s peringatan perlu dipastikan",
            many, **told,
        ),
    }[pressing]  # fmt: skip


def shares(batch: BatchView) -> list[Share]:
    """The parts of the bar: invalid, warning, valid; each at least wide enough to be seen."""
    revision = batch.revision
    total = revision.total - revision.empty
    parts: list[Share] = []
    start = 0.0
    for tone, count in (
        ("err", revision.invalid),
        ("warn", revision.warning),
        ("ok", revision.valid),
    ):
        if not count:
            continue
        width = max(count / total * BAR_WIDTH, 6)
        parts.append(Share(tone, round(start, 1), round(min(width, BAR_WIDTH - start), 1)))
        start += width
    return parts


def tidied(batch: BatchView) -> list[tuple[int, str]]:
    """What was tidied in silence: cells and the rule's own words, most frequent first."""
    told = []
    for code, count in sorted(batch.revision.tidied.items(), key=lambda item: -item[1]):
        rule = RULE.get(code)
        note = (rule.note_en if language() == "en" else rule.note) if rule else ""
        told.append((int(count), note or code))
    return told


def grid_columns(rows: list[RowView]) -> list[CellView]:
    """The columns that a page of rows shows, as the first row's cells.

    KPJ and NIK, the columns with a finding, and those of the correction itself. The name stands
    before them, with what is wrong in a column that isn't shown. At most MOST_COLUMNS, columns
    with findings first.
    """
    if not rows:
        return []
    hurt = {cell.column for row in rows for cell in row.cells if cell.findings}
    wanted = [
        cell
        for cell in rows[0].cells
        if not is_name(cell)
        if cell.column in hurt
        or cell.part in {"which", "before", "after"}
        or (cell.part == "record" and cell.field in ALWAYS)
    ]
    spare = [
        cell
        for cell in wanted
        if cell.column in hurt or any(row.cells[cell.column].shown for row in rows)
    ]
    ranked = sorted(spare, key=lambda cell: (cell.column not in hurt, cell.column))[:MOST_COLUMNS]
    return sorted(ranked, key=lambda cell: cell.column)


def asked_column(rows: list[RowView], columns: list[CellView], filters: Filters) -> int | None:
    """The first column shown that has a finding of the rule or field asked for."""
    if not (filters.code or filters.field):
        return None
    hurt = {
        one.column
        for row in rows
        for one in row.findings
        if filters.code in {None, one.code} and filters.field in {None, one.field}
    }
    return next((one.column for one in columns if one.column in hurt), None)


def rule_title(code: str, case: str) -> str:
    """The few words that a rule's case is known by; its code where the law has it no more."""
    try:
        return title(code, case, language())
    except KeyError:
        return code


def act_title(act: ActView) -> str:
    """What a change was, in words: the rule it mended, or how it was typed."""
    code = act.what.get("code")
    if code:
        name = rule_title(code, act.what.get("case") or "")
        if is_leaving(code, act.what.get("case") or ""):
            name = rule_title("ROW-04", "")
        field = act.what.get("field")
        return f"{name} · {field_label(field)}" if field else name
    if "severity" in act.what:
        return _("Semua usulan yang wajib diperbaiki")
    if act.kind == "suggestion":
        return _("Usulan diterapkan")
    if act.kind == "paste":
        return _("Ditempel dari Excel")
    if act.kind == "replace":
        return _("Cari dan ganti")
    return _("Diketik ulang")


def first_offer(todo: list[TodoItem]) -> TodoItem | None:
    """The first thing to do that has proposals to take: the page's one filled button."""
    return next((item for item in todo if open_offers(item)), None)


def offers_at_once(todo: list[TodoItem]) -> int:
    """How many proposals for what must be mended may be taken at once, if of several kinds."""
    found = [count for one in todo if one.severity == "error" and (count := open_offers(one))]
    return sum(found) if len(found) > 1 else 0


def is_leaving(code: str | None, case: str | None) -> bool:
    """Whether taking the proposals of a case leaves corrections out, as nothing would change."""
    return (code, case) == ("ROW-03", "")


def equal_pairs(todo: list[TodoItem]) -> tuple[int, int]:
    """How many corrections may be left out, and of how many fields they are."""
    found = [
        count for one in todo if is_leaving(one.code, one.case) and (count := open_offers(one))
    ]
    return sum(found), len(found)


def open_offers(item: TodoItem) -> int:
    """How many proposals of an item may be taken; confirmed data are right as they are."""
    return min(item.offers, item.findings - item.confirmed)


def as_cell(text: str, cell: CellView) -> str:
    """A text that stood in a cell, as lists may show it; an unknown datum as the most private."""
    if cell.field:
        return mask(cell.field, text)
    return mask_name(text) if cell.part in {"before", "after"} else text


def filters_of(batch: BatchView, values: Mapping[str, str]) -> Filters:
    """What of the rows an address shows, by the values in it."""
    asked, word = values.get("tampil", ""), values.get("cari", "")
    text = sought.opened(portal().vault, batch.id, word)
    default: Show = "todo" if batch.revision.invalid + batch.revision.warning else "all"
    return Filters(
        next((one for one in get_args(Show) if one == asked), default),
        values.get("aturan") or None,
        values.get("kolom") or None,
        text,
        word if text else "",
    )


def _beside(batch: BatchView, row: int) -> dict[str, object]:
    """What the page of a row shows beside it."""
    before, after, _open = results.neighbours(portal(), actor(), batch.id, row)
    office = _("Pemeriksa %(branch)s", branch=batch.branch_name)
    return {
        "history": mending.row_history(portal(), actor(), batch.id, row),
        "trail": steps(row_trail.trail(portal(), actor(), batch.id, row), office),
        "before": before,
        "after": after,
    }


def _row_page(batch: BatchView, row: RowView, beside: dict[str, object], *, revealed: bool) -> str:
    g.zone = batch.timezone
    return render_template(
        "results/row.html",
        batch=batch,
        about=file_rows(batch),
        row=row,
        revealed=revealed,
        told=act_title,
        **beside,
        is_hrd=batch.company_id in actor().companies,
    )


def back_to_rows(batch_id: str) -> str:
    """The rows from which a page was reached, as they were filtered; or the result."""
    target = safe_next(request.values.get("kembali"))
    return target or url_for("results.show", batch_id=batch_id)


CONFIRMED_BY: Final = {
    "NAM-08": _l("Contoh: gelar ini tercetak di KTP-el dan Kartu Keluarga."),
    "NIK-11": _l("Contoh: tanggal lahir pernah dibetulkan dengan penetapan pengadilan; NIK tidak ikut berubah."),
    "NIK-12": _l("Contoh: tanggal lahir pernah dibetulkan dengan penetapan pengadilan; NIK tidak ikut berubah."),
}  # fmt: skip
"""Reasons that hold for some warnings; for all others that somebody looked."""


def _confirm_page(batch_id: str, problem: str = "") -> str:
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    values = request.values
    code, ids = values.get("aturan"), values.getlist("temuan", type=finding_id)
    chosen: list[TodoItem] = []
    if code and not ids:
        chosen = [
            item
            for item in results.todo(portal(), actor(), batch_id, lang=language())
            if (item.code, item.case, item.field or "")
            == (code, values.get("kasus", ""), values.get("kolom", ""))
        ]
    found = results.findings_page(
        portal(), actor(), batch_id, severity="warning", code=code, row=values.get("baris", type=row_number),
        per_page=PER_PAGE, lang=language(),
    )  # fmt: skip
    shown = [
        one
        for one in found.items
        if (not ids or one.id in ids) and (not chosen or one.field == chosen[0].field)
    ]
    count = (chosen[0].findings - chosen[0].confirmed) if chosen else len(shown)
    return render_template(
        "results/confirm.html",
        batch=batch,
        about=file_rows(batch),
        item=chosen[0] if chosen else None,
        findings=shown,
        ids=ids,
        back=back_to_rows(batch_id),
        example=CONFIRMED_BY.get(code or "")
        or _("Contoh: sudah dicocokkan dengan KTP-el dan Kartu Keluarga karyawan."),
        count=count,
        values=values,
        problem=problem,
    )


blueprint.add_app_template_filter(as_cell, "as_cell")
blueprint.add_app_template_global(open_offers, "open_offers")
blueprint.add_app_template_global(is_leaving, "is_leaving")
