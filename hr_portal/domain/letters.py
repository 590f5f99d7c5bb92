"""The facts of a cover letter, and what it says about them.

A letter is a snapshot: everything it prints is copied into `LetterFacts` when
it is issued, and the same facts give the same letter for ever. How it looks is
the renderer's business (adapters.letters); what it may say is told here.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from hr_portal.domain.fields import ERASE, FIELD, FIELDS
from hr_portal.domain.letter_changes import Segment, changed_part, identifier_groups
from hr_portal.domain.letter_choices import NAMES, TEXTS, USUAL, LetterChoices, choices_of, longest
from hr_portal.domain.letter_numbers import LetterKind
from hr_portal.domain.wording import date_in_words

__all__ = [
    "Addressee",
    "Contact",
    "LetterDocument",
    "LetterFacts",
    "LetterLine",
    "LetterPerson",
    "Letterhead",
    "Paper",
    "Segment",
    "Signatory",
    "Table",
    "changed_part",
    "differing_fields",
    "facts_from_json",
    "facts_to_json",
    "has_left",
    "identifier_groups",
    "is_erased",
    "line_label",
    "missing_facts",
    "overlong_facts",
    "printed_value",
]

Paper = Literal["a4", "f4"]
PAPERS: tuple[Paper, ...] = ("a4", "f4")

Table = Literal["printed", "file"]
"""Where the corrections stand: on the pages of Lampiran I, or in a workbook that it names."""
TABLES: tuple[Table, ...] = ("printed", "file")

FACTS_VERSION = 1
"""Of the JSON snapshot; raised when its shape changes."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the company as its letterhead shows it."""

    name: str
    npp: str
    division: str
    address: str
    """One or more lines, parted by line breaks."""
    city: str
    phone: str
    email: str
    logo: bytes | None = None
    logo_type: str | None = None
    """`image/png` or `image/svg+xml`; None without a logo."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """The branch office that gets the letter, as "Kantor Cabang Jakarta Contoh"."""

    name: str
    address: str
    city: str


@dataclass(frozen=True, slots=True)
class Contact:
    """The person of the company whom the branch can ask."""

    name: str
    title: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs; `attorney_number` is that of the Surat Kuasa, None for a director."""

    name: str
    title: str
    attorney_number: str | None = None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One correction: a field, what is on record and what it should be.

    `before` is "" where nothing is on record, `after` is "HAPUS" to erase;
    `documents` names what supports it, "" for none.
    """

    field: str
    label: str
    before: str
    after: str
    documents: str = ""


@dataclass(frozen=True, slots=True)
class LetterPerson:
    """One employee with the corrections asked for; name and NIK as on the KTP-el."""

    name: str
    kpj: str
    nik: str
    lines: tuple[LetterLine, ...]
    birthplace: str = ""
    """As corrected, else as on record; "" where the batch doesn't tell."""
    birth_date: str = ""


@dataclass(frozen=True, slots=True)
class LetterDocument:
    """One enclosed document.

    `concerns` is the KPJ of the employee it belongs to; any other text ("" too)
    makes it a document of the whole letter. `pages` is None where not counted.
    """

    kind: str
    concerns: str
    file_name: str
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that a letter prints. `number` is None before the letter is issued."""

    number: str | None
    issued_on: date
    place: str
    company: Letterhead
    branch: Addressee
    contact: Contact
    signatory: Signatory
    copies_to: tuple[str, ...]
    people: tuple[LetterPerson, ...]
    documents: tuple[LetterDocument, ...]
    verify_url: str | None = None
    """The address in the QR; None where it would not fit, or before the letter is issued."""
    verify_code: str | None = None
    verify_page: str | None = None
    """The address that people type the code at."""
    paper: Paper = "a4"
    kind: LetterKind = "permohonan"
    request_number: str = ""
    """Of the letter of request that another kind goes with; "" for that letter itself."""
    request_date: date | None = None
    choices: LetterChoices = USUAL
    table: Table = "printed"
    first_place: int = 1
    """Number of the first person in Lampiran I of the letter of request."""

    @property
    def corrections(self) -> int:
        """The number of corrections of all people."""
        return sum(len(person.lines) for person in self.people)


_NOUNS: Mapping[str, str] = {
    "nik": "NIK",
    "kk": "nomor KK",
    "kpj": "nomor KPJ",
    "hp": "nomor HP",
    "email": "surel",
    "npwp": "NPWP",
    "kode_bank": "rekening bank",
    "no_rekening": "rekening bank",
    "nama_rekening": "rekening bank",
    "kpj_digabung": "penggabungan KPJ",
    "darurat_nama": "kontak darurat",
    "darurat_hp": "kontak darurat",
    "darurat_hubungan": "kontak darurat",
}
"""Fields that the letter's sentence names otherwise than their label in lower case."""

