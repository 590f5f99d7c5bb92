"""`hr-portal letters …`: one letter looked at, read back, and what came back signed for it."""

from dataclasses import asdict
from pathlib import Path

import click

from hr_portal.commands.owner import acting, as_json, as_owner, output_option, write_new


@click.command()
@click.argument("number")
@as_owner
def show(*, number: str, token_file: Path, demo: bool) -> int:
    """Tampilkan surat NUMBER: keadaannya, sejauh mana PDF-nya, dan mengapa bila gagal."""
    from hr_portal.services import letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
    click.echo(as_json(asdict(found)))
    return 0


@click.command("render")
@click.argument("number")
@as_owner
def render_again(*, number: str, token_file: Path, demo: bool) -> int:
    """Buat lagi PDF surat NUMBER yang gagal dibuat; nomornya tetap."""
    from hr_portal.services import letter_failures, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        letter_failures.try_again(portal, actor, found.id)
        found = letter_views.letter_view(portal, actor, found.id)
    click.echo(as_json(asdict(found)))
    return 0


@click.command()
@click.argument("number")
@as_owner
def content(*, number: str, token_file: Path, demo: bool) -> int:
    """Bandingkan isi PDF surat NUMBER dengan pengajuannya; kode keluar 1 bila berbeda."""
    from hr_portal.services import letter_contents, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        read = letter_contents.read(portal, actor, found.id)
    same = read.comparison.is_same
    click.echo(as_json({"number": number, "is_same": same, "data": read.data}))
    return 0 if same else 1


@click.command()
@click.argument("number")
@output_option
@as_owner
def table(*, number: str, output: Path, token_file: Path, demo: bool) -> int:
    """Tulis Lampiran I surat NUMBER yang koreksinya dalam berkas Excel."""
    from hr_portal.services import letter_contents, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        _view, book = letter_contents.workbook(portal, actor, found.id)
    return write_new(output, book)


@click.command()
@click.argument("number")
@as_owner
def copies(*, number: str, token_file: Path, demo: bool) -> int:
    """Tampilkan salinan bertanda tangan surat NUMBER dan hasil pemeriksaan tanda tangannya."""
    from hr_portal.services import letter_signing, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        held = letter_signing.copies(portal, actor, found.id)
    click.echo(as_json([asdict(one) for one in held]))
    return 0


@click.command("add-copy")
@click.argument("number")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_owner
def add_copy(*, number: str, file: Path, token_file: Path, demo: bool) -> int:
    """Pasangkan FILE dengan surat NUMBER: pindaian, atau PDF yang ditandatangani di luar."""
    from hr_portal.services import letter_signing, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        with file.open("rb") as stream:
            copy = letter_signing.add_copy(portal, actor, found.id, stream, file.name)
    click.echo(as_json(asdict(copy)))
    return 0


@click.command("copy")
@click.argument("number")
@click.argument("copy", type=int)
@output_option
@as_owner
def fetch_copy(*, number: str, copy: int, output: Path, token_file: Path, demo: bool) -> int:
    """Tulis salinan COPY (nomornya pada `letters copies`) surat NUMBER persis seperti disimpan."""
    from hr_portal.services import letter_signing, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        _view, kept = letter_signing.open_copy(portal, actor, found.id, copy)
    return write_new(output, kept)


COMMANDS = (show, render_again, content, table, copies, add_copy, fetch_copy)
