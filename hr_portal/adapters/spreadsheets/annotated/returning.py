"""What of a workbook is ours when it comes back: two columns and a sheet.

Told by content, because an office program may drop anything else: the headers
stand side by side and the first column says nothing but our own verdicts.
"""

from hr_portal.adapters.spreadsheets.annotated.orders import (
    CATATAN,
    HASIL,
    SUMMARY_TITLE,
    VERDICTS,
)
from hr_portal.adapters.spreadsheets.sheet import Sheet


def take_out_own(sheet: Sheet, header: int, names: dict[int, str]) -> tuple[int, ...]:
    """Take our columns out of a sheet; returns where they stood, () where there are none.

    `header` is the index of the header's row, `names` its texts by column. A
    user's own column Hasil stays: it says something else than our verdicts.
    """
    for column, text in names.items():
        if text != HASIL or names.get(column + 1) != CATATAN:
            continue
        values = sheet.columns[column].values[header + 1 :]
        said = {value.strip() for value in values} - {""}
        if said and said <= VERDICTS:
            del sheet.columns[column], sheet.columns[column + 1]
            return column, column + 1
    return ()


def is_own_summary(head: Sheet) -> bool:
    """Whether the first rows of a sheet are those of our summary."""
    return any(text.strip() == SUMMARY_TITLE for row in head.head(1) for _, text in row.values())
