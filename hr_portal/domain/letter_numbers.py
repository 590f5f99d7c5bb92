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
from datetime import date

from hr_portal.domain.wording import roman_month

DEFAULT_PATTERN = "{urut:03}/{kode}/{perusahaan}/{bulan_romawi}/{tahun}"

LETTER_CODE = "SPK"
"""What `{kode}` prints: Surat Permohonan Koreksi."""

TOKENS: dict[str, str] = {
    "urut": "nomor urut; {urut:03} mengisinya dengan nol sampai 3 angka",
    "kode": "kode jenis surat",
    "perusahaan": "kode perusahaan",
    "bulan_romawi": "bulan surat dalam angka Romawi",
    "bulan": "bulan surat dalam 2 angka",
    "tahun": "tahun surat dalam 4 angka",
}

MANDATORY: tuple[str, ...] = ("urut", "tahun")
"""Without a running number numbers repeat; without the year they repeat next year."""

LONGEST_PATTERN = 80

_TOKEN = re.compile(r"\{([^{}]*)\}")
_WIDTH = re.compile(r"urut:0([1-9])")
_PLAIN = re.compile(r"[0-9A-Za-z./ \-_()&]*")


class PatternError(ValueError):
    """The pattern can't give a number; `problems` says why, in Indonesian."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def check_pattern(pattern: str) -> list[str]:
    """Return what is wrong with a pattern, one Indonesian sentence each; [] if sound.

    Looked for: `{urut}` and `{tahun}`, unknown tokens by name, a width on another
    token than `{urut}`, stray braces, characters that a letter number doesn't
    have, more than 80 characters.
    """
    problems = []
    if len(pattern) > LONGEST_PATTERN:
        problems.append(
            f"Pola nomor terdiri atas {len(pattern)} karakter; paling panjang {LONGEST_PATTERN}."
        )
    found = _TOKEN.findall(pattern)
    names = {"urut" if _WIDTH.fullmatch(token) else token for token in found}
    known = ", ".join(f"{{{name}}}" for name in TOKENS)
    problems.extend(
        f"Pola nomor memuat {{{name}}} yang tidak dikenal. Yang dikenal: {known}, {{urut:03}}."
        for name in sorted(names - TOKENS.keys())
    )
    problems.extend(
        f"Pola nomor belum memuat {{{name}}} ({TOKENS[name]}). Tambahkan {{{name}}}."
        for name in MANDATORY
        if name not in names
    )
    plain = _TOKEN.sub("", pattern)
    if "{" in plain or "}" in plain:
        problems.append("Pola nomor memuat kurung kurawal tanpa pasangan. Tulis misalnya {urut}.")
    elif not _PLAIN.fullmatch(plain):
        odd = " ".join(sorted({sign for sign in plain if not _PLAIN.fullmatch(sign)}))
        problems.append(
            f"Pola nomor memuat tanda yang tidak lazim: {odd}. "
            "Gunakan huruf, angka, spasi, dan tanda / . - _ ( ) &."
        )
    return problems


def format_number(
    pattern: str,
    *,
    sequence: int,
    issued_on: date,
    company_code: str,
    letter_code: str = LETTER_CODE,
) -> str:
    """Return the number of a letter: "007/SPK/CSA/XI/2026".

    `issued_on` is the date printed on the letter; month and year are its own.
    Raises PatternError for a pattern that `check_pattern` finds fault with, and
    ValueError for a sequence below 1.
    """
    problems = check_pattern(pattern)
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
