"""What each column of a sheet means: by its name, by a name near it, by its content.

What is certain is taken. The rest is a proposal, and whoever reads the file for
a person asks about it; nothing uncertain is ever taken by itself.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hr_portal.domain.contents import Contents, Looks, Sample, agreement
from hr_portal.domain.fields import FIELD, FIELDS, header_key
from hr_portal.domain.layouts import (
    REQUIRED,
    UNKNOWN,
    Fault,
    Header,
    LayoutChoice,
    decide,
    says_new,
    understand,
    words_of,
)
from hr_portal.domain.resembling import resembling
from hr_portal.domain.table import Layout, Role
from hr_portal.domain.two_sources import is_on_record, paired

Basis = Literal["name", "similar", "content", "remembered", "answered", "placed", "unknown"]
Ask = Literal["needed", "unsure", "always"]
"""When to ask: where the file can't be read otherwise; about every doubt; in any case."""

_GENERIC_WORDS: dict[str, Role] = {
    "no": Role("number"), "data": Role("which"), "semula": Role("before"), "menjadi": Role("after"),
    "alasan": Role("reason"), "keterangan": Role("note"), "npp": Role("company", "npp"),
    "divisi": Role("company", "divisi"), "abaikan": UNKNOWN,
}  # fmt: skip
AFTER_SUFFIX = ":menjadi"
ROLE_WORDS: dict[str, Role] = {
    **{one.key: Role("record", one.key) for one in FIELDS},
    **{f"{one.key}{AFTER_SUFFIX}": Role("after", one.key) for one in FIELDS},
    **_GENERIC_WORDS,
}
"""Every meaning a column may have, by the word that answers and `--map` use."""
WORD_OF: dict[Role, str] = {role: word for word, role in ROLE_WORDS.items()}

AGREES, ENOUGH_PAIRS = 0.98, 5
"""Dates that are those of the NIK in this share of rows, of so many, are the birth dates."""
PROBABLY = 0.8
_OTHERS = frozenset(
    {"PASANGAN", "ISTRI", "SUAMI", "ANAK", "AYAH", "IBU", "SAKSI", "ATASAN", "PIMPINAN", "DARURAT",
     "KELUARGA", "PELAPOR", "PIC", "WARIS", "WALI", "ORANGTUA", "ORTU", "MERTUA", "SAUDARA", "KAKAK", "ADIK",
     "TANGGUNGAN", "PENANGGUNG", "PENERIMA", "KUASA", "PENGURUS", "DIREKTUR", "MANAJER", "MANAGER", "SUPERVISOR",
     "SPOUSE", "HUSBAND", "WIFE", "CHILD", "FATHER", "MOTHER", "EMERGENCY", "DEPENDENT", "BENEFICIARY"}
)  # fmt: skip
"""Words that make a number somebody else's, whatever it looks like."""
_OF_A_CARD = frozenset({"NIK", "KTP", "EKTP", "PASPOR", "SIM"})
"""Words that make a number of sixteen digits none of a family."""
_PLACES = frozenset({"TTL", "TEMPAT", "TMPT", "TMP"})
_SAYS_NOTHING = re.compile(
    r"(?:KOLOM|COLUMN|COL|FIELD|UNNAMED|F|DATA|ISI|NOMOR|NO|ID|TGL|TANGGAL|NAMAKOLOM)?[0-9]*[A-Z]?"
)
IDENTITY = ("kpj", "nik", "nama", "tanggal_lahir", "kk")
"""All that a row of the per-correction layout says of its employee."""
SHORTEST_SAMPLE = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What one column means, why, and whether that is beyond doubt."""

    role: Role = UNKNOWN
    basis: Basis = "unknown"
    is_certain: bool = False
    note: str = ""
    """What speaks for it or against it: a pattern of `contents`, or a word of this module."""
    share: int = 0
    """Per cent of the cells (with a date: of the rows) that this is true of."""
    is_asked: bool = False
    """Whether this doubt alone is worth a question."""

    @property
    def word(self) -> str:
        """Return the word of ROLE_WORDS for what is certain of it."""
        return WORD_OF[self.role if self.is_certain else UNKNOWN]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is known of a header: a match a column, and whether a table comes of it."""

    header: Header
    """With the roles that are certain and fit the layout."""
    matches: tuple[Match, ...]
    layout: Layout | None
    fault: Fault | None
    """Why no table comes of it as it stands."""
    may_ask: bool
    """Whether an answer could mend the fault."""
    contents: Looks = field(repr=False)

    def asks(self, when: Ask) -> bool:
        """Tell whether a question is to be put."""
        if self.fault is not None:
            return self.may_ask
        doubts = any(match.is_asked for match in self.matches)
        return when == "always" or (when == "unsure" and doubts)


