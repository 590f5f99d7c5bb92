"""Readers: one for each kind of field, from cells as found to canonical values."""

import re
from collections.abc import Callable, Iterable
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain import garbled, names
from hr_portal.domain.checks.reading import Flags, Places, Reading, State
from hr_portal.domain.cleaning import (
    AROUND,
    BETWEEN_OLD_AND_NEW,
    PLACEHOLDERS,
    SCIENTIFIC,
    SEPARATORS,
    STAND_INS,
    THROUGH_A_FLOAT,
    WITH_DECIMALS,
    has_letter,
    new_of_both,
    stand_in,
)  # fmt: skip
from hr_portal.domain.codes import ACCEPTED, ACCEPTED_EN, read_code
from hr_portal.domain.emails import PLAIN as PLAIN_EMAIL
from hr_portal.domain.emails import are_all_short, is_several, read_email
from hr_portal.domain.fields import ERASE, FIELD, KEEP
from hr_portal.domain.phones import FOOTNOTE, PLAIN_SERIES, PUNCTUATION, read_phone
from hr_portal.domain.phones import PLAIN as PLAIN_PHONE
from hr_portal.domain.phones import PLAIN_LENGTHS as PHONE_LENGTHS
from hr_portal.domain.report import Severity
from hr_portal.domain.rules import severity
from hr_portal.domain.table import Kind
from hr_portal.domain.texts import digit_lengths, parts_of, take

KPJ_FIELDS = frozenset({"kpj", "kpj_digabung"})
"""Digit fields that may hold letters (KPJ-02)."""

LETTER_FIELDS = KPJ_FIELDS | {"npp"}

_NAME_LIKE = re.compile(r"[^\W\d_]{2,}\.?(?:[ .'-]+[^\W\d_]+)+")
_SWAPPED = frozenset({"nik", "kk", "kpj"})
_SEPARATED = re.compile(r"[0-9]+(?:[ ./_-][0-9]+)+", re.ASCII)
_UNTIDY = re.compile(r"""  |^ | $|^="|[\x00-\x1f\x7f]""")
_CONTROLS = bytes([*range(10), *range(11, 32), 127])
_DIGIT = re.compile(r"[0-9]", re.ASCII)
_NEW_LINE, _SPACE, _ZERO, _NINE = ord("\n"), ord(" "), ord("0"), 9
_CAPITAL_A, _CAPITAL_Z = ord("A"), 25
_SHORTEST_NAME = 5
_MOBILE_SERIES = np.frombuffer(PLAIN_SERIES.encode(), np.uint8)
_CARD_LENGTH = 11
LONGEST_PLACE = 100
"""Characters of a place of birth (POB-01)."""
_SPECIAL = frozenset({*PLACEHOLDERS, *STAND_INS, ERASE, KEEP, ""})
_LONGEST_SPECIAL = max(len(word) for word in _SPECIAL)
_OF_STATE = frozenset({"alamat", "tempat_lahir", "gelar"})
"""Texts that are a state of things; a reason ("menjadi mitra") may tell of a change."""
_SIGN_FIRST = re.compile(r"\n[!-/:-@\[-`{-~]")
_FEW = 4
"""So many names or phones are looked at one by one: all at once costs more than it saves."""
_EMAILS, _CODES = 128, 1024
"""So many addresses, or codes, are looked at together before each is by itself."""
_WORD = 8
_FIRST_LETTERS = np.array([(1 << 8 * count) - 1 for count in range(_WORD + 1)], np.uint64)
_OPENINGS, _CLOSINGS = (
    np.array([int.from_bytes(word.encode(), "little") for word in words], np.uint64)
    for words in (names.OPENINGS, names.CLOSINGS)
)


