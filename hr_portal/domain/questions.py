"""What is asked about a file's sheet and columns, and how the answer tells the reader to read.

A question goes from the reading process to the database (sealed: it holds sample
values) and to the page; the answer goes back the same way.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hr_portal.domain.columns import ROLE_WORDS, Ask
from hr_portal.domain.layouts import Fault, Header, LayoutChoice, decide
from hr_portal.domain.table import Role, Unreadable

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class KnownLayout:
    """A header that somebody of the company has explained before."""

    id: int
    fingerprint: str
    sheet: str
    words: tuple[str, ...]
    """A word of ROLE_WORDS a column."""


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What the reader is told beside the file: answers, and what was learned before."""

    sheet: str | None = None
    header: tuple[int, int] | None = None
    """Numbers of the first and last row of the header; (0, n): none, the data follow row n."""
    columns: Mapping[str, str] | None = None
    """By column letters a word of ROLE_WORDS."""
    named: Mapping[str, str] | None = None
    """The same by header or letters, as `check --map` gives it."""
    known: tuple[KnownLayout, ...] = ()
    ask: Ask = "needed"

    def packed(self) -> dict[str, Any]:
        """Return the orders as JSON takes them."""
        return asdict(self)

    @staticmethod
    def unpacked(held: Mapping[str, Any]) -> "HowToRead":
        """Make the orders of what `packed` gave."""
        known = tuple(
            KnownLayout(one["id"], one["fingerprint"], one["sheet"], tuple(one["words"]))
            for one in held["known"]
        )
        header = tuple(held["header"]) if held["header"] else None
        return HowToRead(**{**held, "known": known, "header": header})


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """One column of the sheet as the question shows it."""

    letters: str
    header: str
    samples: tuple[str, ...]
    """Its first values as found, "" for an empty cell. Personal data."""
    word: str
    """What it is taken for; "" where only a person can say."""
    basis: str
    is_asked: bool
    note: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """One visible sheet that holds something."""

    name: str
    rows: int
    headers: tuple[str, ...]
    is_likely: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Which sheet, or what each column of one sheet is."""

    sheets: tuple[SheetChoice, ...]
    """All that can be chosen, where there are several."""
    sheet: str = ""
    header: tuple[int, int] = (0, 0)
    rows: int = 0
    columns: tuple[AskedColumn, ...] = ()
    """Empty: the sheet is asked first."""
    fingerprint: str = ""
    """"" where there is no header to remember."""
    layout: LayoutChoice = "auto"
    known_layout: int = 0
    """The id of the layout that columns were recognised by."""

    def packed(self) -> dict[str, Any]:
        """Return the question as JSON takes it."""
        return asdict(self)

    @staticmethod
    def unpacked(held: Mapping[str, Any]) -> "Question":
        """Make the question of what `packed` gave."""
        first, last = held["header"]
        columns = [
            AskedColumn(**{**one, "samples": tuple(one["samples"])}) for one in held["columns"]
        ]
        sheets = [
            SheetChoice(**{**one, "headers": tuple(one["headers"])}) for one in held["sheets"]
        ]
        own = {"header": (first, last), "columns": tuple(columns), "sheets": tuple(sheets)}
        return Question(**{**held, **own})

    def judge(self, words: Mapping[str, str]) -> Fault | None:
        """Say why these meanings, by column letters, make no table; None where they do."""
        roles = tuple(ROLE_WORDS[words.get(column.letters, "abaikan")] for column in self.columns)
        decided = decide(Header(tuple(one.header for one in self.columns), roles), self.layout)
        return decided if isinstance(decided, Fault) else None

    def guesses(self) -> dict[str, str]:
        """Return the meanings as proposed, by column letters."""
        return {column.letters: column.word for column in self.columns}


class Unsure(Unreadable):
    """A file that can be read once somebody says what its sheet or columns are.

    For whoever can't ask it is a refusal like others, with FILE-07.
    """

    def __init__(self, refusal: Unreadable, question: Question) -> None:
        super().__init__(refusal.code, refusal.message, refusal.message_en)
        self.question = question


def roles_of(words: Mapping[str, str]) -> dict[str, Role]:
    """Return the roles that words of ROLE_WORDS stand for."""
    return {name: ROLE_WORDS[word] for name, word in words.items()}
