"""Fields beside the identity: tax number, bank, postal code (sections 6, 11, 12)."""

import re
from collections.abc import Callable

import numpy as np

from hr_portal.domain.checks.hits import hit, length_of, report_faults
from hr_portal.domain.checks.ledger import Params
from hr_portal.domain.checks.numbers import lengths_of, split_sixteen, stored_as_number
from hr_portal.domain.checks.reading import Flags, State
from hr_portal.domain.checks.sheet import Cells, Sheet
from hr_portal.domain.cleaning import tidy
from hr_portal.domain.identifiers import (
    EXACT_LIMIT,
    WOMEN,
    Ints,
    Sixteen,
    in_calendar,
    is_dummy,
    npwp_check_fits,
)  # fmt: skip
from hr_portal.domain.phones import PLAIN as PLAIN_PHONE
from hr_portal.domain.regions import UNKNOWN, regions
from hr_portal.domain.texts import Strings, in_parts, parts_of, take

BANKS: dict[str, tuple[str, int]] = {
    "014": ("BCA", 10), "008": ("Mandiri", 13), "002": ("BRI", 15), "009": ("BNI", 10),
    "200": ("BTN", 16), "451": ("BSI", 10), "022": ("CIMB Niaga", 13), "013": ("Permata", 10),
    "011": ("Danamon", 10), "028": ("OCBC NISP", 12), "426": ("Mega", 15),
    "441": ("KB Bukopin", 10), "147": ("Muamalat", 10), "019": ("Panin", 10),
    "213": ("BTPN/SMBC", 11),
}  # fmt: skip
"""Banks with a usual length of account numbers; sources differ, so never an error."""

ONE_LENGTH = frozenset({"014", "002", "451", "028", "426", "441", "147", "019"})
"""BNK-04: banks of which no other length was seen (BRI as the law names it)."""

_ACCOUNT = range(5, 21)
_LONG_GROUP = 7
_SEVERAL = re.compile(r"[0-9]{7,}(?: ?[/ -] ?[0-9]{7,})+|[0-9 .-]{8,} ?/ ?[0-9 .-]{8,}", re.ASCII)
"""Two account numbers in one cell: no bank writes groups as long as these."""
_NPWP_OLD, _NPWP, _NITKU = 15, 16, 22
_BANK_CODE = 3
_POSTAL_CODE = 5

_ZONES: dict[str, str] = {
    **dict.fromkeys(("11", "12", "13", "14", "21"), "2"),
    **dict.fromkeys(("15", "16", "17", "18", "19"), "3"),
    "31": "1", "32": "14", "36": "14", "33": "5", "34": "5", "35": "6",
    **dict.fromkeys(("61", "62", "63", "64", "65"), "7"),
    **dict.fromkeys(("51", "52", "53"), "8"),
    **dict.fromkeys(
        ("71", "72", "73", "74", "75", "76", "81", "82", "91", "92", "93", "94", "95", "96"), "9"
    ),
}  # fmt: skip
"""POS-02: first digits of postal codes by province (1 is Jabodetabek)."""


_SHORT_NAMES = {
    "DKI JAKARTA": "31", "DI YOGYAKARTA": "34", "D.I. YOGYAKARTA": "34", "DIY": "34",
    "BANGKA BELITUNG": "19", "NTB": "52", "NTT": "53",
}  # fmt: skip
"""How addresses call provinces that the decree calls otherwise."""


SETTLING = frozenset({"npwp", "kode_bank", "no_rekening"})
"""Fields whose rules may put a zero back, and so change what a cell is taken to say."""


def judge(sheet: Sheet, cells: Cells) -> None:
    """Judge one field that is neither identity nor a date."""
    _JUDGES.get(cells.key, report_faults)(sheet, cells)