def read_digits(reading: Reading) -> None:
    """Read a digit field: CELL-01 to 04 and 10 to 14, in the order of decisions."""
    kinds = reading.kinds
    left = reading.left(dates_are_faults=True)
    # Of digits only there is nothing to say, but of a "0".
    for some in parts_of(left[digit_lengths(reading.raw)[left] <= 1]):
        values = take(reading.raw, some)
        text_kind = (kinds[some] == Kind.TEXT).tolist()
        for place, value, is_text in zip(some.tolist(), values, text_kind, strict=True):
            if not (value.isascii() and value.isdigit()) or value == "0":
                if is_text:
                    if not _only_separated(reading, place, value):
                        _read_digit_text(reading, place)
                elif value == "0":
                    reading.empty(place)
    if (kinds == Kind.NUMBER).any():
        for place in np.flatnonzero(kinds == Kind.NUMBER).tolist():
            literal = reading.raw[place]
            reading.numeric[place] = literal.isascii() and literal.isdigit()


def _only_separated(reading: Reading, place: int, value: str) -> bool:
    """Take digits with single separators between them, the commonest untidy form, at once."""
    if _SEPARATED.fullmatch(value) is None or THROUGH_A_FLOAT.fullmatch(value):
        return False
    if WITH_DECIMALS.fullmatch(value):
        return False
    reading.put(place, value.translate(SEPARATORS))
    reading.tidy("CELL-03", place)
    return True


def _read_digit_text(reading: Reading, place: int) -> None:
    text = reading.tidy_text(place, compatible=True, quotes=True)
    if text is None:
        return
    refused = _no_number(reading.key, text)
    if refused is not None:
        reading.fault(*refused, place)
        return
    through_float = THROUGH_A_FLOAT.fullmatch(text)
    if through_float:
        reading.tidy("CELL-11", place)
        reading.put(place, through_float[1])
        reading.numeric[place] = True
        return
    bare = text if WITH_DECIMALS.fullmatch(text) else text.translate(SEPARATORS)
    if bare != text:
        reading.tidy("CELL-03", place)
        if not bare:
            reading.empty(place)
            return
    if reading.key in LETTER_FIELDS:
        bare = bare.upper()
    if bare != reading.clean[place]:
        reading.put(place, bare)


def _no_number(key: str, text: str) -> tuple[str, str] | None:
    """Return code and case of a text that says no number at all, None where it may be one."""
    if SCIENTIFIC.fullmatch(text):
        return "CELL-10", ""
    stands = stand_in(text, "number")
    if stands is not None and text.translate(SEPARATORS):
        return stands
    if not has_letter(text):
        return None
    if key in _SWAPPED and _is_name(key, text):
        return "NAM-12", "name"
    return None if key in LETTER_FIELDS else ("CELL-04", "")


def _is_name(key: str, text: str) -> bool:
    """Tell whether words stand where a number belongs; a KPJ of letters only is a word too."""
    is_word = key == "kpj" and len(text) == _CARD_LENGTH and text.isalpha()
    return is_word or _NAME_LIKE.fullmatch(text) is not None


def read_names(reading: Reading) -> None:
    """Read a name field: NAM-01 to NAM-12, canonical upper case (NAM-10)."""
    plain = names.PLAIN.fullmatch
    for left, values in reading.start():
        for at in _odd_names(values):
            place, value = int(left[at]), values[at]
            upper = value.upper()
            if not (plain(upper) and value.isascii()) or upper in STAND_INS:
                _read_name(reading, place)
            elif upper != value:
                reading.put(place, upper)
                reading.tidy("NAM-10", place)


def _odd_names(values: list[str]) -> Iterable[int]:
    """Return which names need a closer look; all of a few, which costs less than telling."""
    if len(values) <= _FEW:
        return range(len(values))
    odd: list[int] = np.flatnonzero(~are_plain_names(values)).tolist()
    return odd


