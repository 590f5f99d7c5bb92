"""Children that start at once, forked from a process that has loaded what they need.

What opens a stranger's file does so in a child that ends with it. Starting an
interpreter and loading NumPy for each takes longer than most files do; so each
process that needs children of a kind keeps a fork server: an interpreter with an
empty environment that has loaded the child's module and never sees a byte of a
file. It forks a child for each call, tells its exit code, and ends when its
parent does or when nobody has called for a while.

A child has the descriptors it was given, `/dev/null` where it was given no standard
stream, and no others.
"""

import atexit
import contextlib
import ctypes
import fcntl
import gc
import importlib
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

PACKAGE_HOME = Path(__file__).resolve().parents[1]
IDLE_SECONDS = 60
"""So long a server without children waits for the next call."""

_STARTED = b"!"
_CODE = struct.Struct("i")
_MOST = 16
_PIECE = 1 << 20
TELLING = 3
"""The descriptor on which a child may tell how far it is."""
MOST_SAID = 256 << 20
"""Bytes that a child may say; one that a hostile file has taken over could else fill its parent."""
_OUT_OF_THE_WAY = 64
_PR_SET_PDEATHSIG = 1


class Forked:
    """A child of a fork server: to be ended, and to be asked how it ended."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._code: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Kill the child if it still lives, and wait until it is gone."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)
        self.wait(None)
        self._line.close()

    def wait(self, seconds: float | None) -> int:
        """Return the exit code, negative for a signal; raises TimeoutError."""
        if self._code is None:
            self._line.settimeout(seconds)
            told = self._line.recv(_CODE.size)
            # A server that is gone has taken its children with it.
            self._code = _CODE.unpack(told)[0] if told else -signal.SIGKILL
        return self._code


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended and what it wrote to its standard streams."""

    code: int
    out: bytes
    err: bytes


class ForkServer:
    """Starts children of one kind; may be used by many threads.

    `module` has `prepare()`, called once in the server, and `run()`, which is the
    child's life and returns its exit code. `environment` is all either knows of
    its surroundings.
    """

    def __init__(
        self, module: str, environment: Mapping[str, str], idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._module = module
        self._idle_seconds = idle_seconds
        self._environment = environment
        self._lock = threading.Lock()
        self._owner = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._calling: socket.socket | None = None
        atexit.register(self.close)

    def start(self, descriptors: Mapping[int, int]) -> Forked:
        """Fork a child that has these descriptors; the key is the number it has there.

        Raises OSError where no process can be started.
        """
        ours, theirs = socket.socketpair()
        try:
            with self._lock, theirs:
                # The second time for a server that went to rest in this very moment.
                if not self._called(theirs, descriptors):
                    self._call(theirs, descriptors)
        except BaseException:
            ours.close()
            raise
        return Forked(ours)

    def warm(self) -> None:
        """Start the server where none is there, for a call that will come; doesn't wait for it."""
        with self._lock, contextlib.suppress(OSError):  # the call itself will say it
            if self._owner == os.getpid() and self._process and self._process.poll() is not None:
                self._leave()
            self._running()

    def run(
        self, data: bytes, seconds: float, told: Callable[[bytes], None] | None = None
    ) -> Ended:
        """Let a child read `data` from its standard input, and wait for its end.

        What it writes to descriptor TELLING on its way is handed to `told`, piece by piece; the
        child is killed where that raises.

        Raises TimeoutError after so many seconds of real time or more than MOST_SAID bytes,
        when the child is gone, and OSError where no process can be started.
        """
        deadline = time.monotonic() + seconds
        with os.fdopen(os.memfd_create("given", os.MFD_CLOEXEC), "w+b") as given:
            given.write(data)
            given.flush()
            given.seek(0)
            (out, writes_out), (err, writes_err) = os.pipe(), os.pipe()
            telling, writes_telling = os.pipe()
            written = {1: writes_out, 2: writes_err, TELLING: writes_telling}
            with os.fdopen(out, "rb"), os.fdopen(err, "rb"), os.fdopen(telling, "rb"):
                try:
                    child = self.start({0: given.fileno(), **written})
                finally:
                    for descriptor in written.values():
                        os.close(descriptor)
                with child:
                    said = _all_of((out, err), deadline, telling, told)
                    return Ended(child.wait(max(0.0, deadline - time.monotonic())), *said)

    def close(self) -> None:
        """End the server and with it the children that are left; the next call starts another."""
        with self._lock:
            self._leave()

    def _called(self, line: socket.socket, descriptors: Mapping[int, int]) -> bool:
        with contextlib.suppress(OSError):
            self._call(line, descriptors)
            return True
        return False

    def _call(self, line: socket.socket, descriptors: Mapping[int, int]) -> None:
        calling = self._running()
        try:
            socket.send_fds(calling, [bytes(descriptors)], [line.fileno(), *descriptors.values()])
            if calling.recv(1) != _STARTED:
                raise ConnectionResetError("the fork server went away")
        except OSError:
            self._leave()
            raise

    def _running(self) -> socket.socket:
        if self._calling is not None and self._owner == os.getpid():
            return self._calling
        self._leave()
        self._calling, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-E", "-s", "-m", __name__, self._module, str(theirs.fileno()),
                 str(self._idle_seconds)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a traceback could quote what it failed on
                pass_fds=(theirs.fileno(),),
                cwd=PACKAGE_HOME,
                env=self._environment,
            )  # fmt: skip
        self._owner = os.getpid()
        return self._calling

    def _leave(self) -> None:
        """Let go of a server that is gone, or is that of the process we were forked from."""
        if self._calling is not None:
            self._calling.close()
        if self._process is not None and self._owner == os.getpid():
            self._process.wait()
        self._calling = self._process = None


