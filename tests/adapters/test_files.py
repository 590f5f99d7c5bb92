"""The store gives back exactly what was put, or says that it can't."""

import io
import os
import stat

import pytest

from hr_portal.adapters.files import CHUNK, FileDamagedError, FileStore, FileTooLargeError

KEY = os.urandom(32)


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "files")


def only(store):
    return next(store._root.glob("??/*"))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_bytes_come_back_as_they_went_in(store, size):
    data = os.urandom(size)
    kept = store.put(io.BytesIO(data), KEY, limit=size)
    assert kept.size == size
    assert store.read(kept.name, KEY) == data
    with store.open(kept.name, KEY) as stream:
        assert stream.read(size // 2) + stream.read() == data
    assert only(store).read_bytes().find(data) < 0 or size < 2


def test_a_stream_over_the_limit_leaves_nothing(store):
    with pytest.raises(FileTooLargeError):
        store.put(io.BytesIO(b"x" * 11), KEY, limit=10)
    assert list(store._root.glob("??/*")) == []


def test_a_stream_that_breaks_off_leaves_nothing(store):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError("connection lost")

    with pytest.raises(OSError, match="lost"):
        store.put(Broken(), KEY, limit=10)
    assert list(store._root.glob("??/*")) == []


@pytest.mark.parametrize("at", [0, 5, 12, -1])
def test_an_altered_byte_is_noticed(store, at):
    kept = store.put(io.BytesIO(b"data" * 100), KEY, limit=400)
    data = bytearray(only(store).read_bytes())
    data[at] ^= 1
    only(store).write_bytes(data)
    with pytest.raises(FileDamagedError):
        store.read(kept.name, KEY)


def test_a_file_cut_at_a_chunk_is_noticed(store):
    kept = store.put(io.BytesIO(b"x" * (2 * CHUNK)), KEY, limit=2 * CHUNK)
    data = only(store).read_bytes()
    only(store).write_bytes(data[: 11 + CHUNK + 16])
    with pytest.raises(FileDamagedError):
        store.read(kept.name, KEY)


def test_two_files_swapped_on_disk_are_noticed(store):
    first, second = (store.put(io.BytesIO(data), KEY, limit=9) for data in (b"first", b"second"))
    one, two = store._path(first.name), store._path(second.name)
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)
    with pytest.raises(FileDamagedError):
        store.read(first.name, KEY)


def test_another_key_opens_nothing(store):
    kept = store.put(io.BytesIO(b"data"), KEY, limit=4)
    with pytest.raises(FileDamagedError):
        store.read(kept.name, os.urandom(32))


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "0" * 31, "g" * 32, "A" * 32, "0" * 32]
)
def test_a_name_that_is_not_of_the_store_finds_nothing(store, name):
    with pytest.raises(FileDamagedError):
        store.read(name, KEY)


def test_a_deleted_file_is_gone_and_deleting_twice_is_fine(store):
    kept = store.put(io.BytesIO(b"data"), KEY, limit=4)
    store.delete(kept.name)
    store.delete(kept.name)
    assert list(store.names()) == []


def test_nobody_else_on_the_machine_reads_the_store(store):
    store.put(io.BytesIO(b"data"), KEY, limit=4)
    for path in [store._root, *store._root.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_left_over_parts_are_swept_and_files_stay(store):
    kept = store.put(io.BytesIO(b"data"), KEY, limit=4)
    part = store._path(kept.name).with_suffix(".part")
    part.write_bytes(b"half")
    assert store.sweep_parts(older_than=part.stat().st_mtime) == 0
    assert store.sweep_parts(older_than=part.stat().st_mtime + 1) == 1
    assert list(store.names()) == [kept.name]
