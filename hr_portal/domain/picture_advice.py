"""What the uploader is advised about the picture of a document. Advice: it bars nothing.

Judged from the figures of its pages (`adapters.documents.looking`). Silence where the figures
leave a doubt: an alarm that is often wrong is soon read by nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hr_portal.domain.document_kinds import KINDS, OTHER

CARDS = frozenset({"kartu_bpjstk", "ktp", "npwp"})
PORTRAIT = "foto"
COLOURED = frozenset({"kartu_bpjstk", "ktp", PORTRAIT})
"""Kinds whose colours are looked at: background and portrait tell an original from a copy."""

LEAST_PIXELS: dict[str, int] = {
    **dict.fromkeys(sorted(CARDS), 600), PORTRAIT: 350, "buku_tabungan": 700, OTHER: 600,
}  # fmt: skip
"""Of the longer side: a card of 85.6 mm at 180 dpi, where its smallest letters are 12 pixels high;
a portrait of 40 x 60 mm at 150 dpi; a passbook of 180 mm at 100 dpi."""
LEAST_OF_A_SHEET = 1_000
"""Of the longer side of an A4 sheet: 85 dpi, where letters of 10 points are 12 pixels high."""
BLURRED = 50
"""Sharpness below which small print is not read: out of focus by 1.5 thousandths of the longer
side. Drawn scans, JPEG of quality 40 and phones have 500 and more."""
DARK = 100
"""Level of the paper: a phone in a lit room has 190 and more."""
GLARE = 10
"""Parts of 1,000 lost in a reflection: a line of writing on a card."""
TILTED = 50
"""Tenths of a degree: rows of a table are no longer told apart at a glance."""
SIDEWAYS = 90
"""Percent by which lines stand out more across than along; upright pages have less than 50."""
OVER = 40
"""Percent of lines that end, rather than begin, at one place; upright pages have less than 10."""
CUT = 3
"""Strokes that run into an edge of the paper; whole pages have none, a crooked one 1 or 2."""
GREY = 6
"""Levels between red, green and blue; the palest coloured card has 20."""
EMPTY = 3
"""Parts of 10,000 that are written on; a page with three words has 10."""

MOST_PAGES: dict[str, int] = {
    "kartu_bpjstk": 2, "ktp": 2, "kk": 2, "akta_kelahiran": 2, "npwp": 2, PORTRAIT: 1, "ijazah": 4,
    "buku_tabungan": 6, "pengunduran_diri": 4, "paklaring": 4, "beda_identitas": 4,
}  # fmt: skip
"""Pages that a document of a kind usually has at most: both sides of a card, and an annex."""


class Words(NamedTuple):
    """A word for what is wrong with a picture, and what we saw and what to do."""

    label: str
    label_en: str
    message: str
    message_en: str


WORDS: dict[str, Words] = {
    "empty": Words(
        "Kosong", "Empty",
        "Halaman kosong. Periksa apakah sisi yang benar yang dipindai, lalu pindai lagi.",
        "An empty page. See whether the right side was scanned, and scan again.",
    ),
    "small": Words(
        "Terlalu kecil", "Too small",
        "Gambar terlalu kecil untuk dibaca: {long} piksel, perlu sedikitnya {least}. Foto lebih dekat sampai "
        "dokumen memenuhi bingkai, atau pindai 200 dpi, dan kirim berkas aslinya, bukan tangkapan layar.",
        "The picture is too small to read: {long} pixels, {least} are needed. Take it closer until the "
        "document fills the frame, or scan at 200 dpi, and send the original file, not a screenshot.",
    ),
    "dark": Words(
        "Terlalu gelap", "Too dark",
        "Foto terlalu gelap. Letakkan dokumen di tempat terang, misalnya dekat jendela, lalu foto lagi.",
        "The photo is too dark. Lay the document in a bright place, near a window, and take it again.",
    ),
    "glare": Words(
        "Pantulan cahaya", "Reflection",
        "Pantulan cahaya menutupi tulisan. Matikan lampu kilat, geser dari bawah lampu, lalu foto lagi.",
        "A reflection hides the writing. Turn the flash off, move away from the lamp, and take it again.",
    ),
    "blur": Words(
        "Buram", "Blurred",
        "Foto buram. Letakkan dokumen di meja, pegang ponsel dengan dua tangan, tunggu sampai fokus, "
        "lalu foto lagi.",
        "The photo is blurred. Lay the document on a table, hold the phone with both hands, wait for the "
        "focus, and take it again.",
    ),
    "sideways": Words(
        "Rebah ke samping", "On its side",
        "Tulisan rebah ke samping. Putar gambarnya 90 derajat, lalu unggah lagi.",
        "The writing lies on its side. Turn the picture by 90 degrees and upload it again.",
    ),
    "over": Words(
        "Terbalik", "Upside down",
        "Gambar tampaknya terbalik. Putar 180 derajat, lalu unggah lagi.",
        "The picture seems to be upside down. Turn it by 180 degrees and upload it again.",
    ),
    "tilt": Words(
        "Miring", "Askew",
        "Halaman miring sekitar {degrees} derajat. Luruskan dokumen di kaca pemindai atau di bingkai foto.",
        "The page is askew by about {degrees} degrees. Lay it straight on the scanner or in the frame.",
    ),
    "cut": Words(
        "Terpotong", "Cut off",
        "Tulisan terpotong di tepi gambar. Foto atau pindai seluruh halaman, dengan sedikit ruang di "
        "sekelilingnya.",
        "Writing is cut off at the edge. Take or scan the whole page, with a little room around it.",
    ),
    "grey": Words(
        "Hitam putih", "Black and white",
        "Tampak hitam putih seperti fotokopi. Pindai berwarna dari aslinya: warna latar dan foto "
        "membedakan kartu asli dari fotokopi.",
        "It is black and white like a photocopy. Scan the original in colour: background and portrait "
        "tell a card from its copy.",
    ),
    "pages": Words(
        "Jumlah halaman", "Number of pages",
        "{pages} halaman; {kind} biasanya paling banyak {most}. Periksa apakah dokumen lain ikut "
        "terpindai, lalu pisahkan.",
        "{pages} pages; {kind} usually has at most {most}. See whether other documents were scanned "
        "along, and split them.",
    ),
}  # fmt: skip
"""By code, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do better, and the pages it is about."""

    code: str
    """A key of WORDS."""
    pages: tuple[int, ...]
    """From 1; () for the document as a whole."""
    figures: dict[str, int]
    """What was measured, and what is needed: of the first of the pages."""
    label: str
    label_en: str
    message: str
    message_en: str


def advice(kind: str, pages: int | None, looks: Sequence[Mapping[str, int] | None]) -> list[Advice]:
    """Return the advice on a document of a kind, from the figures of its pages in their order.

    None where a page was drawn before there were figures; nothing is said of it. `pages` is the
    number of all its pages, where that is known.
    """
    found: dict[str, list[tuple[int, dict[str, int]]]] = {}
    for number, figures in enumerate(looks, start=1):
        for code, told in _of_page(kind, figures or {}).items():
            found.setdefault(code, []).append((number, told))
    made = []
    for code, (word, word_en, words, words_en) in WORDS.items():
        if code == "pages":
            most = MOST_PAGES.get(kind)
            if pages and most and pages > most:
                label, label_en = KINDS[kind]
                figures = {"pages": pages, "most": most}
                made.append(
                    Advice(
                        code, (), figures, word, word_en,
                        words.format(kind=label, **figures),
                        words_en.format(kind=label_en, **figures),
                    )
                )  # fmt: skip
        elif code in found:
            told = found[code][0][1]
            on = tuple(number for number, _told in found[code])
            made.append(
                Advice(
                    code, on, told, word, word_en, words.format(**told), words_en.format(**told)
                )
            )  # fmt: skip
    return made


def _of_page(kind: str, looks: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return the codes of one page with their figures."""
    found: dict[str, dict[str, int]] = {}
    least = LEAST_PIXELS.get(kind, LEAST_OF_A_SHEET)
    if looks.get("long", least) < least:
        found["small"] = {"long": looks["long"], "least": least}
    if "ink" not in looks:
        return found
    if looks["light"] < DARK:  # whatever else there is drowns in it
        return found | {"dark": {"light": looks["light"], "least": DARK}}
    if looks["ink"] < EMPTY and "sharp" not in looks:
        return {"empty": {"ink": looks["ink"]}}
    if kind in COLOURED and looks["colour"] < GREY:
        found["grey"] = {"colour": looks["colour"], "least": GREY}
    return found if kind == PORTRAIT else found | _of_writing(looks)


def _of_writing(looks: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return what keeps the writing of a page from being read."""
    if looks.get("sharp", BLURRED) < BLURRED:  # its edges are too soft to tell the rest
        return {"blur": {"sharp": looks["sharp"], "least": BLURRED}}
    found = {"cut": {"strokes": looks["cut"]}} if looks["cut"] >= CUT else {}
    if looks["glare"] >= GLARE:  # too little writing is left to tell how the page lies
        return found | {"glare": {"share": looks["glare"]}}
    if looks["sideways"] >= SIDEWAYS:
        return found | {"sideways": {"percent": looks["sideways"]}}
    if looks["over"] >= OVER:
        return found | {"over": {"percent": looks["over"]}}
    if abs(looks["tilt"]) >= TILTED:
        found["tilt"] = {"degrees": round(abs(looks["tilt"]) / 10)}
    return found
