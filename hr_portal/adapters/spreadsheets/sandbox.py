"""The walls around the reading process: memory, time, files, network.

Limits are set by the kernel and hold whatever a parser does. The network is
shut three times over, each where the system allows it: a namespace of its own,
a filter on system calls, and an audit hook in the interpreter.
"""

import ctypes
import math
import platform
import resource
import signal
import struct
import sys

from hr_portal.adapters.spreadsheets.limits import ReadLimits

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_DUMPABLE = 1, 38, 22, 4
_SECCOMP_MODE_FILTER = 2
_OPEN_FILES = 32

# Per machine: the audit number, then the system calls that are answered with EPERM:
# socket, socketpair, connect, bind, ptrace, execve, execveat, fork, vfork (where they exist).
_MACHINES: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (41, 53, 42, 49, 101, 59, 322, 57, 58)),
    "aarch64": (0xC00000B7, (198, 199, 203, 200, 117, 221, 281)),
}
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.spawn", "os.posix_spawn",
                     "os.system", "ctypes.", "urllib.", "shutil.", "os.remove", "os.rename",
                     "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.chown")  # fmt: skip
_EPERM = 1


def limit_resources(limits: ReadLimits, seconds: float) -> None:
    """Set the kernel's limits for this process; call before a byte of the file is read.

    `seconds` of the processor; what waits for it is not counted.
    """
    for kind, most in (
        (resource.RLIMIT_AS, max(limits.child_memory, limits.child_memory_most)),
        (resource.RLIMIT_CPU, math.ceil(seconds) + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)  # noqa: PLW2901 - never above what we were given
        resource.setrlimit(kind, (most, most))
    allow_memory(limits.child_memory)
    _shut_network()


def allow_memory(size: int) -> None:
    """Let this process take so much memory, as far as `limit_resources` left room."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _shut_network() -> None:
    """Die with the parent, keep out of core dumps, and leave the network; all best effort."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    except (OSError, AttributeError):
        return


def lock() -> None:
    """Forbid what reading never needs; call when all modules are loaded."""
    _filter_system_calls()

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN_EVENTS):
            raise PermissionError(event)
        if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
            raise PermissionError(event)

    sys.addaudithook(hook)


def _filter_system_calls() -> None:
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.platform != "linux":
        return
    arch, calls = machine
    # Classic BPF: load the machine, leave unless it is ours; load the call's number, compare.
    steps = [(0x20, 0, 0, 4), (0x15, 1, 0, arch), (0x06, 0, 0, 0x7FFF0000), (0x20, 0, 0, 0)]
    for place, call in enumerate(calls):
        steps.append((0x15, len(calls) - place, 0, call))
    steps += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | _EPERM)]
    code = b"".join(struct.pack("<HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("<HxxxxxxQ", len(steps), ctypes.addressof(buffer))
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            libc.prctl(
                _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(program), 0, 0
            )
    except (OSError, AttributeError):
        return