def _judge_npwp(sheet: Sheet, cells: Cells) -> None:
    lengths = lengths_of(cells)
    split_sixteen(cells, lengths)
    report_faults(sheet, cells)
    stored_as_number(sheet, cells)
    numeric, clean = cells.reading.numeric, cells.clean
    beyond = numeric & (lengths > _NPWP)
    hit(sheet, cells, "CELL-08", beyond)
    cells.state[beyond] = State.DAMAGED
    value = cells.state == State.VALUE
    zeros = value & _tell(lengths > 0, lambda place: not clean[place].strip("0"))
    hit(sheet, cells, "TAX-10", zeros)
    value &= ~zeros
    lost = value & _tell(
        numeric & (lengths == _NPWP_OLD - 1), lambda place: npwp_check_fits("0" + clean[place][:8])
    )
    hit(sheet, cells, "TAX-08", lost, propose=lambda place: "0" + clean[place])
    known = np.isin(lengths, (_NPWP_OLD, _NPWP, _NITKU))
    hit(sheet, cells, "TAX-01", value & ~known & ~lost, say=length_of(cells))
    hit(sheet, cells, "TAX-09", value & (lengths == _NITKU))
    old = value & (lengths == _NPWP_OLD)
    wrong = _tell(old, lambda place: not npwp_check_fits(clean[place][:9]))
    hit(sheet, cells, "TAX-05", wrong)
    hit(sheet, cells, "TAX-06", old, chained=False)
    branch = _tell(old, lambda place: not clean[place].endswith("000"))
    hit(sheet, cells, "TAX-07", branch, chained=False,
        say=lambda place: {"branch": clean[place][-3:]})  # fmt: skip
    _judge_sixteen(sheet, cells, value)
    for place in np.flatnonzero(lost).tolist():
        cells.reading.put(place, "0" + clean[place])


def _judge_sixteen(sheet: Sheet, cells: Cells, value: Flags) -> None:
    """TAX-02 to TAX-04: an NPWP of 16 digits is the NIK, or "0" and the old fifteen."""
    places, sixteen, clean = cells.sixteen_places, cells.sixteen, cells.clean
    assert sixteen is not None  # noqa: S101 - split above
    good = value[places]
    zero = sixteen.digits[:, 0] == 0
    with_zero = np.zeros(len(cells), np.bool_)
    with_zero[places[good & zero]] = True
    hit(sheet, cells, "TAX-03", _tell(with_zero, lambda p: not npwp_check_fits(clean[p][1:10])))
    niks = _effective_niks(sheet)[cells.rows[places]]
    other = good & ~zero & (sixteen.number != niks)
    like_nik = _is_like_nik(sixteen)
    hit(sheet, cells, "TAX-02", places[other & like_nik & (niks >= 0)])
    hit(sheet, cells, "TAX-04", places[other & ~like_nik])


def _effective_niks(sheet: Sheet) -> Ints:
    """Return the effective NIK of each row as a number, -1 where none is sound."""
    niks = np.full(sheet.rows, -1, np.int64)
    found = sheet.effective("nik")
    if found is not None:
        nik, rows, places = found
        assert nik.sixteen is not None  # noqa: S101 - the NIK is judged first
        number = np.full(len(nik), -1, np.int64)
        number[nik.sixteen_places] = nik.sixteen.number
        niks[rows] = number[places]
    return niks


def _is_like_nik(sixteen: Sixteen) -> Flags:
    """Tell which numbers pass the NIK rules (they only choose TAX-02 or TAX-04)."""
    day = np.where(sixteen.day > WOMEN, sixteen.day - WOMEN, sixteen.day)
    like: Flags = (
        (regions().regency[sixteen.regency] != UNKNOWN)
        & in_calendar(day, sixteen.month, sixteen.year)
        & (sixteen.serial > 0)
        & ~is_dummy(sixteen)
    )
    return like


def _judge_bank_code(sheet: Sheet, cells: Cells) -> None:
    report_faults(sheet, cells)
    lengths, clean, reading = lengths_of(cells), cells.clean, cells.reading
    short = (lengths > 0) & (lengths < _BANK_CODE)
    padded = {place: clean[place].zfill(_BANK_CODE) for place in np.flatnonzero(short).tolist()}
    hit(sheet, cells, "BNK-03", short & ~reading.numeric, case="padded", propose=padded.get)
    wrong = (cells.state == State.VALUE) & ~short & (lengths != _BANK_CODE)
    hit(sheet, cells, "BNK-03", wrong, case="form")
    for place, code in padded.items():
        reading.put(place, code)
        if reading.numeric[place]:
            reading.tidy("BNK-03", place)


