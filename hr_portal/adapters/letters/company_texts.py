"""A company's own sentences, with named placeholders: read as a template that may do nothing.

Two walls. The text is parsed, and only words and plain names between {{ and }} pass: no loop, no
condition, no attribute, no filter, no call, no arithmetic, so nothing in it can run for long or
reach anything. What passed is filled by Jinja's sandbox, with every sign of the text and of the
values escaped; a value is never read as a template.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.domain.letter_choices import NAMES, PLACEHOLDERS, LetterChoices, longest

_LONE_BRACE = re.compile(r"(?<!\{)\{(?!\{)|(?<!\})\}(?!\})")
_MARKS = re.compile(r"\{%|%\}|\{#|#\}")


@cache
def _sandbox() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def check_text(name: str, text: str) -> None:
    """Check one of a company's texts; `name` is that of a field of `LetterChoices`.

    Raises LetterError LET-TEXT saying what was seen, what may stand there and how to mend it.
    """
    called = NAMES[name]
    if len(text) > longest(name):
        raise _refusal(
            f"{called} memuat {len(text)} karakter; paling panjang {longest(name)}. Persingkat teksnya",
            f"{name} has {len(text)} characters; at most {longest(name)}",
        )
    if found := _MARKS.search(text):
        raise _refusal(
            f"{called} memuat {found[0]}. Perintah templat tidak dijalankan pada surat; hapus bagian itu, "
            "dan sebut data dengan {{ nama }} saja",
            f"{name} holds {found[0]}; commands are not run in a letter, only {{{{ name }}}} is filled",
        )
    if found := _LONE_BRACE.search(text):
        raise _refusal(
            f"{called} memuat satu kurung kurawal ({found[0]}). Tulis bagian isian dengan dua kurung "
            "kurawal, misalnya {{ perusahaan }}",
            f"{name} holds a single brace; write a placeholder with two, as {{{{ perusahaan }}}}",
        )
    try:
        tree = _sandbox().parse(text)
    except TemplateSyntaxError:
        raise _refusal(
            f"Bagian isian pada {called} tidak dapat dibaca. Tulis nama isian di antara dua pasang kurung "
            "kurawal, misalnya {{ perusahaan }}",
            f"A placeholder in {name} can't be read; write it as {{{{ perusahaan }}}}",
        ) from None
    for output in tree.body:
        for part in output.nodes if isinstance(output, nodes.Output) else [output]:
            _check_part(called, name, part)


def _check_part(called: str, name: str, part: nodes.Node) -> None:
    if isinstance(part, nodes.TemplateData):
        return
    listed = ", ".join(PLACEHOLDERS)
    if not isinstance(part, nodes.Name):
        raise _refusal(
            f"{called} memuat isian yang bukan sekadar nama. Di antara {{{{ dan }}}} hanya boleh ada "
            f"satu nama: {listed}",
            f"A placeholder in {name} is more than a name; there may be one of: {listed}",
        )
    if part.name not in PLACEHOLDERS:
        raise _refusal(
            f"Isian {{{{ {part.name[:40]} }}}} pada {called} tidak dikenal. Pilih salah satu: {listed}",
            f"The placeholder {{{{ {part.name[:40]} }}}} in {name} is not known. Choose one of: {listed}",
        )


def check_choices(choices: LetterChoices) -> dict[str, LetterError]:
    """Return what is wrong with a company's texts, by the name of each."""
    wrong = {}
    for name in NAMES:
        try:
            check_text(name, getattr(choices, name))
        except LetterError as error:
            wrong[name] = error
    return wrong


def filled(name: str, text: str, values: Mapping[str, object]) -> list[Markup]:
    """Return a text as paragraphs of markup, its placeholders filled; raises as `check_text`.

    Blank lines part paragraphs, single line breaks are kept.
    """
    check_text(name, text)
    paragraphs = re.split(r"\n\s*\n", _template(str(escape(text))).render(values).strip())
    # Escaped: the text above, the values by the sandbox.
    return [Markup(one.replace("\n", "<br>")) for one in paragraphs if one.strip()]  # noqa: S704


@lru_cache(maxsize=64)
def _template(text: str) -> Template:
    return _sandbox().from_string(text)


def _refusal(message: str, message_en: str) -> LetterError:
    return LetterError("LET-TEXT", f"{message[:1].upper()}{message[1:]}.", f"{message_en}.")
