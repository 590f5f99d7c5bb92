"""From the facts of a letter to what its templates print.

Everything that decides what is printed happens here; the templates only lay it
out. Text becomes markup only through MarkupSafe, so a name can never be more
than a name.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

import segno
from markupsafe import Markup, escape

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.domain.letters import (
    LetterDocument,
    LetterFacts,
    LetterLine,
    LetterPerson,
    Segment,
    changed_part,
    differing_fields,
    identifier_groups,
    is_erased,
    line_label,
    printed_value,
)
from hr_portal.domain.wording import counted, date_in_words, grouped_number, listed

LONG_NAME = 40
"""A longer company name gets the smaller size in the letterhead."""

TIED_ROWS = 2
"""So many rows at the end of a list move to the next page together with what follows."""

LARGEST_QR_VERSION = 3

NOTHING = "–"
"""Printed for a blank, which would invite being filled in later."""

MOST_BREAKS = 8
"""Places in one address of mail where a line may break; each costs time."""

_IDENTIFIERS = {"nik", "kk", "npwp"}

_MAIL = re.compile(r"\S+@\S+")

_TIED_WORDS = re.compile(
    r"\bRT\.? ?[0-9]+ ?/ ?RW\.? ?[0-9]+,?"
    r"|\b(?:Nomor|No\.?|RT\.?|RW\.?|Blok|Kav\.?|Lantai|Lt\.?|Gang|Gg\.?|Km\.?) \w{1,6}\b,?",
    re.IGNORECASE,
)

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document with a column of its own in Lampiran II."""

    head: str
    meaning: str
    names: frozenset[str]


KINDS: tuple[Kind, ...] = (
    Kind(
        "Kartu",
        "kartu peserta",
        frozenset({"kartu", "kartupeserta", "kartubpjs", "kartukpj", "kpj", "kartukepesertaan"}),
    ),
    Kind("KTP-el", "", frozenset({"ktp", "ktpel", "ektp", "kartutandapenduduk"})),
    Kind("KK", "kartu keluarga", frozenset({"kk", "kartukeluarga"})),
    Kind(
        "Akta",
        "kutipan akta kelahiran",
        frozenset({"akta", "aktakelahiran", "aktalahir", "kutipanaktakelahiran"}),
    ),
    Kind("NPWP", "", frozenset({"npwp", "kartunpwp"})),
    Kind(
        "Buku",
        "halaman identitas buku tabungan",
        frozenset({"buku", "bukutabungan", "bukurekening", "rekening"}),
    ),
)

OTHER_HEAD = "Lain"