def are_plain_names(values: list[str]) -> Flags:
    """Tell of which names (one or more) there is nothing to say; False where a closer look tells.

    Two or more words of two or more ASCII capitals with single blanks between them, 5 to 60
    characters, the first word no title and the whole nothing that stands for something else.
    """
    text = _lines(values)
    if text is None:
        return np.zeros(len(values), np.bool_)
    is_end = text == _NEW_LINE
    is_mark = is_end | (text == _SPACE)
    marks = np.flatnonzero(is_mark)
    # Of each word the length, counted from the blank or the end of line before it.
    lengths = np.diff(marks, prepend=-1) - 1
    last = np.flatnonzero(is_end[marks])
    first = np.concatenate([np.zeros(1, np.intp), last[:-1] + 1])[: len(last)]
    ends = marks[last]
    starts = np.concatenate([np.zeros(1, np.intp), ends[:-1] + 1])[: len(ends)]
    size = ends - starts
    plain: Flags = (
        ~_hold(((text - _CAPITAL_A) > _CAPITAL_Z) & ~is_mark, ends)
        & (last > first)
        & (size >= _SHORTEST_NAME)
        & (size <= names.LONGEST)
        & ~np.isin(_words_at(text, starts, lengths[first]), _OPENINGS)
        & ~np.isin(_words_at(text, ends - lengths[last], lengths[last]), _CLOSINGS)
    )
    plain &= np.minimum.reduceat(lengths, first) > 1
    if not STAND_INS.isdisjoint(values):
        plain &= np.array([value not in STAND_INS for value in values], np.bool_)
    for word in BETWEEN_OLD_AND_NEW:
        if word.isalpha() and word.encode() in text.tobytes():
            plain &= np.array([word not in value for value in values], np.bool_)
    if names.LATE in " ".join(["", *values]):
        plain &= np.array([names.LATE not in f" {value}" for value in values], np.bool_)
    return plain


def _hold(signs: Flags, ends: Places) -> Flags:
    """Tell in which lines, of which these are the ends, any of the signs stands."""
    held = np.zeros(len(ends), np.bool_)
    held[np.searchsorted(ends, np.flatnonzero(signs))] = True
    return held


def _words_at(text: NDArray[np.uint8], starts: Places, lengths: Places) -> NDArray[np.uint64]:
    """Return the letters of words as one number each, 0 where there are more than seven."""
    padded = text.tobytes() + bytes(_WORD)
    words: NDArray[np.uint64] = np.ndarray((len(text),), "<u8", padded, strides=(1,))[starts]
    return np.where(lengths < _WORD, words & _FIRST_LETTERS[np.minimum(lengths, _WORD)], 0)


def _lines(values: list[str]) -> NDArray[np.uint8] | None:
    """Return ASCII texts as bytes, each ended by a line break; None where one can't be told so."""
    text = "\n".join([*values, ""])
    if not text.isascii() or text.count("\n") != len(values):
        return None
    return np.frombuffer(text.encode(), np.uint8)


def _read_name(reading: Reading, place: int) -> None:
    text = reading.tidy_text(place, compatible=False)
    if text is None:
        return
    if stand_in(text, "name") is None and _garbled(reading, place):
        return
    name = names.canonical(text)
    if name != text:
        reading.put(place, name)
        reading.tidy("NAM-10", place)
    for found in names.look_at(name, of=reading.key):
        reading.fault(
            found.code, found.case, place, suggestion=found.suggestion, params=found.params,
            damaged=found.code == "NAM-12",
        )  # fmt: skip


def read_codes(reading: Reading) -> None:
    """Read a coded field: COD-01, COD-03, COD-04; the canonical code."""
    known: dict[str, str] = {}
    for left, values in reading.start():
        for start in range(0, len(values), _CODES):
            some = values[start : start + _CODES]
            if not all(known.get(value) == value for value in set(some)):
                _read_some_codes(reading, left[start : start + _CODES].tolist(), some, known)


def _read_some_codes(
    reading: Reading, left: list[int], values: list[str], known: dict[str, str]
) -> None:
    for place, value in zip(left, values, strict=True):
        code = known.get(value)
        if code is None:
            code = _read_code(reading, place)
            if code is not None:
                known[value] = code
        elif code != value:
            reading.put(place, code)