class _Server:
    """The server's own side: forks, ends and buries children, until nobody calls any more."""

    def __init__(self, called: socket.socket, run: Callable[[], int], idle: float) -> None:
        self._called = called
        self._idle = idle
        self._run = run
        self._lines: dict[int, socket.socket] = {}
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(called, selectors.EVENT_READ)
        self._woken, wakes = os.pipe()
        for end in (self._woken, wakes):
            os.set_blocking(end, False)
        self._waiting.register(self._woken, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)

    def serve(self) -> None:
        while True:
            ready = self._waiting.select(None if self._lines else self._idle)
            if not ready and not self._lines:
                return
            for key, _ in ready:
                if key.fileobj is self._called:
                    if not self._answer():
                        return
                elif key.fileobj == self._woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self._woken, 4096)
                    self._bury()
                elif key.data in self._lines:
                    # Whoever asked for this child has hung up.
                    self._waiting.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)

    def _answer(self) -> bool:
        numbers, descriptors, _, _ = socket.recv_fds(self._called, _MOST, _MOST)
        if not numbers:
            for child in self._lines:
                os.kill(child, signal.SIGKILL)
            return False
        child = os.fork()
        if child == 0:
            self._live(dict(zip(numbers, descriptors[1:], strict=True)))
        line = socket.socket(fileno=descriptors[0])
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        self._lines[child] = line
        self._waiting.register(line, selectors.EVENT_READ, child)
        self._called.send(_STARTED)
        return True

    def _live(self, descriptors: Mapping[int, int]) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with contextlib.suppress(AttributeError):  # Linux only
                ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            _number(descriptors)
            code = self._run()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            # Nothing is worth tidying up: the answer is out, and what was read may be large.
            os._exit(code)

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                line = self._lines.pop(ended[0])
                with contextlib.suppress(KeyError):
                    self._waiting.unregister(line)
                with contextlib.suppress(OSError):
                    line.send(_CODE.pack(os.waitstatus_to_exitcode(ended[1])))
                line.close()


def _all_of(
    pipes: tuple[int, int], deadline: float, telling: int, told: Callable[[bytes], None] | None
) -> list[bytes]:
    """Return all that comes out of pipes until the last writer is gone; raises TimeoutError.

    What comes out of `telling` is handed on and forgotten.
    """
    said: dict[int, list[bytes]] = {pipe: [] for pipe in pipes}
    left = MOST_SAID
    with selectors.DefaultSelector() as waiting:
        for pipe in (*pipes, telling):
            waiting.register(pipe, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                piece = os.read(key.fd, _PIECE)
                left -= len(piece)
                if key.fd != telling:
                    said[key.fd].append(piece)
                elif piece and told is not None:
                    told(piece)
                if left < 0:
                    raise TimeoutError
                if not piece:
                    waiting.unregister(key.fd)
    return [b"".join(said[pipe]) for pipe in pipes]


def _number(descriptors: Mapping[int, int]) -> None:
    """Give each descriptor its number in this process, and close all others."""
    high = {
        number: fcntl.fcntl(descriptor, fcntl.F_DUPFD, _OUT_OF_THE_WAY)
        for number, descriptor in descriptors.items()
    }
    for number, descriptor in high.items():
        os.dup2(descriptor, number)
    last = 2
    for number in sorted(number for number in descriptors if number > last):
        os.closerange(last + 1, number)
        last = number
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))


def main() -> None:
    """Serve the process that started this one."""
    # A terminal's Ctrl-C goes to all; the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module = importlib.import_module(sys.argv[1])
    module.prepare()
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the children
    with socket.socket(fileno=int(sys.argv[2])) as called:
        _Server(called, module.run, float(sys.argv[3])).serve()


if __name__ == "__main__":
    main()
