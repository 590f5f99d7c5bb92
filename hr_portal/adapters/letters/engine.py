"""HTML to pages to PDF, with WeasyPrint held to our own assets and typeface."""

import gc
import io
import warnings
from functools import cache
from typing import Any

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from hr_portal.adapters.letters.assets import LOGO_URL, NamedAssets, environment, stylesheet
from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.logo import Logo
from hr_portal.adapters.letters.texts import unprintable

TYPEFACE = "Carlito"

LOGO_GAP_MM = 5.2
"""Between logo and company name."""


def laid_out(
    template: str, context: dict[str, Any], logo: Logo | None = None, css: str = ""
) -> Document:
    """Fill a template and lay it out in pages.

    `css` is added after the letters' own. Raises LetterError LET-ASSET where the
    result asks for anything but the logo, and jinja2.UndefinedError for a name
    the context lacks.
    """
    html = environment().get_template(template).render(context)
    if logo is not None:
        css = f"{logo_css(logo)}\n{css}"
    return pages_of(html, logo, css)


def pages_of(html: str, logo: Logo | None = None, css: str = "") -> Document:
    """Lay out HTML under the letters' CSS and `css`; raises as `laid_out` does."""
    assets = {} if logo is None else {LOGO_URL: (logo.content, logo.media_type)}
    fetcher = NamedAssets(assets)
    fonts = _fonts()
    sheets = [_common_css()]
    try:
        if css:
            sheets.append(CSS(string=css, url_fetcher=fetcher, font_config=fonts))
        return HTML(string=html, url_fetcher=fetcher).render(stylesheets=sheets, font_config=fonts)
    except FatalURLFetchingError as error:
        raise _refused(error) from error


WHOLE = "pdf/a-3a"
"""Of a letter written in one piece: archival (ISO 19005-3), its structure tagged."""
PART = "pdf/a-3u"
"""Of a part: trees of tags can't be joined, so a letter of parts promises none."""


def written(document: Document, variant: str | None = None) -> bytes:
    """Write a document as PDF of a variant and prove its typeface.

    Raises LetterError LET-FONT where anything is set in another typeface, and
    LET-ASSET where an attachment was asked for.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its colour profile open
            pdf: bytes = document.write_pdf(pdf_variant=variant)
    except FatalURLFetchingError as error:
        raise _refused(error) from error
    fonts = document.fonts.values()
    foreign = [font for font in fonts if font.family != TYPEFACE]
    if len(foreign) < len(fonts):
        # A box in place of a character comes from Carlito itself, so both are asked.
        signs = {chr(point) for font in fonts for point in font.missing}
        signs |= {sign for font in foreign for text in font.to_unicode.values() for sign in text}
        if signs:
            raise unprintable(sorted(signs))
    prove_typeface(pdf)
    return pdf


def prove_typeface(pdf: bytes) -> None:
    """Read the PDF back: every font must be Carlito, and embedded.

    Raises LetterError LET-FONT otherwise. The base name of a subset is
    "ABCDEF+Carlito-Bold".
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for item in opened.objects:
            if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/FontDescriptor":
                continue
            name = str(item.get("/FontName", "")).partition("+")[2]
            embedded = any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            if not name.startswith(TYPEFACE) or not embedded:
                raise LetterError(
                    "LET-FONT",
                    "Huruf Carlito tidak terpasang pada peladen, sehingga surat akan tercetak "
                    "dengan huruf lain. Pasang paket fonts-crosextra-carlito lalu buat suratnya "
                    "lagi.",
                    "The typeface Carlito is not installed on the server. Install the package "
                    "fonts-crosextra-carlito, then make the letter again.",
                )


def saved(letter: pikepdf.Pdf) -> bytes:
    """Return a PDF's bytes; the same content gives the same."""
    whole = io.BytesIO()
    letter.save(whole, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return whole.getvalue()


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def forget_fonts() -> None:
    """Let go of what fonts were looked up with, and of the thread that Pango may have for it."""
    _fonts.cache_clear()
    gc.collect()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _common_css() -> CSS:
    return CSS(string=stylesheet(), url_fetcher=NamedAssets({}))


def logo_css(logo: Logo) -> str:
    """Return the CSS that gives a logo its room in the letterhead."""
    return (
        f".kop .logo {{ width: {logo.width_mm + LOGO_GAP_MM:.2f}mm }} "
        f".kop img {{ width: {logo.width_mm:.2f}mm; height: {logo.height_mm:.2f}mm }}"
    )


def _refused(error: BaseException) -> LetterError:
    return LetterError(
        "LET-ASSET",
        "Surat meminta berkas yang tidak boleh dimuat, sehingga tidak dicetak. "
        "Periksa logo dan data perusahaan, lalu buat suratnya lagi.",
        f"The letter asked for something it may not have and was not printed: {error}.",
    )
