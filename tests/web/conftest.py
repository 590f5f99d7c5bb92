"""A client that checks every page any test fetches, and people to fetch them as."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hr_portal.adapters.database.models import Base
from hr_portal.app import create_app
from hr_portal.services import accounts, places
from hr_portal.services.context import Portal
from hr_portal.settings import Settings

PASSWORD = "kuda laut biru tujuh"
XHTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button"}
# html5lib knows the elements of 2013; these faults are its age, not ours.
TOO_OLD_FOR = {"non-void-element-with-trailing-solidus"}


@dataclass(frozen=True)
class People:
    """Who and what the tests of pages work with."""

    company_id: str
    other_company_id: str
    branch_id: str
    hrd: str = "rahma@contoh.example"
    hrd2: str = "dian@contoh.example"
    other_hrd: str = "joko@umpama.example"
    reviewer: str = "bayu@cabang.example"
    admin: str = "admin@portal.example"


class _Attributes(HTMLParser):
    """Collects what the source says before a parser repairs it."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name == "style" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}=…> is inline")
        if tag == "style" or (tag == "script" and not dict(attrs).get("src")):
            self.faults.append(f"<{tag}> is inline")


def check_page(response: TestResponse) -> None:
    """Holds a page to what every page promises."""
    source = response.get_data(as_text=True)
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"))
    document = parser.parse(source)
    faults = [str(code) for _place, code, _data in parser.errors if code not in TOO_OLD_FOR]

    written = _Attributes()
    written.feed(source)
    faults += written.faults
    faults += [f"id {one!r} twice" for one in set(written.ids) if written.ids.count(one) > 1]

    def every(tag: str) -> list:
        return list(document.iter(XHTML + tag))

    if document.get("lang") not in {"id", "en"}:
        faults.append("html lang")
    if len(every("h1")) != 1:
        faults.append(f"{len(every('h1'))} h1")
    if len(every("main")) != 1:
        faults.append(f"{len(every('main'))} main")
    titles = [title for title in every("title") if title.text]
    if not titles or not (titles[0].text or "").endswith(" – Portal Koreksi Data"):
        faults.append("title")
    faults += _unlabelled(document)
    faults += _forms(every("form"))
    filled = [b for b in document.iter() if "btn-primary" in (b.get("class") or "").split()]
    if len({(b.text or "") for b in filled if b.tag != XHTML + "label"}) > 1:
        faults.append("more than one filled button")
    for link in every("a"):
        if "href" not in link.attrib or "javascript:" in link.get("href", ""):
            faults.append("a link without address")
    known = set(written.ids)
    for element in document.iter():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for one in (element.get(name) or "").split():
                if one not in known:
                    faults.append(f"{name}={one!r} names nothing")
    if "default-src 'none'" not in response.headers.get("Content-Security-Policy", ""):
        faults.append("no content security policy")
    if re.search(r"\{\{|\{%|None<|Undefined", source):
        faults.append("template text left over")
    assert not faults, f"{response.request.path}: {faults}\n{source}"


def _unlabelled(document) -> list[str]:
    named = {label.get("for") for label in document.iter(XHTML + "label")}
    inside = {id(c) for label in document.iter(XHTML + "label") for c in label.iter()}
    return [
        f"{field.tag.removeprefix(XHTML)} name={field.get('name')!r} has no label"
        for field in document.iter()
        if str(field.tag).removeprefix(XHTML) in LABELLED
        and field.get("type") not in NO_LABEL
        and field.get("id") not in named
        and id(field) not in inside
        and not field.get("aria-label")
        and not field.get("aria-labelledby")
    ]


def _forms(forms: list) -> list[str]:
    faults = []
    for form in forms:
        method = (form.get("method") or "get").lower()
        if not (form.get("action") or "").startswith("/"):
            faults.append("a form without an action of our own")
        names = {field.get("name") for field in form.iter()}
        if method == "post" and "csrf_token" not in names:
            faults.append(f"form {form.get('action')} without token")
        if method == "get" and "csrf_token" in names:
            faults.append(f"form {form.get('action')} puts its token into the address")
    return faults


class PageClient:
    """A browser's way through the pages: follows nothing by itself, checks all it gets."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def _checked(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.get_data() and response.status_code not in range(300, 400):
            check_page(response)
        return response

    def get(self, path: str, *, expect: int = 200, **more) -> TestResponse:
        response = self._checked(self.client.get(path, **more))
        assert response.status_code == expect, (path, response.status_code, response.text)
        return response

    def part(self, path: str, *, expect: int = 200, **more) -> TestResponse:
        """A part of a page as htmx asks for it; it is no page, so it isn't checked as one."""
        response = self.client.get(path, headers={"HX-Request": "true"}, **more)
        assert response.status_code == expect, (path, response.status_code, response.text)
        return response

    def post(self, path: str, data: dict | None = None, *, expect: int = 302, token: bool = True, **more) -> TestResponse:
        fields = dict(data or {})
        if token:
            fields.setdefault("csrf_token", self.token())
        response = self._checked(self.client.post(path, data=fields, **more))
        assert response.status_code == expect, (path, response.status_code, response.text)
        return response

    def token(self) -> str:
        """This session's form token, as the pages carry it."""
        source = self.client.get("/", follow_redirects=True).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', source)
        assert found, source
        return found[1]

    def sign_in(self, email: str, password: str = PASSWORD) -> "PageClient":
        self.post("/masuk", {"email": email, "password": password})
        return self

    def follow(self, response: TestResponse) -> TestResponse:
        """The page that an answer sends to."""
        target = urlsplit(response.headers["Location"])
        assert not target.netloc, "redirects stay on this host"
        return self.get(target.path + ("?" + target.query if target.query else ""))


@pytest.fixture
def settings(make_settings) -> Settings:
    """Pages ask nothing of the database that services don't; these tests run on SQLite."""
    return make_settings()


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    opened = Portal.from_settings(settings)
    Base.metadata.create_all(opened.db.writer)
    yield opened
    opened.close()


@pytest.fixture
def people(portal: Portal) -> People:
    branch_id = places.create_branch(portal, name="Contoh Raya", city="Jakarta")
    company_id = places.create_company(
        portal, name="PT Contoh Sejahtera", npp="90000123", default_branch_id=branch_id, city="Jakarta"
    )
    other = places.create_company(portal, name="PT Umpama Jaya", npp="90000124", default_branch_id=branch_id)
    made = People(company_id, other, branch_id)
    for email, name, role, where in (
        (made.hrd, "Rahma Contohan", "hrd", {"company_id": company_id}),
        (made.hrd2, "Dian Misalnya", "hrd", {"company_id": company_id}),
        (made.other_hrd, "Joko Umpama", "hrd", {"company_id": other}),
        (made.reviewer, "Bayu Teladan", "reviewer", {"branch_id": branch_id}),
        (made.admin, "Ayu Rekaan", "admin", {}),
    ):
        accounts.create_user(portal, email=email, name=name, password=PASSWORD, role=role, **where)
    return made


@pytest.fixture
def app(portal: Portal, settings: Settings) -> Flask:
    made = create_app(settings, portal=portal)
    made.config["TESTING"] = False  # faults are answered as in earnest
    return made


@pytest.fixture
def visitor(app: Flask) -> PageClient:
    """Somebody who hasn't signed in."""
    return PageClient(app)


@pytest.fixture
def hrd(app: Flask, people: People) -> PageClient:
    return PageClient(app).sign_in(people.hrd)


@pytest.fixture
def other_hrd(app: Flask, people: People) -> PageClient:
    return PageClient(app).sign_in(people.other_hrd)