def _read_code(reading: Reading, place: int) -> str | None:
    """Read one coded cell; return its code where the next such cell needs no look."""
    text = reading.tidy_text(place, compatible=True)
    if text is None:
        return None
    code, rule, case = read_code(reading.key, text.upper())
    if rule == "EMPTY":
        reading.empty(place)
        return None
    if code and code != reading.clean[place]:
        reading.put(place, code)
    if not rule:
        return code if text == reading.raw[place] else None
    params: dict[str, str | int] = {
        "accepted": ACCEPTED[reading.key], "accepted_en": ACCEPTED_EN[reading.key],
    }  # fmt: skip
    reading.fault(rule, case, place, suggestion=code or None, params=params, damaged=not code)
    return None


def read_phones(reading: Reading) -> None:
    """Read a phone field: TEL-01 to TEL-06 and TEL-08; canonical E.164."""
    plain = PLAIN_PHONE.fullmatch
    for left, values in reading.start(dates_are_faults=True):
        are_plain = _are_plain_phones(values) if len(values) > _FEW else _match_phones(values)
        told = values if are_plain.all() else [*compress(values, are_plain.tolist())]
        written = "\n".join(["", *told]).replace("\n0", "\n+62").split("\n")[1:]
        reading.put_all(left[are_plain], written)
        for at in np.flatnonzero(~are_plain).tolist():
            place, value = int(left[at]), values[at]
            bare = value.translate(PUNCTUATION)
            is_odd = THROUGH_A_FLOAT.fullmatch(value.strip()) or FOOTNOTE.search(value)
            if plain(bare) and not is_odd:
                reading.put(place, "+62" + bare[1:])
                reading.tidy("TEL-04", place)
            else:
                _read_phone(reading, place)


def _match_phones(values: list[str]) -> Flags:
    return np.fromiter(map(bool, map(PLAIN_PHONE.fullmatch, values)), np.bool_, len(values))


def _are_plain_phones(values: list[str]) -> Flags:
    """Tell which values `PLAIN_PHONE` matches, all at once."""
    text = _lines([*values, "00"])
    if text is None:
        return _match_phones(values)
    text = text[:-1]
    ends = np.flatnonzero(text == _NEW_LINE)
    starts = np.concatenate([np.zeros(1, np.intp), ends[:-1] + 1])[: len(ends)]
    result: Flags = (
        np.isin(ends - starts, PHONE_LENGTHS)
        & ~_hold(((text - _ZERO) > _NINE) & (text != _NEW_LINE), ends)
        & (text[starts] == _ZERO)
        & (text[starts + 1] == _ZERO + 8)
        & np.isin(text[starts + 2], _MOBILE_SERIES)
    )
    return result


def _read_phone(reading: Reading, place: int) -> None:
    text = reading.tidy_text(place, compatible=True)
    if text is None:
        return
    phone = read_phone(text)
    if phone.e164:
        reading.put(place, phone.e164)
        if phone.code == "TEL-08":
            reading.fault("TEL-08", phone.case, place, damaged=False)
        elif phone.code:
            reading.tidy(phone.code, place)
        return
    stands = None if phone.code == "TEL-05" else stand_in(text, "number")
    reading.fault(*(stands or (phone.code, phone.case)), place)


def read_emails(reading: Reading) -> None:
    """Read an e-mail field: EML-01; the domain in lower case."""
    for left, values in reading.start():
        for start in range(0, len(values), _EMAILS):
            some = values[start : start + _EMAILS]
            if not are_all_short(some):
                _read_some_emails(reading, left[start : start + _EMAILS].tolist(), some)


def _read_some_emails(reading: Reading, left: list[int], values: list[str]) -> None:
    for place, value in zip(left, values, strict=True):
        if PLAIN_EMAIL.fullmatch(value):
            if not value.islower():
                local, _, domain = value.rpartition("@")
                reading.put(place, f"{local}@{domain.lower()}")
        else:
            _read_email(reading, place)


