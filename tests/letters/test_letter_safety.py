"""A letter fetches nothing, whatever a name holds."""

import http.server
import threading
from dataclasses import replace

import pytest

from hr_portal.adapters.letters import LetterError, render_letter
from hr_portal.adapters.letters.engine import pages_of, written
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
def secret_file(tmp_path):
    """A file that must never be found in a letter."""
    file = tmp_path / "rahasia.css"
    file.write_text(SECRET)
    return file


def poisoned(make_facts, make_person, text):
    """Facts with a text in every field a user fills."""
    lines = (
        LetterLine("nama", "Nama", text, text, text),
        LetterLine("alamat", "Alamat", text, f"{text} 2", text),
        LetterLine("email", "Email", text, f"{text}@x.example", text),
        LetterLine("npwp", text, text, text, text),
        LetterLine("upah", text, text, text, text),
    )
    people = (replace(make_person(0), name=text, kpj=text, nik=text, lines=lines),)
    facts = make_facts(1, people=people)
    company = replace(
        facts.company, name=text, npp=text, division=text, address=text, phone=text, email=text
    )
    return replace(
        facts,
        number=text,
        place=text,
        company=company,
        branch=Addressee(text, text, text),
        contact=replace(facts.contact, name=text, title=text, phone=text, email=text),
        signatory=Signatory(text, text, text),
        copies_to=(text,),
        documents=(LetterDocument(text, "", text, 1), LetterDocument(text, people[0].kpj, text, 1)),
    )


def test_all_vectors_in_every_field_are_text_and_nothing_more(
    make_facts, make_person, server, secret_file, content_of
):
    url, hits = server
    everything = "".join(
        vector.format(url=address) for vector in VECTORS for address in (url, secret_file.as_uri())
    )
    pdf = render_letter(poisoned(make_facts, make_person, everything))
    content = content_of(pdf)
    assert hits == []
    assert SECRET not in content
    for sign in ("/EmbeddedFile", "/Filespec", "/URI", "/JavaScript", "/Launch"):
        assert sign not in content


@pytest.mark.parametrize("vector", VECTORS)
def test_even_unescaped_a_vector_fetches_nothing(vector, server, secret_file, content_of):
    """The second wall: the fetcher itself, with the markup let through."""
    url, hits = server
    for address in (url, secret_file.as_uri(), "data:text/css,p{}", "asset:lain"):
        html = f"<html lang=id><title>x</title><body>{vector.format(url=address)}<p>x</p>"
        try:
            content = content_of(written(pages_of(html)))
        except LetterError as error:
            assert error.code == "LET-ASSET"
        else:
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
    facts = poisoned(make_facts, make_person, text)
    pages = read_pages(render_letter(facts))
    plain = " ".join(text.split())
    for page in pages:
        assert plain in page.flat
        assert "49" not in page.flat.replace(facts.company.npp, "")


def test_invisible_and_reversing_characters_are_left_out(make_facts, make_person, read_pages):
    name = "SITI\u202e NAHOTNOC\u200b\u00ad\u0007"
    facts = make_facts(1, people=(replace(make_person(0), name=name),))
    assert "1 SITI NAHOTNOC 99990000000" in read_pages(render_letter(facts))[1].flat


def test_a_missing_logo_fails_the_letter():
    html = '<html lang=id><title>x</title><body><img src="asset:logo" alt="">'
    with pytest.raises(LetterError, match="LET-ASSET"):
        pages_of(html)
