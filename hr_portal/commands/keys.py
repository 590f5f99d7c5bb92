"""`hr-portal keys` and `companies`: keys changed without downtime, and a company's destroyed."""

import click

from hr_portal.commands.opening import opened

DONE, FOUND, UNUSABLE = 0, 1, 2
demo_option = click.option("--demo", is_flag=True, help="Pada pemasangan demo.")


@click.group()
def keys() -> None:
    """Ganti kunci enkripsi tanpa menghentikan portal."""


@keys.command()
@click.option(
    "--company", default="", help="NPP, atau NPP/divisi: ganti kunci data perusahaan ini saja."
)
@demo_option
def rotate(*, company: str, demo: bool) -> int:
    """Ganti kunci induk, atau dengan --company kunci data sebuah perusahaan.

    Kunci induk: isi HR_PORTAL_OLD_MASTER_KEY dengan kunci lama dan HR_PORTAL_MASTER_KEY dengan
    yang baru, mulai ulang portal, lalu jalankan ini. Kunci data: pekerja menyegel ulang semua
    baris dan berkas perusahaan itu di latar belakang; kunci lamanya dilepas sehari kemudian.
    """
    from hr_portal.commands.people import company_id
    from hr_portal.services import rotation

    with opened(demo=demo) as portal:
        if company:
            rotation.begin(portal, None, company_id(portal, company))
            click.echo(
                f"Perusahaan {company} memiliki kunci data baru. Pekerja menyegel ulang data lama; "
                "lihat hr-portal keys status."
            )
            return DONE
        done = rotation.rotate_master(portal)
    click.echo(
        f"Dibungkus ulang dengan kunci induk baru: {done.companies} perusahaan, {done.chains} rantai "
        f"audit, {done.secrets} rahasia verifikasi, {done.sessions} sesi, {done.notes} catatan harian."
    )
    if done.codes:
        click.echo(
            f"{done.codes} orang masih memegang kode pemulihan. Kode yang dibuat sebelum ini hanya "
            "berlaku selama HR_PORTAL_OLD_MASTER_KEY terisi; minta mereka membuat kode baru dahulu."
        )
    click.echo("Simpan kunci lama bersama cadangan yang dibuat dengannya.")
    return DONE


@keys.command()
@demo_option
def status(*, demo: bool) -> int:
    """Tampilkan apa yang masih memakai kunci lama. Kode keluar 1 bila masih ada."""
    from hr_portal.services import rotation

    with opened(demo=demo) as portal:
        wrapped = rotation.under_old_master(portal)
        changes = rotation.standing(portal)
        has_old = bool(portal.settings.old_master_key)
    if has_old:
        click.echo(f"{wrapped} kunci masih dibungkus kunci induk lama.")
    for one in changes:
        state = (
            f"selesai {one.ended_at:%d-%m-%Y %H:%M} UTC"
            if one.ended_at
            else f"berjalan, putaran {one.passes + 1}"
        )
        click.echo(
            f"{one.npp}\t{one.company}\tdimulai {one.begun_at:%d-%m-%Y %H:%M} UTC\t"
            f"{one.resealed} nilai dan berkas disegel ulang\t{state}"
        )
    if not has_old and not changes:
        click.echo("Tidak ada pergantian kunci.")
    return FOUND if wrapped or any(one.ended_at is None for one in changes) else DONE


@click.group()
def companies() -> None:
    """Musnahkan data sebuah perusahaan."""


@companies.command()
@click.argument("npp")
@click.option("--confirm", default="", help="Nama perusahaan persis seperti tercatat.")
@demo_option
def shred(*, npp: str, confirm: str, demo: bool) -> int:
    """Musnahkan semua data peserta perusahaan NPP (atau NPP/divisi), tidak dapat dibatalkan.

    Kunci enkripsinya dibuang dan berkasnya dihapus. Nomor, tanggal, sidik SHA-256, dan jejak audit
    tetap. Cadangan yang lebih tua masih memuat kuncinya: musnahkan cadangan itu juga.
    """
    from hr_portal.commands.people import company_id
    from hr_portal.services import shredding
    from hr_portal.services.errors import Invalid

    with opened(demo=demo) as portal:
        wanted = company_id(portal, npp)
        if not confirm:
            confirm = click.prompt(
                "Semua data peserta perusahaan ini dimusnahkan untuk selamanya. Ketik nama "
                "perusahaannya",
                err=True,
            )
        try:
            done = shredding.shred(portal, None, wanted, typed=confirm)
        except Invalid as error:
            click.echo(f"Kesalahan: {error.message}", err=True)
            return UNUSABLE
    click.echo(
        f"{done.name} dimusnahkan: {done.batches} pengajuan, {done.rows} baris, {done.files} berkas; "
        f"{done.members} keanggotaan berakhir. Musnahkan juga cadangan yang dibuat sebelum ini."
    )
    return DONE
