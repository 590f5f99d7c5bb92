"""Makes the kernel refuse what one thread asks of the disk: the n-th call, and no other.

The calls of that thread wait for a watcher (seccomp, user notification), which lets them go on or
answers them with an error, as a disk does that fails. No program and no privilege is needed; the
other threads of the process, and that one's past, are not touched.
"""

import ctypes
import errno
import fcntl
import os
import platform
import struct
import threading

LASTING, WRITING = 0, 1
"""What is watched: fsync, fdatasync, rename and ftruncate; or pwrite64, by which SQLite writes."""
# Per machine: the audit number, seccomp's own call, and the calls of each kind.
_MACHINES = {
    "x86_64": (0xC000003E, 317, ((74, 75, 82, 77), (18,))),
    "aarch64": (0xC00000B7, 277, ((82, 83, 38, 46), (68,))),
}
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_NO_NEW_PRIVS, _SET_FILTER, _NEW_LISTENER, _GO_ON = 38, 1, 8, 1


def _watched(kind):
    """Let the calls of this thread be watched from now on; the place to watch them from."""
    arch, seccomp, kinds = _MACHINES[platform.machine()]
    calls = kinds[kind]
    steps = [(0x20, 0, 0, 4), (0x15, 1, 0, arch), (0x06, 0, 0, _ALLOW), (0x20, 0, 0, 0)]
    steps += [(0x15, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(0x06, 0, 0, _ALLOW), (0x06, 0, 0, _ASK)]
    code = b"".join(struct.pack("<HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("<HxxxxxxQ", len(steps), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    place = libc.syscall(seccomp, _SET_FILTER, _NEW_LISTENER, ctypes.create_string_buffer(program))
    if place < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return place


def can_fail():
    """Whether this machine lets a thread be watched."""
    try:
        return in_thread(lambda: True, LASTING, 0) == (True, 0)
    except (OSError, KeyError):
        return False


def in_thread(act, kind, failing):
    """What `act()` gives in a thread whose `failing`-th call of the disk fails; how many it made.

    Every call from the `failing`-th on fails where it is below 0: the disk has gone for good.
    """
    begun, told = threading.Event(), {"calls": 0}

    def watch():
        begun.wait()
        while "place" in told:
            asked = bytearray(80)
            try:
                fcntl.ioctl(told["place"], _RECEIVE, asked)
            except FileNotFoundError:
                return  # the thread has ended
            told["calls"] += 1
            which = struct.unpack_from("<Q", asked)[0]
            is_bad = told["calls"] == failing or 0 < -failing <= told["calls"]
            answer = (which, 0, -errno.EIO, 0) if is_bad else (which, 0, 0, _GO_ON)
            fcntl.ioctl(told["place"], _SEND, bytearray(struct.pack("<QqiI", *answer)))

    def work():
        try:
            try:
                told["place"] = _watched(kind)
            finally:
                begun.set()
            told["result"] = act()
        except BaseException as fault:  # noqa: BLE001 - raised again by who asked
            told["fault"] = fault

    threads = [threading.Thread(target=one, daemon=True) for one in (watch, work)]
    for one in threads:
        one.start()
    for one in reversed(threads):
        one.join()
    if "place" in told:
        os.close(told["place"])
    if "fault" in told:
        raise told["fault"]
    return told["result"], told["calls"]
