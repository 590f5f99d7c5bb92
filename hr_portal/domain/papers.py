"""What a branch gives back on paper: receipt, record of the decision, notice to an employee.

Like a letter each is a snapshot: what it prints is copied when it comes about, and the same facts
give the same paper. Receipt and record have a number of the branch; a notice has none, as it says
again to one person what the record says of all. A notice is what UU 27/2022 (PDP) article 30 asks
for: whoever asked for a correction is told what became of it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from hr_portal.domain.letters import Addressee
from hr_portal.domain.wording import date_in_words

PaperKind = Literal["tanda_terima", "berita_acara"]
KINDS: tuple[PaperKind, ...] = ("tanda_terima", "berita_acara")
NOTICE = "pemberitahuan"

LETTER_CODES: Mapping[str, str] = {"tanda_terima": "TT", "berita_acara": "BA"}
"""How a number names the kind of paper."""
MOST_REASONS = 60
"""Reasons that a record prints; beyond these it says how many more there are."""
MOST_RUNS = 40
"""Runs of row numbers printed for one reason."""

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


@dataclass(frozen=True, slots=True)
class PaperReason:
    """Why rows were returned or refused, as the reviewer wrote it; `rows` counts them."""

    verdict: str
    reason: str
    rows: int
    which: str
    """The rows in runs: "2–5, 9"."""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """All that a receipt or a record of the decision prints."""

    kind: PaperKind
    number: str
    issued_on: dt.date
    moment: str
    """As `moment_in_words` gives it."""
    branch: Addressee
    company: str
    npp: str
    batch: str
    revision: int
    rows: int
    corrections: int
    fields: tuple[tuple[str, int], ...]
    """(label, corrections), the most frequent first."""
    documents: int
    letter_number: str
    letter_date: dt.date | None
    file_sha256: str
    target: str
    """Until when the branch means to decide; "" on a record."""
    approved: int = 0
    returned: int = 0
    rejected: int = 0
    by_two: int = 0
    """Rows of which two reviewers approved something."""
    reasons: tuple[PaperReason, ...] = ()
    reasons_left: int = 0
    """Reasons that aren't printed."""
    child: str = ""
    """The number of the submission that the returned rows go on in."""
    verify_url: str | None = None
    verify_page: str = ""
    verify_code: str = ""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """What was asked for one datum, and what became of it."""

    field: str
    label: str
    before: str
    after: str
    verdict: str
    reason: str
    answer: str = ""
    """The agency's on what was approved: accepted, refused, "" as long as there is none."""
    words: str = ""
    """The agency's own."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The page of one row."""

    row: int
    name: str
    kpj: str
    lines: tuple[NoticeLine, ...]


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Notices of one decision."""

    issued_on: dt.date
    decided: str
    branch: Addressee
    company: str
    npp: str
    batch: str
    contact: str
    """The company's person to ask, "" where it named none."""
    people: tuple[Notice, ...]


def paper_number(kind: str, sequence: int, day: dt.date) -> str:
    """Return the number of a branch's paper: "0012/TT/2026"."""
    return f"{sequence:04}/{LETTER_CODES[kind]}/{day.year}"


def moment_in_words(moment: dt.datetime) -> str:
    """Return a moment with its zone: "Sabtu, 28 November 2026 pukul 10.15 WIB"."""
    offset = moment.utcoffset() or dt.timedelta()
    hours = offset.total_seconds() / 3600
    zone = _ZONES.get(int(hours)) if hours.is_integer() else None
    return (
        f"{_DAYS[moment.weekday()]}, {date_in_words(moment.date())} pukul {moment:%H.%M} "
        f"{zone or f'UTC{moment:%z}'}"
    )


def runs(numbers: Sequence[int]) -> str:
    """Return ascending row numbers in runs: "2–5, 9"; beyond MOST_RUNS it ends with "…"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    told = [str(first) if first == last else f"{first}–{last}" for first, last in found[:MOST_RUNS]]
    return ", ".join([*told, *(["…"] if len(found) > MOST_RUNS else [])])


def paper_to_json(facts: PaperFacts | NoticeFacts) -> dict[str, Any]:
    """Return the facts as values that JSON has: the snapshot that is kept."""
    content = asdict(facts)
    content["issued_on"] = facts.issued_on.isoformat()
    if isinstance(facts, NoticeFacts):
        return {"kind": NOTICE, **content}
    content["letter_date"] = facts.letter_date.isoformat() if facts.letter_date else None
    return content


def paper_from_json(content: Mapping[str, Any] | None) -> PaperFacts | NoticeFacts:
    """Return the facts that `paper_to_json` wrote.

    Raises ValueError where they are none, as after their time of keeping.
    """
    if content is None or content.get("kind") not in {*KINDS, NOTICE}:
        raise ValueError("these are not the facts of a paper")
    made = {
        **content,
        "issued_on": dt.date.fromisoformat(content["issued_on"]),
        "branch": Addressee(**content["branch"]),
    }
    if made["kind"] == NOTICE:
        del made["kind"]
        made["people"] = tuple(
            Notice(**{**one, "lines": tuple(NoticeLine(**line) for line in one["lines"])})
            for one in content["people"]
        )
        return NoticeFacts(**made)
    day = content["letter_date"]
    made["letter_date"] = dt.date.fromisoformat(day) if day else None
    made["fields"] = tuple((label, count) for label, count in content["fields"])
    made["reasons"] = tuple(PaperReason(**one) for one in content["reasons"])
    return PaperFacts(**made)
