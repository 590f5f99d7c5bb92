"""What letters are made of, and the closed door to everything else.

The renderer can fetch assets named here and nothing more: no file, no address,
no data: URI. Source: WeasyPrint's default fetcher embeds any local file through
`<link rel=attachment>` and asks the network from a dozen other places; only a
subclass of URLFetcher stops them all.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.resources import resource_dir

LOGO_URL = "asset:logo"


class NamedAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Gives the assets it was made with, by their exact address, and refuses the rest."""

    def __init__(self, assets: dict[str, tuple[bytes, str]]) -> None:
        """`assets` maps an address to content and media type."""
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401, ARG002
        """Return a named asset; raise FatalURLFetchingError, which stops the rendering."""
        if url not in self._assets:
            raise FatalURLFetchingError(f"a letter may not fetch {url[:40]!r}")
        content, media_type = self._assets[url]
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


@cache
def environment() -> Environment:
    """Return the letters' own Jinja environment.

    Everything is escaped, an unknown name fails. Raises LetterError LET-ASSET
    where the templates are not installed.
    """
    return Environment(
        loader=FileSystemLoader(_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def compile_all() -> None:
    """Compile all templates; raises LetterError LET-ASSET where they are not installed."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


@cache
def stylesheet() -> str:
    """Return the CSS of all letters; raises LetterError LET-ASSET where it is missing."""
    try:
        return (_folder() / "letters.css").read_text(encoding="utf-8")
    except OSError as error:
        raise _missing() from error


def _folder() -> Path:
    try:
        folder = resource_dir("templates") / "letters"
    except FileNotFoundError as error:
        raise _missing() from error
    if not folder.is_dir():
        raise _missing()
    return folder


def _missing() -> LetterError:
    return LetterError(
        "LET-ASSET",
        "Berkas templat surat tidak ditemukan pada pemasangan ini. Pasang ulang portal.",
        "The letter templates are missing from this installation. Install the portal again.",
    )