_POWER_OF_ATTORNEY = frozenset({"suratkuasa", "suratkuasadireksi", "kuasa"})
_COMPANY_KINDS = _POWER_OF_ATTORNEY | {
    "suratpernyataan", "suratketerangan", "suratketeranganperusahaan", "suratpenunjukan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinePrint:
    """One line of Lampiran I."""

    label: str
    before: Markup
    after: Markup
    documents: str


@dataclass(frozen=True, slots=True)
class PersonPrint:
    """One person of Lampiran I: `index` from 0, `place` the number that is printed."""

    index: int
    place: str
    name: Markup
    kpj: Markup
    nik: Markup
    lines: tuple[LinePrint, ...]


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


def tidied(facts: LetterFacts) -> LetterFacts:
    """Return the facts as they can be printed.

    All text in NFC, without control and invisible format characters (a
    right-to-left mark could turn a name round), each line without spaces at its
    ends. Raises LetterError LET-FONT for characters that are none: surrogates,
    private use, unassigned.
    """
    return _tidied(facts)  # type: ignore[no-any-return]


def _tidied(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return _tidied_text(value)
    if isinstance(value, tuple):
        return tuple(_tidied(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{item.name: _tidied(getattr(value, item.name)) for item in fields(value)}
        )
    return value


def _tidied_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = []
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if category in ("Cs", "Co", "Cn"):
            raise unprintable([sign])
        if sign == "\n":
            kept.append(sign)
        elif category in ("Zs", "Zl", "Zp") or sign == "\t":
            kept.append(" ")
        elif category not in ("Cc", "Cf"):
            kept.append(sign)
    lines = "".join(kept).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def unprintable(signs: Sequence[str]) -> LetterError:
    """Return the error for characters that Carlito doesn't have."""
    shown = ", ".join(
        f"{sign if sign.isprintable() else '?'} (U+{ord(sign):04X})" for sign in signs[:5]
    )
    return LetterError(
        "LET-FONT",
        f"Surat memuat huruf yang tidak ada pada Carlito, huruf surat ini: {shown}. "
        "Ganti huruf itu pada data pengajuan atau data perusahaan, lalu buat suratnya lagi.",
        f"The letter holds characters that its typeface Carlito does not have: {shown}. "
        "Replace them in the batch or in the company's data, then make the letter again.",
    )


def letter_context(facts: LetterFacts, *, preview: bool) -> dict[str, Any]:
    """Return what the letter itself and the heads of both lampiran print.

    In a preview a missing fact is a red mark with its name; else missing facts
    have been refused before (`missing_facts`).
    """
    company, contact, signatory = facts.company, facts.contact, facts.signatory
    number = shown(facts.number or "", "nomor diberikan saat terbit")
    name = shown(company.name, "nama perusahaan")
    attorney = signatory.attorney_number or ""
    return {
        "preview": preview,
        "paper": facts.paper,
        "title": f"Permohonan Koreksi Data Peserta, Nomor {facts.number or '(konsep)'}",
        "author": company.name or NOTHING,
        "created": facts.issued_on.isoformat(),
        "number": number,
        "date": date_in_words(facts.issued_on),
        "place": shown(facts.place, "tempat"),
        "company": name,
        "long_name": len(company.name) > LONG_NAME,
        "npp": shown(company.npp, "NPP"),
        "division": company.division,
        "address": shown(_with_city(company.address, company.city), "alamat perusahaan"),
        "reach": " · ".join(
            part
            for part in (
                f"Telepon {company.phone}" if company.phone else "",
                f"Surel {company.email}" if company.email else "",
            )
            if part
        ),
        "branch": shown(_branch_name(facts.branch.name), "nama kantor cabang"),
        "branch_address": _lines(_with_city(facts.branch.address, facts.branch.city)),
        "people_counted": counted(len(facts.people), "tenaga kerja"),
        "corrections_counted": counted(facts.corrections, "butir koreksi"),
        "contact": _contact_name(facts),
        "contact_reach": shown(
            ", ".join(part for part in (contact.phone, contact.email) if part),
            "telepon atau surel narahubung",
        ),
        "fields": listed(differing_fields(facts.people)) or shown("", "jenis data"),
        "has_documents": bool(facts.documents),
        "signatory": shown(signatory.name, "nama penanda tangan"),
        "signatory_title": shown(signatory.title, "jabatan penanda tangan"),
        "attorney": _attorney(attorney),
        "copies_to": [recipient for recipient in facts.copies_to if recipient],
        "proof": _proof(facts),
    }


def shown(value: str, name: str) -> Markup:
    """Return a value, its line breaks kept; if blank, a red mark saying what is missing."""
    if value:
        return _lines(value)
    return Markup('<span class="kurang">[{}]</span>').format(name)


def people_print(people: Sequence[LetterPerson], start: int = 0) -> list[PersonPrint]:
    """Return the people of Lampiran I; the first gets the number `start` + 1."""
    return [
        PersonPrint(
            index=index,
            place=grouped_number(index + 1),
            name=shown(person.name, "nama"),
            kpj=shown(person.kpj, "KPJ"),
            nik=_segments("nik", (Segment(person.nik, changed=False),))
            if person.nik
            else shown("", "NIK"),
            lines=tuple(_line_print(line) for line in person.lines),
        )
        for index, person in enumerate(people, start=start)
    ]


def _line_print(line: LetterLine) -> LinePrint:
    before = printed_value(line.field, line.before)
    after = printed_value(line.field, line.after)
    if is_erased(line):
        marked = Markup("<i>dihapus</i>")
    elif not after:
        marked = shown("", "nilai Menjadi")
    else:
        marked = _segments(line.field, changed_part(before, after))
    recorded = _segments(line.field, (Segment(before, changed=False),))
    return LinePrint(
        label=line_label(line),
        before=recorded if before else Markup("<i>belum tercatat</i>"),
        after=marked,
        documents=line.documents or NOTHING,
    )


def _segments(field: str, segments: tuple[Segment, ...]) -> Markup:
    """Return a value as markup: changes bold, 16-digit identifiers set apart 6-6-4."""
    if field == "alamat" and len(segments) == 1:
        return _address(segments[0].text)
    if field not in _IDENTIFIERS:
        return _joined(segments)
    *groups, last = identifier_groups(segments)
    return Markup("").join(
        [*(Markup('<span class="g">{}</span>').format(_joined(group)) for group in groups),
         _joined(last)]
    )  # fmt: skip


def _joined(segments: tuple[Segment, ...]) -> Markup:
    return Markup("").join(
        Markup("<b>{}</b>").format(_lines(text)) if changed else _lines(text)
        for text, changed in segments
    )


def _lines(text: str) -> Markup:
    """Return text as markup: its line breaks kept, an address of mail breakable at @ and dots."""
    escaped = str(escape(text))
    if "@" in escaped:
        escaped = _MAIL.sub(
            lambda mail: re.sub(r"([@.])", r"\1<wbr>", mail[0], count=MOST_BREAKS), escaped
        )
    return Markup(escaped.replace("\n", "<br>"))  # noqa: S704  # escaped above


def _address(text: str) -> Markup:
    """Return a postal address as markup, breaking no line within "Nomor 8" or "RT 001/RW 002"."""
    tied_words = _TIED_WORDS.sub(r'<span class="nowrap">\g<0></span>', str(_lines(text)))
    return Markup(tied_words)  # noqa: S704  # escaped by _lines


def _with_city(address: str, city: str) -> str:
    """Add the city to an address that doesn't name it."""
    if not city or city.casefold() in address.casefold():
        return address
    return f"{address}, {city}" if address else city


def _branch_name(name: str) -> str:
    """Return the office's name without that of the institution, which the letter prints."""
    return re.sub(r"^BPJS\s+Ketenagakerjaan\s+", "", name, flags=re.IGNORECASE)


def _contact_name(facts: LetterFacts) -> Markup:
    name = shown(facts.contact.name, "nama narahubung")
    title = facts.contact.title
    return Markup("{}, {}").format(name, title) if title else Markup("{}").format(name)


def _attorney(number: str) -> str:
    if not number or number.casefold().startswith("surat"):
        return number
    return f"Surat Kuasa Direksi Nomor {number}"


def _proof(facts: LetterFacts) -> dict[str, Any] | None:
    """Return QR, address and code of the verification page; None unless both are given.

    The QR holds the address in capitals, which makes it small enough for 14 mm;
    what is printed beside it is the address without scheme and code. Raises
    LetterError LET-QR for an address that needs more than 29 x 29 modules.
    """
    if not facts.verify_url or not facts.verify_code:
        return None
    code = segno.make(facts.verify_url.upper(), error="m", boost_error=False, micro=False)
    if not isinstance(code.version, int) or code.version > LARGEST_QR_VERSION:
        raise LetterError(
            "LET-QR",
            "Alamat halaman pemeriksaan terlalu panjang untuk kode QR 14 mm. "
            "Gunakan alamat portal yang lebih pendek.",
            "The address of the verification page is too long for a 14 mm QR code.",
        )
    address = re.sub(r"^https?://", "", facts.verify_url, flags=re.IGNORECASE)
    bare = facts.verify_code.replace("-", "")
    address = re.sub(rf"/(?:{re.escape(facts.verify_code)}|{re.escape(bare)})$", "", address)
    return {
        "qr": Markup(code.svg_inline(border=0, omitsize=True)),  # noqa: S704  # segno's own shapes
        "address": address.lower(),
        "code": facts.verify_code,
    }


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
            text = document.kind or document.file_name
            shared.setdefault((text, document.concerns), []).append(document)
            continue
        head = _head(document.kind)
        if head == OTHER_HEAD:
            others.setdefault(document.kind or "dokumen lain")
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
        everyone_has_a_card=bool(counts) and all(count[KINDS[0].head] for count in counts),
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


def tied(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Group rows so that the last two stay together: [[a], [b], [c, d]]."""
    if len(rows) <= TIED_ROWS:
        return [list(rows)] if rows else []
    return [*([row] for row in rows[:-TIED_ROWS]), list(rows[-TIED_ROWS:])]


def _head(kind: str) -> str:
    name = _kind_name(kind)
    return next((known.head for known in KINDS if name in known.names), OTHER_HEAD)


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
    attorney = _attorney(facts.signatory.attorney_number or "")
    for (kind, concerns), documents in shared.items():
        text = attorney if attorney and _kind_name(kind) in _POWER_OF_ATTORNEY else kind
        text = f"{text}, {concerns}" if concerns else text
        copies = "salinan" if len(documents) == 1 else f"salinan, {len(documents)} berkas"
        sheets = sum(_sheets(document, unit) for document in documents)
        rows.append(
            Enclosure(grouped_number(len(rows) + 1), f"{text} ({copies})", grouped_number(sheets))
        )
    return rows
