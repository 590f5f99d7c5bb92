"""`hr-portal letters`: what an office does with its letters; what is inside the PDF of one."""

import json
import sys
from pathlib import Path
from typing import IO, cast

import click

from hr_portal.commands import letter_company, letter_copies, letter_many, letter_office

FOUND = 1


@click.group()
def letters() -> None:
    """Kelola surat."""


for _module in (letter_office, letter_many, letter_copies, letter_company):
    for _command in _module.COMMANDS:
        letters.add_command(_command)


@letters.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="json: nilai persis; csv: untuk dibuka atau diunggah.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Tulis ke berkas.")
def extract(*, file: Path, form: str, output: Path | None) -> int:
    """Tampilkan koreksi yang tertanam dalam PDF sebuah surat, persis seperti pada pengajuannya."""
    from hr_portal.adapters.letters import LetterError, embedding
    from hr_portal.domain.letter_data import rows_from_data

    try:
        data = embedding.read_data(file.read_bytes())
    except LetterError as error:
        click.echo(f"Kesalahan: {error.message}", err=True)
        return FOUND
    if form == "csv":
        content = embedding.as_csv(rows_from_data(data))
    else:
        content = json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"
    if output is None:
        cast(IO[bytes], sys.stdout.buffer).write(content)
    else:
        output.write_bytes(content)
    return 0
