"""The number of a letter, made from a company's own pattern of tokens.

A pattern such as `{urut:03}/{kode}/{perusahaan}/{bulan_romawi}/{tahun}` is text
with tokens; everything else in it is printed as it stands. The tokens are read
by this module's own grammar, never by `str.format`, so a pattern can reach no
attribute and no index. Where the running number comes from (a counter row, in
the transaction that issues the letter) is not this module's business.
Source: the number of an Indonesian business letter ends with month and year of
the letter's own date; the order of the parts differs per company.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from hr_portal.domain.told import Told
from hr_portal.domain.wording import roman_month

DEFAULT_PATTERN = "{urut:03}/{kode}/{perusahaan}/{bulan_romawi}/{tahun}"

LETTER_CODE = "SPK"
"""What `{kode}` prints: Surat Permohonan Koreksi."""

TOKENS: dict[str, Told] = {
    "urut": Told(
        "nomor urut; {urut:03} mengisinya dengan nol sampai 3 angka",
        "running number; {urut:03} fills it with zeros to 3 digits",
    ),
    "kode": Told("kode jenis surat", "code of the kind of letter"),
    "perusahaan": Told("kode perusahaan", "code of the company"),
    "bulan_romawi": Told("bulan surat dalam angka Romawi", "month of the letter in Roman numerals"),
    "bulan": Told("bulan surat dalam 2 angka", "month of the letter in 2 digits"),
    "tahun": Told("tahun surat dalam 4 angka", "year of the letter in 4 digits"),
}

Reset = Literal["year", "month", "never"]
"""When the running number begins anew."""

RESETS: tuple[Reset, ...] = get_args(Reset)

LetterKind = Literal["permohonan", "pengantar", "pernyataan", "formulir"]

LETTER_KINDS: dict[LetterKind, tuple[str, str, str]] = {
    "permohonan": ("Surat permohonan koreksi", "Letter of request", LETTER_CODE),
    "pengantar": ("Surat pengantar", "Letter of transmittal", "SP"),
    "pernyataan": ("Surat pernyataan tanggung jawab", "Statement of responsibility", "SPTJ"),
    "formulir": ("Formulir perubahan data", "Form of changed data", "FPD"),
}
"""What a letter may be: its name in both languages, and what `{kode}` prints for it."""

HIGHEST_START = 99_999

LONGEST_PATTERN = 80

_TOKEN = re.compile(r"\{([^{}]*)\}")
_WIDTH = re.compile(r"urut:0([1-9])")
_CODE = re.compile(r"[0-9A-Za-z.\-]{1,12}")
_PLAIN = re.compile(r"[0-9A-Za-z./ \-_()&]*")


class PatternError(ValueError):
    """The pattern can't give a number; `problems` says why, in Indonesian."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Series:
    """How a company numbers one kind of letter."""

    pattern: str = DEFAULT_PATTERN
    reset: Reset = "year"
    start: int = 1
    """The first running number; lower ones were used before the portal."""
    code: str = LETTER_CODE
    """What `{kode}` prints."""


def series_of(kind: LetterKind, said: Mapping[str, Any], pattern: str) -> Series:
    """Return how a kind of letter is numbered: as the company said, else as usual.

    `said` is the company's own choice for this kind ({} where it made none) and `pattern`
    its pattern for all kinds.
    """
    return Series(
        pattern=said.get("pattern") or pattern,
        reset=said.get("reset") or "year",
        start=int(said.get("start") or 1),
        code=said.get("code") or LETTER_KINDS[kind][2],
    )


def needed_tokens(reset: str) -> tuple[tuple[str, ...], ...]:
    """Return the tokens a pattern can't do without; of each group one is enough.

    Without a running number numbers repeat, and without the name of the time after which
    the running number begins anew they repeat then.
    """
    months: tuple[str, ...] = ("bulan_romawi", "bulan")
    return {
        "year": (("urut",), ("tahun",)),
        "month": (("urut",), months, ("tahun",)),
        "never": (("urut",),),
    }[reset]


def check_series(series: Series) -> list[Told]:
    """Return what is wrong with a series, a sentence each; [] if sound."""
    if series.reset not in RESETS:
        return [
            Told(
                "Nomor urut diulang dari awal: pilih tiap tahun, tiap bulan, atau tidak pernah.",
                "The running number starts anew: choose each year, each month or never.",
            )
        ]
    problems = check_pattern(series.pattern, series.reset)
    if not 1 <= series.start <= HIGHEST_START:
        problems.append(
            Told(
                f"Nomor urut pertama harus antara 1 dan {HIGHEST_START}.",
                f"The first running number must lie between 1 and {HIGHEST_START}.",
            )
        )
    if not _CODE.fullmatch(series.code):
        problems.append(
            Told(
                "Kode jenis surat terdiri atas 1 sampai 12 huruf, angka, titik, atau strip.",
                "The code of the kind of letter has 1 to 12 letters, digits, points or dashes.",
            )
        )
    return problems


