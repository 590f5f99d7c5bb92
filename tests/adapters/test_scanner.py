"""The scanner's client: only "OK" is clean, and nothing that happens to it counts as clean."""

import socket

import pytest

from hr_portal.adapters.scanner import NoVerdict, Scanner
from tests.clamd import EICAR, SIGNATURE, clamd


def test_clean_bytes_are_clean_and_infected_ones_are_named():
    with clamd() as server:
        scanner = Scanner(f"tcp://{server.address}")
        large = bytes(700_000)
        assert scanner.scan(large) is None
        assert server.scanned[-1] == large
        assert scanner.scan(iter([b"a", EICAR, b"b"])) == SIGNATURE
        assert scanner.is_there()


@pytest.mark.parametrize(
    ("manner", "cause"),
    [
        (None, "timeout"),
        (b"", "answer"),
        (b"stream: OK", "answer"),
        (b"stream: OK\0stream: OK\0", "answer"),
        (b"stream: NOT OK\0", "answer"),
        (b"Can't allocate memory ERROR\0", "answer"),
        (b"stream: Heuristics.Limits.Exceeded ERROR\0", "answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"x" * 5000, "answer"),
    ],
)
def test_anything_but_the_exact_answer_is_no_verdict(manner, cause):
    with clamd(manner) as server, pytest.raises(NoVerdict) as told:
        Scanner(server.address, seconds=0.2 if manner is None else 5).scan(b"isi")
    assert told.value.cause == cause


def test_a_file_over_the_scanner_s_own_limit_is_no_verdict():
    with clamd(limit=100_000) as server, pytest.raises(NoVerdict) as told:
        Scanner(server.address).scan(bytes(8_000_000))
    assert told.value.cause in {"limit", "answer"}  # its word may be lost with the connection
    with clamd(limit=100_000) as server, pytest.raises(NoVerdict) as told:
        Scanner(server.address).scan(bytes(100_001))
    assert told.value.cause == "limit"


def test_nobody_at_the_socket_is_no_verdict(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    for address in (f"127.0.0.1:{port}", f"unix:{tmp_path}/clamd.ctl", f"{tmp_path}/clamd.ctl"):
        scanner = Scanner(address)
        assert not scanner.is_there()
        with pytest.raises(NoVerdict) as told:
            scanner.scan(b"isi")
        assert told.value.cause == "down"
    with clamd(pings=False) as server:
        assert not Scanner(server.address, seconds=0.1).is_there()


def test_a_socket_in_the_file_system_is_spoken_to(tmp_path):
    path = str(tmp_path / "clamd.ctl")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        ours = Scanner(f"unix:{path}", seconds=0.1)
        with pytest.raises(NoVerdict) as told:
            ours.scan(b"isi")  # nobody accepts
        assert told.value.cause == "timeout"
        accepted = listening.accept()[0]
        with accepted:
            assert accepted.recv(10) == b"zINSTREAM\0"
