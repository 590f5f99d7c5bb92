"""Why a letter could not be made, in words for the person who asked for it."""

CODES: dict[str, str] = {
    "LET-MISSING": "facts the letter needs are not given",
    "LET-BIG": "more corrections than one letter may hold",
    "LET-LONG": "a text is longer than can be printed",
    "LET-LOGO": "the logo is no PNG or SVG that may be printed",
    "LET-TEXT": "a sentence of the company's own holds what can't be filled",
    "LET-QR": "the address of the verification page does not fit its QR code",
    "LET-FONT": "a character or the whole typeface Carlito is not there",
    "LET-ASSET": "something the letter is made of is missing, or it asked for what it may not have",
    "LET-LIMIT": "the renderer ran out of time or memory",
    "LET-CHILD": "the renderer died",
    "LET-CERT": "a certificate can't be opened, or not be used now",
    "LET-SIGN": "a PDF can't be signed, or its signature not be read",
    "LET-DATA": "a PDF does not hold the content of a letter",
}
"""Every code a LetterError may carry, and what it stands for."""


class LetterError(Exception):
    """A letter that was not made.

    `code` is one of CODES; `message` and `message_en` are sentences for people,
    saying what is wrong and what to do. They hold no personal data but the
    character that can't be printed.
    """

    def __init__(self, code: str, message: str, message_en: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.message_en = message_en
