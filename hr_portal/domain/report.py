"""What a check gives back: findings, clean values, corrections and counts.

Everything is held by columns, so that a sheet of 100,000 rows stays small;
`Findings` can still be walked one by one.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.table import Table
from hr_portal.domain.texts import Strings, Texts, Told, gather


class Severity(IntEnum):
    """How bad a finding is; a row counts once, by its worst."""

    NOTE = 1
    WARNING = 2
    OVERRIDE = 3
    ERROR = 4

    @property
    def json(self) -> str:
        """Return the word used in JSON: note, warning, override or error."""
        return self.name.lower()


ROW_EMPTY = 255
"""Marks in `Report.row_severity` a held row whose cells all clean to nothing."""


class Finding(NamedTuple):
    """One broken rule at one place."""

    code: str
    case: str
    """Which case of the rule, a stable word of the rule's own ("" where it has one case)."""
    severity: Severity
    row: int
    """Index into the table's rows; -1 = the whole file."""
    column: int
    """Index into the table's columns; -1 = no single cell."""
    field: str | None
    value: str
    """The raw value as found ("" where there is none)."""
    suggestion: str | None
    """What to write instead, where exactly one reading is valid; never an invented digit."""
    params: dict[str, str | int] | None
    """What else the sentence needs: the other rows, the usual length, the NIK's date."""


Params = dict[str, str | int]


def _optional(texts: Texts | None = None) -> Told[str | None]:
    """Make a column of texts that may be None."""
    return Told(
        lambda value: "" if value is None else f"={value}", lambda text: text[1:] if text else None,
        texts,
    )  # fmt: skip


def _params(texts: Texts | None = None) -> Told[Params | None]:
    """Make a column of what sentences need beside the value."""
    return Told(
        lambda value: "" if value is None else json.dumps(value),
        lambda text: json.loads(text) if text else None,
        texts,
    )


@dataclass(slots=True)
class Findings:
    """All findings of a check, by columns of equal length, ordered by row, then column."""

    code: Texts = field(default_factory=Texts)
    case: Texts = field(default_factory=Texts)
    severity: "array[int]" = field(default_factory=lambda: array("B"))
    row: "array[int]" = field(default_factory=lambda: array("i"))
    column: "array[int]" = field(default_factory=lambda: array("i"))
    field_key: Told[str | None] = field(default_factory=_optional)
    value: Texts = field(default_factory=Texts)
    suggestion: Told[str | None] = field(default_factory=_optional)
    params: Told[Params | None] = field(default_factory=_params)

    @classmethod
    def of_columns(cls, texts: Sequence[Texts], numbers: Sequence["array[int]"]) -> "Findings":
        """Return findings from their columns, as `columns` gives them."""
        code, case, key, value, suggestion, params = texts
        severity, row, column = numbers
        return cls(
            code,
            case,
            severity,
            row,
            column,
            _optional(key),
            value,
            _optional(suggestion),
            _params(params),
        )

    def columns(self) -> tuple[list[Texts], list["array[int]"]]:
        """Return the columns of texts and those of numbers."""
        texts = [
            self.code, self.case, self.field_key.texts, self.value, self.suggestion.texts,
            self.params.texts,
        ]  # fmt: skip
        return texts, [self.severity, self.row, self.column]

    def __len__(self) -> int:
        """Return the number of findings."""
        return len(self.code)

    def add(self, one: Finding) -> None:
        """Write one more finding down, at the end."""
        self.code.append(one.code)
        self.case.append(one.case)
        self.severity.append(int(one.severity))
        self.row.append(one.row)
        self.column.append(one.column)
        self.field_key.extend([one.field])
        self.value.append(one.value)
        self.suggestion.extend([one.suggestion])
        self.params.extend([one.params])

    def of_rows(self, start: int, stop: int) -> "Findings":
        """Return the findings of rows from one to before another; they are ordered by row."""
        first, last = np.searchsorted(np.asarray(self.row), (start, stop)).tolist()
        places = np.arange(first, last)
        return Findings(
            gather(self.code, places),
            gather(self.case, places),
            self.severity[first:last],
            self.row[first:last],
            self.column[first:last],
            self.field_key.chosen(places),
            gather(self.value, places),
            self.suggestion.chosen(places),
            self.params.chosen(places),
        )

    def __iter__(self) -> Iterator[Finding]:
        """Walk the findings in order."""
        for values in zip(
            self.code, self.case, self.severity, self.row, self.column, self.field_key, self.value,
            self.suggestion, self.params, strict=True,
        ):  # fmt: skip
            code, case, severity, *rest = values
            yield Finding(code, case, Severity(severity), *rest)