def fingerprint(texts: Sequence[str]) -> str:
    """Return what makes two headers the same: their names in order, spelling aside."""
    names = "\n".join(header_key(text) for text in texts)
    return hashlib.sha256(names.encode()).hexdigest()


def says_nothing(text: str) -> bool:
    """Tell whether a header is none: empty, "Kolom3", "Tgl"."""
    return _SAYS_NOTHING.fullmatch(header_key(text)) is not None


def recognise(
    texts: Sequence[str],
    samples: Sequence[Sample],
    choice: LayoutChoice = "auto",
    given: Mapping[int, Role] | None = None,
    basis: Basis = "answered",
) -> Recognition:
    """Recognise the columns of a header; `given` are answers by place, which stand as they are.

    `samples` holds a sample a column, all of the same rows.
    """
    given = given or {}
    named = understand(texts)
    header = Header(named.texts, tuple(given.get(at, role) for at, role in enumerate(named.roles)))
    contents = Looks(samples)
    finder = _Finder(header, samples, contents, choice)
    for at, role in given.items():
        finder.matches[at] = Match(role, basis, is_certain=True)
    finder.by_sources(given)
    finder.by_likeness()
    finder.by_content()
    finder.settle_rivals()
    matches = tuple(finder.matches)
    roles = tuple(match.role if match.is_certain else UNKNOWN for match in matches)
    judged = _judged(Header(tuple(texts), roles), matches, contents, choice)
    fault = judged.fault
    if fault is None or fault.kind != "missing":
        return judged
    placed = _one_each(_placed(judged, fault, choice), contents)
    return Recognition(
        judged.header, placed, None, fault, _could_be_mended(placed, contents, fault), contents
    )


def roles_fitting(recognition: Recognition) -> bool:
    """Tell whether no column's content speaks against the role it has."""
    return not any(
        recognition.contents[at].agrees(match.role.field or "") is False
        for at, match in enumerate(recognition.matches)
        if match.role.field in FIELD
    )


def _judged(
    header: Header, matches: tuple[Match, ...], contents: Looks, choice: LayoutChoice
) -> Recognition:
    decided = decide(header, choice)
    if isinstance(decided, Fault):
        doubted = _doubted(matches, decided, contents)
        return Recognition(header, doubted, None, decided, may_ask=True, contents=contents)
    layout, fitting = decided
    return Recognition(fitting, matches, layout, None, may_ask=False, contents=contents)


def _doubted(matches: tuple[Match, ...], fault: Fault, contents: Looks) -> tuple[Match, ...]:
    """Mark the columns that a fault is about."""
    made = list(matches)
    if fault.kind == "mixed":
        for at in fault.columns:
            made[at] = Match(made[at].role, made[at].basis, note="mixed", is_asked=True)
    return _one_each(made, contents)


def _one_each(matches: Sequence[Match], contents: Looks) -> tuple[Match, ...]:
    """Leave of the columns that mean the same datum one proposal, whatever else is asked.

    It is the one whose content speaks most for it, of equals the first.
    """
    made = list(matches)
    places: dict[Role, list[int]] = {}
    for at, match in enumerate(matches):
        if match.role.field is not None or match.role.part in {"which", "before", "after"}:
            places.setdefault(match.role, []).append(at)
    for role, rivals in places.items():
        if len(rivals) < 2:  # noqa: PLR2004 - one alone has no rival
            continue
        ranks = [_speaking(contents[at], role.field) for at in rivals]
        kept = rivals[ranks.index(max(ranks))]
        for at in rivals:
            made[at] = Match(
                role if at == kept else UNKNOWN, made[at].basis, note="repeated", is_asked=True
            )
    return tuple(made)


