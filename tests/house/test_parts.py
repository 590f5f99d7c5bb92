"""What a machine lacks is skipped with a way to enable it, and fails in CI."""

import socket

import pytest
import pytest_socket

from tests import parts


@pytest.fixture
def bare(monkeypatch):
    """A machine without any of the parts."""
    monkeypatch.setattr(parts, "find", lambda part: None)


@pytest.mark.parametrize("part", parts.PACKAGES)
def test_a_missing_part_skips_and_says_how_to_enable_it(part, bare, monkeypatch):
    monkeypatch.setattr(parts, "IN_CI", False)
    with pytest.raises(pytest.skip.Exception, match=f"apt-get install {parts.PACKAGES[part]}"):
        parts.require(part)


@pytest.mark.parametrize("part", parts.PACKAGES)
def test_a_missing_part_fails_in_ci(part, bare, monkeypatch):
    monkeypatch.setattr(parts, "IN_CI", True)
    with pytest.raises(pytest.fail.Exception, match="a missing part is a failure"):
        parts.require(part)


def test_ci_installs_every_part():
    script = (parts.ROOT / ".ci" / "run").read_text()
    for package in parts.PACKAGES.values():
        assert f"    {package} " in script.replace("\n", " \n"), package


def test_the_network_is_closed_but_for_this_machine():
    # It warns before it raises, and warnings are errors here.
    refusals = (pytest_socket.SocketConnectBlockedError, UserWarning)
    with socket.socket() as outward, pytest.raises(refusals, match=r"192\.0\.2\.1"):
        outward.connect(("192.0.2.1", 80))
