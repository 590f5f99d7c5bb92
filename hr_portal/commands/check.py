"""`hr-portal check`: a file's findings without a server, a database or settings.

Exit codes: 0 no finding of severity error or override; 1 some; 2 the file
can't be read. Whatever the file, there is an answer and no traceback.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import click
import orjson

from hr_portal.adapters.regions import use_newest
from hr_portal.adapters.spreadsheets.reading import check_path
from hr_portal.commands import asking
from hr_portal.commands.annotated import unfit_output, write_output
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.questions import HowToRead, Unsure
from hr_portal.domain.report import Finding, Report, Severity
from hr_portal.domain.rules import message
from hr_portal.domain.suggestions import fixes_in, is_offered
from hr_portal.domain.table import Remark, Unreadable
from hr_portal.faults import why
from hr_portal.settings import data_dir_of

Language = Literal["id", "en"]
Item = dict[str, Any]
Fixes = dict[tuple[str, int, str | None, str | None], list[str]]

CLEAN, FOUND, UNREADABLE = 0, 1, 2
ROW_REFUSED = "FILE-03"
"""The code under which a row that could not be taken is listed."""

_JAKARTA = ZoneInfo("Asia/Jakarta")
_BLOCKING = {Severity.ERROR.json, Severity.OVERRIDE.json}
_SHOWN_PER_CODE = 25
_FIXES_SHOWN = 4
"""Cells of a proposal about several that the text names."""

# What is said of the whole file is a note under the FIL rule it belongs to.
_REMARK_CODES = {
    "encoding": "FIL-02", "delimiter": "FIL-02", "skipped-row": "FIL-03",
    "other-sheets": "FIL-03", "mapping-sheet": "FIL-03", "unknown-column": "FIL-04", "column-guess": "FIL-04",
    "header-rows": "FIL-03",
}  # fmt: skip
_REMARK_CODE = "FIL-05"

_WORDS: dict[Language, dict[str, str]] = {
    "id": {
        "sheet": "lembar “{}”",
        "per-correction": "satu koreksi per baris",
        "per-employee": "satu karyawan per baris",
        "summary": "{total} baris: {valid} baik, {warning} perlu dikonfirmasi, {invalid} perlu "
        "diperbaiki, {empty} kosong.",
        "refused": "{} baris tidak dapat dibaca; lihat di bawah.",
        "error": "Harus diperbaiki",
        "override": "Perlu diperbaiki atau dilengkapi dokumen",
        "warning": "Perlu dikonfirmasi",
        "note": "Sekadar informasi",
        "file": "Seluruh berkas",
        "row": "Baris {}",
        "suggestion": "Usulan: {}",
        "fixes": "Usulan untuk {} sel: {}",
        "others": "… dan {} sel lagi",
        "more": "… dan {} lagi; selengkapnya dengan --format json.",
        "remarks": "Tentang berkas ini",
        "tidied": "Dirapikan tanpa perlu tindakan",
        "cells": "{code}: {count} sel",
        "clean": "Tidak ada yang perlu diperbaiki.",
        "rules": "Aturan {}",
        "written": "Berkas beserta catatan tersimpan: {}",
    },
    "en": {
        "sheet": "sheet “{}”",
        "per-correction": "one correction a row",
        "per-employee": "one employee a row",
        "summary": "{total} rows: {valid} good, {warning} to confirm, {invalid} to mend, {empty} "
        "empty.",
        "refused": "{} rows could not be read; see below.",
        "error": "To be mended",
        "override": "To be mended, or backed by a document",
        "warning": "To be confirmed",
        "note": "For your information",
        "file": "The whole file",
        "row": "Row {}",
        "suggestion": "Suggestion: {}",
        "fixes": "Suggestion for {} cells: {}",
        "others": "… and {} cells more",
        "more": "… and {} more; all of them with --format json.",
        "remarks": "About this file",
        "tidied": "Tidied up, nothing to do",
        "cells": "{code}: {count} cells",
        "clean": "Nothing needs mending.",
        "rules": "Rules {}",
        "written": "The file with its notes was written: {}",
    },
}


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Bentuk keluaran.",
)
@click.option(
    "--layout",
    type=click.Choice(["auto", "per-correction", "per-employee"]),
    default="auto",
    show_default=True,
    help="Bentuk tabel: satu koreksi atau satu karyawan per baris.",
)
@click.option("--sheet", metavar="NAMA", help="Lembar yang dibaca, jika ada beberapa.")
@click.option(
    "--map",
    "mapped",
    metavar="JUDUL=DATA",
    multiple=True,
    help="Isi sebuah kolom, misalnya “No Kartu=kpj” atau “Kontak=hp:menjadi”; boleh diulang.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="HASIL.xlsx",
    help="Tulis juga berkas Anda beserta catatan ke sini.",
)
@click.option("--notes", is_flag=True, help="Sebut juga yang dirapikan dan catatan berkas.")
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True,
    help="Bahasa keluaran teks.",
)  # fmt: skip
def command(
    *,
    file: str,
    form: str,
    layout: LayoutChoice,
    sheet: str | None,
    mapped: tuple[str, ...],
    output: Path | None,
    notes: bool,
    lang: Language,
) -> int:
    """Periksa FILE (.xlsx, .xls, .ods, .csv, .tsv, .txt) tanpa server dan tanpa basis data.

    Kode keluar: 0 tanpa kesalahan · 1 ada yang perlu diperbaiki · 2 berkas tidak dapat dibaca,
    atau hasilnya tidak dapat ditulis.
    """
    if output is not None and (problem := unfit_output(output, file)):
        click.echo(problem, err=True)
        return UNREADABLE
    now = datetime.now(_JAKARTA)
    use_newest(data_dir_of())
    how = HowToRead(sheet=sheet, named=asking.mapping(mapped))
    try:
        report = check_path(file, layout=layout, today=now.date(), how=how)
        if output is not None:
            write_output(output, Path(file), report, now)
    except Unreadable as refusal:
        _write(_refusal(refusal, form, lang))
        return UNREADABLE
    except OSError as error:
        click.echo(f"Berkas {output} tidak dapat ditulis: {why(error)}.", err=True)
        return UNREADABLE
    document = as_document(report, notes=notes)
    if form == "json":
        _write(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        _write("\n".join(_text(document, report, notes=notes, lang=lang)).encode() + b"\n")
    if output is not None:  # beside JSON it must not stand
        click.echo(_WORDS[lang]["written"].format(output), err=form == "json")
    return FOUND if any(each["severity"] in _BLOCKING for each in document["findings"]) else CLEAN


def _write(answer: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _refusal(refusal: Unreadable, form: str, lang: Language) -> bytes:
    if form == "json":
        error: dict[str, Any] = {
            "code": refusal.code, "message": refusal.message, "message_en": refusal.message_en,
        }  # fmt: skip
        if isinstance(refusal, Unsure):
            error["questions"] = asking.as_document(refusal.question)
        return orjson.dumps({"error": error}, option=orjson.OPT_INDENT_2) + b"\n"
    sentence = refusal.message if lang == "id" else refusal.message_en
    lines = [f"{refusal.code}: {sentence}"]
    if isinstance(refusal, Unsure):
        lines += asking.as_text(refusal.question, lang)
    return "\n".join([*lines, ""]).encode()


def as_document(report: Report, *, notes: bool = False) -> dict[str, Any]:
    """Return a report in the shape of `check --format json`, keys in their order.

    With `notes` the file's remarks and what was silently tidied are listed as
    notes of row 0; without, only what a rule has found.
    """
    findings = [*_refused(report)]
    findings += [_item(finding, report) for finding in report.findings]
    findings.sort(key=lambda item: item["row"])
    if notes:
        findings = [*_file_notes(report), *findings, *_tidied(report)]
        findings.sort(key=lambda item: item["row"])
    table = report.table
    return {
        "file": table.file,
        "sheet": table.sheet,
        "layout": table.layout,
        "ruleset": report.ruleset,
        "rows": _rows(report),
        "findings": findings,
    }


def _rows(report: Report) -> dict[str, int]:
    """Return the rows of the file by outcome; a row that could not be taken is invalid."""
    rows, refused = report.counts(), len(report.table.refused)
    return {**rows, "total": rows["total"] + refused, "invalid": rows["invalid"] + refused}


def _item(finding: Finding, report: Report) -> Item:
    table = report.table
    in_row = finding.row >= 0
    return {
        "code": finding.code,
        "severity": Severity(finding.severity).json,
        "row": int(table.row_numbers[finding.row]) if in_row else 0,
        "cell": table.cell(finding.row, finding.column) if in_row and finding.column >= 0 else None,
        "field": finding.field,
        "value": finding.value,
        "message": message(finding, table, "id"),
        "message_en": message(finding, table, "en"),
        "suggestion": finding.suggestion,
    }


def _said(code: str, severity: Severity, row: int, text: str, text_en: str) -> Item:
    return {
        "code": code, "severity": severity.json, "row": row, "cell": None, "field": None,
        "value": "", "message": text, "message_en": text_en, "suggestion": None,
    }  # fmt: skip


def _refused(report: Report) -> Iterator[Item]:
    for number, text, text_en in report.table.refused:
        yield _said(ROW_REFUSED, Severity.ERROR, number, text, text_en)


def _file_notes(report: Report) -> Iterator[Item]:
    for remark in report.table.remarks:
        code = _REMARK_CODES.get(remark.kind, _REMARK_CODE)
        yield _said(code, Severity.NOTE, 0, remark.text, remark.text_en)


def _tidied(report: Report) -> Iterator[Item]:
    """List every cell that a silent rule has cleaned, raw value beside the clean one."""
    table = report.table
    for code, (rows, columns) in report.tidied_cells.items():
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            raw = table.columns[column].values[row]
            cleaned = report.clean[column]
            clean = cleaned[row] if cleaned is not None else raw
            cell, number = table.cell(row, column), int(table.row_numbers[row])
            item = _said(
                code, Severity.NOTE, number,
                f"Baris {number}, sel {cell}: tertulis “{raw}”, dibaca “{clean}”.",
                f"Row {number}, cell {cell}: written “{raw}”, read as “{clean}”.",
            )  # fmt: skip
            yield {**item, "cell": cell, "field": table.roles[column].field, "value": raw}


def _text(
    document: dict[str, Any], report: Report, *, notes: bool, lang: Language
) -> Iterator[str]:
    words = _WORDS[lang]
    # What `notes` adds is told in sections of its own.
    findings = as_document(report)["findings"] if notes else document["findings"]
    about = [document["file"]]
    if document["sheet"]:
        about.append(words["sheet"].format(document["sheet"]))
    about += [words[document["layout"]], words["rules"].format(document["ruleset"])]
    yield " · ".join(_plain(part) for part in about)
    yield words["summary"].format(**document["rows"])
    if report.table.refused:
        yield words["refused"].format(len(report.table.refused))
    yield from _grouped(findings, words, lang, _several(report))
    if not findings:
        yield words["clean"]
    yield from _remarks(report.table.remarks, words, lang)
    if notes and report.tidied:
        yield ""
        yield words["tidied"]
        cleaned: dict[str, list[Item]] = {}
        for item in _tidied(report):
            cleaned.setdefault(item["code"], []).append(item)
        for code, count in sorted(report.tidied.items()):
            yield "  " + words["cells"].format(code=code, count=count)
            shown = cleaned.get(code, [])[:_SHOWN_PER_CODE]
            for item in shown:
                yield from _lines(item, words, lang)
            if count > len(shown):
                yield "    " + words["more"].format(count - len(shown))


def _grouped(
    findings: list[Item], words: dict[str, str], lang: Language, several: Fixes
) -> Iterator[str]:
    """Group by severity, worst first, then by code, most frequent first."""
    for severity in sorted(Severity, reverse=True):
        of_severity = [item for item in findings if item["severity"] == severity.json]
        if not of_severity:
            continue
        yield ""
        yield f"{words[severity.json]} ({len(of_severity)})"
        codes: dict[str, list[Item]] = {}
        for item in of_severity:
            codes.setdefault(item["code"], []).append(item)
        for code, items in sorted(codes.items(), key=lambda each: (-len(each[1]), each[0])):
            yield f"  {code} ({len(items)})"
            for item in items[:_SHOWN_PER_CODE]:
                yield from _lines(item, words, lang, several)
            if len(items) > _SHOWN_PER_CODE:
                yield "    " + words["more"].format(len(items) - _SHOWN_PER_CODE)


def _lines(
    item: Item, words: dict[str, str], lang: Language, several: Fixes | None = None
) -> Iterator[str]:
    sentence = item["message"] if lang == "id" else item["message_en"]
    yield f"    {_plain(sentence)}"
    fixes = (several or {}).get(_place(item), [])
    if item["suggestion"] is not None:
        yield "      " + words["suggestion"].format(_plain(item["suggestion"]))
    elif fixes:
        more = " " + words["others"].format(len(fixes) - _FIXES_SHOWN)
        told = words["fixes"].format(len(fixes), _plain(", ".join(fixes[:_FIXES_SHOWN])))
        yield f"      {told}{more if fixes[_FIXES_SHOWN:] else ''}"


def _place(item: Item) -> tuple[str, int, str | None, str | None]:
    return item["code"], item["row"], item["cell"], item["field"]


def _several(report: Report) -> Fixes:
    """Return the proposals about other cells than their own, or a whole column, by their place."""
    table = report.table
    return {
        _place(_item(finding, report)): [
            f"{table.letters[fix.column]}{fix.row} = {fix.after}"
            for fix in fixes_in(finding, table)
        ]
        for finding in report.findings
        if finding.suggestion is None and is_offered(finding)
    }


def _remarks(remarks: Iterable[Remark], words: dict[str, str], lang: Language) -> Iterator[str]:
    said = [remark.text if lang == "id" else remark.text_en for remark in remarks]
    if said:
        yield ""
        yield words["remarks"]
        for sentence in said:
            yield f"  {_plain(sentence)}"


def _plain(text: str) -> str:
    """Keep a terminal safe from what a cell holds: no control characters."""
    return "".join(char if char.isprintable() else "�" for char in text)
