"""A backup while the portal runs: one sealed file with the database, the files and the notes.

The database is copied first and the files after it: files never change once they are written, so
every file that a row of the copy names is there. The archive is sealed by a key of the master key,
chunk by chunk, and ends with a list of what it holds; cut, altered or another installation's, it
isn't opened (security.md K1-K3).
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

import sqlalchemy as sa

from hr_portal import __version__
from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.copies import (
    CopyFailedError,
    bring_back,
    copy_database,
    copy_name,
    is_whole,
)
from hr_portal.adapters.database.models import Company, File, SignIn
from hr_portal.adapters.files import (
    FileDamagedError,
    SealedWriter,
    new_private,
    sync_folder,
    unsealed,
)
from hr_portal.adapters.vault import Vault
from hr_portal.faults import why
from hr_portal.services import audit, number_holds
from hr_portal.services.context import Portal
from hr_portal.settings import Settings

PLACE = "backup"
LIST = "list.json"
BESIDE = ("audit", "regions")
"""Folders of the data folder that go along whole."""
TRIES = 3
PIECE = 1 << 20


class BackupError(Exception):
    """It could not be made, read or brought back; str() is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    made_at: str
    version: str
    database: str
    files: int
    size: int
    """Bytes of all it holds, before sealing."""


def create(portal: Portal, target: Path) -> Contents:
    """Write a backup to the new file `target` while others work; whole or not at all.

    Raises:
        BackupError: `target` exists, the disk is full, or a file that a row names is missing.

    """
    if target.exists():
        raise BackupError(f"{target} sudah ada; cadangan tidak pernah menimpa berkas.")
    part = target.with_name(target.name + ".part")
    try:
        with new_private(part) as out, _workroom(portal.settings) as room:
            contents = _write(portal, out, room)
            out.flush()
            os.fsync(out.fileno())
        os.link(part, target)  # unlike renaming, never over a file that came meanwhile
        sync_folder(target.absolute().parent)
    except FileExistsError as error:
        raise BackupError(f"{error.filename2 or error.filename} sudah ada.") from error
    except CopyFailedError as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        raise BackupError(f"Cadangan tidak dapat ditulis: {why(error)}.") from error
    finally:
        part.unlink(missing_ok=True)
    with portal.db.write() as session:
        audit.record(portal, session, None, "installation:backed_up", "-", files=contents.files)
    return contents


def check(settings: Settings, source: Path) -> Contents:
    """Read a backup to its end, and the database in it; changes nothing.

    Raises:
        BackupError: it is damaged, incomplete or not of this master key.

    """
    with _workroom(settings) as room:
        contents, copy = _unpack(settings, source, room, keep=copy_of_database)
        if not is_whole(copy):
            raise BackupError("Salinan basis data di dalam cadangan rusak.")
    return contents


def restore(settings: Settings, source: Path) -> Contents:
    """Bring a backup back into an empty data folder and an empty database.

    All sign-ins are ended. No company gets a letter number before somebody has said which was the
    last: numbers may have been given out after the backup was made (`number_holds`).

    Raises:
        BackupError: as `check`; the data folder or the database isn't empty.

    """
    files = settings.data_dir / "files"
    if files.exists() and any(files.iterdir()):
        raise BackupError(
            f"{files} sudah berisi berkas. Pulihkan hanya ke folder data yang kosong."
        )
    settings.make_folders()
    with _workroom(settings) as room:
        contents, copy = _unpack(settings, source, room, keep=lambda _name: True)
        if not is_whole(copy):
            raise BackupError("Salinan basis data di dalam cadangan rusak.")
        try:
            bring_back(settings.database_url, copy)
        except CopyFailedError as error:
            raise BackupError(str(error)) from error
        copy.unlink()
        for folder in ("files", *BESIDE):
            if (room / folder).exists():
                _move_into(room / folder, settings.data_dir / folder)
    portal = Portal.from_settings(settings)
    try:
        with tenancy.under(tenancy.Wide("command")):
            _begin_anew(portal, contents)
    finally:
        portal.close()
    return contents


def copy_of_database(name: str) -> bool:
    """Say whether a member of a backup is its database."""
    return "/" not in name and name.startswith("database.")


# --- writing --------------------------------------------------------------------------------------


