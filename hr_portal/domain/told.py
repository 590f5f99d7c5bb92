"""Short sentences that are carried about as one value and shown in either language."""

from typing import Final, Self


class Told(str):  # noqa: SLOT000 - str has a length of its own, so it takes no slots
    """A sentence in Indonesian that brings its English along.

    It is the Indonesian text wherever a text is wanted; a page that is read in English shows
    `english` instead.
    """

    english: str

    def __new__(cls, indonesian: str, english: str) -> Self:
        """Hold both; neither is empty where anything is to be told."""
        told = super().__new__(cls, indonesian)
        told.english = english
        return told

    @classmethod
    def together(cls, sentences: "list[Told]") -> "Told":
        """Return several sentences as one text."""
        return cls(" ".join(sentences), " ".join(one.english for one in sentences))


REQUIRED: Final = Told("Wajib diisi", "Required")
CHOOSE: Final = Told("Wajib dipilih", "Choose one")
UNKNOWN: Final = Told("Tidak dikenal", "Unknown")
TOO_LONG: Final = Told("Terlalu panjang", "Too long")
NO_MATCH: Final = Told("Tidak cocok", "Does not match")
