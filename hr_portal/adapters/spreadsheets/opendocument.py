"""What an OpenDocument package must prove: its type, no password, nothing that runs.

Its content is one part, `content.xml`; what it declares of itself stands in
`mimetype` and `META-INF/manifest.xml`.
"""

import re

from hr_portal.adapters.spreadsheets.archive import Archive
from hr_portal.adapters.spreadsheets.kinds import ODT, mismatch
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser

MIMETYPE = "mimetype"
CONTENT, STYLES = "content.xml", "styles.xml"
MANIFEST = "meta-inf/manifest.xml"

_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_PREFIX = "application/vnd.oasis.opendocument."
# Charts and formulas are drawings; any other document inside a document is an embedded object.
_HARMLESS_OBJECTS = ("chart", "formula")
_MACROS = re.compile(r"(?:basic|scripts)/.")
_OBJECT = re.compile(r"object [0-9]+/")


def check_names(archive: Archive, file: str) -> None:
    """Refuse another type, a password and macros by the names and the type of the package."""
    if "encrypted-package" in archive:
        raise refuse("encrypted-ods", file)
    if MIMETYPE not in archive or CONTENT not in archive:
        raise refuse(
            "not-a-workbook", file, extension=".ods", found="bagian yang wajib tidak ada",
            found_en="parts it must have are missing",
        )  # fmt: skip
    if any(_MACROS.match(part) for part in archive.entries):
        raise refuse("active", file, found="makro", found_en="macros")


def check_package(archive: Archive, file: str, limits: ReadLimits) -> None:
    """Hold the declared type and the manifest against what is there; raises FILE-01, 04 or 05."""
    declared = b"".join(archive.chunks(MIMETYPE))[:200].strip()
    if declared != _SPREADSHEET:
        raise mismatch(file, ODT)
    if MANIFEST not in archive:
        return

    def start(name: str, attributes: Attributes) -> None:
        if name == "encryption-data":
            raise refuse("encrypted-ods", file)
        path = attributes.get("full-path", "").lower()
        kind = attributes.get("media-type", "")
        if (
            name == "file-entry"
            and _OBJECT.fullmatch(path)
            and not kind.removeprefix(_PREFIX).startswith(_HARMLESS_OBJECTS)
        ):
            raise refuse(
                "active", file, found="objek tersemat (OLE)", found_en="embedded objects (OLE)"
            )

    parser = SafeParser("META-INF/manifest.xml", file, limits)
    parser.handle(start)
    parser.parse(archive.chunks(MANIFEST))
