"""`hr-portal regions`: a newer edition of the region codes, without a change of the code."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hr_portal.adapters.regions import EditionRefused, import_edition
from hr_portal.settings import data_dir_of

REFUSED = 2


@click.group()
def regions() -> None:
    """Kelola edisi kode wilayah Kemendagri."""


@regions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--edition", help="Nama edisi, misalnya nomor keputusannya.")
def import_(*, file: Path, edition: str | None) -> int:
    """Pakai edisi kode wilayah dari FILE (CSV: code,name,level) mulai sekarang.

    Isinya diperiksa seluruhnya dahulu. Kode yang tidak ada lagi tetap sah sebagai kode lama, dan
    edisi sebelumnya tetap tersimpan. Kode keluar: 0 dipakai · 2 ditolak.
    """
    try:
        done = import_edition(
            data_dir_of(), file, name=edition, now=datetime.now(ZoneInfo("Asia/Jakarta"))
        )
    except EditionRefused as refused:
        click.echo(f"Edisi tidak diubah. {refused}", err=True)
        return REFUSED
    counts = done.counts
    click.echo(
        f"Edisi “{done.edition}” dipakai mulai sekarang: {counts['province']} provinsi, "
        f"{counts['regency']} kabupaten/kota, {counts['district']} kecamatan. "
        f"{done.added} kode baru; {done.retired} kode lama tetap sah (NIK-04)."
    )
    if done.villages:
        click.echo(f"{done.villages} desa/kelurahan tidak dipakai: NIK tidak memuatnya.")
    return 0
