"""The sheet Ringkasan: what was checked, what was found, how to go on."""

from collections.abc import Iterator

from hr_portal.adapters.spreadsheets.annotated.markup import escaped
from hr_portal.adapters.spreadsheets.annotated.orders import (
    MAX_COMMENTS,
    SUMMARY_TITLE,
    TONES,
    Order,
)
from hr_portal.adapters.spreadsheets.annotated.rows import Written
from hr_portal.adapters.spreadsheets.annotated.styles import Styles
from hr_portal.adapters.spreadsheets.refusals import dotted
from hr_portal.domain.report import Severity

_WIDTHS = (26, 44, 20, 10, 10, 110)
_LINE = 15
"""Height of a line in points."""
_SEVERITIES = {
    int(Severity.ERROR): "Harus diperbaiki",
    int(Severity.OVERRIDE): "Perlu dokumen",
    int(Severity.WARNING): "Perlu dipastikan",
    int(Severity.NOTE): "Informasi",
}
_HEADERS = ("Kode", "Temuan", "Kolom", "Jumlah", "Baris", "Contoh dan cara memperbaiki")


def sheet(order: Order, written: Written, styles: Styles, main: bytes, remarks: list[str]) -> bytes:
    """Return the XML of the summary sheet."""
    plain = styles.copy(0, text=True)
    wrapped = styles.copy(0, text=True, wraps=True)
    head = styles.copy(0, text=True, tone="head")
    tones = {at: styles.copy(0, text=True, tone=tone, wraps=True) for at, tone in TONES.items()}
    whole = styles.copy(0, wraps=True)
    number = 0
    rows: list[bytes] = []

    def add(*cells: tuple[str | int, int], lines: int = 1) -> None:
        nonlocal number
        number += 1
        made = b"".join(
            _cell(chr(65 + at), number, value, style) for at, (value, style) in enumerate(cells)
        )
        # A height is told only where it isn't the usual one: programs differ in finding it.
        height = b' ht="%d" customHeight="1"' % (_LINE * lines) if lines > 1 else b""
        rows.append(b'<row r="%d"%s>%s</row>' % (number, height, made))

    add((SUMMARY_TITLE, head), *[("", head)] * 5)
    for name, text in order.facts:
        add((name, plain), (text, plain))
    add()
    add(("Baris", head), ("Jumlah", head))
    for name, count in order.counts:
        add((name, plain), (count, whole))
    if order.whole_file:
        add()
        add(("Mengenai seluruh berkas", head))
        for text in order.whole_file:
            add((text, plain))
    add()
    add(*((text, head) for text in _HEADERS))
    for rule in order.rules:
        tone = tones.get(rule.severity, wrapped)
        add(
            (rule.code, tone), (f"{rule.title} ({_SEVERITIES[rule.severity].lower()})", wrapped),
            (rule.column, wrapped), (rule.findings, whole), (rule.rows, whole),
            (rule.advice, wrapped), lines=-(-len(rule.advice) // _WIDTHS[5]) or 1,
        )  # fmt: skip
    if not order.rules:
        add(("Tidak ada yang perlu diperbaiki.", plain))
    add()
    add(("Langkah berikutnya", head))
    for at, step in enumerate(order.steps, 1):
        add((f"{at}. {step}", plain))
    for text in [*_told(written), *remarks]:
        add((text, plain))
    columns = b"".join(
        b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (at, at, width)
        for at, width in enumerate(_WIDTHS, 1)
    )
    return (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="%s">'
        b'<dimension ref="A1:F%d"/><sheetViews><sheetView showGridLines="0" workbookViewId="0"/>'
        b'</sheetViews><cols>%s</cols><sheetData>%s</sheetData><pageMargins left="0.5" '
        b'right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        b'<pageSetup paperSize="9" orientation="landscape"/></worksheet>'
        % (main, number, columns, b"".join(rows))
    )


def _told(written: Written) -> Iterator[str]:
    if written.without_comment:
        yield (
            f"Komentar dipasang pada {dotted(len(written.comments))} sel pertama (paling banyak "
            f"{dotted(MAX_COMMENTS)}); {dotted(written.without_comment)} sel lain hanya diwarnai, "
            "dan keterangannya ada di kolom Catatan."
        )
    if written.not_changed:
        yield (
            f"{dotted(written.not_changed)} perubahan tidak ditulis karena selnya memuat rumus "
            "yang dipakai sel lain; nilai barunya ada di kolom Catatan."
        )


def _cell(letter: str, row: int, value: str | int, style: int) -> bytes:
    if isinstance(value, int):
        return b'<c r="%s%d" s="%d"><v>%d</v></c>' % (letter.encode(), row, style, value)
    if not value:
        return b'<c r="%s%d" s="%d"/>' % (letter.encode(), row, style)
    return b'<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
        letter.encode(),
        row,
        style,
        escaped(value),
    )