_LABELS: Mapping[str, str] = {
    "nik": "NIK",
    "kk": "Nomor KK",
    "kpj": "Nomor KPJ",
    "hp": "Nomor HP",
    "email": "Surel",
    "npwp": "NPWP",
    "no_rekening": "Nomor rekening",
    "nama_rekening": "Nama pemilik rekening",
    "kpj_digabung": "KPJ digabung",
    "darurat_hp": "Nomor HP kontak darurat",
}
"""Fields that the letter's table names otherwise than their label with one capital."""

_CODES: Mapping[tuple[str, str], str] = {
    ("jenis_kelamin", "L"): "Laki-laki",
    ("jenis_kelamin", "P"): "Perempuan",
    ("status_kawin", "Y"): "Kawin",
    ("status_kawin", "T"): "Belum kawin",
}
"""Codes that a reader of a letter should not have to know."""

_LEAVING = frozenset({"tanggal_berhenti", "sebab_berhenti"})

_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")


def differing_fields(people: Sequence[LetterPerson]) -> tuple[str, ...]:
    """Return the nouns of the fields that differ, each once, in the order of FIELDS.

    As the letter's sentence needs them: ("NIK", "nama lengkap", "rekening bank").
    A key that FIELDS doesn't have goes last, by its own label.
    """
    found = {line.field: line.label for person in people for line in person.lines}
    known = [_NOUNS.get(field.key, field.label.lower()) for field in FIELDS if field.key in found]
    unknown = [label for key, label in found.items() if key not in FIELD]
    return tuple(dict.fromkeys([*known, *unknown]))


def line_label(line: LetterLine) -> str:
    """Return the name of a field as the letter's table prints it: "Nama lengkap"."""
    return field_label(line.field) if line.field in FIELD else line.label


def field_label(key: str) -> str:
    """Return the name of a field as papers print it: "Nama lengkap"."""
    return _LABELS.get(key, FIELD[key].label.capitalize())


def is_erased(line: LetterLine) -> bool:
    """Say whether the correction erases the value on record."""
    return line.after.strip() == ERASE


def has_left(person: LetterPerson) -> bool:
    """Say whether the corrections tell that an employee has resigned or otherwise left."""
    return any(line.field in _LEAVING and not is_erased(line) for line in person.lines)


def printed_value(field: str, value: str) -> str:
    """Return a value as the letter prints it.

    Dates in words ("5 Maret 1991"), the codes of sex and marital status as
    words; everything else as it stands, unreadable dates too.
    """
    value = value.strip()
    known = FIELD.get(field)
    if known is not None and known.kind == "date":
        day = _day(value)
        return value if day is None else date_in_words(day)
    return _CODES.get((field, value), value)


def _day(value: str) -> date | None:
    """Read a date of the forms yyyy-mm-dd and dd-mm-yyyy; None where it isn't one."""
    if match := _YEAR_FIRST.fullmatch(value):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(value):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def missing_facts(facts: LetterFacts) -> tuple[str, ...]:
    """Return what a letter can't be issued without and lacks, in Indonesian.

    Optional by nature: logo, division, the company's phone and e-mail, the
    branch's address and city, the Surat Kuasa, tembusan, documents.
    """
    company, contact = facts.company, facts.contact
    wanted = {
        "nomor surat": facts.number or "",
        "tempat surat": facts.place,
        "nama perusahaan": company.name,
        "NPP": company.npp,
        "alamat perusahaan": company.address,
        "nama kantor cabang": facts.branch.name,
        "nama narahubung": contact.name,
        "telepon atau surel narahubung": contact.phone.strip() + contact.email.strip(),
        "nama penanda tangan": facts.signatory.name,
        "jabatan penanda tangan": facts.signatory.title,
    }
    if facts.kind != "permohonan":
        wanted["nomor surat permohonan"] = facts.request_number if facts.request_date else ""
    missing = [name for name, value in wanted.items() if not value.strip()]
    if not facts.people:
        missing.append("daftar koreksi")
    for place, person in enumerate(facts.people, start=1):
        parts = {"nama": person.name, "KPJ": person.kpj, "NIK": person.nik}
        missing.extend(
            f"{name} tenaga kerja nomor {place}"
            for name, value in parts.items()
            if not value.strip()
        )
        if not person.lines:
            missing.append(f"koreksi tenaga kerja nomor {place}")
        if any(not line.after.strip() for line in person.lines):
            missing.append(f"nilai Menjadi tenaga kerja nomor {place}")
    return tuple(missing)


