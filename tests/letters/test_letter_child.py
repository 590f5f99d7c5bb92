"""The limited child gives the same letter, the same errors, and dies without harm."""

import io
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image

from hr_portal.adapters.letters import (
    LetterError,
    check_in_child,
    limited,
    render_in_child,
    render_letter,
)
from hr_portal.adapters.letters.rendering import check_letter
from hr_portal.domain.letters import facts_to_json
from hr_portal.forkserver import Ended


def test_the_child_gives_the_bytes_the_parent_would(make_facts):
    facts = make_facts(2)
    assert render_in_child(facts) == render_letter(facts)


def test_the_child_makes_drafts(make_facts, read_pages):
    facts = make_facts(1, number=None)
    assert "KONSEP" in read_pages(render_in_child(facts, preview=True))[0].raw


def test_an_error_of_the_child_is_the_error_of_the_parent(make_facts):
    facts = make_facts(1, number=None)
    with pytest.raises(LetterError) as here:
        render_letter(facts)
    with pytest.raises(LetterError) as there:
        render_in_child(facts)
    assert (there.value.code, there.value.message, there.value.message_en) == (
        here.value.code,
        here.value.message,
        here.value.message_en,
    )


def test_a_letter_can_be_checked_before_it_has_a_number(make_facts, make_person):
    check_in_child(make_facts(2, number=None))
    people = (replace(make_person(0), name="SITI 😀"),)
    with pytest.raises(LetterError, match=r"LET-FONT.*U\+1F600"):
        check_in_child(make_facts(1, number=None, people=people))
    with pytest.raises(LetterError, match=r"LET-MISSING.*tempat surat"):
        check_letter(make_facts(1, number=None, place=""))


@pytest.mark.parametrize(("name", "little"), [("MEMORY_BYTES", 90 * 1024**2), ("CPU_SECONDS", 0)])
def test_the_child_sets_its_limits_before_it_renders(name, little, make_facts, monkeypatch):
    """With a limit it can't keep, the child is stopped, and its parent says why."""
    monkeypatch.setattr(limited, name, little)
    monkeypatch.setattr(limited, "WALL_FACTOR", 1000)
    with pytest.raises(LetterError) as raised:
        render_in_child(make_facts(1))
    assert raised.value.code in ("LET-LIMIT", "LET-CHILD")


def stopped(code, err=b"", out=b""):
    return limited._failure(Ended(code, out, err)).code


def test_every_end_of_a_child_is_one_sentence():
    answer = json.dumps({"code": "LET-LOGO", "message": "a", "message_en": "b"}).encode()
    assert stopped(3, b"some warning\n" + answer + b"\n") == "LET-LOGO"
    assert stopped(3, b"not json") == "LET-CHILD"
    assert stopped(3, b"") == "LET-CHILD"
    assert stopped(3, b'{"code": "OTHER"}') == "LET-CHILD"
    assert stopped(1, b"Traceback: SITI") == "LET-CHILD"
    assert stopped(0, b"", b"not a pdf") == "LET-CHILD"
    assert stopped(-9) == "LET-LIMIT"
    assert stopped(-24) == "LET-LIMIT"


def test_a_child_that_takes_too_long_is_stopped(make_facts, monkeypatch):
    monkeypatch.setattr(limited, "WALL_FACTOR", 0.001)
    with pytest.raises(LetterError, match="LET-LIMIT"):
        render_in_child(make_facts(1))


def test_the_child_takes_no_facts_of_another_shape():
    request = b'{"facts": {"version": 9}, "task": "print", "memory": 1073741824, "seconds": 9}'
    assert limited._RENDERERS.run(request, 60) == Ended(1, b"", b"")


def test_time_grows_with_the_letter(make_facts, make_person):
    assert limited.cpu_seconds(1) == 30
    assert limited.cpu_seconds(20_000) == 830
    assert replace(make_facts(1)).corrections == 2


_LACKS = """
import base64, json, os, sys
from hr_portal.adapters.letters import child, rendering
from hr_portal.adapters.letters.assets import environment
from hr_portal.domain.letters import facts_from_json
child.prepare()
threads = len(os.listdir("/proc/self/task"))
known, templates = set(sys.modules), len(environment().cache)
for facts in json.load(sys.stdin):
    rendering.render_letter(facts_from_json(facts))
print(json.dumps([threads, sorted(set(sys.modules) - known), len(environment().cache) - templates]))
"""


def test_a_renderer_that_waits_for_letters_has_all_that_they_need(make_facts):
    """A child forgets what it has loaded, so what is loaded late is loaded for each letter.

    A second thread would be missing in the children, with whatever it had locked.
    """
    plain = make_facts(1)
    picture = io.BytesIO()
    Image.new("RGB", (200, 200)).save(picture, "PNG")
    logo = {"logo": picture.getvalue(), "logo_type": "image/png"}
    pictured = replace(plain, company=replace(plain.company, **logo))
    asked = json.dumps([facts_to_json(plain), facts_to_json(pictured)])
    done = subprocess.run(
        [sys.executable, "-c", _LACKS], input=asked, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [1, [], 0]
