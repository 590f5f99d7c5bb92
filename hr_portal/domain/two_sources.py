"""Two columns of one datum: what BPJS has, and what the KTP says.

"Nama di BPJS" beside "Nama sesuai KTP" is how many sheets say old and new. One such column
alone says nothing of a correction; the pair does, and is asked about all the same.
"""

from collections.abc import Sequence

from hr_portal.domain.fields import field_by_header
from hr_portal.domain.layouts import words_of
from hr_portal.domain.table import Role

_ON_RECORD = frozenset(
    {"BPJS", "BPJSTK", "BPJAMSOSTEK", "JAMSOSTEK", "SIPP", "SISTEM", "KETENAGAKERJAAN", "TK"}
)
_IN_DOCUMENTS = frozenset(
    {"KTP", "EKTP", "KTPEL", "KK", "DOKUMEN", "IJAZAH", "AKTA", "AKTE", "PASPOR", "DUKCAPIL", "ASLI",
     "SEBENARNYA"}
)  # fmt: skip
_LINKS = frozenset(
    {"DI", "PADA", "SESUAI", "MENURUT", "DALAM", "DARI", "VERSI", "DATA", "YANG", "TERCATAT", "DAN", "ATAU",
     "E", "EL"}
)  # fmt: skip
_Source = tuple[str | None, bool]
"""The key of a field (None: any datum), and whether the documents say it."""


def paired(texts: Sequence[str]) -> dict[int, Role]:
    """Return the old and the new value of each datum that two headers name by their sources.

    Only where there is exactly one of each.
    """
    held: dict[_Source, list[int]] = {}
    for at, text in enumerate(texts):
        source = _source_of(text)
        if source is not None:
            held.setdefault(source, []).append(at)
    found: dict[int, Role] = {}
    for (key, in_documents), places in held.items():
        record = held.get((key, False), [])
        if in_documents and len(places) == len(record) == 1:
            found[record[0]] = Role("before") if key is None else Role("record", key)
            found[places[0]] = Role("after", key)
    return found


def _source_of(text: str) -> _Source | None:
    """Return whose datum a header names: "Tanggal Lahir (KTP)", "Data di BPJS TK"."""
    words = words_of(text)
    at = len(words)
    while at and words[at - 1] in _ON_RECORD | _IN_DOCUMENTS | _LINKS:
        at -= 1
    datum, said = words[:at], set(words[at:])
    in_documents = not said.isdisjoint(_IN_DOCUMENTS)
    if in_documents != said.isdisjoint(_ON_RECORD):
        return None
    if not datum:
        return (None, in_documents) if "DATA" in said else None
    field = field_by_header(" ".join(datum))
    return None if field is None else (field.key, in_documents)
