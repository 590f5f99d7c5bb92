"""A letter fetches nothing, whatever a name holds."""

import contextlib
import http.server
import io
import tempfile
import threading
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pikepdf
import pytest

from hr_portal.adapters.letters import LetterError, render_letter
from hr_portal.adapters.letters.engine import pages_of, written
from hr_portal.domain.letter_data import CSV_NAME, JSON_NAME
from hr_portal.domain.letters import Addressee, LetterDocument, LetterLine, Signatory

SECRET = "RAHASIA-7f3a"

VECTORS = [
    '<img src="{url}">',
    '<img srcset="{url} 2x">',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<iframe src="{url}"></iframe>',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    '<svg><image href="{url}" width="9" height="9"/></svg>',
    '<svg><use href="{url}#a"/></svg>',
    '<input type="image" src="{url}">',
    '<video poster="{url}" src="{url}"></video>',
    '<p style="background: url({url})">x</p>',
    '<p style="content: url({url})">x</p>',
    '<p style="list-style: url({url}); display: list-item">x</p>',
    "<style>@import url({url});</style>",
    "<style>@font-face {{ font-family: Z; src: url({url}) }} p {{ font-family: Z }}</style><p>x</p>",
    "<style>@page {{ background: url({url}) }}</style>",
    "<style>p::before {{ content: url({url}) }}</style><p>x</p>",
    '<base href="{url}"><img src="x.png">',
]
"""Ways in which HTML or CSS asks for something."""


@pytest.fixture
def server():
    """A server on this machine that counts who comes."""
    hits = []

    class Counting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/x", hits
        running.shutdown()
        thread.join()


@pytest.fixture
def secret_file():
    """A file that must never be found in a letter; its path is short, as names have a limit."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        file = Path(folder) / "r.css"
        file.write_text(SECRET)
        yield file


ENDS = [("nama", " 2"), ("alamat", ""), ("email", "@x.example"), ("npwp", ""), ("upah", "")]
"""Fields that are printed in different ways, and what makes a correction of a text."""


def poisoned(make_facts, make_person, texts):
    """Facts with the texts in every field a user fills, a person for each."""
    people = tuple(
        replace(
            make_person(0),
            name=text,
            kpj=text[:40],
            nik=text[:40],
            lines=(LetterLine(field, text[:80], text, f"{text}{end}", text),),
        )
        for text, (field, end) in zip(texts, cycle(ENDS), strict=False)
    )
    facts = make_facts(1, people=people)
    text, short = texts[0], texts[0][:30]
    company = replace(
        facts.company,
        name=text,
        address=text,
        email=text,
        npp=short,
        division=short,
        city=short,
        phone=short,
    )
    return replace(
        facts,
        number=text[:80],
        place=short,
        company=company,
        branch=Addressee(text, text, short),
        contact=replace(facts.contact, name=text, title=text, phone=short, email=text),
        signatory=Signatory(text, text, text[:80]),
        copies_to=(text,),
        documents=tuple(
            LetterDocument(text, person.kpj if index % 2 else text, text, 1)
            for index, (text, person) in enumerate(zip(texts, people, strict=True))
        ),
    )


def test_all_vectors_in_every_field_are_text_and_nothing_more(
    make_facts, make_person, server, secret_file, content_of
):
    url, hits = server
    addresses = cycle((url, secret_file.as_uri()))
    texts = [vector.format(url=next(addresses)) for vector in VECTORS]
    pdf = render_letter(poisoned(make_facts, make_person, texts))
    content = content_of(pdf)
    assert hits == []
    assert SECRET not in content
    for sign in ("/URI", "/JavaScript", "/Launch"):
        assert sign not in content
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert set(opened.attachments) == {JSON_NAME, CSV_NAME}  # its own, and nothing fetched


@pytest.mark.parametrize("vector", VECTORS)
def test_even_unescaped_a_vector_fetches_nothing(vector, server, secret_file, content_of):
    """The second wall: the fetcher itself, with the markup let through."""
    url, hits = server
    for address in (url, secret_file.as_uri(), "data:text/css,p{}", "asset:lain"):
        html = f"<html lang=id><title>x</title><body>{vector.format(url=address)}<p>x</p>"
        content = ""
        with contextlib.suppress(LetterError):
            content = content_of(written(pages_of(html)))
        assert SECRET not in content
        assert "/EmbeddedFile" not in content
    assert hits == []


@pytest.mark.parametrize(
    "vector", ['<img src="{url}">', '<link rel="attachment" href="{url}">', VECTORS[15]]
)
def test_what_is_asked_for_stops_the_letter(vector, server):
    """Refused means refused: not a letter with a hole in it."""
    html = f"<html lang=id><title>x</title><body>{vector.format(url=server[0])}<p>x</p>"
    with pytest.raises(LetterError, match="LET-ASSET"):
        written(pages_of(html))


@pytest.mark.parametrize(
    "text", ["<b>SITI</b>", "{{ 7 * 7 }}", "{% for a in b %}", "A & B", "&lt;SITI&gt;", "\"SITI'"]
)
def test_markup_in_a_name_is_shown_as_typed(make_facts, make_person, read_pages, text):
    facts = poisoned(make_facts, make_person, [text])
    for page in read_pages(render_letter(facts)):
        assert text in page.flat
        assert "49" not in page.flat


def test_invisible_and_reversing_characters_are_left_out(make_facts, make_person, read_pages):
    name = "SITI\u202e NAHOTNOC\u200b\u00ad\u0007"
    facts = make_facts(1, people=(replace(make_person(0), name=name),))
    assert "1 SITI NAHOTNOC 99990000000" in read_pages(render_letter(facts))[1].flat


def test_a_missing_logo_fails_the_letter():
    html = '<html lang=id><title>x</title><body><img src="asset:logo" alt="">'
    with pytest.raises(LetterError, match="LET-ASSET"):
        pages_of(html)


@pytest.mark.parametrize("fill", ["W", "a ", "x@y."])
def test_texts_of_any_length_that_is_allowed_are_printed(make_facts, make_person, read_pages, fill):
    """Long texts without a place to break once kept the renderer busy for minutes."""
    text = (fill * 200)[:119] + "."
    facts = poisoned(make_facts, make_person, [text])
    person = facts.people[0]
    line = replace(person.lines[0], before=(fill * 500)[:499] + ".", after="x" + (fill * 500)[:499])
    people = (replace(person, name=(fill * 200)[:199] + ".", lines=(line,)), make_person(1))
    pages = read_pages(render_letter(replace(facts, people=people)))
    assert len(pages) < 15
    for page in pages:
        assert max(word.right for word in page.words) <= page.width - 19.5


def test_longer_texts_are_refused_by_name(make_facts, make_person):
    person = make_person(0)
    long = replace(person, lines=(replace(person.lines[0], after="x" * 501),))
    facts = make_facts(1, people=(person, long), place="y" * 81)
    for preview in (False, True):
        with pytest.raises(LetterError) as raised:
            render_letter(facts, preview=preview)
        assert raised.value.code == "LET-LONG"
        assert (
            "tempat surat (81 karakter, paling panjang 80) dan nilai Menjadi tenaga kerja nomor 2 "
            "(501 karakter, paling panjang 500)"
        ) in raised.value.message
