"""`hr-portal backup`, `restore`, `verify`, `reconcile`, `numbers`: nothing is lost for good."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hr_portal import logs
from hr_portal.commands.opening import opened
from hr_portal.settings import Settings

if TYPE_CHECKING:
    from hr_portal.services.backup import Contents

DONE, FOUND, UNUSABLE = 0, 1, 2
demo_option = click.option("--demo", is_flag=True, help="Pada pemasangan demo.")
file_argument = click.argument("file", type=click.Path(path_type=Path))

_FINDINGS = {
    "file_missing": "Berkas tercatat, tetapi tidak ada di folder data: {subject}",
    "file_damaged": "Berkas rusak atau bukan yang dicatat: {subject}",
    "file_of_nobody": "Berkas tidak tercatat di basis data: {subject}",
    "lease_expired": "Pekerjaan ditinggalkan pekerjanya: {subject}",
    "letter_without_pdf": "Surat bernomor tetapi belum menjadi PDF: {subject}",
    "audit": "Jejak audit rusak (rantai, nomor, kerusakan): {subject}",
}


@click.command()
@file_argument
@demo_option
def backup(*, file: Path, demo: bool) -> int:
    """Buat cadangan terenkripsi ke FILE selagi portal berjalan.

    Isinya basis data, semua berkas, catatan audit harian, dan edisi kode wilayah, pada satu saat
    yang sama. Kunci induk tidak ikut: simpan salinannya di tempat lain. FILE yang sudah ada tidak
    ditimpa. Kode keluar: 0 selesai · 2 tidak dapat dibuat.
    """
    from hr_portal.services import backup as backups

    with opened(demo=demo) as portal:
        try:
            made = backups.create(portal, file)
        except backups.BackupError as error:
            return _refused(error)
    click.echo(f"Cadangan {file} dibuat: {_told(made)}.")
    return DONE


@click.command()
@file_argument
@demo_option
def verify(*, file: Path, demo: bool) -> int:
    """Buktikan bahwa cadangan FILE utuh dan dapat dibuka dengan kunci induk ini.

    Seluruh isinya dibaca dan dicocokkan dengan daftarnya; tidak ada yang diubah. Kode keluar:
    0 utuh · 2 rusak atau tidak dapat dibuka.
    """
    from hr_portal.services import backup as backups

    settings = Settings.from_env(demo=demo or None)
    logs.configure("warning")
    try:
        seen = backups.check(settings, file)
    except backups.BackupError as error:
        return _refused(error)
    click.echo(f"Cadangan utuh: dibuat {seen.made_at}, {_told(seen)}.")
    return DONE


@click.command()
@file_argument
@demo_option
def restore(*, file: Path, demo: bool) -> int:
    """Pulihkan cadangan FILE ke folder data dan basis data yang kosong.

    Semua orang harus masuk lagi, dan nomor surat ditahan sampai nomor terakhir setiap perusahaan
    dipastikan dengan `hr-portal numbers resume`. Kode keluar: 0 pulih · 2 tidak dipulihkan.
    """
    from hr_portal.services import backup as backups

    settings = Settings.from_env(demo=demo or None)
    logs.configure("warning")
    try:
        seen = backups.restore(settings, file)
    except backups.BackupError as error:
        return _refused(error)
    click.echo(f"Dipulihkan ke keadaan {seen.made_at}: {_told(seen)}.")
    click.echo(
        "Jalankan hr-portal reconcile --deep, lalu pastikan nomor surat terakhir dengan "
        "hr-portal numbers show dan hr-portal numbers resume."
    )
    return DONE


@click.command()
@click.option("--deep", is_flag=True, help="Baca setiap berkas dan cocokkan SHA-256-nya.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@demo_option
def reconcile(*, deep: bool, form: str, demo: bool) -> int:
    """Cocokkan basis data dengan folder data; tidak ada yang diubah.

    Kode keluar: 0 semuanya cocok · 1 ada yang tidak cocok.
    """
    from hr_portal.services import reconciling

    with opened(demo=demo) as portal:
        found = reconciling.reconcile(portal, deep=deep)
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for one in found:
            click.echo(_FINDINGS[one.kind].format(subject=one.subject))
        if not found:
            click.echo("Basis data dan folder data cocok.")
    return FOUND if found else DONE


@click.group()
def numbers() -> None:
    """Lihat nomor surat terakhir, dan lanjutkan yang ditahan setelah pemulihan."""


@numbers.command()
@demo_option
def show(*, demo: bool) -> int:
    """Tampilkan nomor terakhir setiap seri: NPP, perusahaan, seri, periode, nomor, keadaan."""
    from hr_portal.services import number_holds

    with opened(demo=demo) as portal:
        lines = number_holds.standing(portal)
    for one in lines:
        state = "ditahan" if one.is_held else "berjalan"
        click.echo("\t".join((one.npp, one.company, one.series, one.period, str(one.last), state)))
    if not lines:
        click.echo("Belum ada surat yang bernomor.", err=True)
    return DONE


@numbers.command()
@click.option("--company", required=True, help="NPP, atau NPP/divisi.")
@click.option(
    "--last", "told", multiple=True, metavar="SERI/PERIODE=NOMOR",
    help="Nomor terakhir yang sudah terbit, bila lebih besar daripada yang tercatat.",
)  # fmt: skip
@demo_option
def resume(*, company: str, told: tuple[str, ...], demo: bool) -> int:
    """Lanjutkan nomor surat sebuah perusahaan setelah nomor terakhirnya dipastikan."""
    from hr_portal.commands.people import company_id
    from hr_portal.services import number_holds
    from hr_portal.services.errors import ServiceError

    last: dict[tuple[str, str], int] = {}
    for one in told:
        key, _, number = one.partition("=")
        series, _, period = key.partition("/")
        if not (series and period and re.fullmatch(r"[0-9]{1,9}", number)):
            raise click.UsageError(
                f"{one} tidak berbentuk SERI/PERIODE=NOMOR, misalnya surat/2026=41."
            )
        last[series, period] = int(number)
    with opened(demo=demo) as portal:
        try:
            number_holds.release(portal, company_id(portal, company), last)
        except ServiceError as error:
            return _refused(error.message)
    click.echo("Nomor surat perusahaan ini berlanjut.")
    return DONE


def _refused(error: object) -> int:
    click.echo(f"Kesalahan: {error}", err=True)
    return UNUSABLE


def _told(contents: "Contents") -> str:
    size = f"{contents.size / 1_048_576:.1f}".replace(".", ",")
    return f"{contents.files} berkas, {size} MB, versi portal {contents.version}"
