"""`hr-portal letters …` on the portal's own machine: what an office does with its letters.

Each acts as the owner of an API token, with their rights and in their name in the audit.
"""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from hr_portal.commands.opening import opened
from hr_portal.commands.owner import (
    acting,
    as_json,
    as_owner,
    company_option,
    output_option,
    tell_letter,
    write_new,
)
from hr_portal.domain.letter_numbers import LETTER_KINDS, RESETS, LetterKind, Reset, Series

KINDS = click.Choice(list(LETTER_KINDS))


@click.command()
@output_option
@as_owner
def register(*, output: Path, token_file: Path, demo: bool) -> int:
    """Tulis daftar surat beserta nomor yang dipakai di luar portal (xlsx)."""
    from hr_portal.domain.wording import date_in_words
    from hr_portal.services import company_letters

    kinds = {kind: names[0] for kind, names in LETTER_KINDS.items()}
    with acting(token_file, demo=demo) as (portal, actor):
        book = company_letters.register_book(
            portal, actor, day=date_in_words, kinds=kinds, states=company_letters.STATES
        )
    return write_new(output, book)


@click.command()
@company_option
@click.option("--kind", type=KINDS, help="Jenis surat yang penomorannya diubah.")
@click.option("--pattern", help="Misalnya {urut:03}/{kode}/{perusahaan}/{bulan_romawi}/{tahun}.")
@click.option("--reset", type=click.Choice(RESETS), help="Kapan nomor urut dimulai lagi.")
@click.option("--start", type=int, help="Nomor urut pertama.")
@click.option("--code", help="Yang dicetak {kode}.")
@as_owner
def series(
    *,
    company: str,
    kind: LetterKind | None,
    pattern: str | None,
    reset: Reset | None,
    start: int | None,
    code: str | None,
    token_file: Path,
    demo: bool,
) -> int:
    """Tampilkan penomoran surat sebuah perusahaan; dengan --kind, ubah mulai surat berikutnya."""
    from hr_portal.commands.people import company_id
    from hr_portal.services import letter_numbering, letter_views
    from hr_portal.services.letter_facts import today

    with acting(token_file, demo=demo) as (portal, actor):
        place = company_id(portal, company)
        views = letter_numbering.series_views(
            portal, actor, place, letter_views.KINDS, today(portal)
        )
        if kind is not None:
            now = next(view.series for view in views if view.kind == kind)
            wanted = Series(
                now.pattern if pattern is None else pattern,
                now.reset if reset is None else reset,
                now.start if start is None else start,
                now.code if code is None else code,
            )
            letter_numbering.edit_series(portal, actor, place, kind, wanted)
            views = letter_numbering.series_views(
                portal, actor, place, letter_views.KINDS, today(portal)
            )
    click.echo(as_json([{**asdict(view.series), **asdict(view)} for view in views]))
    return 0


@click.command("note-number")
@click.argument("number")
@company_option
@click.option("--kind", type=KINDS, default="permohonan", show_default=True)
@click.option("--date", "used_on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--note", default="", help="Keterangan.")
@as_owner
def note_number(
    *,
    number: str,
    company: str,
    kind: str,
    used_on: datetime,
    note: str,
    token_file: Path,
    demo: bool,
) -> int:
    """Catat NUMBER yang dipakai di luar portal; nomor itu tidak diberikan lagi."""
    from hr_portal.commands.people import company_id
    from hr_portal.services import letter_numbering

    with acting(token_file, demo=demo) as (portal, actor):
        noted = letter_numbering.register_outside(
            portal,
            actor,
            company_id(portal, company),
            kind=kind,
            number=number,
            used_on=used_on.date(),
            note=note,
        )
    click.echo(as_json(asdict(noted)))
    return 0


@click.command()
@click.argument("batch")
@click.option("--kind", type=KINDS, default="permohonan", show_default=True)
@click.option("--signatory", default=0, show_default=True, help="Penanda tangan, dihitung dari 0.")
@output_option
@as_owner
def preview(
    *,
    batch: str,
    kind: LetterKind,
    signatory: int,
    output: Path,
    token_file: Path,
    demo: bool,
) -> int:
    """Tulis konsep surat pengajuan BATCH (misalnya PKD-2026-00001) sebagai PDF."""
    from hr_portal.services import letter_views, letters

    with acting(token_file, demo=demo) as (portal, actor):
        batch_id = letter_views.batch_by_number(portal, actor, batch)
        pdf = letters.preview(portal, actor, batch_id, signatory=signatory, kind=kind)
    return write_new(output, pdf)


@click.command()
@click.argument("batch")
@click.option("--kind", type=KINDS, default="permohonan", show_default=True)
@click.option("--signatory", default=0, show_default=True, help="Penanda tangan, dihitung dari 0.")
@as_owner
def issue(*, batch: str, kind: LetterKind, signatory: int, token_file: Path, demo: bool) -> int:
    """Terbitkan surat pengajuan BATCH; bila tidak ada yang berubah, yang sudah terbit disebut."""
    from hr_portal.services import letter_views, letters

    with acting(token_file, demo=demo) as (portal, actor):
        batch_id = letter_views.batch_by_number(portal, actor, batch)
        if kind == letter_views.SERIES:
            letter = letters.issue(portal, actor, batch_id, signatory=signatory)
        else:
            letter = letters.issue_companion(portal, actor, batch_id, kind, signatory=signatory)
    return tell_letter(letter)


@click.command()
@click.argument("number")
@output_option
@as_owner
def fetch(*, number: str, output: Path, token_file: Path, demo: bool) -> int:
    """Tulis PDF surat NUMBER persis seperti yang disimpan; dicatat sebagai dibuka."""
    from hr_portal.services import letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        _view, pdf = letter_views.open_letter(portal, actor, found.id)
    return write_new(output, pdf)


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="Alasan pencabutan.")
@as_owner
def revoke(*, number: str, reason: str, token_file: Path, demo: bool) -> int:
    """Cabut surat NUMBER; nomornya tidak dipakai ulang."""
    from hr_portal.services import letter_views, letters

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        return tell_letter(letters.revoke(portal, actor, found.id, reason=reason))


@click.command()
@click.argument("number")
@click.password_option(
    "--password", confirmation_prompt=False, prompt="Kata sandi sertifikat",
    help="Lebih baik tidak ditulis di sini: tanpa pilihan ini ditanyakan. Tidak disimpan.",
)  # fmt: skip
@as_owner
def sign(*, number: str, password: str, token_file: Path, demo: bool) -> int:
    """Tanda tangani surat NUMBER secara elektronik dengan sertifikat perusahaan."""
    from hr_portal.services import letter_signing, letter_views

    with acting(token_file, demo=demo) as (portal, actor):
        found = letter_views.letter_by_number(portal, actor, number)
        copy = letter_signing.sign_letter(portal, actor, found.id, password)
    click.echo(as_json({"id": copy.id, "sha256": copy.sha256}))
    return 0


@click.command()
@click.argument("code")
@click.option("--demo", is_flag=True, help="Pada pemasangan demo.")
def verify(*, code: str, demo: bool) -> int:
    """Sebutkan apa yang dibuktikan CODE sebuah surat, seperti halaman /verifikasi."""
    from hr_portal.services import letter_proofs

    with opened(demo=demo) as portal:
        click.echo(as_json(asdict(letter_proofs.look_up(portal, code, address="command"))))
    return 0


COMMANDS = (register, series, note_number, preview, issue, fetch, revoke, sign, verify)
