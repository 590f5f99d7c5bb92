"""The process in which an uploaded document is opened: little memory, no network.

Forked by a server that has run `prepare`, with the document as standard input; see
`process` for what comes out. It limits itself before it reads a byte of it, and writes no
file. A crash in here is one refused document.
"""

import json
import os
import resource
import signal
from typing import BinaryIO, NoReturn

from hr_portal.adapters.documents.limits import DocumentLimits
from hr_portal.adapters.documents.process import MEMORY_EXIT, ORDERS
from hr_portal.adapters.documents.verdict import Refused

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 32


def prepare() -> None:
    """Load what documents need, in the fork server; no document is there yet."""
    import ctypes  # noqa: F401 - for `_leave_network`

    from PIL import Image

    from hr_portal.adapters.documents import images, pdf  # noqa: F401

    Image.preinit()


def run() -> NoReturn:
    """Check and re-make the document on standard input, say so on standard output, and end."""
    with os.fdopen(ORDERS, "rb") as told:
        media_type, limits = json.loads(told.read())
    limits = DocumentLimits(*limits)
    os.chdir("/")
    limit_this_process(limits)
    try:
        header, data = _made_safe(media_type, os.fdopen(0, "rb", closefd=False), limits)
    except MemoryError:
        os._exit(MEMORY_EXIT)
    with os.fdopen(1, "wb", closefd=False) as out:
        out.write(json.dumps(header).encode() + b"\n")
        out.write(data)
    # Nothing is worth tidying up, and destructors have been known to crash.
    os._exit(0)


def _made_safe(
    media_type: str, source: BinaryIO, limits: DocumentLimits
) -> tuple[dict[str, str | int], bytes]:
    """Return the header of the answer and the copy, which is empty for a refusal."""
    try:
        if media_type == "application/pdf":
            from hr_portal.adapters.documents import pdf

            data, pages = pdf.rewritten(source.read(), limits)
            return {"media_type": media_type, "size": len(data), "pages": pages}, data
        from hr_portal.adapters.documents import images

        data, width, height = images.remade(source, media_type, limits)
    except Refused as refused:
        return {"refused": refused.case, **refused.figures}, b""
    return {"media_type": media_type, "size": len(data), "width": width, "height": height}, data


def limit_this_process(limits: DocumentLimits) -> None:
    """Take from this process what it doesn't need: memory, time, files, the network."""
    seconds = limits.child_seconds
    for what, most in (
        (resource.RLIMIT_CORE, 0),  # a core file would hold the document
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, limits.child_memory_bytes),
    ):
        _, hard = resource.getrlimit(what)
        ceiling = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (ceiling, ceiling))
    # Ends an orphan too, should the parent be killed while this one waits for something.
    signal.alarm(seconds + 5)
    _leave_network()


def _leave_network() -> None:
    """Move into a network of its own, with nobody in it, where the system allows that.

    Best effort: a container may forbid it; there the deployment takes the
    network away (docs/documents.md).
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
