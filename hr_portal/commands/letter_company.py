"""`hr-portal letters …`: what the letters of a company show, and what signs them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hr_portal.commands.owner import (
    acting,
    as_json,
    as_owner,
    company_option,
    output_option,
    write_new,
)

if TYPE_CHECKING:
    from hr_portal.domain.permissions import Actor
    from hr_portal.services.context import Portal

_read = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@company_option
@click.option(
    "--change", type=_read,
    help="Berkas JSON berisi yang diubah, seperti pada POST /api/v1/companies/…/letter-data.",
)  # fmt: skip
@as_owner
def data(*, company: str, change: Path | None, token_file: Path, demo: bool) -> int:
    """Tampilkan data surat sebuah perusahaan; dengan --change, ubah mulai surat berikutnya."""
    from hr_portal.api.letter_data import LetterDataChange
    from hr_portal.api.parsing import read
    from hr_portal.commands.people import company_id
    from hr_portal.services import company_letters, places

    with acting(token_file, demo=demo) as (portal, actor):
        place = company_id(portal, company)
        if change is not None:
            given = read(LetterDataChange(), _json_of(change))
            values = company_letters.changed(places.company(portal, actor, place), given)
            places.edit_company(portal, actor, place, values)
        return _shown(portal, actor, place)


@click.command()
@company_option
@click.option("--file", type=_read, help="PNG atau SVG.")
@click.option("--remove", is_flag=True, help="Tanpa logo mulai surat berikutnya.")
@as_owner
def logo(*, company: str, file: Path | None, remove: bool, token_file: Path, demo: bool) -> int:
    """Pasang logo pada kop surat, atau hapus; yang tidak dapat dicetak ditolak dengan alasannya."""
    from hr_portal.adapters.letters.logo import LARGEST_BYTES
    from hr_portal.commands.people import company_id
    from hr_portal.services import places

    if (file is None) != remove:
        raise click.UsageError("Pilih salah satu: --file LOGO atau --remove.")
    content = b"" if file is None else _some_of(file, LARGEST_BYTES)
    with acting(token_file, demo=demo) as (portal, actor):
        place = company_id(portal, company)
        places.edit_company(portal, actor, place, {"logo": content})
        return _shown(portal, actor, place)


@click.command()
@company_option
@click.option("--file", type=_read, help="Berkas .p12 atau .pfx yang dipasang.")
@click.option(
    "--password",
    help="Lebih baik tidak ditulis di sini: tanpa pilihan ini ditanyakan. Tidak disimpan.",
)
@click.option(
    "--remove", is_flag=True, help="Lupakan sertifikatnya; surat yang sudah bertanda tangan tetap."
)
@as_owner
def certificate(
    *,
    company: str,
    file: Path | None,
    password: str | None,
    remove: bool,
    token_file: Path,
    demo: bool,
) -> int:
    """Tampilkan sertifikat perusahaan; dengan --file, pasang; dengan --remove, hapus."""
    from hr_portal.commands.people import company_id
    from hr_portal.services import letter_signing

    if file is not None and remove:
        raise click.UsageError("Pilih salah satu: --file SERTIFIKAT atau --remove.")
    content = None if file is None else _some_of(file, letter_signing.MOST_PKCS12)
    if content is not None and password is None:
        password = click.prompt("Kata sandi sertifikat", hide_input=True)
    with acting(token_file, demo=demo) as (portal, actor):
        place = company_id(portal, company)
        if content is not None:
            letter_signing.keep_certificate(portal, actor, place, content, password or "")
        elif remove:
            letter_signing.drop_certificate(portal, actor, place)
        held = letter_signing.certificate(portal, actor, place)
    click.echo(as_json(None if held is None else asdict(held)))
    return 0


@click.command()
@company_option
@output_option
@as_owner
def sample(*, company: str, output: Path, token_file: Path, demo: bool) -> int:
    """Gambar surat contoh sebuah perusahaan (PNG, orang rekaan, bertanda CONTOH)."""
    from hr_portal.commands.people import company_id
    from hr_portal.services import company_letters, letter_samples, places

    with acting(token_file, demo=demo) as (portal, actor):
        place = company_id(portal, company)
        kept = company_letters.held(places.company(portal, actor, place))
        picture = letter_samples.picture(portal, actor, place, kept)
    return write_new(output, picture)


@click.command("noted-numbers")
@company_option
@as_owner
def noted_numbers(*, company: str, token_file: Path, demo: bool) -> int:
    """Tampilkan nomor yang dipakai perusahaan di luar portal."""
    from hr_portal.commands.people import company_id
    from hr_portal.services import letter_numbering

    with acting(token_file, demo=demo) as (portal, actor):
        place = company_id(portal, company)
        found = letter_numbering.outside_numbers(portal, actor, place)
    click.echo(as_json([asdict(one) for one in found]))
    return 0


COMMANDS = (data, logo, certificate, sample, noted_numbers)


def _shown(portal: "Portal", actor: "Actor", company_id: str) -> int:
    from hr_portal.api.letter_data import LetterData
    from hr_portal.services import company_letters

    click.echo(as_json(LetterData().dump(company_letters.shown(portal, actor, company_id))))
    return 0


def _some_of(file: Path, most: int) -> bytes:
    """Return a file's bytes; of one that is too large one too many, so that it is refused."""
    with file.open("rb") as opened:
        return opened.read(most + 1)


def _json_of(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise click.ClickException(
            f'Berkas {file} bukan JSON. Isinya misalnya {{"paper": "f4", "city": "Jakarta"}}.'
        ) from error
