"""A first letter that nobody gets, so that no real one waits for what all of them need.

A child is forked for each letter and forgets all when it ends. What the fork server has
met before its first child, all children have: compiled templates, the parsed stylesheet,
modules that are loaded at their first use. Between two letters nothing else stays: fonts are
looked up anew, as a child may not use what another process asked a thread for.
"""

import contextlib
from datetime import date

from PIL import Image

from hr_portal.adapters.letters import engine
from hr_portal.adapters.letters.assets import compile_all
from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.rendering import render_letter
from hr_portal.domain.letters import (
    Addressee,
    Contact,
    LetterDocument,
    LetterFacts,
    Letterhead,
    LetterLine,
    LetterPerson,
    Signatory,
)

_LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'

_FACTS = LetterFacts(
    number="1", issued_on=date(2000, 1, 31), place="X",
    company=Letterhead("X", "1", "", "X", "X", "1", "x@x.example", _LOGO, "image/svg+xml"),
    branch=Addressee("X", "X", "X"),
    contact=Contact("X", "X", "1", "x@x.example"),
    signatory=Signatory("X", "X", "1"),
    copies_to=("X",),
    people=(LetterPerson("X", "1", "1", (LetterLine("nama", "Nama", "X", "XY", "KTP-el"),)),),
    documents=(LetterDocument("KTP-el", "1", "x.pdf", 1),),
    verify_url="HTTPS://X.EXAMPLE/V/1", verify_page="https://x.example/verifikasi", verify_code="1",
)  # fmt: skip


def warm_up() -> None:
    """Make a letter and forget it; a fault waits for the letter that it concerns."""
    with contextlib.suppress(LetterError):
        compile_all()
        Image.preinit()
        render_letter(_FACTS)
    engine.forget_fonts()
