"""`hr-portal check --output`: the checked file with its notes, as a file of its own."""

import tempfile
from datetime import datetime
from pathlib import Path

from hr_portal.adapters.spreadsheets.annotated.making import annotate_file
from hr_portal.adapters.spreadsheets.annotated.of_report import notes_of, order_of
from hr_portal.domain.report import Report
from hr_portal.domain.wording import date_in_words


def unfit_output(output: Path, file: str) -> str:
    """Return why nothing may be written to `output`, "" where all is well.

    What is there already is never overwritten, least of all the checked file.
    """
    if output.suffix.lower() != ".xlsx":
        return f"Nama berkas {output.name} harus berakhiran .xlsx."
    try:
        if output.exists():
            is_input = Path(file).exists() and output.samefile(file)
            return (
                f"{output} adalah berkas yang diperiksa dan tidak ditimpa. Pakai nama lain."
                if is_input
                else f"Berkas {output} sudah ada dan tidak ditimpa. Pakai nama lain."
            )
    except (OSError, ValueError):
        return f"Berkas {output.name[:80]} tidak dapat ditulis: namanya tidak dapat dipakai."
    if not output.parent.is_dir():
        return f"Berkas {output} tidak dapat ditulis: foldernya tidak ada."
    return ""


def write_output(output: Path, file: Path, report: Report, now: datetime) -> None:
    """Write the checked file with its notes; whole or not at all.

    Raises Unreadable and OSError.
    """
    checked = f"{date_in_words(now.date())}, {now:%H.%M} WIB"
    with tempfile.NamedTemporaryFile(
        dir=output.parent, prefix=f".{output.stem[:40]}-", suffix=".part", delete=False
    ) as part:
        unfinished = Path(part.name)
        try:
            annotate_file(
                file, report.table.file, order_of(report, checked=checked), notes_of(report),
                part,  # type: ignore[arg-type]  # it is written to, that is enough
            )  # fmt: skip
            part.flush()
            unfinished.chmod(0o600)
            unfinished.rename(output)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
