"""The documents of a letter: who they belong to, and how Lampiran II counts them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from hr_portal.adapters.letters.texts import shown
from hr_portal.domain.letters import LetterDocument, LetterFacts
from hr_portal.domain.wording import grouped_number, listed

NOTHING = "–"
"""Printed for a blank, which would invite being filled in later."""

TIED_ROWS = 2
"""So many rows at the end of a list move to the next page together with what follows."""

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document with a column of its own in Lampiran II."""

    head: str
    short: str
    """Its name in a column of Lampiran I."""
    meaning: str
    """What the head stands for, "" where it is plain."""
    names: frozenset[str]
    """The labels that mean it, in small letters and without spaces."""


KINDS: tuple[Kind, ...] = (
    Kind(
        "Kartu",
        "kartu peserta",
        "kartu peserta",
        frozenset({"kartu", "kartupeserta", "kartubpjs", "kartubpjstk", "kartukpj", "kpj"}),
    ),
    Kind("KTP-el", "KTP-el", "", frozenset({"ktp", "ktpel", "ektp", "kartutandapenduduk"})),
    Kind("KK", "KK", "kartu keluarga", frozenset({"kk", "kartukeluarga"})),
    Kind(
        "Akta",
        "akta",
        "kutipan akta kelahiran",
        frozenset({"akta", "aktakelahiran", "aktalahir", "kutipanaktakelahiran"}),
    ),
    Kind("NPWP", "NPWP", "", frozenset({"npwp", "kartunpwp"})),
    Kind(
        "Buku",
        "buku tabungan",
        "halaman identitas buku tabungan",
        frozenset({"buku", "bukutabungan", "bukurekening", "rekening"}),
    ),
)
CARD = KINDS[0]

OTHER_HEAD = "Lain"

