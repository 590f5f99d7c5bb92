"""Two columns of one datum: what BPJS has, and what the KTP says.

"Nama di BPJS" beside "Nama sesuai KTP" is how many sheets say old and new, and so is
"Data di BPJS" beside "Data yang Benar". One such column alone says nothing of a correction;
the pair does, and is asked about all the same.
"""

from collections.abc import Sequence
from functools import lru_cache

from hr_portal.domain.fields import field_by_header
from hr_portal.domain.layouts import understand, words_of
from hr_portal.domain.table import Role

_ON_RECORD = frozenset(
    {"BPJS", "BPJSTK", "BPJAMSOSTEK", "JAMSOSTEK", "SIPP", "SISTEM", "KETENAGAKERJAAN", "TK",
     "JMO", "KARTU"}
)  # fmt: skip
_IN_DOCUMENTS = frozenset(
    {"KTP", "EKTP", "KTPEL", "KK", "DOKUMEN", "IJAZAH", "AKTA", "AKTE", "PASPOR", "DUKCAPIL", "ASLI",
     "SEBENARNYA"}
)  # fmt: skip
_LINKS = frozenset(
    {"DI", "PADA", "SESUAI", "MENURUT", "DALAM", "DARI", "VERSI", "DATA", "YANG", "TERCATAT", "TERTULIS", "DAN",
     "ATAU", "E", "EL", "PESERTA"}
)  # fmt: skip
_OF_ANYTHING = frozenset({"DATA", "SESUAI", "MENURUT", "TERTULIS", "TERCATAT"})
"""With one of these a source needs no datum: "Sesuai KTP", "Tertulis di Kartu"."""
_Source = tuple[str | None, bool]
"""The key of a field (None: any datum), and whether the documents say it."""


def paired(texts: Sequence[str]) -> dict[int, Role]:
    """Return the old and the new value of each datum that two headers name by their sources.

    Only where there is exactly one of each. The other side may have a name of its own ("Data di
    BPJS" beside "Menjadi") but for a datum of the documents: "Alamat sesuai KTP" beside "Alamat"
    is another address.
    """
    held: dict[_Source, list[int]] = {}
    for at, text in enumerate(texts):
        source = _source_of(text)
        if source is not None:
            held.setdefault(source, []).append(at)
    named = understand(texts).roles
    found: dict[int, Role] = {}
    for (key, in_documents), places in held.items():
        role, other = (
            _side(key, in_documents=in_documents),
            _side(key, in_documents=not in_documents),
        )
        opposite = held.get((key, not in_documents), [])
        by_name = role not in named and other in named and (key is None or not in_documents)
        if len(places) == 1 and (len(opposite) == 1 or (not opposite and by_name)):
            found[places[0]] = role
    return found


def is_on_record(text: str) -> bool:
    """Tell whether a header names what BPJS has: that is never the new value."""
    source = _source_of(text)
    return source is not None and not source[1]


def names_source(text: str) -> bool:
    """Tell whether a heading over several columns says where their data stand: "DATA KTP"."""
    source = _source_of(text)
    return source is not None and source[0] is None


def _side(key: str | None, *, in_documents: bool) -> Role:
    if in_documents:
        return Role("after", key)
    return Role("before") if key is None else Role("record", key)


@lru_cache(maxsize=4096)
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
        return (None, in_documents) if said & _OF_ANYTHING else None
    field = field_by_header(" ".join(datum))
    return None if field is None else (field.key, in_documents)
