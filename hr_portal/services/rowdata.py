"""How a revision's rows lie in the database: sealed blobs, and back to cells."""

from dataclasses import dataclass
from typing import Any

import orjson

from hr_portal.adapters.database.models import Correction, FindingRow, Revision, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.report import Report
from hr_portal.domain.table import Remark, Role


@dataclass(frozen=True, slots=True)
class Structure:
    """What a revision's sheet looks like: one entry a column."""

    headers: list[str]
    letters: list[str]
    roles: list[Role]
    remarks: list[Remark]
    refused: list[tuple[int, str, str]]
    """(sheet row number, why in Indonesian, in English)."""

    def label(self, column: int) -> str:
        """Return the header of a column as the user wrote it."""
        return self.headers[column]


@dataclass(frozen=True, slots=True)
class RowCells:
    """The cells of one row: as found, as stored, and clean where it differs."""

    raw: list[str]
    kinds: list[int]
    clean: list[str]
    employee: dict[str, str]
    """Effective kpj, nik, nama, tanggal_lahir and kk of the row's employee, clean."""


EMPLOYEE_KEYS = ("kpj", "nik", "nama", "tanggal_lahir", "kk")


def row_place(revision_id: int, number: int) -> str:
    """Return the place a row's blob is sealed for."""
    return f"rows|{revision_id}|{number}"


def correction_place(revision_id: int, number: int, field: str) -> str:
    """Return the place a correction's values are sealed for."""
    return f"corrections|{revision_id}|{number}|{field}"


def finding_place(revision_id: int, number: int, code: str, column: int) -> str:
    """Return the place a finding's detail is sealed for."""
    return f"findings|{revision_id}|{number}|{code}|{column}"


def seal_structure(key: CompanyKey, revision_id: int, report: Report) -> bytes:
    """Seal headers, roles, remarks and refused rows of a checked table."""
    table = report.table
    plain = orjson.dumps(
        {
            "headers": table.headers,
            "letters": table.letters,
            "roles": [[role.part, role.field] for role in table.roles],
            "remarks": [[r.kind, r.text, r.text_en, list(r.rows)] for r in table.remarks],
            "refused": [list(one) for one in table.refused],
        }
    )
    return key.seal(f"revisions|{revision_id}", plain)


def open_structure(key: CompanyKey, revision: Revision) -> Structure:
    """Open what `seal_structure` sealed; an unread revision has no columns."""
    if revision.structure is None:
        return Structure([], [], [], [], [])
    held = orjson.loads(key.open(f"revisions|{revision.id}", revision.structure))
    return Structure(
        held["headers"],
        held["letters"],
        [Role(part, field) for part, field in held["roles"]],
        [Remark(kind, text, text_en, tuple(rows)) for kind, text, text_en, rows in held["remarks"]],
        [(number, why, why_en) for number, why, why_en in held["refused"]],
    )


def open_row(key: CompanyKey, row: Row) -> RowCells:
    """Open the cells of a row."""
    raw, kinds, changed, employee = orjson.loads(
        key.open(row_place(row.revision_id, row.number), row.content)
    )
    clean = list(raw)
    for column, value in changed:
        clean[column] = value
    return RowCells(
        raw, [int(kind) for kind in kinds], clean, dict(zip(EMPLOYEE_KEYS, employee, strict=True))
    )


def open_correction(key: CompanyKey, correction: Correction) -> tuple[str, str]:
    """Open before and after of a correction, both clean."""
    place = correction_place(correction.revision_id, correction.row_number, correction.field)
    before, after = orjson.loads(key.open(place, correction.content))
    return before, after


def open_detail(key: CompanyKey, finding: FindingRow) -> dict[str, Any]:
    """Open {value, suggestion, params} of a finding."""
    if finding.detail is None:
        return {"value": "", "suggestion": None, "params": None}
    place = finding_place(
        finding.revision_id, finding.row_number, finding.code, finding.column_index
    )
    opened: dict[str, Any] = orjson.loads(key.open(place, finding.detail))
    return opened
