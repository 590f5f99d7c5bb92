"""Runs the child that opens a document, and believes nothing it did not spell out.

In: the document as standard input, an anonymous file in memory, and its type and
limits as JSON at descriptor ORDERS. The child is forked by a server that has loaded
the libraries and never sees a document (decision 95). Out: one line
of JSON, `{"media_type", "size", figures…}` or `{"refused": case, figures…}`,
then `size` bytes. Whatever else comes back counts as a dead child.
"""

import json
import os
import selectors
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hr_portal.adapters.documents.limits import DocumentLimits
from hr_portal.adapters.documents.refusals import ACTIVE
from hr_portal.forkserver import Forked, ForkServer

CHILD = "hr_portal.adapters.documents.child"
MEMORY_EXIT = 70
"""Exit status of a child that ran into its memory limit and could still say so."""

CASES_OF_CHILD: dict[str, frozenset[str]] = {
    "after-pdf": frozenset({"count"}),
    "damaged-image": frozenset(),
    "damaged-pdf": frozenset(),
    "encrypted": frozenset(),
    "no-page": frozenset(),
    "objects": frozenset(),
    "page-points": frozenset({"page"}),
    "page-size": frozenset({"page"}),
    "pages": frozenset(),
    "pixels": frozenset({"width", "height"}),
    "pixels-in-pdf": frozenset({"width", "height"}),
    "side": frozenset({"width", "height"}),
    "text-in-image": frozenset(),
    "truncated-image": frozenset(),
    "truncated-pdf": frozenset(),
    "unpacked": frozenset(),
    "unpacked-part": frozenset(),
}
"""The refusals a child may ask for, with the figures of each; `active` names its kinds instead."""

ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
"""All a child is told: where our package lies. No key, no address, no name."""

ORDERS = 3
"""The descriptor beside the standard three."""

_CONVERTERS = ForkServer(CHILD, ENVIRONMENT)
_MAX_HEADER = 4096
_MAX_FIGURE = 1 << 53
_PIECE = 1 << 20


class ChildDied(Exception):  # noqa: N818 - named after what happened
    """No whole answer came back. `cause`: time, memory, crash, answer or start."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child found: a copy, or the case of its refusal; with whole figures."""

    data: bytes
    refused: str | None
    figures: dict[str, int]


def run_child(media_type: str, data: bytes, limits: DocumentLimits) -> Answer:
    """Have a limited process check and re-make a document.

    Raises ChildDied on a signal, a limit, an unknown exit or a malformed
    answer; no process that has seen the document is left running then.
    """
    with (
        _in_memory("document", data) as document,
        _in_memory("orders", _orders(media_type, limits)) as orders,
    ):
        heard, said = os.pipe()
        with os.fdopen(heard, "rb", 0) as stream:
            try:
                child = _CONVERTERS.start({0: document, 1: said, ORDERS: orders})
            except OSError:
                raise ChildDied("start") from None
            finally:
                os.close(said)
            with child:
                answer = _listen(child, stream.fileno(), limits)
    return _understood(answer, media_type)


def _orders(media_type: str, limits: DocumentLimits) -> bytes:
    return json.dumps([media_type, limits]).encode()


@contextmanager
def _in_memory(name: str, data: bytes) -> Iterator[int]:
    """Give the descriptor of an anonymous file with these bytes, at its beginning."""
    with os.fdopen(os.memfd_create(name, os.MFD_CLOEXEC), "w+b", 0) as made:
        view = memoryview(data)
        while view:
            view = view[made.write(view) :]
        made.seek(0)
        yield made.fileno()


def _listen(child: Forked, stream: int, limits: DocumentLimits) -> bytes:
    """Return all the child wrote, once it has ended well; raises ChildDied."""
    deadline = time.monotonic() + limits.child_seconds
    # A picture without compression, in four channels, is the most there can be to say.
    most = max(limits.max_stream_bytes, limits.max_bytes) + _MAX_HEADER
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise ChildDied("time")
            piece = os.read(stream, _PIECE)
            if not piece:
                break
            answer += piece
            if len(answer) > most:
                raise ChildDied("answer")
    try:
        status = child.wait(max(0.001, deadline - time.monotonic()))
    except TimeoutError:
        raise ChildDied("time") from None
    if status in {-signal.SIGXCPU, -signal.SIGALRM}:
        raise ChildDied("time")
    if status == MEMORY_EXIT:
        raise ChildDied("memory")
    if status != 0:
        raise ChildDied("crash")
    return bytes(answer)


def _understood(answer: bytes, media_type: str) -> Answer:
    """Take an answer apart; raises ChildDied where it isn't exactly what was agreed."""
    line, found, data = answer.partition(b"\n")
    try:
        header = json.loads(line) if found and len(line) < _MAX_HEADER else None
    except (ValueError, RecursionError):  # not JSON, or not even text
        header = None
    if not isinstance(header, dict) or not isinstance(header.get("refused"), str | None):
        raise ChildDied("answer")
    size, case = header.pop("size", 0), header.pop("refused", None)
    kept = header.pop("media_type", None)
    figures = {
        key: value
        for key, value in header.items()
        if type(value) is int and 0 <= value <= _MAX_FIGURE
    }
    if size != len(data) or len(figures) != len(header):
        raise ChildDied("answer")
    if case is None:
        wanted = {"pages"} if media_type == "application/pdf" else {"width", "height"}
        agreed = kept == media_type and set(figures) == wanted
    elif case == "active":
        agreed = bool(figures) and figures.keys() <= ACTIVE.keys() and not data
    else:
        agreed = CASES_OF_CHILD.get(case) == frozenset(figures) and not data
    if not agreed:
        raise ChildDied("answer")
    return Answer(data, case, figures)
