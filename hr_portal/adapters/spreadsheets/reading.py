"""Reading and checking a file in a process of its own.

`check_in_child` is what services call. The child may die of anything: the
caller gets a report or an `Unreadable`, never a crash and never a wait without
end.
"""

import contextlib
import fcntl
import io
import json
import mmap
import os
import selectors
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

from hr_portal.adapters.spreadsheets import child, codec
from hr_portal.adapters.spreadsheets.guard import first_look, look
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.pairing import pair_for
from hr_portal.adapters.spreadsheets.refusals import over_limit, refuse
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.questions import HowToRead, Question, Unsure
from hr_portal.domain.regions import chosen
from hr_portal.domain.report import Report, Settled
from hr_portal.domain.table import Table, Unreadable
from hr_portal.forkserver import Forked, ForkServer

Progress = Callable[[int, int], None]
First = Callable[[Report], None]
Ahead = tuple[Callable[[Table], object], Callable[[Settled], object]]
Source = BinaryIO | Path | bytes
Made = TypeVar("Made")

PACKAGE_HOME = Path(__file__).resolve().parents[3]
_PIECE = 1 << 20
_PATIENCE = 4
"""The child's seconds are the processor's; on a busy machine it waits for them, up to so often."""
_TOLD_AT_ONCE = 65_536
_MAX_ANSWER = 1 << 31
_MAX_QUESTION = 1 << 23
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8",
    # Arrays over whole columns go back to the system when they are done with, not to a heap
    # whose end the table has grown over.
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20), "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
}  # fmt: skip
_READERS = ForkServer(child.__name__, _ENVIRONMENT)
_ROW_BYTES = 8  # no row that holds anything takes less of a file


def get_ready() -> None:
    """Let what reads files be there by the time a file is: for who knows that one will come."""
    _READERS.warm()


class _TooSlowError(Exception):
    """The child has used up its time."""


def check_in_child(  # noqa: PLR0913 - all but the file are told by name
    source: Source,
    filename: str,
    *,
    layout: LayoutChoice = "auto",
    limits: ReadLimits = DEFAULT_LIMITS,
    today: date,
    progress: Progress | None = None,
    npp: str | None = None,
    how: HowToRead = HowToRead(),  # noqa: B008 - frozen
    first: First | None = None,
    ahead: Ahead | None = None,
) -> Report:
    """Guard, read and check a file in a limited child process.

    `npp` is the account's, which columns of NPP are compared with (NPP-03).

    `progress(done, total)` is told rows checked of rows total; while the file
    is still being read `done` is 0 and `total` grows. `first` gets a report on the
    first rows of a large file as soon as they are read; rules over several rows may
    say otherwise in the end. `ahead` are two: of a sheet that isn't among the largest one gets the
    table while its check still goes on, which may refuse it yet, and the other what that has
    settled while findings are still missing. What any of them raises ends the child and goes to
    the caller. `how` holds answers given before. Raises Unreadable:
    FILE-09 where the child died of whatever cause, FILE-06 where it is known to be a limit;
    its kind Unsure where an answer is needed.
    """
    with opened(source, filename, limits) as descriptor:
        size = os.fstat(descriptor).st_size
        orders = {
            "layout": layout, "today": today.isoformat(), "npp": npp, "how": how.packed(),
            "regions": str(chosen()), "first": first is not None, "ahead": ahead is not None,
        }  # fmt: skip
        tells = (progress, first, ahead)
        with _Child(descriptor, filename, limits, size, tells, orders) as running:
            return running.answer()


def check_path(
    path: str | Path,
    *,
    layout: LayoutChoice = "auto",
    limits: ReadLimits = DEFAULT_LIMITS,
    today: date,
    progress: Progress | None = None,
    how: HowToRead = HowToRead(),  # noqa: B008 - frozen
) -> Report:
    """Check a file of this machine; missing, unreadable and odd files are Unreadable too."""
    name = _as_utf8(Path(path).name or str(path))
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        raise refuse("missing", name) from None
    except (OSError, ValueError):
        raise refuse(
            "no-permission", name, found="tidak ada izin atau namanya tidak dapat dipakai",
            found_en="no permission, or its name can't be used",
        ) from None  # fmt: skip
    if stat.S_ISDIR(mode):
        raise refuse("not-a-file", name, found="folder", found_en="a folder")
    if not stat.S_ISREG(mode):
        raise refuse("not-a-file", name, found="perangkat atau pipa", found_en="a device or a pipe")
    return check_in_child(
        Path(path), name, layout=layout, limits=limits, today=today, progress=progress, how=how
    )


