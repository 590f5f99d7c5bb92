"""`hr-portal purge`: what has been kept long enough goes, now instead of with the next sweep."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hr_portal.commands.opening import opened

if TYPE_CHECKING:
    from hr_portal.services.retention import Due

DONE = 0
_STAGES = {
    "documents": "dokumen dihapus, baris disamarkan",
    "log": "log tersamar dan isi surat dihapus",
}


@click.command()
@click.option("--dry-run", is_flag=True, help="Laporkan saja; tidak ada yang dihapus.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--demo", is_flag=True, help="Pada pemasangan demo.")
def purge(*, dry_run: bool, form: str, demo: bool) -> int:
    """Hapus yang sudah melewati masa simpan, tahap demi tahap.

    Pekerja portal melakukannya sendiri; perintah ini melakukannya sekarang juga. Yang ditahan oleh
    admin dilaporkan dan tidak pernah dihapus. Nomor, tanggal, sidik SHA-256, dan jejak audit tetap.
    """
    from hr_portal.services import purging, retention

    with opened(demo=demo) as portal:
        with portal.db.read() as session:
            listed = retention.due(portal, session)
        gone: dict[tuple[str, str], int] = {}
        if not dry_run:
            for one in listed:
                done = purging.purge(portal, one.batch_id, one.stage)
                if done is not None:
                    gone[one.batch_id, one.stage] = done.files
        settings = portal.settings
    if form == "json":
        told = [
            {**asdict(one), "ended_at": one.ended_at.isoformat(),
             "purged_files": gone.get((one.batch_id, one.stage))}
            for one in listed
        ]  # fmt: skip
        click.echo(json.dumps(told, indent=2))
        return DONE
    click.echo(
        f"Masa simpan: dokumen {settings.retain_documents_days} hari, log tersamar "
        f"{settings.retain_log_years} tahun sejak diputuskan atau dibatalkan."
    )
    for one in listed:
        click.echo(_line(one, gone.get((one.batch_id, one.stage)), dry_run=dry_run))
    if not listed:
        click.echo("Tidak ada yang melewati masa simpan.")
    return DONE


def _line(one: "Due", files: int | None, *, dry_run: bool) -> str:
    ended = "draf, terakhir diubah" if one.is_draft else "selesai"
    what = f"{one.number}\t{one.company}\t{ended} {one.ended_at:%d-%m-%Y}\t{_STAGES[one.stage]}"
    if files is not None:
        return f"{what}\tselesai, {files} berkas dihapus"
    if one.is_held:
        return f"{what}\tDITAHAN"
    return f"{what}\t{'akan dilakukan' if dry_run else 'dilewati: ditahan atau sudah dikerjakan'}"