def _speaking(contents: Contents, key: str | None) -> int:
    """Rank what a content says of a meaning: for it, nothing, against it; no content at all."""
    if not contents.filled:
        return -1
    return {True: 2, None: 1, False: 0}[contents.agrees(key) if key else None]


class _Finder:
    """Looks for the meaning of the columns whose names say nothing known."""

    def __init__(
        self,
        header: Header,
        samples: Sequence[Sample],
        contents: Looks,
        choice: LayoutChoice,
    ) -> None:
        self.header = header
        self.samples = samples
        self.contents = contents
        self.matches = [
            Match() if role == UNKNOWN else Match(role, "name", is_certain=True)
            for role in header.roles
        ]
        self._doubt_new_values()
        self.taken = {match.role for match in self.matches} - {UNKNOWN}
        labels = any(
            role == UNKNOWN and contents[at].has("label") for at, role in enumerate(header.roles)
        )
        generic = {Role("which"), Role("after")} & self.taken
        self.per_correction = choice == "per-correction" or (
            choice == "auto" and not header.field_afters() and bool(generic or labels)
        )

    def _doubt_new_values(self) -> None:
        """Propose "Koreksi" over names of data as what is corrected: no new value reads so."""
        for at, role in enumerate(self.header.roles):
            is_after = role == Role("after") and Role("which") not in self.header.roles
            if is_after and self.contents[at].has("label"):
                self.matches[at] = self._content(at, Role("which"), "label")

    def _open(self) -> list[int]:
        return [at for at, match in enumerate(self.matches) if match.basis == "unknown"]

    def _is_free(self, role: Role) -> bool:
        if role in self.taken:
            return False
        if role.field is None or not self.per_correction:
            return True
        return role.part == "record" and role.field in IDENTITY

    def _guess(self, at: int, match: Match) -> None:
        """Note a proposal; what says it is new is never a value on record."""
        if match.role.part == "record" and says_new(self.header.texts[at]):
            after = Role("after", match.role.field)
            # Place and date of birth in one column are two data.
            if (
                self.per_correction
                or after in self.taken
                or _PLACES & set(words_of(self.header.texts[at]))
            ):
                return
            match = Match(after, match.basis, note=match.note, share=match.share, is_asked=True)
        self.matches[at] = match

    def by_sources(self, given: Mapping[int, Role]) -> None:
        """Propose old and new where two headers name one datum by where it stands."""
        for at, role in paired(self.header.texts).items():
            if at not in given:
                self._guess(at, Match(role, "placed", note="sources", is_asked=True))

    def by_likeness(self) -> None:
        """Take headers that are nearly a known one, unless their content speaks against it."""
        for at in self._open():
            text = self.header.texts[at]
            near = None if says_nothing(text) else resembling(text)
            if near is None or not self._is_free(near.role):
                continue
            speaks = self.contents[at].agrees(near.role.field) if near.role.field else None
            if speaks is False:
                continue
            certain = near.is_sure or speaks is True
            matters = near.role.part not in {"number", "reason", "note"}
            self._guess(at, Match(near.role, "similar", certain, is_asked=matters and not certain))

    def by_content(self) -> None:
        """Propose a meaning for what no name explains, the telling patterns first."""
        self._identifiers()
        self._dates()
        for at in self._open():
            match = self._plain(at)
            if match is not None and self._is_free(match.role):
                self._guess(at, match)
        if not self.per_correction:
            self._new_values()

    def _new_values(self) -> None:
        """Ask about a column that says it holds new values, of whatever: "TTL Baru"."""
        for at in self._open():
            if says_new(self.header.texts[at]) and self.contents[at].filled:
                self._guess(at, Match(UNKNOWN, "content", note="new-of-what", is_asked=True))

    def _held(self, role: Role) -> int | None:
        """Return the column that has a role beyond doubt, or the only one proposed for it."""
        found = [at for at, match in enumerate(self.matches) if match.role == role]
        return found[0] if len(found) == 1 else None

    def _identifiers(self) -> None:
        sixteen = [at for at in self._open() if self.contents[at].has("sixteen")]
        nik, kk = Role("record", "nik"), Role("record", "kk")
        if self._held(nik) is None and nik not in self.taken:
            niks = [at for at in sixteen if self._is_surely_nik(at)]
            for at in niks:
                certain = len(niks) == 1 and not _is_of_others(self.header.texts[at])
                self._guess(at, self._content(at, nik, "sixteen", certain=certain))
            own = [at for at in sixteen if not _is_of_others(self.header.texts[at])]
            if not niks and own:
                self._guess(own[0], self._content(own[0], nik, "sixteen"))
        for at in sixteen:
            words = set(words_of(self.header.texts[at]))
            is_open = self.matches[at].basis == "unknown" and not self.contents[at].has_women
            is_open = is_open and not words & (_OF_A_CARD | _OTHERS - {"KELUARGA"})
            if is_open and self._is_free(kk) and self._held(kk) is None:
                self._guess(at, self._content(at, kk, "sixteen"))

    def _is_surely_nik(self, at: int) -> bool:
        if self.contents[at].has_women:
            return True
        dates = self._held(Role("record", "tanggal_lahir"))
        return dates is not None and self._is_born(at, dates)[0]

    def _is_born(self, nik: int, dates: int) -> tuple[bool, float]:
        same, both = agreement(self.samples[nik], self.samples[dates])
        share = same / both if both else 0.0
        return both >= ENOUGH_PAIRS and share >= AGREES, share

    def _dates(self) -> None:
        born = Role("record", "tanggal_lahir")
        nik = self._held(Role("record", "nik"))
        for at in self._open():
            if not self.contents[at].has("date"):
                continue
            text = self.header.texts[at]
            sure, share = self._is_born(nik, at) if nik is not None else (False, 0.0)
            if share >= PROBABLY and self._is_free(born):
                certain = sure and not _is_of_others(text)
                match = Match(
                    born, "content", certain, "birth", round(share * 100), is_asked=not certain
                )
                self._guess(at, match)
            elif says_nothing(text) and not self.per_correction:
                share = self.contents[at].share("date")
                self._guess(
                    at,
                    Match(
                        UNKNOWN,
                        "content",
                        note="other-date",
                        share=round(share * 100),
                        is_asked=True,
                    ),
                )

    def _plain(self, at: int) -> Match | None:
        contents = self.contents[at]
        if self.per_correction and contents.has("label"):
            return self._content(at, Role("which"), "label")
        for pattern, key in (("email", "email"), ("phone", "hp"), ("kpj", "kpj")):
            if contents.has(pattern) and not _is_of_others(self.header.texts[at]):  # type: ignore[arg-type]
                return self._content(at, Role("record", key), pattern)
        if contents.filled < SHORTEST_SAMPLE or not says_nothing(self.header.texts[at]):
            return None
        for pattern, key in (("sex", "jenis_kelamin"), ("postal", "kode_pos"), ("name", "nama")):
            # The same words in most rows are a reason or a place, nobody's name.
            if (pattern != "name" or contents.is_varied) and contents.has(pattern):  # type: ignore[arg-type]
                return self._content(at, Role("record", key), pattern)
        return None

    def _content(self, at: int, role: Role, pattern: str, *, certain: bool = False) -> Match:
        share = round(self.contents[at].share(pattern) * 100)  # type: ignore[arg-type]
        return Match(role, "content", certain, pattern, share, is_asked=not certain)

    def settle_rivals(self) -> None:
        """Where two columns could be the same, neither is certain, and only one is proposed."""
        seen: dict[Role, int] = {}
        for at, match in enumerate(self.matches):
            if match.basis not in {"similar", "content"} or match.role == UNKNOWN:
                continue
            first = seen.setdefault(match.role, at)
            if first != at:
                for place in (first, at):
                    held = self.matches[place]
                    role = held.role if place == first else UNKNOWN
                    self.matches[place] = Match(
                        role, held.basis, note=held.note, share=held.share, is_asked=True
                    )