def _as_utf8(name: str) -> str:
    """Return a file's name as UTF-8 means it, whatever locale the command runs in."""
    try:
        return os.fsencode(name).decode(errors="surrogateescape")
    except UnicodeEncodeError:
        return name


def check_bytes(
    data: bytes,
    filename: str,
    *,
    layout: LayoutChoice = "auto",
    limits: ReadLimits = DEFAULT_LIMITS,
    today: date,
    progress: Progress | None = None,
    how: HowToRead = HowToRead(),  # noqa: B008 - frozen
) -> Report:
    """Check a file held in memory."""
    return check_in_child(
        data, filename, layout=layout, limits=limits, today=today, progress=progress, how=how
    )


def look_at_upload(source: BinaryIO, filename: str, limits: ReadLimits = DEFAULT_LIMITS) -> None:
    """Judge an upload as far as a web request may: size, name, magic bytes, zip directory.

    Reads the stream from its start and leaves it there. Raises Unreadable.
    """
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    try:
        if size > limits.max_bytes:
            first_look(filename, source.read(4096), size, limits=limits)
        look(filename, _whole(source, size), limits)
    finally:
        source.seek(0)


def _whole(source: BinaryIO, size: int) -> bytes | memoryview:
    """Return a stream's content: a large one that lies in a file is mapped, not read."""
    if size > _PIECE:
        with contextlib.suppress(OSError, AttributeError):
            source.flush()
            return memoryview(mmap.mmap(source.fileno(), size, access=mmap.ACCESS_READ))
    return source.read()


@contextlib.contextmanager
def opened(source: Source, filename: str, limits: ReadLimits) -> Iterator[int]:
    """Yield a descriptor of the content: the file's own, or of a copy no path leads to."""
    if isinstance(source, Path):
        try:
            descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                raise refuse("missing", filename) from None
            raise refuse(
                "no-permission", filename, found="tidak ada izin untuk membacanya",
                found_en="there is no permission to read it",
            ) from None  # fmt: skip
        try:
            yield descriptor
        finally:
            os.close(descriptor)
        return
    with tempfile.TemporaryFile(prefix="hr-portal-") as copy:
        if isinstance(source, bytes):
            copy.write(source[: limits.max_bytes + 1])
        else:
            shutil.copyfileobj(_Capped(source, limits.max_bytes + 1), copy, _PIECE)
        copy.flush()
        copy.seek(0)
        yield copy.fileno()


class _Capped(io.RawIOBase):
    """At most so many bytes of a stream: one more than allowed is proof enough."""

    def __init__(self, source: BinaryIO, most: int) -> None:
        self._source = source
        self._left = most

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data