def overlong_facts(facts: LetterFacts) -> tuple[str, ...]:
    """Return what is too long to be printed, in Indonesian, with its length and the limit.

    As "nama perusahaan (900 karakter, paling panjang 120)". A letter is read by
    people: what is longer than this is a mistake, and would cost the renderer
    minutes.
    """
    company, contact, signatory, branch = (
        facts.company,
        facts.contact,
        facts.signatory,
        facts.branch,
    )
    texts = [
        ("nomor surat", facts.number or "", 80),
        ("tempat surat", facts.place, 80),
        ("nama perusahaan", company.name, 120),
        ("NPP", company.npp, 30),
        ("divisi", company.division, 30),
        ("alamat perusahaan", company.address, 400),
        ("kota perusahaan", company.city, 80),
        ("telepon perusahaan", company.phone, 80),
        ("surel perusahaan", company.email, 120),
        ("nama kantor cabang", branch.name, 120),
        ("alamat kantor cabang", branch.address, 300),
        ("kota kantor cabang", branch.city, 80),
        ("nama narahubung", contact.name, 120),
        ("jabatan narahubung", contact.title, 120),
        ("telepon narahubung", contact.phone, 80),
        ("surel narahubung", contact.email, 120),
        ("nama penanda tangan", signatory.name, 120),
        ("jabatan penanda tangan", signatory.title, 120),
        ("nomor surat kuasa", signatory.attorney_number or "", 80),
        *(("tembusan", recipient, 120) for recipient in facts.copies_to),
    ]
    texts.extend((NAMES[one], getattr(facts.choices, one), longest(one)) for one in TEXTS)
    for document in facts.documents:
        texts.append(("jenis dokumen", document.kind or document.file_name, 200))
        texts.append(("pemilik dokumen", document.concerns, 120))
    for place, person in enumerate(facts.people, start=1):
        whose = f"tenaga kerja nomor {place}"
        texts.append((f"nama {whose}", person.name, 200))
        texts.append((f"KPJ {whose}", person.kpj, 40))
        texts.append((f"NIK {whose}", person.nik, 40))
        texts.append((f"tempat lahir {whose}", person.birthplace, 200))
        texts.append((f"tanggal lahir {whose}", person.birth_date, 40))
        for line in person.lines:
            texts.append((f"nilai Semula {whose}", line.before, 500))
            texts.append((f"nilai Menjadi {whose}", line.after, 500))
            texts.append((f"nama data {whose}", line.label, 80))
            texts.append((f"dokumen {whose}", line.documents, 200))
    return tuple(
        f"{name} ({len(text)} karakter, paling panjang {limit})"
        for name, text, limit in texts
        if len(text) > limit
    )


def facts_to_json(facts: LetterFacts) -> dict[str, Any]:
    """Return the facts as values that JSON has: the snapshot kept with the letter.

    Dates become yyyy-mm-dd, the logo base64, tuples lists.
    """
    content = asdict(replace(facts, people=(), documents=()))
    content["issued_on"] = facts.issued_on.isoformat()
    if facts.request_date is not None:
        content["request_date"] = facts.request_date.isoformat()
    logo = facts.company.logo
    content["company"]["logo"] = None if logo is None else base64.b64encode(logo).decode("ascii")
    content["copies_to"] = list(facts.copies_to)
    # There may be tens of thousands of these, which `asdict` would copy part by part.
    content["people"] = [
        {**_told(person), "lines": [_told(line) for line in person.lines]}
        for person in facts.people
    ]
    content["documents"] = [_told(document) for document in facts.documents]
    return {"version": FACTS_VERSION, **content}


def _told(part: LetterPerson | LetterLine | LetterDocument) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def facts_from_json(content: Mapping[str, Any]) -> LetterFacts:
    """Return the facts that `facts_to_json` wrote.

    Raises ValueError for another version and for content of another shape.
    """
    if content.get("version") != FACTS_VERSION:
        raise ValueError(f"facts of version {content.get('version')!r} are not known")
    if content.get("paper") not in PAPERS:
        raise ValueError(f"paper {content.get('paper')!r} is not known")
    if content.get("table", "printed") not in TABLES:
        raise ValueError(f"table {content.get('table')!r} is not known")
    try:
        return LetterFacts(
            number=content["number"],
            issued_on=date.fromisoformat(content["issued_on"]),
            place=content["place"],
            company=Letterhead(**{**content["company"], "logo": _logo(content["company"])}),
            branch=Addressee(**content["branch"]),
            contact=Contact(**content["contact"]),
            signatory=Signatory(**content["signatory"]),
            copies_to=tuple(content["copies_to"]),
            people=tuple(
                LetterPerson(
                    name=person["name"],
                    kpj=person["kpj"],
                    nik=person["nik"],
                    lines=tuple(LetterLine(**line) for line in person["lines"]),
                    birthplace=person.get("birthplace", ""),
                    birth_date=person.get("birth_date", ""),
                )
                for person in content["people"]
            ),
            documents=tuple(LetterDocument(**document) for document in content["documents"]),
            verify_url=content["verify_url"],
            verify_code=content["verify_code"],
            verify_page=content.get("verify_page"),
            paper=content["paper"],
            kind=content.get("kind", "permohonan"),
            request_number=content.get("request_number", ""),
            request_date=_optional_date(content.get("request_date")),
            choices=choices_of(content.get("choices")),
            table=content.get("table", "printed"),
            first_place=content.get("first_place", 1),
        )
    except (KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise ValueError("these are not the facts of a letter") from error


def _optional_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _logo(company: Mapping[str, Any]) -> bytes | None:
    logo = company["logo"]
    return None if logo is None else base64.b64decode(logo, validate=True)