def _read_email(reading: Reading, place: int) -> None:
    text = reading.tidy_text(place, compatible=False, quotes=True)
    if text is None:
        return
    address = read_email(text)
    if address is None:
        case = "several" if is_several(text) else "form"
        reading.fault(*(stand_in(text, "text") or ("EML-01", case)), place)
    elif address != reading.clean[place]:
        reading.put(place, address)


def read_texts(reading: Reading) -> None:
    """Read free text: CELL-13 and CELL-18, and for tempat lahir POB-01."""
    for left, values in reading.start():
        places = left.tolist()
        for place in _untidy(places, values):
            text = reading.tidy_text(place, compatible=False)
            stands = None if text is None else stand_in(text, "text")
            if text is None or (stands is None and _garbled(reading, place)):
                continue
            if reading.key in _OF_STATE and new_of_both(text) is not None:
                stands = "CELL-18", "both"
            if stands is not None:
                reading.fault(*stands, place)
        if reading.key == "tempat_lahir":
            _read_birth_places(reading, places, values)


def _garbled(reading: Reading, place: int) -> bool:
    """Report a text that a program has spoilt (CELL-19); tell whether this is one."""
    found = reading.raw[place]
    case = garbled.fault_of(found)
    if case is None:
        return False
    meant = garbled.meant(found)
    if meant and FIELD[reading.key].kind == "name":
        looks = names.look_at(names.canonical(meant), of=reading.key)
        if any(severity(one.code, one.case) >= Severity.OVERRIDE for one in looks):
            meant = None
    reading.fault("CELL-19", case, place, suggestion=meant or None)
    return True


def _untidy(left: list[int], values: list[str]) -> list[int]:
    """Return the places of texts that are not plain ASCII, or may say something else."""
    if _are_tidy(values):
        short = {value for value in values if len(value) <= _LONGEST_SPECIAL}
        if not any(map(_is_special, short)) and not _may_say_more("\n".join(values)):
            return []
        return [
            place for place, value in zip(left, values, strict=True)
            if _is_special(value) or _may_say_more(value)
        ]  # fmt: skip
    untidy = _UNTIDY.search
    return [
        place for place, value in zip(left, values, strict=True)
        if not value.isascii() or untidy(value) or _is_special(value) or _may_say_more(value)
    ]  # fmt: skip


def _is_special(value: str) -> bool:
    if len(value) > _LONGEST_SPECIAL:
        return False
    upper = value.upper()
    return upper in _SPECIAL or upper.strip(AROUND) in _SPECIAL


def _may_say_more(text: str) -> bool:
    """Tell whether a text, or one of several lines, may hold more than a value, or signs around."""
    upper = text.upper()
    return (
        any(word in upper for word in BETWEEN_OLD_AND_NEW)
        or garbled.may_have(text)
        or bool(_SIGN_FIRST.search(f"\n{text}"))
    )


def _are_tidy(values: list[str]) -> bool:
    """Tell whether all texts are ASCII without controls, breaks, stray blanks and `="…"`."""
    joined = "\n".join(["", *values, ""])
    if not joined.isascii() or joined.count("\n") != len(values) + 1:
        return False
    text = joined.encode()
    return len(text.translate(None, _CONTROLS)) == len(text) and not (
        "  " in joined or "\n " in joined or " \n" in joined or '\n="' in joined
    )


def _read_birth_places(reading: Reading, left: list[int], values: list[str]) -> None:
    if not _DIGIT.search("".join(values)) and max(map(len, values), default=0) <= LONGEST_PLACE:
        return
    for place in left:
        text = reading.clean[place] if reading.state[place] == State.VALUE else ""
        if _DIGIT.search(text):
            reading.fault("POB-01", "", place, damaged=False)
        elif len(text) > LONGEST_PLACE:
            reading.fault("POB-01", "long", place, damaged=False)


READERS: dict[str, Callable[[Reading], None]] = {
    "digits": read_digits,
    "name": read_names,
    "code": read_codes,
    "phone": read_phones,
    "email": read_emails,
    "text": read_texts,
}
"""Reader by kind of field; dates are read in `date_columns`."""
