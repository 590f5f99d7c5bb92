"""Token and short code with which anybody can look a letter up, and how they are typed.

Both are drawn at random and tell nothing: the token (128 bits) stands in the QR of the
letter, the code (60 bits) is printed for whoever types. The alphabet is Crockford's: no I,
L, O and U, so that a photocopy can be read aloud. It is also that of a QR's
alphanumeric mode, which keeps the QR small.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_SIGNS = 26
CODE_SIGNS = 12
GROUP = 4

LONGEST_QR_TEXT = 61
"""Signs of a QR of version 3 with level M in alphanumeric mode (ISO/IEC 18004, table 7)."""

_QR_TEXT = re.compile(r"[0-9A-Z $%*+./:-]+")
_MISREAD = str.maketrans("OIL", "011")


def spelled(number: int, signs: int) -> str:
    """Write a number in the alphabet, `signs` long: what is drawn at random, for print."""
    written = ""
    for _ in range(signs):
        number, rest = divmod(number, len(ALPHABET))
        written = ALPHABET[rest] + written
    return written


def grouped_code(code: str) -> str:
    """Return a code as it is printed: "7K4M-2QPX-9T3D"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def as_written(typed: str) -> str:
    """Return what was typed as tokens and codes are written, or "" for what can't be one.

    Small letters, spaces, dashes, and O, I, L for 0 and 1 are forgiven.
    """
    plain = re.sub(r"[\s.\-]", "", typed[:100]).upper().translate(_MISREAD)
    fits = len(plain) in {TOKEN_SIGNS, CODE_SIGNS} and set(plain) <= set(ALPHABET)
    return plain if fits else ""


def qr_address(base_url: str, token: str, code: str) -> str | None:
    """Return the address for a letter's QR, or None where none fits a version 3.

    The token where it fits beside the portal's address, else the shorter code; the address
    is in capitals, which the alphanumeric mode needs and the short route `/V/` understands.
    """
    for proof in (token, code):
        address = f"{base_url}/V/{proof}".upper()
        if len(address) <= LONGEST_QR_TEXT and _QR_TEXT.fullmatch(address):
            return address
    return None
