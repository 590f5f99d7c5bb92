"""`hr-portal users` and `tokens`: accounts, made by whoever runs the installation.

There is no default account. The first administrator is made here, with a password that this
command makes up and shows once.
"""

import json
from typing import TYPE_CHECKING

import click

from hr_portal.commands.opening import opened

if TYPE_CHECKING:
    from hr_portal.services.context import Portal

ROLES = {"hrd": "company", "reviewer": "branch", "admin": None}

demo_option = click.option("--demo", is_flag=True, help="Pada pemasangan demo.")


@click.group()
def users() -> None:
    """Kelola pengguna."""


@users.command()
@click.option("--email", required=True, help="Alamat surel untuk masuk.")
@click.option("--name", default="", help="Nama lengkap; wajib untuk surel yang baru.")
@click.option(
    "--role",
    type=click.Choice(list(ROLES)),
    required=True,
    help="hrd: perusahaan; reviewer: pemeriksa di kantor cabang; admin: pengelola.",
)
@click.option("--company", default="", help="Untuk hrd: NPP, atau NPP/divisi (12345678/000).")
@click.option("--branch", default="", help="Untuk reviewer: nama kantor cabang.")
@demo_option
def create(*, email: str, name: str, role: str, company: str, branch: str, demo: bool) -> int:
    """Buat pengguna, atau beri peran tambahan kepada surel yang sudah ada.

    Kata sandi pertama dibuat acak dan hanya ditampilkan satu kali, di keluaran standar.
    """
    from hr_portal.services import accounts, passwords

    if ROLES[role] == "company" and not company:
        raise click.UsageError("Peran hrd memerlukan --company dengan NPP perusahaannya.")
    if ROLES[role] == "branch" and not branch:
        raise click.UsageError("Peran reviewer memerlukan --branch dengan nama kantor cabangnya.")
    with opened(demo=demo) as portal:
        is_known = any(
            user["email"] == email.strip().lower() for user in accounts.list_users(portal)
        )
        password = accounts.draw_password(portal, passwords.Owner(email, name))
        accounts.create_user(
            portal,
            email=email,
            name=name,
            password=password,
            role=role,
            temporary=True,
            company_id=company_id(portal, company) if company else None,
            branch_id=_branch_id(portal, branch) if branch else None,
        )
    if is_known:
        click.echo(f"{email} mendapat peran {role}; kata sandinya tidak berubah.", err=True)
        return 0
    click.echo(f"Pengguna {email} dibuat. Kata sandi pertama, hanya ditampilkan sekali:", err=True)
    click.echo(password)
    return 0


@users.command("list")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@demo_option
def list_users(*, form: str, demo: bool) -> int:
    """Tampilkan semua pengguna dengan perannya."""
    from hr_portal.services import accounts

    with opened(demo=demo) as portal:
        found = accounts.list_users(portal)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    for user in found:
        roles = ", ".join(" ".join(filter(None, [r["role"], r["place"]])) for r in user["roles"])
        click.echo("\t".join([user["email"], user["name"], roles, _activity(user["is_active"])]))
    if not found:
        click.echo("Belum ada pengguna. Buat yang pertama: hr-portal users create --role admin …")
    return 0


@click.group()
def tokens() -> None:
    """Kelola token API."""


@tokens.command("create")
@click.option("--user", "email", required=True, help="Surel pengguna yang diwakili token ini.")
@click.option("--label", default="", help="Catatan: untuk program apa token ini.")
@demo_option
def create_token(*, email: str, label: str, demo: bool) -> int:
    """Buat token API dan tampilkan satu kali, di keluaran standar."""
    from hr_portal.services import accounts

    with opened(demo=demo) as portal:
        token = accounts.create_token(portal, email, label=label)
    click.echo(
        "Token API, hanya ditampilkan sekali; kirim sebagai Authorization: Bearer …", err=True
    )
    click.echo(token)
    return 0


def company_id(portal: "Portal", wanted: str) -> str:
    """Return the id of the company that `wanted` names: NPP, or NPP/division."""
    from hr_portal.domain.permissions import Actor
    from hr_portal.services import places

    whoever_runs_this = Actor("-", "hr-portal", "-", is_admin=True)
    npp, _, division = wanted.partition("/")
    found = [
        company
        for company in places.companies(portal, whoever_runs_this)
        if company.npp == npp and (not division or company.division == division.zfill(3))
    ]
    if len(found) == 1:
        return found[0].id
    if found:
        told = ", ".join(f"{company.npp}/{company.division}" for company in found)
        raise click.UsageError(f"NPP {npp} memiliki beberapa divisi; tulis salah satu: {told}.")
    raise click.UsageError(f"Tidak ada perusahaan dengan NPP {wanted}.")


def _branch_id(portal: "Portal", wanted: str) -> str:
    from hr_portal.services import places

    for branch in places.branches(portal):
        if branch.name.casefold() == wanted.strip().casefold():
            return branch.id
    raise click.UsageError(f"Tidak ada kantor cabang bernama {wanted}.")


def _activity(is_active: object) -> str:
    return "aktif" if is_active else "nonaktif"
