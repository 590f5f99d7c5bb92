"""`hr-portal documents match`: where the files of a folder would be placed, offline.

Exit codes: 0 every file is certain; 1 some need a person; 2 the sheet or folder can't be read.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import click
import orjson

from hr_portal.adapters.documents import DEFAULT, DocumentRefused, make_safe, picturing
from hr_portal.adapters.documents.process import ChildDied
from hr_portal.adapters.regions import use_newest
from hr_portal.adapters.spreadsheets.mapping_rows import ENDINGS, MOST_BYTES, read_mapping
from hr_portal.adapters.spreadsheets.reading import check_path
from hr_portal.domain.document_kinds import KINDS, OTHER
from hr_portal.domain.mapping_sheet import Fault, Line, Sheet
from hr_portal.domain.matching import DOUBTS, Match, match
from hr_portal.domain.picture_advice import Advice, advice
from hr_portal.domain.report import Report
from hr_portal.domain.roster import Roster
from hr_portal.domain.table import Unreadable
from hr_portal.settings import data_dir_of

DONE, FOUND, UNREADABLE = 0, 1, 2
MOST_FILES = 100_000
_WORDS = {
    "id": {
        "rows": "baris {}",
        "none": "belum tahu",
        "sum": "{files} berkas: {sure} pasti, {likely} perlu ditanyakan, {none} tanpa petunjuk.",
        "mapping": "Lembar pemetaan dipakai: {}",
    },
    "en": {
        "rows": "row {}",
        "none": "not known",
        "sum": "{files} files: {sure} certain, {likely} to be asked, {none} without a clue.",
        "mapping": "Mapping sheet used: {}",
    },
}


@click.group()
def documents() -> None:
    """Dokumen pendukung."""


@documents.command("match")
@click.argument("folder", metavar="FOLDER")
@click.argument("file", metavar="FILE")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Bentuk keluaran.",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True,
    help="Bahasa keluaran teks.",
)  # fmt: skip
@click.option(
    "--pictures", is_flag=True,
    help="Buka juga tiap berkas: yang ditolak, buram, gelap, miring, atau terpotong disebut.",
)  # fmt: skip
def match_command(
    *, folder: str, file: str, form: str, lang: Literal["id", "en"], pictures: bool
) -> int:
    """Pasangkan nama berkas di FOLDER dengan baris di FILE, tanpa server; tidak ada yang diubah.

    Kode keluar: 0 semua pasti · 1 ada yang perlu ditanyakan · 2 FOLDER atau FILE tidak terbaca.
    """
    root = Path(folder)
    if not root.is_dir():
        click.echo(f"Folder {folder} tidak ada, atau bukan folder.", err=True)
        return UNREADABLE
    use_newest(data_dir_of())
    try:
        report = check_path(file, today=datetime.now(ZoneInfo("Asia/Jakarta")).date())
    except Unreadable as refusal:
        said = refusal.message if lang == "id" else refusal.message_en
        click.echo(f"{refusal.code}: {said}", err=True)
        return UNREADABLE
    paths = _files(root)
    if len(paths) > MOST_FILES:
        click.echo(f"Folder {folder} berisi lebih dari {MOST_FILES} berkas.", err=True)
        return UNREADABLE
    lines, sheets = _mapping(root, paths, Path(file), report)
    roster, others = roster_of(report), [path for path in paths if path not in sheets]
    mapping = Sheet(lines, others) if lines else None
    faults = mapping.faults(roster, others) if mapping is not None else []
    found = [(path, match(path, roster, mapping)) for path in others]
    seen = {path: _looked_at(root, path, told) for path, told in found} if pictures else {}
    if form == "json":
        items = [_item(*one) | _seen(seen, one[0]) for one in found]
        click.echo(orjson.dumps(items, option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo("\n".join(_text(found, sheets, lang, seen)))
    for fault in faults:
        click.echo(_told(fault, lang), err=True)
    is_fine = not faults and all(told.certainty == "sure" for _path, told in found)
    return DONE if is_fine else FOUND


def roster_of(report: Report) -> Roster:
    """Return the employees of a checked sheet."""
    changes: dict[int, dict[str, tuple[str, str]]] = {}
    asked = report.corrections
    for row, key, before, after in zip(
        asked.row, asked.field_key, asked.before, asked.after, strict=True
    ):
        changes.setdefault(row, {})[key] = (before, after)
    return Roster.of(
        (
            int(number),
            {key: cells[at] for key, cells in report.employee.items()},
            changes.get(at, {}),
        )
        for at, number in enumerate(report.table.row_numbers)
    )


def _files(root: Path) -> list[str]:
    """Return the files below a folder by their paths in it; links are not followed."""
    found = (
        os.path.relpath(os.path.join(folder, name), root)  # noqa: PTH118 - walk gives texts
        for folder, _folders, names in os.walk(root)
        for name in names
        if not name.startswith(".")
    )
    return sorted(path.encode("utf-8", "replace").decode() for path in found)


def _mapping(
    root: Path, paths: list[str], file: Path, report: Report
) -> tuple[list[Line], list[str]]:
    """Return the lines of all mapping sheets in a folder and beside the table; which they are."""
    maybe = [(path, root / path) for path in paths if path.lower().endswith(ENDINGS)]
    maybe = [one for one in maybe if one[1].exists() and not one[1].samefile(file)]
    if any(one.kind == "mapping-sheet" for one in report.table.remarks):
        maybe.append((file.name, file))
    lines: list[Line] = []
    sheets = []
    for path, place in maybe:
        beside = report.table.sheet if place == file else None
        try:
            if beside is None and place.stat().st_size > MOST_BYTES:
                continue
            found = read_mapping(place, path, beside=beside)
        except (OSError, Unreadable):
            continue
        if found:
            lines += found
            sheets.append(path)
    return lines, sheets


def _told(fault: Fault, lang: Literal["id", "en"]) -> str:
    """Say what is wrong with a line of a mapping sheet."""
    line = fault.line
    where = (
        f"{line.sheet}, baris {line.number}" if lang == "id" else f"{line.sheet}, row {line.number}"
    )
    return f"! {where}: {line.file}: {fault.message if lang == 'id' else fault.message_en}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What opening a file showed: why it would be refused, or what to do better."""

    refused: tuple[str, str, str] | None
    advice: list[Advice]

    def sentences(self, lang: Literal["id", "en"]) -> Iterator[str]:
        """Return what is to be told, a line each."""
        if self.refused:
            code, message, message_en = self.refused
            yield f"{code}: {message if lang == 'id' else message_en}"
        for one in self.advice:
            yield one.message if lang == "id" else one.message_en


