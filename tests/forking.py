"""Processes of the portal, forked from one that has loaded it.

Each is a real process with descriptors, connections and an end of its own; only the interpreter's
start and the imports, which took most of such a test, are done once. `run("module", words, …)`
calls that module's `main()` with these words as arguments.

As a program this reads a line of JSON for each process and answers with one: how it ended.
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
    warnings = environment.get("PYTHONWARNINGS", "")
    server = _servers.get(warnings) or _start(warnings)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        written = [f"/proc/{os.getpid()}/fd/{one.fileno()}" for one in (out, err)]
        order = {
            "module": module, "words": words, "environment": dict(environment),
            "folder": str(folder), "files": written, "seconds": seconds,
        }  # fmt: skip
        server.stdin.write(json.dumps(order) + "\n")
        server.stdin.flush()
        code = json.loads(server.stdout.readline())
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return subprocess.CompletedProcess([module, *words], code, *said)


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
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            answers.close()
            _live(**order)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answers.write(f"{code}\n")
        answers.flush()


def _live(module, words, environment, folder, files, seconds):
    code = 1
    try:
        signal.alarm(seconds)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, file in enumerate(files, 1):
            os.dup2(os.open(file, os.O_WRONLY), number)
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
