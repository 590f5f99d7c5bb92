"""`hr-portal doctor`: whether this machine can run the portal safely."""

import json

import click

from hr_portal import logs
from hr_portal.settings import Settings, SettingsError

_MARKS = {"ok": "  baik  ", "warning": "  awas  ", "failed": "  GAGAL "}


@click.command()
@click.option("--demo", is_flag=True, help="Periksa pemasangan demo.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Bentuk laporan.",
)
def doctor(*, demo: bool, form: str) -> int:
    """Periksa apakah komputer ini siap menjalankan portal.

    Setiap kemampuan dicoba, bukan hanya dibaca nomor versinya. Kode keluar 1 bila ada yang gagal;
    peringatan tidak mengubah kode keluar.
    """
    from hr_portal.doctor import examine

    logs.configure("error")
    settings: Settings | SettingsError
    try:
        settings = Settings.from_env(demo=demo or None)
    except SettingsError as error:
        settings = error
    results = []
    for result in examine(settings):
        results.append(result)
        if form == "text":
            click.echo(f"{_MARKS[result.state]}{result.name}: {result.sentence}")
    failed = sum(result.state == "failed" for result in results)
    if form == "json":
        checks = [
            {"name": result.name, "state": result.state, "message": result.sentence}
            for result in results
        ]
        click.echo(json.dumps({"ok": not failed, "checks": checks}, ensure_ascii=False, indent=2))
    else:
        click.echo(
            f"{failed} pemeriksaan gagal; baris GAGAL menyebut cara memperbaikinya."
            if failed
            else "Siap."
        )
    return 1 if failed else 0