_POWER_OF_ATTORNEY = frozenset({"suratkuasa", "suratkuasadireksi", "kuasa"})
_UNNAMED = frozenset({"", "lain", "lainlain", "lainnya", "dokumenlain"})
_COMPANY_KINDS = _POWER_OF_ATTORNEY | {
    "suratpernyataan", "suratketerangan", "suratketeranganperusahaan", "suratpenunjukan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetsPrint:
    """One person of Lampiran II with the sheets of each kind."""

    index: int
    place: str
    name: Markup
    kpj: Markup
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One document of the whole letter; `sheets` "" for the letter itself."""

    place: str
    text: str
    sheets: str


@dataclass(frozen=True, slots=True)
class DocumentList:
    """Lampiran II: enclosures of the letter, then the matrix of people and kinds."""

    shared: bool
    """There are documents of all people beside those of the company."""
    enclosures: list[list[Enclosure]]
    """The last two rows are one group, so that what follows never stands alone."""
    heads: tuple[str, ...]
    """Empty where no person has a document: then the matrix is left out."""
    counts: tuple[Counter[str], ...]
    """Of each person in the order of the letter."""
    total: tuple[str, ...]
    """The sums under the matrix: each kind, then all."""
    unit: str
    """`lembar` where all sheets are counted, else `berkas`."""
    legend: str
    everyone_has_a_card: bool


def short_documents(documents: str, *, cards_are_told: bool) -> str:
    """Return the documents of a line by their short names: "KTP-el, KK, akta"."""
    names = [name for part in documents.split(",") if (name := part.strip())]
    known = [_kind(name) for name in names]
    shorts = dict.fromkeys(
        kind.short if kind else _small(name) for name, kind in zip(names, known, strict=True)
    )
    if cards_are_told and len(shorts) > 1:
        shorts.pop(CARD.short, None)
    return ", ".join(shorts) or NOTHING


def attorney_line(number: str) -> str:
    """Return the line under a signatory's name, "" for who signs in own right."""
    if not number or number.casefold().startswith("surat"):
        return number
    return f"Surat Kuasa Direksi Nomor {number}"


def tied(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Group rows so that the last two stay together: [[a], [b], [c, d]]."""
    if len(rows) <= TIED_ROWS:
        return [list(rows)] if rows else []
    return [*([row] for row in rows[:-TIED_ROWS]), list(rows[-TIED_ROWS:])]


def document_list(facts: LetterFacts) -> DocumentList:
    """Sort the documents into those of the letter and those of each person."""
    places: dict[str, int] = {}
    for index, person in enumerate(facts.people):
        places.setdefault(person.kpj, index)
    counts: tuple[Counter[str], ...] = tuple(Counter() for _ in facts.people)
    others: dict[str, None] = {}
    shared: dict[tuple[str, str], list[LetterDocument]] = {}
    unit = "lembar" if all(document.pages for document in facts.documents) else "berkas"
    for document in facts.documents:
        owner = places.get(document.concerns)
        if owner is None:
            unnamed = _kind_name(document.kind) in _UNNAMED
            text = document.file_name or "Dokumen lain" if unnamed else document.kind
            shared.setdefault((text, document.concerns), []).append(document)
            continue
        head = _head(document.kind)
        if head == OTHER_HEAD:
            unnamed = _kind_name(document.kind) in _UNNAMED
            others.setdefault("dokumen lain" if unnamed else _small(document.kind))
        counts[owner][head] += _sheets(document, unit)
    found: Counter[str] = sum(counts, Counter())
    heads = [kind.head for kind in KINDS if found[kind.head]]
    legend = [
        f"{kind.head}: {kind.meaning}." for kind in KINDS if kind.meaning and kind.head in heads
    ]
    if found[OTHER_HEAD]:
        heads.append(OTHER_HEAD)
        legend.append(f"{OTHER_HEAD}: {_some(list(others))}.")
    return DocumentList(
        shared=any(_kind_name(kind) not in _COMPANY_KINDS for kind, _ in shared),
        enclosures=tied(_enclosures(facts, shared, unit)),
        heads=tuple(heads),
        counts=counts,
        total=tuple(
            grouped_number(count) for count in (*(found[head] for head in heads), found.total())
        ),
        unit=unit,
        legend=" ".join(legend),
        everyone_has_a_card=bool(counts) and all(count[CARD.head] for count in counts),
    )


def sheets_print(
    facts: LetterFacts, documents: DocumentList, start: int, stop: int
) -> list[SheetsPrint]:
    """Return the people from index `start` up to `stop` with their sheets of each kind."""
    return [
        SheetsPrint(
            index=index,
            place=grouped_number(index + 1),
            name=shown(facts.people[index].name, "nama"),
            kpj=shown(facts.people[index].kpj, "KPJ"),
            cells=tuple(
                grouped_number(count) if count else NOTHING
                for count in (
                    *(documents.counts[index][head] for head in documents.heads),
                    documents.counts[index].total(),
                )
            ),
        )
        for index in range(start, stop)
    ]


def _head(kind: str) -> str:
    known = _kind(kind)
    return known.head if known else OTHER_HEAD


def _kind(label: str) -> Kind | None:
    name = _kind_name(label)
    return next((known for known in KINDS if name in known.names), None)


def _small(label: str) -> str:
    """Return a label as it stands in a sentence: "surat pengunduran diri", "NPWP"."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _kind_name(kind: str) -> str:
    return re.sub(r"[^a-z0-9]", "", kind.casefold())


def _sheets(document: LetterDocument, unit: str) -> int:
    return 1 if unit == "berkas" or not document.pages else document.pages


def _some(names: list[str]) -> str:
    """List kinds for the legend: all of them up to six."""
    most = 6
    return listed([*names[:most], *(["lainnya"] if len(names) > most else [])])


def _enclosures(
    facts: LetterFacts, shared: dict[tuple[str, str], list[LetterDocument]], unit: str
) -> list[Enclosure]:
    rows = [Enclosure("1", "Surat permohonan ini beserta lampirannya (asli)", "")]
    attorney = attorney_line(facts.signatory.attorney_number or "")
    for (kind, concerns), documents in shared.items():
        text = attorney if attorney and _kind_name(kind) in _POWER_OF_ATTORNEY else kind
        text = f"{text}, {concerns}" if concerns else text
        copies = "salinan" if len(documents) == 1 else f"salinan, {len(documents)} berkas"
        sheets = sum(_sheets(document, unit) for document in documents)
        rows.append(
            Enclosure(grouped_number(len(rows) + 1), f"{text} ({copies})", grouped_number(sheets))
        )
    return rows