def _is_of_others(text: str) -> bool:
    return bool(_OTHERS & set(words_of(text)))


def _placed(judged: Recognition, fault: Fault, choice: LayoutChoice) -> tuple[Match, ...]:
    """Propose where what is missing may be, as far as the other columns tell."""
    matches = [
        Match(match.role, match.basis, note="contradicts", is_asked=True)
        if match.role.field in FIELD and judged.contents[at].agrees(match.role.field or "") is False
        else match
        for at, match in enumerate(judged.matches)
    ]
    open_ = [
        at for at, match in enumerate(matches) if match == Match() and judged.contents[at].filled
    ]
    for key, _ in REQUIRED:
        could = [at for at in open_ if judged.contents[at].could_be(key)]
        if len(could) > 1:  # the same word in most rows is a department, nobody's name
            could = [at for at in could if judged.contents[at].is_varied]
        proposed = any(match.role == Role("record", key) for match in matches)
        if key in fault.lacking and not proposed and len(could) == 1:
            matches[could[0]] = Match(Role("record", key), "placed", note="only", is_asked=True)
            open_.remove(could[0])
    which = [at for at, match in enumerate(matches) if match.role == Role("which")]
    if which:
        if not any(match.role == Role("after") for match in matches):
            _place_sides(judged, matches, which[0])
    elif fault.lacking & {"correction", "which"} and choice != "per-correction":
        _place_new_values(judged, matches)
    return tuple(matches)


