"""`hr-portal audit`: proves that nobody has changed what the portal wrote down about its acts."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hr_portal.commands.opening import opened

if TYPE_CHECKING:
    from hr_portal.services.audit_chain import Fault

DONE, FOUND = 0, 1

_FAULTS = {
    "changed": "catatan nomor {number} pada rantai {scope} diubah",
    "missing": "catatan nomor {number} pada rantai {scope} hilang",
    "moved": "catatan nomor {number} pada rantai {scope} berpindah urutan atau digandakan",
    "cut": "rantai {scope} terpotong: catatan nomor {number} seharusnya ada",
    "outside": "catatan dengan id {number} disisipkan di luar rantai {scope}",
    "key": "kunci rantai {scope} tidak dapat dibuka dengan kunci induk yang dipakai sekarang",
    "note": "baris {number} pada audit/heads.jsonl bukan catatan harian yang sah",
}


@click.group()
def audit() -> None:
    """Periksa jejak audit."""


@audit.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--demo", is_flag=True, help="Pada pemasangan demo.")
def verify(*, form: str, demo: bool) -> int:
    """Buktikan bahwa tidak ada catatan audit yang diubah, dihapus, atau dipindahkan.

    Setiap catatan mengunci catatan sebelumnya; catatan harian di folder data (audit/heads.jsonl)
    membuktikan bahwa ujungnya tidak dipotong. Kode keluar: 0 utuh · 1 ada yang rusak.
    """
    from hr_portal.services import audit_chain

    with opened(demo=demo) as portal:
        seen = audit_chain.verify(portal)
    if form == "json":
        click.echo(json.dumps(asdict(seen), indent=2))
        return FOUND if seen.faults else DONE
    click.echo(
        f"{seen.acts} catatan dalam {seen.chains} rantai dan {seen.notes} catatan harian diperiksa."
    )
    if seen.unlinked:
        click.echo(f"{seen.unlinked} catatan dari sebelum ada rantai tidak dapat dibuktikan.")
    for fault in seen.faults:
        click.echo(f"RUSAK: {_sentence(fault)}.")
    if not seen.faults:
        click.echo("Jejak audit utuh.")
    return FOUND if seen.faults else DONE


def _sentence(fault: "Fault") -> str:
    scope = "pemasangan" if fault.scope == "-" else f"perusahaan {fault.scope}"
    return _FAULTS[fault.kind].format(number=fault.number, scope=scope)
