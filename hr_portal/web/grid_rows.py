"""Rows of the table of rows as HTML: messages above values, proposals as buttons, a way to edit.

A page has two hundred cells and fifty messages, so they are no macros (see `parts`): what is the
same in all rows of a page is made once, a row is one join. `data-c` and `data-r` say to the script
that edits in place which cell it is. An empty faulty cell is filled in, a damaged or masked one
typed anew.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from hr_portal.services.batch_views import BatchView
from hr_portal.services.row_views import CellView, FindingView, RowView
from hr_portal.web.i18n import said
from hr_portal.web.layout import SEVERITIES, here
from hr_portal.web.masking import masked
from hr_portal.web.parts import csrf, icon, ident
from hr_portal.web.unseen import seen

_AS_VALID: Final = ("valid", "note")


def worst(findings: Iterable[FindingView]) -> str:
    """The tone of a cell: its worst open finding; a confirmed warning is calm."""
    found = list(findings)
    open_ones = {one.severity for one in found if not one.confirmed_by}
    if open_ones & {"error", "override"}:
        return "err"
    if "warning" in open_ones:
        return "warn"
    return "mute" if found else ""


def is_name(cell: CellView) -> bool:
    """Whether it is the name on record, which stands before the columns in every table of rows."""
    return cell.part == "record" and cell.field == "nama"


class GridRows:
    """The rows of one page, written one after another with the same words and addresses.

    `shown` are the columns. Made inside a request, for one answer: it holds its language, its
    token and what this reader may do.
    """

    def __init__(self, batch: BatchView, shown: Sequence[int]) -> None:
        """Make what all rows have in common."""
        self._shown, self._columns = tuple(shown), frozenset(shown)
        self._is_mine = batch.is_mine_to_edit
        self._row_address = str(escape(url_for("results.show_row", batch_id=batch.id, row=0)[:-1]))
        self._reason_address = escape(url_for("results.ask_reason", batch_id=batch.id))
        self._documents_address = escape(url_for("documents.show", batch_id=batch.id))
        self._row, self._this_row = escape(_("Baris")), escape(_("Baris ini"))
        self._confirm, self._attach = escape(_("Pastikan")), escape(_("Lampirkan"))
        self._swap = escape(_("Tukar isinya"))
        self._ways = tuple(escape(one) for one in (_("Isi"), _("Ketik ulang"), _("Ubah")))
        # with their places still open: a row's number and a header that is escaped go in
        self._of_row = str(escape(_("baris %(row)s")))
        self._document_of_row = str(escape(_("dokumen baris %(row)s")))
        self._cell_of_row = str(escape(_("%(column)s baris %(row)s")))
        self._from = str(escape(_("dari %(place)s")))
        self._taking = str(escape(_("Terapkan usulan baris %(row)s:")))
        self._signs, self._heads = {}, {}
        for name, state in SEVERITIES.items():
            label, drawn = escape(str(state.label)), icon(state.icon)
            self._signs[name] = (
                f'<span class="sev" data-s="{state.tone}">{drawn}'
                f'<span class="visually-hidden"> {label}</span></span>'
            )
            self._heads[name] = f'{drawn}<span><span class="visually-hidden">{label}: </span>'
        confirmed = escape(_("Sudah dipastikan"))
        self._confirmed = (
            f'{icon("check-lg")}<span><span class="visually-hidden">{confirmed}: </span>'
        )
        self._form = self._form_open = ""
        if self._is_mine:
            self._form = (
                f'<form method="post" action="{escape(url_for("mending.take", batch_id=batch.id))}"'
                f' data-fix>{csrf()}<input type="hidden" name="version" value="{batch.version}">'
                '<input type="hidden" name="temuan" value="'
            )
            self._form_open = (
                f'"><input type="hidden" name="kembali" value="{escape(here())}">'
                '<button type="submit"><span class="visually-hidden">'
            )
        self._headers: dict[int, Markup] = {}

    def rows(self, rows: Iterable[RowView], first: int) -> Markup:
        """Some rows, the first of which is at that place among all that the filter shows."""
        return Markup("").join([self.row(row, first + at) for at, row in enumerate(rows)])

    def row(self, row: RowView, place: int | None = None) -> Markup:
        """One row; `place` is its own among all that the filter shows, from 1, if known."""
        number, is_mine = row.number, self._is_mine
        loose = [one for one in row.findings if one.column not in self._columns]
        sign = self._signs["valid" if row.severity in _AS_VALID else row.severity]
        # a reader counts the row of headers as the first
        index = f' aria-rowindex="{place + 1}"' if place is not None else ""
        its_number = f' data-r="{number}"' if is_mine else ""
        parts = [
            f'<tr role="row"{index}{its_number}>',
            f'<th role="rowheader" scope="row" class="n" data-label="{self._row}">',
            f'<a href="{self._row_address}{number}">{number}</a>{sign}</th>',
            self._named(row, loose),
        ]
        cells = row.cells
        for at in self._shown:
            cell = cells[at]
            if cell.findings:
                parts.append(self._faulty(row, cell))
                continue
            if not is_mine:
                parts.append('<td role="cell">')
            elif cell.is_masked:
                parts.append(f'<td role="cell" data-c="{at}" data-masked>')
            else:
                parts.append(f'<td role="cell" data-c="{at}">')
            parts.append(f"<span data-val>{ident(cell.written, cell.field)}</span></td>")
        parts.append("</tr>\n")
        return Markup(seen("".join(parts)))  # noqa: S704 - each part is ours or escaped

    def _named(self, row: RowView, loose: list[FindingView]) -> str:
        """The name, with what is wrong in columns that aren't shown; it is a cell itself."""
        cell = next((one for one in row.cells if is_name(one)), None)
        label = f' data-s="{worst(loose)}" data-label="{self._this_row}"' if loose else ""
        place, shown = "", f"{escape(row.name or '–')}"
        if self._is_mine and cell is not None and (cell.raw or cell.findings):
            place = f' data-c="{cell.column}"'
            written = escape(cell.written) if cell.raw else ident("", cell.field)
            shown = f"<span data-val>{written}</span>"
            if cell.findings:
                proposals = "".join([self._proposal(row, one) for one in cell.findings])
                shown = f'<div class="pk-fix">{shown}{proposals}{self._way(row, cell)}</div>'
        messages = "".join([self._message(one) for one in loose])
        return f'<td role="cell" class="keep fw-semibold"{label}{place}>{messages}{shown}</td>'

    def _header(self, cell: CellView) -> Markup:
        header = self._headers.get(cell.column)
        if header is None:
            header = self._headers[cell.column] = escape(cell.header)
        return header

    def _way(self, row: RowView, cell: CellView) -> str:
        """The way to type a cell anew."""
        fill, retype, change = self._ways
        way = fill if not cell.raw else retype if cell.is_masked else change
        where = self._cell_of_row % {"column": self._header(cell), "row": row.number}
        return (
            f' <a data-edit href="{self._row_address}{row.number}/sel/{cell.column}">{way}'
            f'<span class="visually-hidden"> {where}</span></a>'
        )

    def _faulty(self, row: RowView, cell: CellView) -> str:
        at, header = cell.column, self._header(cell)
        place = f' data-c="{at}"{" data-masked" if cell.is_masked else ""}' if self._is_mine else ""
        edit = self._way(row, cell) if self._is_mine else ""
        return (
            f'<td role="cell" data-s="{worst(cell.findings)}" data-label="{header}"{place}>'
            f"{''.join([self._message(one) for one in cell.findings])}"
            f'<div class="pk-fix"><span data-val>{ident(cell.written, cell.field)}</span>'
            f"{''.join([self._proposal(row, one) for one in cell.findings])}{edit}</div></td>"
        )

    def _message(self, one: FindingView) -> str:
        """What is wrong, and the way to answer it."""
        tone = ' data-s="mute"' if one.confirmed_by else ""
        mark = self._confirmed if one.confirmed_by else self._heads[one.severity]
        act = ""
        if self._is_mine and not one.confirmed_by:
            if one.severity == "warning":
                act = (
                    f' <a href="{self._reason_address}?temuan={one.id}&amp;aturan={one.code}'
                    f'&amp;baris={one.row}">{self._confirm}<span class="visually-hidden">'
                    f" {self._of_row % {'row': one.row}}</span></a>"
                )
            elif one.severity == "override":
                act = (
                    f' <a href="{self._documents_address}?baris={one.row}">{self._attach}'
                    f'<span class="visually-hidden"> {self._document_of_row % {"row": one.row}}'
                    "</span></a>"
                )
        return f'<div class="pk-msg"{tone}>{mark}{escape(one.title)}{act}</span></div>'

    def _proposal(self, row: RowView, one: FindingView) -> str:
        """What taking a proposal would write, as the button that does it."""
        if not (one.suggestion or one.fixes):
            return ""
        what = (
            f'<span class="pk-id">{escape(masked(one.suggestion, one.field))}</span>'
            if one.suggestion
            else self._swap
        )
        if not self._is_mine or one.confirmed_by:
            return f'<span class="pk-propose">→ {what}</span>'
        source = ""
        if one.source:
            place = self._from % {"place": escape(said(*one.source))}
            source = f'<small class="text-body-secondary">{place}</small>'
        return (
            f"{self._form}{one.id}{self._form_open}{self._taking % {'row': row.number}} </span>→ {what}"
            f"</button></form>{source}"
        )
