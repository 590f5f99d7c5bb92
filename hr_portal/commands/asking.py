"""What `check` says where a sheet or column is not certain: the options that answer it."""

from collections.abc import Iterator
from typing import Any

import click

from hr_portal.domain.columns import AFTER_SUFFIX, ROLE_WORDS
from hr_portal.domain.fields import header_key
from hr_portal.domain.questions import AskedColumn, Question

_WORDS = {
    "id": {
        "sheets": "Sebutkan lembar yang dibaca:",
        "rows": "{} baris",
        "columns": "Sebutkan isi kolom ini, usulannya boleh diganti:",
        "words": "DATA adalah {}; atau nilai baru sebuah data, misalnya hp:menjadi.",
        "bare": "DATA",
    },
    "en": {
        "sheets": "Name the sheet to be read:",
        "rows": "{} rows",
        "columns": "Say what these columns hold; suggestions may be changed:",
        "words": "DATA is {}; or the new value of a datum, for example hp:menjadi.",
        "bare": "DATA",
    },
}


def mapping(given: tuple[str, ...]) -> dict[str, str]:
    """Read the options `--map JUDUL=DATA`; raises BadParameter where one is none."""
    named: dict[str, str] = {}
    for one in given:
        name, sign, word = one.rpartition("=")
        meant = word.strip().lower()
        if not (sign and name.strip()) or meant not in ROLE_WORDS:
            raise click.BadParameter(
                f"{one!r} bukan JUDUL=DATA. DATA adalah {_listed()}; atau nilai baru sebuah data, misalnya "
                "hp:menjadi.",
                param_hint="--map",
            )
        named[name.strip()] = meant
    return named


def as_document(question: Question) -> dict[str, Any]:
    """Return a question in the shape of `check --format json`; no values of cells."""
    return {
        "sheets": [
            {"name": one.name, "rows": one.rows, "option": _option("sheet", one.name)}
            for one in question.sheets
        ],
        "columns": [
            {
                "column": one.letters,
                "header": one.header,
                "suggestion": one.word or None,
                "option": _map(question, one, "DATA"),
            }
            for one in asked(question)
        ],
    }


def as_text(question: Question, lang: str) -> Iterator[str]:
    """Say with which options the check goes on."""
    words = _WORDS[lang]
    if not question.columns:
        yield words["sheets"]
        for sheet in question.sheets:
            yield f"  {_option('sheet', sheet.name)}   ({words['rows'].format(sheet.rows)})"
        return
    yield words["columns"]
    for column in asked(question):
        yield f"  {_map(question, column, words['bare'])}   ({column.letters})"
    yield words["words"].format(_listed())


def _listed() -> str:
    return ", ".join(word for word in ROLE_WORDS if not word.endswith(AFTER_SUFFIX))


def asked(question: Question) -> list[AskedColumn]:
    """Return the columns in doubt; where only another meaning would help, all of them."""
    return [one for one in question.columns if one.is_asked] or list(question.columns)


def _map(question: Question, column: AskedColumn, bare: str) -> str:
    """Name a column by its header, by its letters where that is empty or not the only one."""
    alike = [one for one in question.columns if header_key(one.header) == header_key(column.header)]
    name = column.letters if len(alike) > 1 or not column.header else column.header
    return _option("map", f"{name}={column.word or bare}")


def _option(name: str, value: str) -> str:
    plain = "".join(char if char.isprintable() else "�" for char in value)
    return f'--{name} "{plain}"'
