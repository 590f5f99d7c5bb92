"""`hr-portal rules`: the rule reference, without a server, a database or settings."""

import click
import orjson

from hr_portal.adapters.regions import use_newest
from hr_portal.domain.reference import reference, reference_text
from hr_portal.domain.rules import Lang, reference_markdown
from hr_portal.settings import data_dir_of


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Bentuk keluaran.",
)
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True,
    help="Bahasa keluaran teks.",
)  # fmt: skip
def command(*, form: str, lang: Lang) -> int:
    """Tampilkan semua aturan pemeriksaan: kode, tingkat, artinya, dan cara memperbaikinya."""
    use_newest(data_dir_of())
    if form == "json":
        click.echo(orjson.dumps(reference(), option=orjson.OPT_INDENT_2).decode())
    else:
        text = reference_text(lang) + "\n" if form == "text" else reference_markdown()
        click.echo(text, nl=False)
    return 0