def _judge_account(sheet: Sheet, cells: Cells) -> None:
    report_faults(sheet, cells)
    lengths, clean, numeric = lengths_of(cells), cells.clean, cells.reading.numeric
    long = numeric & (lengths >= _NPWP)
    lost = _tell(long, lambda place: _is_lost(clean[place]))
    hit(sheet, cells, "BNK-05", lost, case="lost")
    hit(sheet, cells, "BNK-05", long & ~lost, case="exact")
    cells.state[lost] = State.DAMAGED
    value = cells.state == State.VALUE
    raw = cells.reading.raw
    joined = _tell(
        value & (lengths >= 2 * _LONG_GROUP), lambda place: len(raw[place]) > lengths[place]
        and _SEVERAL.fullmatch(tidy(raw[place], compatible=True)) is not None
    )  # fmt: skip
    hit(sheet, cells, "BNK-01", joined, case="several")
    cells.state[joined] = State.DAMAGED
    value &= ~joined
    hit(sheet, cells, "BNK-01", value & ~np.isin(lengths, _ACCOUNT))
    number: dict[str, int] = {}
    said_banks = sheet.effective_values("kode_bank") if "kode_bank" in sheet.cells else ("",)
    numbered = (number.setdefault(code, len(number)) for code in said_banks)
    of_row = np.fromiter(numbered, np.int32, len(said_banks))
    of_row = np.broadcast_to(of_row, sheet.rows) if len(said_banks) != sheet.rows else of_row
    codes = list(number)
    banks = [BANKS.get(code, ("", 0)) for code in codes]
    of_cell = of_row[cells.rows]
    usual = np.array([length for _, length in banks], np.int16)[of_cell]
    single = np.array([code in ONE_LENGTH for code in codes], np.bool_)[of_cell]
    padded = value & numeric & single & (lengths > 0) & (lengths < usual)

    def say(place: int) -> Params:
        name, length = banks[int(of_cell[place])]
        return {"bank": name, "usual": length, "length": len(clean[place])}

    hit(sheet, cells, "BNK-04", padded, say=say,
        propose=lambda place: clean[place].zfill(int(usual[place])))  # fmt: skip
    odd = value & np.isin(lengths, _ACCOUNT) & (lengths != usual) & ~padded
    phones = [
        place
        for part in parts_of(np.flatnonzero(odd))
        for place, number_of in zip(part.tolist(), take(clean, part), strict=True)
        if number_of.startswith("08") and PLAIN_PHONE.fullmatch(number_of)
    ]
    hit(sheet, cells, "BNK-07", np.array(phones, np.intp))
    hit(sheet, cells, "BNK-02", odd & (usual > 0), say=say)
    for place in np.flatnonzero(padded).tolist():
        cells.reading.put(place, clean[place].zfill(int(usual[place])))


def _is_lost(digits: str) -> bool:
    return len(digits) > _NPWP or digits.endswith("0") or int(digits) >= EXACT_LIMIT


def _judge_postal_code(sheet: Sheet, cells: Cells) -> None:
    report_faults(sheet, cells)
    lengths, clean = lengths_of(cells), cells.clean
    wrong = (cells.state == State.VALUE) & (lengths != _POSTAL_CODE)
    five = lengths == _POSTAL_CODE
    for part in parts_of(np.flatnonzero(five)):
        codes = take(clean, part)
        if "\n0" in "\n".join(["", *codes]):
            wrong[part] |= np.array([code[0] == "0" for code in codes], np.bool_)
    hit(sheet, cells, "POS-01", wrong)
    provinces = _provinces_named(sheet.effective_values("alamat"))
    said: dict[int, Params] = {}
    told = np.isin(cells.rows, list(provinces))
    for place in np.flatnonzero(cells.checked & five & told).tolist():
        province = provinces.get(int(cells.rows[place]))
        if province and clean[place][0] not in _ZONES[province]:
            zones = _ZONES[province]
            said[place] = {
                "province": regions().names[province], "zones": " atau ".join(zones),
                "zones_en": " or ".join(zones),
            }  # fmt: skip
    hit(sheet, cells, "POS-02", np.array(list(said), np.intp), say=said.get)


def _provinces_named(addresses: Strings) -> dict[int, str]:
    """Return the code of the one province that an address names, by row.

    Names are looked for in all addresses at once; most are in none.
    """
    every = {name.upper(): code for code, name in regions().names.items() if code in _ZONES}
    every |= _SHORT_NAMES
    named: dict[int, str] = {}
    for start, values in in_parts(addresses):
        together = "\n".join(values).upper()
        codes = {name: code for name, code in every.items() if name in together}
        if not codes:
            continue
        longest_first = sorted(map(re.escape, codes), key=len, reverse=True)
        pattern = re.compile(rf"\b(?:{'|'.join(longest_first)})\b")
        for row, address in enumerate(values, start):
            found = {codes[name] for name in pattern.findall(address.upper())}
            if len(found) == 1:
                named[row] = found.pop()
    return named


def _tell(among: Flags, holds: Callable[[int], bool]) -> Flags:
    """Ask a question of the chosen cells one by one."""
    answer = np.zeros(len(among), np.bool_)
    for place in np.flatnonzero(among).tolist():
        answer[place] = holds(place)
    return answer


_JUDGES: dict[str, Callable[[Sheet, Cells], None]] = {
    "npwp": _judge_npwp,
    "kode_bank": _judge_bank_code,
    "no_rekening": _judge_account,
    "kode_pos": _judge_postal_code,
}