def _write(portal: Portal, out: BinaryIO, room: Path) -> Contents:
    url = portal.settings.database_url
    copy = room / copy_name(url)
    for _ in range(TRIES):
        copy.unlink(missing_ok=True)
        wanted, keys = _named_files(portal), _keys(portal)
        copy_database(url, copy)
        if _named_files(portal) == wanted:
            break  # no file came or went meanwhile
    sealed = SealedWriter(out, _key(portal.settings), PLACE)
    listed: dict[str, Any] = {}
    with tarfile.open(fileobj=cast("IO[bytes]", sealed), mode="w|") as archive:
        _add(archive, listed, copy.name, copy.open("rb"))
        names = set(portal.files.names())
        for name in sorted(names):
            try:
                _add(archive, listed, f"files/{name[:2]}/{name}", portal.files.open_sealed(name))
            except FileNotFoundError:
                names.discard(name)  # a file of nobody, taken away meanwhile
        if _keys(portal) != keys:
            raise BackupError(
                "Kunci sebuah perusahaan diganti selama cadangan dibuat, jadi salinan ini tidak dapat "
                "membuka semua berkasnya. Buat cadangan sekali lagi."
            )
        if missing := wanted - names:
            raise BackupError(
                f"{len(missing)} berkas yang tercatat tidak ada di folder data, misalnya "
                f"files/{min(missing)[:2]}/{min(missing)}. Jalankan hr-portal reconcile."
            )
        for folder in BESIDE:
            root = portal.settings.data_dir / folder
            for path in sorted(path for path in root.rglob("*") if path.is_file()):
                _add(
                    archive,
                    listed,
                    f"{folder}/{path.relative_to(root).as_posix()}",
                    path.open("rb"),
                )
        contents = Contents(
            portal.clock().isoformat(timespec="seconds"), __version__, copy.name, len(names),
            sum(size for size, _ in listed.values()),
        )  # fmt: skip
        told = json.dumps({"contents": asdict(contents), "listed": listed}).encode()
        archive.addfile(_member(LIST, len(told)), io.BytesIO(told))
    sealed.finish()
    return contents


def _named_files(portal: Portal) -> set[str]:
    with portal.db.read() as session:
        return set(session.scalars(sa.select(File.name).where(File.purged_at.is_(None))))


def _keys(portal: Portal) -> set[bytes]:
    with portal.db.read() as session:
        return set(session.scalars(sa.select(Company.data_key)))


def _add(archive: tarfile.TarFile, listed: dict[str, Any], name: str, source: BinaryIO) -> None:
    with source:
        size = os.fstat(source.fileno()).st_size
        digest = _Digest(source)
        archive.addfile(_member(name, size), digest)
    listed[name] = [size, digest.hexdigest()]


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Digest(io.RawIOBase):
    """Reads through to another file and keeps the SHA-256 of what passed."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        return data

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


# --- reading --------------------------------------------------------------------------------------


class _Plain(io.RawIOBase):
    """The plain bytes of a sealed file, as tarfile wants to read them."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._held = chunks, b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            following = next(self._chunks, None)
            if following is None:
                break
            self._held += following
        size = len(self._held) if size < 0 else size
        data, self._held = self._held[:size], self._held[size:]
        return data


def _unpack(settings: Settings, source: Path, room: Path, *, keep: Any) -> tuple[Contents, Path]:  # noqa: ANN401 - a predicate of names
    """Read a backup to its end, keep some members below `room`; return them and the database."""
    seen: dict[str, list[Any]] = {}
    told: dict[str, Any] = {}
    try:
        with source.open("rb") as file:
            chunks = unsealed(file, _key(settings), PLACE)
            with tarfile.open(fileobj=_Plain(chunks), mode="r|") as archive:
                for member in archive:
                    content = archive.extractfile(member)
                    if content is None or not _is_plain(member.name):
                        raise BackupError(
                            f"Cadangan memuat {member.name}, yang bukan milik portal."
                        )
                    if member.name == LIST:
                        told = json.loads(content.read())
                        continue
                    target = room / member.name if keep(member.name) else None
                    seen[member.name] = [member.size, _take(content, target)]
            for _ in chunks:  # the last chunk says that nothing was cut off
                pass
    except FileDamagedError as error:
        raise BackupError(
            f"{source} tidak dapat dibuka: rusak, terpotong, atau dibuat dengan kunci induk lain."
        ) from error
    except OSError as error:
        raise BackupError(f"{source} tidak dapat dibaca: {why(error)}.") from error
    except (tarfile.TarError, ValueError) as error:
        raise BackupError(f"{source} bukan cadangan portal yang utuh.") from error
    if not told or told["listed"] != seen:
        raise BackupError(f"{source} tidak lengkap: isinya berbeda dari daftarnya.")
    contents = Contents(**told["contents"])
    return contents, room / contents.database


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and name == path.as_posix()


def _take(content: Any, target: Path | None) -> str:  # noqa: ANN401 - tarfile's own reader
    digest = hashlib.sha256()
    if target is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with new_private(target) if target is not None else io.BytesIO() as out:
        while data := content.read(PIECE):
            digest.update(data)
            if target is not None:
                out.write(data)
        if target is not None:
            out.flush()
            os.fsync(out.fileno())
    return digest.hexdigest()


def _move_into(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for path in source.iterdir():
        path.rename(target / path.name)
    sync_folder(target)


def _begin_anew(portal: Portal, contents: Contents) -> None:
    """End all sign-ins, and hold the letter numbers until somebody says which was the last."""
    with portal.db.write() as session:
        session.execute(sa.delete(SignIn))
        number_holds.hold(session)
        audit.record(portal, session, None, "installation:restored", "-", of=contents.made_at)


@contextmanager
def _workroom(settings: Settings) -> Iterator[Path]:
    """Give a folder on the disk of the data, gone afterwards."""
    below = settings.data_dir / "tmp"
    below.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=below, prefix="backup-") as name:
        yield Path(name)


def _key(settings: Settings) -> bytes:
    return Vault(settings.master_key, settings.old_master_key).general.file_key
