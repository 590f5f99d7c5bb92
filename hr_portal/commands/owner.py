"""What commands share that work for the owner of an API token.

They have the owner's rights, and what they do is recorded in the owner's name.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from hr_portal.commands.opening import opened
from hr_portal.faults import why

if TYPE_CHECKING:
    from datetime import datetime

    from hr_portal.domain.permissions import Actor
    from hr_portal.services.context import Portal
    from hr_portal.services.letter_views import LetterView

Command = TypeVar("Command", bound=Callable[..., Any])


def as_owner(command: Command) -> Command:
    """Give a command the options that say whose work it does, and where."""
    token = click.option(
        "--token-file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Berkas berisi token API; perintah berjalan sebagai pemiliknya.",
    )  # fmt: skip
    demo = click.option("--demo", is_flag=True, help="Pada pemasangan demo.")
    return token(demo(command))


output_option = click.option(
    "--output", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="Berkas yang ditulis; yang sudah ada tidak ditimpa.",
)  # fmt: skip
company_option = click.option("--company", required=True, help="NPP, atau NPP/divisi.")


@contextmanager
def acting(token_file: Path, *, demo: bool) -> "Iterator[tuple[Portal, Actor]]":
    """Open the portal for the owner of a token; one who may do nothing now is refused."""
    from hr_portal.services import accounts
    from hr_portal.services.errors import Forbidden

    with opened(demo=demo) as portal:
        actor = accounts.actor_of_token(portal, token_file.read_text("utf-8").strip())
        if actor is None:
            raise click.ClickException(
                f"Token dalam {token_file} tidak berlaku. Buat yang baru: hr-portal tokens create --user SUREL"
            )
        if actor.lacks:
            raise Forbidden(
                "Pemilik token ini belum dapat bekerja: ia harus masuk ke portal dahulu dan "
                "menyelesaikan yang diminta (ketentuan atau kata sandi).",
                "The owner of this token must first sign in and see to what is asked of them.",
            )
        yield portal, actor


def write_new(output: Path, content: bytes) -> int:
    """Write a new file that only its owner may read."""
    try:
        with output.open("xb") as out:
            output.chmod(0o600)
            out.write(content)
    except FileExistsError as error:
        raise click.ClickException(
            f"Berkas {output} sudah ada dan tidak ditimpa. Pakai nama lain."
        ) from error
    except OSError as error:
        raise click.ClickException(f"Berkas {output} tidak dapat ditulis: {why(error)}.") from error
    return 0


def tell_letter(letter: "LetterView") -> int:
    """Write what a letter is."""
    names = ("number", "kind", "issued_on", "state", "sha256", "proof_code", "batch_number")
    click.echo(as_json({name: getattr(letter, name) for name in names}))
    return 0


def as_json(value: object) -> str:
    """Return a value as JSON for people and programs, times as ISO 8601."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_as_text)


def _as_text(value: object) -> str:
    return cast("datetime", value).isoformat()
