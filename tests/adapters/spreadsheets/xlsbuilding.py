"""Workbooks of Excel 5 to 2003 written by hand, record by record, for tests."""

import struct

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512
HEADERS = ("No", "KPJ", "NIK", "Nama Lengkap", "Data", "Semula", "Menjadi")
GOOD = ("1", "09999990017", "3171014508909013", "SITI CONTOHAN", "Email", "", "siti@contoh.example")


def record(kind, *pieces):
    """A record, split into CONTINUE records where it is too long."""
    body = b"".join(pieces)
    out = struct.pack("<HH", kind, len(body[:8224])) + body[:8224]
    for at in range(8224, len(body), 8224):
        out += struct.pack("<HH", 0x3C, len(body[at : at + 8224])) + body[at : at + 8224]
    return out


def unicode_string(text, length="<H"):
    """A text with its length and its width."""
    try:
        return struct.pack(length, len(text)) + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        wide = text.encode("utf-16-le", "surrogatepass")
        return struct.pack(length, len(wide) // 2) + b"\1" + wide


def bof(of, version=0x0600):
    """The first record of a stream: 5 globals, 16 a sheet, 64 a macro sheet."""
    return record(0x0809, struct.pack("<HHHHLL", version, of, 0, 1997, 0, 6))


def place(row, column, shape=0):
    """Where a cell is, and its format."""
    return struct.pack("<HHH", row, column, shape)


def text(row, column, value, shape=0):
    """A cell with a text of its own."""
    return record(0x0204, place(row, column, shape), unicode_string(value))


def shared(row, column, index, shape=0):
    """A cell with a shared text."""
    return record(0x00FD, place(row, column, shape), struct.pack("<L", index))


def double(row, column, value, shape=0):
    """A cell with a number."""
    return record(0x0203, place(row, column, shape), struct.pack("<d", value))


def packed(row, column, value, *, hundredth=False, whole=True):
    """A cell with a number of four bytes."""
    if whole:
        word = (value << 2 | 2 | hundredth) & 0xFFFFFFFF
    else:
        word = int.from_bytes(struct.pack("<d", value)[4:], "little") & ~3 | hundredth
    return record(0x027E, place(row, column), struct.pack("<L", word))


def formula(row, column, result, shape=0, flags=0, tokens=b""):
    """A formula with the eight bytes of its last result."""
    head = struct.pack("<HLH", flags, 0, len(tokens))
    return record(0x0006, place(row, column, shape), result, head, tokens)


def result_of(kind, value=0):
    """A result that is no number: 0 text, 1 boolean, 2 error, 3 empty."""
    return bytes([kind, 0, value, 0, 0, 0, 0xFF, 0xFF])


def texts(*rows, first=0):
    """Rows of texts, empty ones left out."""
    return b"".join(
        text(at, column, value)
        for at, row in enumerate(rows, first)
        for column, value in enumerate(row)
        if value
    )


def strings(items, count=None):
    """The shared texts, cut between texts or, where one is too long, inside it."""
    head = struct.pack("<LL", len(items), len(items) if count is None else count)
    return record(
        0x00FC, head, *[each if isinstance(each, bytes) else unicode_string(each) for each in items]
    )


def formats(*numbers, codes=()):
    """Cell formats by number, and formats of numbers by their own."""
    made = b"".join(record(0x041E, struct.pack("<H", n), unicode_string(code)) for n, code in codes)
    return made + b"".join(record(0x00E0, struct.pack("<HH", 0, n), bytes(16)) for n in numbers)


def stream(*sheets, globals_="", version=0x0600, states=(), kinds=(), names=(), of=16):
    """The records of a workbook: its globals, then its sheets."""
    head = bof(5, version) + (globals_ or b"")
    listed = []
    for at in range(len(sheets)):
        name = names[at] if at < len(names) else f"Lembar{at + 1}"
        shown = (
            unicode_string(name, "<B")
            if version == 0x0600
            else bytes([len(name)]) + name.encode("cp1252")
        )
        state = states[at] if at < len(states) else 0
        kind = kinds[at] if at < len(kinds) else 0
        listed.append((state, kind, shown))
    length = len(head) + sum(4 + 6 + len(shown) for *_, shown in listed) + 4
    bodies = [bof(of, version) + each + record(0x000A) for each in sheets]
    for (state, kind, shown), body in zip(listed, bodies, strict=True):
        head += record(0x0085, struct.pack("<LBB", length, state, kind), shown)
        length += len(body)
    return head + record(0x000A) + b"".join(bodies)


def entry(name, kind, start, size):
    """An entry of the directory."""
    encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
    return (
        encoded.ljust(64, b"\0") + struct.pack("<HBB3L", len(encoded), kind, 1, FREE, FREE, FREE)
        + bytes(36) + struct.pack("<LQ", start, size)
    )  # fmt: skip


def compound(data, name="Workbook", others=(), chain=None):
    """A compound document with one stream and other names beside it."""
    data_sectors = -(-len(data) // SECTOR)
    entries = [entry("Root Entry", 5, END, 0), entry(name, 2, 0, len(data))]
    entries += [entry(other, 1 if other.isupper() else 2, END, 0) for other in others]
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    directory_sectors = len(directory) // SECTOR
    fat_sectors = 1
    while fat_sectors * 128 < data_sectors + directory_sectors + fat_sectors:
        fat_sectors += 1
    table = [*range(1, data_sectors), END] if data_sectors else []
    first = len(table)
    table += [*range(first + 1, first + directory_sectors), END]
    fat_at = len(table)
    table += [FAT] * fat_sectors
    if chain is not None:
        table[: len(chain)] = chain
    table += [FREE] * (fat_sectors * 128 - len(table))
    places = [fat_at + at for at in range(fat_sectors)]
    header = (
        OLE_MAGIC + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        + struct.pack("<9L", 0, fat_sectors, first, 0, 0, END, 0, END, 0)
        + struct.pack("<109L", *places, *[FREE] * (109 - len(places)))
    )  # fmt: skip
    body = data.ljust(data_sectors * SECTOR, b"\0")
    return header + body + directory + struct.pack(f"<{len(table)}L", *table)


def workbook(*sheets, **changes):
    """An .xls with these sheets (records), in a compound document."""
    others = changes.pop("others", ())
    return compound(stream(*(sheets or (texts(HEADERS, GOOD),)), **changes), others=others)
