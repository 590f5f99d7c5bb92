"""HIS-01 to HIS-03: what the company's earlier batches say of the same person.

Judged on a finished report, because only a server has that history: the check
itself runs in a process without database and keys.
"""

from hr_portal.domain.checks.ledger import in_order
from hr_portal.domain.history import History
from hr_portal.domain.report import Finding, Report
from hr_portal.domain.rules import severity
from hr_portal.domain.table import Role, Table


def compare_history(report: Report, history: History) -> None:
    """Add the HIS findings to a report, and suggestions that earlier batches hold."""
    _offer_known(report, history)
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
                found.suggestion[place], batch = known
                found.params[place] = {
                    **(found.params[place] or {}),
                    "origin": f"pengajuan {batch}",
                    "origin_en": f"submission {batch}",
                }


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
