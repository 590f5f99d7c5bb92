"""HIS-01 to HIS-04: what earlier batches say of the same person, and of the same kind.

Judged on a finished report, because only a server has that history: the check
itself runs in a process without database and keys.
"""

from collections.abc import Mapping

from hr_portal.domain.checks.ledger import in_order
from hr_portal.domain.history import History, Known, Person
from hr_portal.domain.refusals import REASON, Often
from hr_portal.domain.report import Finding, Findings, Report
from hr_portal.domain.rules import severity
from hr_portal.domain.table import Role, Table

NUMBERS = ("kpj", "nik")


def compare_history(report: Report, history: History) -> None:
    """Add the HIS findings to a report, and suggestions that earlier batches hold."""
    _offer_known(report, history)
    if history.people:
        _offer_by_person(report, history.people)
    if history.refused:
        _warn_of_refusals(report, history.refused)
    if not (history.pending or history.approved or history.nik_changed):
        return
    asked, kpj, found = report.corrections, report.employee["kpj"], report.findings
    worst = report.row_severity.copy()
    said = False
    for row, field, after in zip(asked.row, asked.field_key, asked.after, strict=True):
        card = kpj[row]
        for code, batch in (
            ("HIS-01", history.pending.get((card, field))),
            ("HIS-02", history.approved.get((card, field, after))),
            ("HIS-03", history.nik_changed.get(card) if field == "nik" else None),
        ):
            if batch is None:
                continue
            column = _after_column(report.table, field, row)
            value = report.table.columns[column].values[row]
            level = severity(code)
            found.add(Finding(code, "", level, row, column, field, value, None, {"batch": batch}))
            worst[row] = max(int(worst[row]), level)
            said = True
    if said:
        report.findings, report.row_severity = in_order(found), worst


def wanting(report: Report, field: str) -> list[int]:
    """Return the rows whose NIK or KPJ on record is in doubt and has no suggestion yet."""
    found = report.findings
    return sorted({found.row[place] for place in _doubted(report, field)})


def person_of(report: Report, row: int) -> Person | None:
    """Return name and date of birth of a row's employee; None where one of them is missing."""
    name, birth = report.employee["nama"][row], report.employee["tanggal_lahir"][row]
    return (name, birth) if name and birth else None


def _warn_of_refusals(report: Report, refused: Mapping[str, Often]) -> None:
    """HIS-04: say once for each kind of correction that the agency often refuses it.

    Said of the column and not of rows, so that it is confirmed once and hides nothing else.
    """
    first: dict[str, int] = {}
    for row, field in zip(report.corrections.row, report.corrections.field_key, strict=True):
        if field in refused:
            first.setdefault(field, row)
    for field, row in first.items():
        told, column = refused[field], _after_column(report.table, field, row)
        params: dict[str, str | int] = {"refused": told.refused, "answers": told.answers}
        reason = REASON.get(told.reason)
        if reason is not None:
            params |= {
                "reason": reason.label, "reason_en": reason.label_en,
                "look": reason.advice, "look_en": reason.advice_en,
            }  # fmt: skip
        case = "reason" if reason else "mixed"
        level = severity("HIS-04", case)
        report.findings.add(Finding("HIS-04", case, level, -1, column, field, "", None, params))
    if first:
        report.findings = in_order(report.findings)


def _offer_known(report: Report, history: History) -> None:
    """Offer the NIK or KPJ that the company itself sent before, one slip away.

    Only for values on record: what is to be replaced may well have been sent before.
    """
    found, employee = report.findings, report.employee
    for field, other, meant in (
        ("nik", "kpj", history.nik_meant), ("kpj", "nik", history.kpj_meant),
    ):  # fmt: skip
        if not meant:
            continue
        for place in _doubted(report, field):
            row = found.row[place]
            known = meant.get((employee[other][row], employee[field][row]))
            if known is not None:
                value, batch = known
                _offer(found, place, value, f"pengajuan {batch}", f"submission {batch}")


def _offer_by_person(report: Report, people: Mapping[Person, Known]) -> None:
    """Offer the NIK or KPJ that an earlier batch has for the same name and date of birth.

    Not where a sound number of this file says that the two are two people, or that
    somebody else has the number.
    """
    found, written = report.findings, report.employee
    twice, taken = _somebody_else(report, people)
    for field in NUMBERS:
        for place in _doubted(report, field):
            row = found.row[place]
            person = person_of(report, row)
            known = people.get(person) if person else None
            if known is None or person in twice:
                continue
            value = _number(known, field)
            if value and value != written[field][row] and (field, value) not in taken:
                _offer(
                    found, place, value, f"pengajuan {known.batch} baris {known.row}",
                    f"submission {known.batch} row {known.row}",
                )  # fmt: skip


def _somebody_else(
    report: Report, people: Mapping[Person, Known]
) -> tuple[set[Person], set[tuple[str, str]]]:
    """Return the people who have another number here, and the numbers that others have."""
    doubts = {field: set(wanting(report, field)) for field in NUMBERS}
    owners = {
        (field, _number(known, field)): person
        for person, known in people.items()
        for field in NUMBERS
    }
    twice: set[Person] = set()
    taken: set[tuple[str, str]] = set()
    columns = [report.employee[one] for one in ("nama", "tanggal_lahir", *NUMBERS)]
    for row, (name, birth, *numbers) in enumerate(zip(*columns, strict=True)):
        known = people.get((name, birth))
        for field, value in zip(NUMBERS, numbers, strict=True):
            if not value or row in doubts[field]:
                continue
            if known is not None and value != _number(known, field):
                twice.add((name, birth))
            if owners.get((field, value), (name, birth)) != (name, birth):
                taken.add((field, value))
    return twice, taken


def _number(known: Known, field: str) -> str:
    return known.kpj if field == "kpj" else known.nik


def _offer(found: Findings, place: int, value: str, origin: str, origin_en: str) -> None:
    found.suggestion[place] = value
    found.params[place] = {
        **(found.params[place] or {}), "origin": origin, "origin_en": origin_en,
    }  # fmt: skip


def _doubted(report: Report, field: str) -> list[int]:
    found, roles = report.findings, report.table.roles
    record = {at for at, role in enumerate(roles) if role == Role("record", field)}
    return [
        place
        for place, key in enumerate(found.field_key)
        if key == field
        and found.suggestion[place] is None
        and found.column[place] in record
        and found.row[place] >= 0
    ]


def _after_column(table: Table, field: str, row: int) -> int:
    """Return the column that holds a row's new value of a field."""
    columns = [
        at
        for at, role in enumerate(table.roles)
        if role.part == "after" and role.field in {None, field}
    ]
    filled = (at for at in columns if table.columns[at].values[row])
    return next(filled, columns[0])
