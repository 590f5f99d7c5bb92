"""`hr-portal template`: the workbook to fill in, without a server or a database."""

from pathlib import Path

import click

from hr_portal.domain.table import Layout
from hr_portal.faults import why

UNUSABLE = 2


@click.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option(
    "--layout", type=click.Choice(["per-correction", "per-employee"]), default="per-correction",
    show_default=True, help="Bentuk tabel: satu koreksi atau satu karyawan per baris.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Timpa berkas yang sudah ada.")
def command(*, output: Path, layout: Layout, force: bool) -> int:
    """Buat templat kosong dan simpan sebagai OUTPUT (.xlsx)."""
    from hr_portal.adapters.spreadsheets.template import make_template

    if output.suffix.lower() != ".xlsx":
        click.echo(f"Nama berkas {output.name} harus berakhiran .xlsx.", err=True)
        return UNUSABLE
    try:
        with output.open("wb" if force else "xb") as file:
            file.write(make_template(layout))
    except FileExistsError:
        click.echo(
            f"Berkas {output.name} sudah ada. Pakai nama lain, atau --force untuk menimpanya.",
            err=True,
        )
        return UNUSABLE
    except OSError as error:
        click.echo(f"Berkas {output.name} tidak dapat ditulis: {why(error)}.", err=True)
        return UNUSABLE
    click.echo(f"Templat tersimpan: {output}")
    return 0
