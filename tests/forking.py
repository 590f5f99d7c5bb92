"""Processes of the portal, forked from one that has loaded it.

Each is a real process with descriptors, connections and an end of its own; only the interpreter's
start and the imports, which took most of such a test, are done once. `run("module", words, …)`
calls that module's `main()` with these words as arguments; `start` doesn't wait for its end.

As a program this reads a line of JSON for each process and answers with one: how it ended, or
which it is, to be asked for its end later.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOADED = ("hr_portal.cli", "hr_portal.app", "hr_portal.worker", "tests.crash.act")
_servers: dict[str, subprocess.Popen] = {}


def run(module, words, environment, *, folder=ROOT, seconds=120):
    """Call the module's `main()` in a process with this environment, and wait for its end.

    One that takes more than so many seconds ends by SIGALRM, which the answer tells.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _order(module, words, environment, (out, err), folder, seconds, awaited=True)
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return subprocess.CompletedProcess([module, *words], code, *said)


def start(module, words, environment):
    """The same in a process that goes on meanwhile; `stdout` of what comes back is a pipe."""
    read, write = os.pipe()
    err = tempfile.TemporaryFile()  # noqa: SIM115 - `end` reads and closes it
    with os.fdopen(write, "wb") as out:
        pid = _order(module, words, environment, (out, err), ROOT, 120, awaited=False)
    return Running(pid, os.fdopen(read), err, _server_of(environment))


class Running:
    """A process that was started; whoever starts it waits for its end."""

    def __init__(self, pid, stdout, stderr, server):
        self.pid, self.stdout, self._stderr, self._server = pid, stdout, stderr, server

    def kill(self):
        """End it as `kill -9` does."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self):
        """What it has said since, how it ended, and its errors."""
        with self.stdout, self._stderr:
            said = self.stdout.read()
            code = _ask(self._server, {"ended": self.pid})
            self._stderr.seek(0)
            return said, code, self._stderr.read().decode()


def _order(module, words, environment, files, folder, seconds, *, awaited):
    return _ask(
        _server_of(environment),
        {
            "module": module, "words": words, "environment": dict(environment),
            "folder": str(folder), "seconds": seconds, "awaited": awaited,
            "files": [f"/proc/{os.getpid()}/fd/{one.fileno()}" for one in files],
        },
    )  # fmt: skip


def _ask(server, order):
    server.stdin.write(json.dumps(order) + "\n")
    server.stdin.flush()
    return json.loads(server.stdout.readline())


def _server_of(environment):
    warnings = environment.get("PYTHONWARNINGS", "")
    return _servers.get(warnings) or _start(warnings)


def _start(warnings):
    if not _servers:
        atexit.register(_end)
    _servers[warnings] = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": warnings},
    )
    return _servers[warnings]


def _end():
    for server in _servers.values():
        server.stdin.close()
        server.wait()
        server.stdout.close()


def main():
    """Serve the process that started this one, until it ends."""
    for name in LOADED:
        importlib.import_module(name)
    for found in pkgutil.walk_packages(
        importlib.import_module("hr_portal.commands").__path__, "hr_portal.commands."
    ):
        importlib.import_module(found.name)
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(f"{_answer(json.loads(line), answers)}\n")
        answers.flush()


def _answer(order, answers):
    if "ended" in order:
        return _end_of(order["ended"])
    awaited = order.pop("awaited")
    # Opened here: who doesn't wait closes them as soon as this has answered.
    opened = [os.open(file, os.O_WRONLY) for file in order.pop("files")]
    child = os.fork()
    if child == 0:
        answers.close()
        _live(**order, opened=opened)
    for one in opened:
        os.close(one)
    return _end_of(child) if awaited else child


def _end_of(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _live(module, words, environment, folder, seconds, opened):
    code = 1
    try:
        signal.alarm(seconds)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, one in enumerate(opened, 1):
            os.dup2(one, number)
            os.close(one)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        called = importlib.import_module(module)
        sys.argv = [called.__file__, *words]
        code = called.main() or 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001 - told, and the process ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