@dataclass(slots=True)
class Corrections:
    """What the rows ask for: one entry per employee datum to change, by columns.

    `before` and `after` are clean values in canonical form: digits without
    separators, dates as `yyyy-mm-dd`, phones as E.164, sex as L or P; where a
    value can't be cleaned it stays as found. `after` is `HAPUS` to erase.
    """

    row: "array[int]" = field(default_factory=lambda: array("i"))
    field_key: Strings = field(default_factory=Texts)
    before: Strings = field(default_factory=Texts)
    after: Strings = field(default_factory=Texts)

    def __len__(self) -> int:
        """Return the number of corrections."""
        return len(self.row)


@dataclass(slots=True)
class Settled:
    """What a check says of its rows before all findings are there, and holds to."""

    table: Table
    empty: NDArray[np.bool_]
    """Which rows hold nothing."""
    corrections: Corrections
    clean: list[Strings | None]
    """Per column the clean values, or None where the column needed no cleaning."""
    employee: dict[str, Strings]
    """Per identity key (kpj, nik, nama, tanggal_lahir, kk) the effective value of each row."""
    tidied_cells: dict[str, tuple[NDArray[np.int32], NDArray[np.int32]]] = field(
        default_factory=dict
    )
    """Per silent rule (severity N) the row and column indexes of the cells it has cleaned."""


@dataclass(slots=True)
class Report:
    """The result of checking one table."""

    table: Table
    ruleset: str
    row_severity: NDArray[np.uint8]
    """Worst severity of each row, 0 = nothing found, `ROW_EMPTY` = nothing in it."""
    findings: Findings
    corrections: Corrections
    clean: list[Strings | None]
    """Per column the clean values, or None where the column needed no cleaning."""
    employee: dict[str, Strings]
    """Per identity key (kpj, nik, nama, tanggal_lahir, kk) the effective value of each row."""
    tidied: Counter[str] = field(default_factory=Counter)
    """How many cells each silent rule (severity N) has cleaned."""
    tidied_cells: dict[str, tuple[NDArray[np.int32], NDArray[np.int32]]] = field(
        default_factory=dict
    )
    """Where: per silent rule the row and column indexes of these cells (`check --notes`)."""

    @classmethod
    def of(
        cls,
        settled: Settled,
        ruleset: str,
        row_severity: NDArray[np.uint8],
        findings: Findings,
    ) -> "Report":
        """Return the report on what is settled, with what was found."""
        return cls(
            table=settled.table,
            ruleset=ruleset,
            row_severity=row_severity,
            findings=findings,
            corrections=settled.corrections,
            clean=settled.clean,
            employee=settled.employee,
            tidied=Counter({code: len(rows) for code, (rows, _) in settled.tidied_cells.items()}),
            tidied_cells=settled.tidied_cells,
        )

    @property
    def settled(self) -> Settled:
        """What stands without the findings."""
        return Settled(
            self.table, self.row_severity == ROW_EMPTY, self.corrections, self.clean,
            self.employee, self.tidied_cells,
        )  # fmt: skip

    @property
    def all_empty(self) -> bool:
        """Whether no row holds anything: blanks and running numbers only."""
        return bool((self.row_severity == ROW_EMPTY).all())

    def counts(self) -> dict[str, int]:
        """Return rows by outcome: total = valid + warning + invalid + empty.

        Notes leave a row valid; an override counts as invalid until a document
        lies on the row. Refused rows are not in the table and not counted here.
        """
        severity = self.row_severity
        empty = int((severity == ROW_EMPTY).sum()) + self.table.empty_rows
        warning = int((severity == Severity.WARNING).sum())
        invalid = int(((severity == Severity.OVERRIDE) | (severity == Severity.ERROR)).sum())
        valid = len(severity) + self.table.empty_rows - empty - warning - invalid
        return {
            "total": len(severity) + self.table.empty_rows,
            "valid": valid,
            "warning": warning,
            "invalid": invalid,
            "empty": empty,
        }