class _Child:
    """One child process and what it says; ends it on leaving, whatever happened."""

    def __init__(
        self,
        descriptor: int,
        filename: str,
        limits: ReadLimits,
        size: int,
        tells: tuple[Progress | None, First | None, Ahead | None],
        orders: Mapping[str, object],
    ) -> None:
        self._file = filename
        self._limits = limits
        self._progress, self._first, self._ahead = tells
        self._started = time.monotonic()
        # Until the rows are known: as many as the limits allow or the size can hold.
        self._rows = min(limits.max_rows, size // _ROW_BYTES)
        self._line = b""
        self._received = 0
        told_all = {
            **orders, "file": filename, "limits": asdict(limits),
            "seconds": limits.seconds(self._rows),
        }  # fmt: skip
        self._out, out = os.pipe()
        with contextlib.suppress(OSError):  # fewer waits for each other; more than a user may have
            fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, _PIECE)
        self._told, told = os.pipe()
        self._processes: list[Forked] = []
        given = {1: out, child.FILE: descriptor, child.PROGRESS: told}
        try:
            with pair_for(filename, size) as pair:
                part = child.ALONE
                if pair is not None:
                    part = child.PARTNERED
                    theirs = {child.LINE: pair.partner, child.ROOM: pair.room}
                    self._start(theirs, {**told_all, "part": child.PARTNER})
                    given |= {child.LINE: pair.reader, child.ROOM: pair.room}
                self._process = self._start(given, {**told_all, "part": part})
        except BaseException:
            self._end()
            raise
        finally:
            for each in (out, told):
                os.close(each)
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._out, selectors.EVENT_READ)
        self._waiting.register(self._told, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.close()
        self._end()

    def _start(self, given: Mapping[int, int], orders: Mapping[str, object]) -> Forked:
        ordered, ordering = os.pipe()
        with os.fdopen(ordering, "wb") as pipe:
            try:
                self._processes.append(_READERS.start({0: ordered, **given}))
            finally:
                os.close(ordered)
            with contextlib.suppress(BrokenPipeError):
                pipe.write(json.dumps(orders).encode())
                pipe.flush()
        return self._processes[-1]

    def _end(self) -> None:
        for each in self._processes:
            each.end()
        os.close(self._told)
        os.close(self._out)

    def answer(self) -> Report:
        """Return the report; raises Unreadable for a refusal and for every death."""
        try:
            kind = self.read(1)
            if kind == child.FIRST:
                _hand(codec.decode(self), self._first)
                kind = self.read(1)
            begin, go_on = self._ahead or (None, None)
            awaited, settled = child.REPORT, None
            if kind == child.TABLE:
                table = _hand(codec.decode_table(self), begin)
                kind, awaited = self.read(1), child.SETTLED
                if kind == awaited:
                    settled = _hand(codec.decode_settled(self, table), go_on)
                    kind, awaited = self.read(1), child.FOUND
            if kind == awaited:
                report = codec.decode_found(self, settled) if settled else codec.decode(self)
                self._drain()
                return report
            if kind == child.UNREADABLE:
                raise self._refusal(self.read(1 << 20))
            if kind == child.UNSURE:
                raise self._question(self.read(_MAX_QUESTION))
        except _TooSlowError:
            seconds = int(self._limits.seconds(self._rows) * _PATIENCE)
            raise over_limit(
                self._file, f"pembacaannya belum selesai setelah {seconds} detik",
                f"reading was not done after {seconds} seconds", f"{seconds} detik",
                f"{seconds} seconds",
            ) from None  # fmt: skip
        except codec.Garbled:
            pass
        if self._ended_with() in {child.OUT_OF_MEMORY, -signal.SIGXCPU}:
            memory = self._limits.memory(self._limits.max_unpacked) // 1_048_576
            raise over_limit(
                self._file, "pembacaannya memerlukan lebih banyak memori atau waktu dari yang "
                "disediakan", "reading it takes more memory or time than is provided",
                f"{memory} MB", f"{memory} MB",
            )  # fmt: skip
        raise refuse("reader-died", self._file)

    def _ended_with(self) -> int | None:
        """Return the child's exit code, negative for a signal; None where it still lives."""
        with contextlib.suppress(TimeoutError):
            return self._process.wait(1)
        return None

    def _refusal(self, said: bytes) -> Unreadable:
        try:
            code, message, message_en = json.loads(said)
        except ValueError:
            raise codec.Garbled("not a refusal") from None
        if not all(isinstance(each, str) for each in (code, message, message_en)):
            raise codec.Garbled("not a refusal")
        return Unreadable(code, message, message_en)

    def _question(self, said: bytes) -> Unsure:
        try:
            code, message, message_en, asked = json.loads(said)
            refusal = self._refusal(json.dumps([code, message, message_en]).encode())
            return Unsure(refusal, Question.unpacked(asked))
        except (KeyError, TypeError, ValueError):
            raise codec.Garbled("not a question") from None

    def _drain(self) -> None:
        """Take the last lines of progress, so that 100 % is told."""
        while self.read(_PIECE):
            pass

    def read(self, size: int) -> bytes:
        """Return so many bytes of the child's answer, fewer only at its end.

        Passes progress on while it waits. Raises _TooSlowError.
        """
        pieces: list[bytes] = []
        missing = size
        while missing:
            ready = self._waiting.select(max(0.0, self._deadline() - time.monotonic()))
            if not ready:
                raise _TooSlowError
            at = {key.fd for key, _ in ready}
            if self._told in at:
                self._take_progress()
            if self._out in at:
                piece = os.read(self._out, min(missing, _PIECE))
                if not piece:
                    break
                pieces.append(piece)
                missing -= len(piece)
                self._received += len(piece)
                if self._received > _MAX_ANSWER:
                    raise codec.Garbled("the answer has no end")
        return b"".join(pieces)

    def _deadline(self) -> float:
        return self._started + self._limits.seconds(self._rows) * _PATIENCE

    def _take_progress(self) -> None:
        said = os.read(self._told, _TOLD_AT_ONCE)
        if not said:
            self._waiting.unregister(self._told)
            return
        *lines, self._line = (self._line + said).split(b"\n")
        if not lines:
            return
        done, _, total = lines[-1].partition(b"/")
        if not (done.isdigit() and total.isdigit() and len(said) < _TOLD_AT_ONCE):
            return
        if self._progress is not None:
            self._progress(int(done), int(total))


def _hand(made: Made, to: Callable[[Made], object] | None) -> Made:
    if to is not None:
        to(made)
    return made