def _place_sides(judged: Recognition, matches: list[Match], which: int) -> None:
    """Propose Semula and Menjadi in the columns that follow the names of data.

    New values differ from row to row; the same words again and again beside them are a reason.
    """
    following = [at for at in range(which + 1, len(matches)) if matches[at] == Match()][:2]
    held = [judged.contents[at] for at in following]
    if [one.is_varied for one in held] == [True, False] and held[0].filled >= held[1].filled:
        following.pop()
    first_is_old = bool(following) and is_on_record(judged.header.texts[following[0]])
    sides = [Role("before"), Role("after")]
    if len(following) == 1 and not first_is_old:
        sides = sides[1:]
    for at, role in zip(following, sides, strict=False):
        matches[at] = Match(role, "placed", note="side", is_asked=True)


def _place_new_values(judged: Recognition, matches: list[Match]) -> None:
    """Propose the new values where no column says "Menjadi" of what.

    SIPP's form of corrections is such a sheet: KPJ and the new values under plain names. So is
    one with Semula and Menjadi of a single datum, which only its title names.
    """
    after = judged.header.having("after")
    key = _only_kind(judged.contents[after[0]]) if after else None
    if key is not None:
        matches[after[0]] = Match(Role("after", key), "content", note=key, is_asked=True)
        for at in judged.header.having("before"):
            matches[at] = Match(Role("record", key), "content", note=key, is_asked=True)
    if after:
        return
    for at, match in enumerate(matches):
        role = match.role
        is_known = match.basis in {"name", "similar"} or match.note in {"email", "phone"}
        if is_known and role.part == "record" and role.field not in IDENTITY:
            matches[at] = Match(
                Role("after", role.field), "placed", note="new-value", is_asked=True
            )


def _only_kind(contents: Contents) -> str | None:
    """Return the field that the new values of a single-datum sheet are of, if they tell."""
    for pattern, key in (("email", "email"), ("phone", "hp")):
        if contents.has(pattern):  # type: ignore[arg-type]
            return key
    return None


def _could_be_mended(matches: tuple[Match, ...], contents: Looks, fault: Fault) -> bool:
    """Tell whether every column that is missing could be one of those that are there."""
    loose = [at for at, match in enumerate(matches) if not match.is_certain and contents[at].filled]
    for key, _ in REQUIRED:
        if key not in fault.lacking:
            continue
        proposed = any(matches[at].role == Role("record", key) for at in loose)
        if not proposed and not any(contents[at].could_be(key) for at in loose):
            return False
    wanted = fault.lacking - {key for key, _ in REQUIRED}
    spare = len(loose) - len(fault.lacking - wanted)
    generic = any(match.role == Role("after") for match in matches)
    return not wanted or spare > 0 or generic
