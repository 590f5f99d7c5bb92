"""No version we install has a weakness that we know of (security.md K5), told without a network."""

import csv
import datetime as dt
import re
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).parents[2]
SOURCE = re.compile(r"([\w.-]+/[\w.-]+(#\d+| release \S+)(, )?)+")


def known_weaknesses():
    with (ROOT / "deploy" / "weaknesses.csv").open(encoding="utf-8", newline="") as file:
        for package, sound, told, told_on, read_in in list(csv.reader(file))[1:]:
            dt.date.fromisoformat(told_on)
            yield package, Version(sound), told, read_in


def pinned(name):
    text = (ROOT / name).read_text("utf-8")
    return [
        (package, Version(version))
        for package, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\\n]+)", text, re.MULTILINE)
    ]


def test_no_pin_is_older_than_the_mending_of_a_known_weakness():
    known = list(known_weaknesses())
    assert len(known) > 10
    pins = pinned("requirements-dev.lock")
    below = [
        f"{package} {version}: {told}"
        for package, version in pins
        for weak, sound, told, _read_in in known
        if weak == package and version < sound
    ]
    assert below == []
    assert {package for package, *_rest in known} <= {package for package, _ in pins}, (
        "none is idle"
    )
    for package, _sound, _told, read_in in known:
        assert SOURCE.fullmatch(read_in), f"{package}: say who tells of it"