def _looked_at(root: Path, path: str, told: Match) -> _Seen:
    """Open a file as the portal would, in limited processes."""
    try:
        with (root / path).open("rb") as source:
            safe = make_safe(source.read(DEFAULT.max_bytes + 1), path)
    except DocumentRefused as refusal:
        return _Seen((refusal.code, refusal.message, refusal.message_en), [])
    except OSError:
        return _Seen(
            ("DOC-03", f"File {path} tidak dapat dibuka.", f"File {path} can't be opened."), []
        )
    try:
        drawn = picturing.draw(safe.data, safe.media_type)
    except ChildDied:
        return _Seen(None, [])
    looks = [one.looks for one in drawn.pictures]
    return _Seen(None, advice(told.kind or OTHER, safe.pages, looks))


def _seen(seen: dict[str, _Seen], path: str) -> dict[str, Any]:
    if path not in seen:
        return {}
    refused, told = seen[path].refused, seen[path].advice
    return {
        "refused": dict(zip(("code", "message", "message_en"), refused, strict=True))
        if refused
        else None,
        "advice": [
            {"code": one.code, "pages": list(one.pages), "figures": one.figures,
             "message": one.message, "message_en": one.message_en} for one in told
        ],
    }  # fmt: skip


def _item(path: str, told: Match) -> dict[str, Any]:
    doubt, doubt_en = DOUBTS.get(told.doubt, ("", ""))
    return {
        "file": path, "rows": list(told.rows), "kind": told.kind, "certainty": told.certainty,
        "score": told.score, "by": told.by or None, "doubt": told.doubt or None,
        "message": doubt or None, "message_en": doubt_en or None,
    }  # fmt: skip


def _text(
    found: list[tuple[str, Match]],
    sheets: list[str],
    lang: Literal["id", "en"],
    seen: dict[str, _Seen],
) -> Iterator[str]:
    words, side = _WORDS[lang], 0 if lang == "id" else 1
    yield from (words["mapping"].format(path) for path in sheets)
    signs = {"sure": "=", "likely": "?", "none": "-"}
    for path, told in found:
        rows = words["rows"].format(", ".join(map(str, told.rows))) if told.rows else words["none"]
        kind = KINDS[told.kind][side] if told.kind else words["none"]
        doubt = f" ({DOUBTS[told.doubt][side]})" if told.doubt else ""
        yield f"{signs[told.certainty]} {path}: {rows}, {kind}{doubt}"
        if path in seen:
            yield from (f"    ! {sentence}" for sentence in seen[path].sentences(lang))
    counts = {one: sum(told.certainty == one for _path, told in found) for one in signs}
    yield words["sum"].format(files=len(found), **counts)