def period_of(reset: Reset, day: date) -> str:
    """Return the time within which a running number is used once: "2026", "2026-11" or "-"."""
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}", "never": "-"}[reset]


def period_days(reset: Reset, day: date) -> tuple[date, date]:
    """Return the first day of the period that `day` is in, and the first day after it."""
    if reset == "never":
        return date.min, date.max
    if reset == "year":
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.replace(day=1), following


def check_pattern(pattern: str, reset: Reset = "year") -> list[Told]:
    """Return what is wrong with a pattern, a sentence each; [] if sound.

    Looked for: the tokens of `needed_tokens`, unknown tokens by name, a width on another
    token than `{urut}`, stray braces, characters that a letter number doesn't
    have, more than 80 characters.
    """
    problems = []
    if len(pattern) > LONGEST_PATTERN:
        problems.append(
            Told(
                f"Pola nomor terdiri atas {len(pattern)} karakter; paling panjang {LONGEST_PATTERN}.",
                f"The pattern has {len(pattern)} characters; {LONGEST_PATTERN} is the most.",
            )
        )
    found = _TOKEN.findall(pattern)
    names = {"urut" if _WIDTH.fullmatch(token) else token for token in found}
    known = ", ".join(f"{{{name}}}" for name in TOKENS)
    problems.extend(
        Told(
            f"Pola nomor memuat {{{name}}} yang tidak dikenal. Yang dikenal: {known}, {{urut:03}}.",
            f"The pattern has {{{name}}}, which is not known. Known are {known}, {{urut:03}}.",
        )
        for name in sorted(names - TOKENS.keys())
    )
    problems.extend(
        Told(
            f"Pola nomor belum memuat {{{group[0]}}} ({TOKENS[group[0]]}). Tambahkan {{{group[0]}}}.",
            f"The pattern lacks {{{group[0]}}} ({TOKENS[group[0]].english}). Add {{{group[0]}}}.",
        )
        for group in needed_tokens(reset)
        if not names & set(group)
    )
    plain = _TOKEN.sub("", pattern)
    if "{" in plain or "}" in plain:
        problems.append(
            Told(
                "Pola nomor memuat kurung kurawal tanpa pasangan. Tulis misalnya {urut}.",
                "The pattern has a brace without its pair. Write {urut}, for example.",
            )
        )
    elif not _PLAIN.fullmatch(plain):
        odd = " ".join(sorted({sign for sign in plain if not _PLAIN.fullmatch(sign)}))
        problems.append(
            Told(
                f"Pola nomor memuat tanda yang tidak lazim: {odd}. "
                "Gunakan huruf, angka, spasi, dan tanda / . - _ ( ) &.",
                f"The pattern has characters that are unusual in it: {odd}. "
                "Use letters, digits, spaces and / . - _ ( ) &.",
            )
        )
    return problems


def format_number(
    pattern: str,
    *,
    sequence: int,
    issued_on: date,
    company_code: str,
    letter_code: str = LETTER_CODE,
    reset: Reset = "year",
) -> str:
    """Return the number of a letter: "007/SPK/CSA/XI/2026".

    `issued_on` is the date printed on the letter; month and year are its own.
    Raises PatternError for a pattern that `check_pattern` finds fault with, and
    ValueError for a sequence below 1.
    """
    problems = check_pattern(pattern, reset)
    if problems:
        raise PatternError(problems)
    if sequence < 1:
        raise ValueError(f"a sequence starts at 1, not {sequence}")
    values = {
        "urut": str(sequence),
        "kode": letter_code,
        "perusahaan": company_code,
        "bulan_romawi": roman_month(issued_on),
        "bulan": f"{issued_on.month:02}",
        "tahun": str(issued_on.year),
    }

    def value(token: re.Match[str]) -> str:
        width = _WIDTH.fullmatch(token[1])
        return values["urut"].zfill(int(width[1])) if width else values[token[1]]

    return _TOKEN.sub(value, pattern)


def sequence_in(number: str, series: Series, *, company_code: str) -> int | None:
    """Return the running number in a letter's number that follows a series, else None.

    Month and year may be any: a number used outside the portal is of its own day.
    """
    values = {
        "kode": re.escape(series.code),
        "perusahaan": re.escape(company_code),
        "bulan_romawi": "[IVX]{1,4}",
        "bulan": "[0-9]{2}",
        "tahun": "[0-9]{4}",
    }
    pattern = ""
    for text, token in _parts(series.pattern):
        pattern += re.escape(text)
        if token.startswith("urut"):
            # the same running number may stand in it twice
            pattern += "(?P=urut)" if "(?P<urut>" in pattern else "(?P<urut>[0-9]{1,9})"
        elif token:
            pattern += values[token]
    found = re.fullmatch(pattern, " ".join(number.split()))
    return int(found["urut"]) if found else None


def _parts(pattern: str) -> list[tuple[str, str]]:
    """Cut a sound pattern into pairs of plain text and the token after it."""
    pieces = [*_TOKEN.split(pattern), ""]
    return list(zip(pieces[::2], pieces[1::2], strict=True))
