"""`hr-portal letters runs …`: many letters at once, made by a worker."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hr_portal.commands.owner import acting, as_json, as_owner, output_option, write_new

if TYPE_CHECKING:
    from hr_portal.domain.permissions import Actor
    from hr_portal.services.context import Portal
    from hr_portal.services.letter_runs import RunView

SECONDS = 1.0
"""Between two looks at a run that is watched."""


@click.group()
def runs() -> None:
    """Terbitkan banyak surat sekaligus; pekerja portal yang membuatnya."""


@runs.command()
@click.argument("batches", nargs=-1, required=True)
@as_owner
def issue(*, batches: tuple[str, ...], token_file: Path, demo: bool) -> int:
    """Terbitkan surat permohonan beberapa pengajuan (PKD-…), menurut urutannya."""
    from hr_portal.services import letter_runs, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        ids = [letter_views.batch_by_number(portal, actor, batch) for batch in batches]
        return _told(portal, actor, letter_runs.ask_for_drafts(portal, actor, ids))


@runs.command()
@click.argument("batch")
@click.option("--all", "everybody", is_flag=True, help="Semua orang, bukan hanya yang berhenti.")
@as_owner
def forms(*, batch: str, everybody: bool, token_file: Path, demo: bool) -> int:
    """Terbitkan satu formulir perubahan data per orang dari pengajuan BATCH."""
    from hr_portal.services import letter_runs, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        batch_id = letter_views.batch_by_number(portal, actor, batch)
        whose: letter_runs.Whose = "all" if everybody else "left"
        return _told(portal, actor, letter_runs.ask_for_forms(portal, actor, batch_id, whose))


@runs.command()
@click.argument("run")
@click.option("--watch", is_flag=True, help="Tunggu sampai selesai; kemajuannya ke keluaran galat.")
@as_owner
def show(*, run: str, watch: bool, token_file: Path, demo: bool) -> int:
    """Tampilkan sejauh mana RUN; kode keluar 1 bila selesai dan ada surat yang tidak jadi."""
    from hr_portal.services import letter_runs

    with acting(token_file, demo=demo) as (portal, actor):
        view = letter_runs.view(portal, actor, run)
        while watch and _is_on_its_way(view):
            click.echo(f"{view.done} dari {view.total} surat", err=True)
            time.sleep(SECONDS)
            view = letter_runs.view(portal, actor, run)
        return _told(portal, actor, run)


@runs.command()
@click.argument("run")
@as_owner
def retry(*, run: str, token_file: Path, demo: bool) -> int:
    """Buat lagi surat-surat RUN yang belum jadi."""
    from hr_portal.services import letter_runs

    with acting(token_file, demo=demo) as (portal, actor):
        letter_runs.try_again(portal, actor, run)
        return _told(portal, actor, run)


@runs.command("zip")
@click.argument("run")
@output_option
@as_owner
def fetch(*, run: str, output: Path, token_file: Path, demo: bool) -> int:
    """Tulis surat-surat RUN beserta daftarnya sebagai satu ZIP."""
    from hr_portal.services import letter_runs

    with acting(token_file, demo=demo) as (portal, actor):
        archive = letter_runs.zipped(portal, actor, run)
    return write_new(output, archive)


COMMANDS = (runs,)


def _is_on_its_way(view: "RunView") -> bool:
    return view.ended_at is None and not view.is_stopped


def _told(portal: "Portal", actor: "Actor", run: str) -> int:
    """Write how far a run is, as the API answers it."""
    from hr_portal.api.letter_runs import Run
    from hr_portal.services import letter_runs

    view = letter_runs.view(portal, actor, run)
    click.echo(as_json(Run().dump(view)))
    return int(not _is_on_its_way(view) and view.made < view.total)
