"""A client for pages that checks every page it gets, whatever the test asked for."""

import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import html5lib
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hr_portal.adapters.database.models import User
from hr_portal.services import sessions
from hr_portal.web.access import PROVEN

PASSWORD = "kuda laut biru tujuh"
XHTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button"}


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


_RANDOM = re.compile(r'[0-9a-f]{16,}|(?<=name="csrf_token" value=")[^"]+')
_sound: set[bytes] = set()


def check_page(response: TestResponse) -> None:
    """Holds a page to what every page promises; one that was sound stays so under other ids."""
    source = response.get_data(as_text=True)
    page = response.headers.get("Content-Security-Policy", "") + _RANDOM.sub("", source)
    known = hashlib.sha256(page.encode()).digest()
    if known not in _sound:
        _check(response, source)
        _sound.add(known)


def _check(response: TestResponse, source: str) -> None:
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"))
    document = parser.parse(source)
    written = _Attributes()
    written.feed(source)
    faults = [str(code) for _place, code, _data in parser.errors]
    faults += written.faults
    faults += [f"id {one!r} twice" for one in set(written.ids) if written.ids.count(one) > 1]
    faults += _outline(document)
    faults += _unlabelled(document)
    faults += _references(document, set(written.ids))
    faults += _forms(list(document.iter(XHTML + "form")))
    if "default-src 'none'" not in response.headers.get("Content-Security-Policy", ""):
        faults.append("no content security policy")
    if re.search(r"\{%|>None<|Undefined", source):
        faults.append("template text left over")
    assert not faults, f"{response.request.path}: {faults}\n{source}"


def _outline(document) -> list[str]:
    faults = [
        f"{len(found)} {tag}"
        for tag in ("h1", "main", "title")
        if len(found := [one for one in document.iter(XHTML + tag) if _is_page(one)]) != 1
    ]
    title = next(document.iter(XHTML + "title"), None)
    if title is None or not (title.text or "").endswith(" – Portal Koreksi Data"):
        faults.append("title")
    if document.get("lang") not in {"id", "en"}:
        faults.append("html lang")
    filled = [
        one
        for one in document.iter()
        if "btn-primary" in (one.get("class") or "").split() and one.tag != XHTML + "label"
    ]
    if len(filled) > 1:
        faults.append(f"{len(filled)} filled buttons")
    return faults


def _is_page(element) -> bool:
    """Leaves out the <title> that an SVG may have."""
    return element.tag != XHTML + "title" or bool((element.text or "").strip())


def _references(document, known: set[str]) -> list[str]:
    faults = []
    for element in document.iter():
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list"):
            faults += [
                f"{name}={one!r} names nothing"
                for one in (element.get(name) or "").split()
                if one not in known
            ]
        if element.tag == XHTML + "a" and not _leads_somewhere(element.get("href")):
            faults.append("a link without address")
    return faults


def _leads_somewhere(href: str | None) -> bool:
    return bool(href) and not (href or "").startswith("javascript:")


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
        self.tokens: dict[str, str] = {}

    def _checked(self, response: TestResponse) -> TestResponse:
        if (
            response.mimetype == "text/html"
            and response.get_data()
            and response.status_code not in range(300, 400)
        ):
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

    def post(
        self,
        path: str,
        data: dict | None = None,
        *,
        expect: int = 302,
        token: bool = True,
        **more,
    ) -> TestResponse:
        fields = dict(data or {})
        if token:
            fields.setdefault("csrf_token", self.token())
        response = self._checked(self.client.post(path, data=fields, **more))
        assert response.status_code == expect, (path, response.status_code, response.text)
        return response

    def token(self) -> str:
        """This session's form token, as the pages carry it."""
        held = self.client.get_cookie(self.app.session_interface.get_cookie_name(self.app))
        if held is None or held.value not in self.tokens:
            source = self.client.get("/", follow_redirects=True).text
            found = re.search(r'name="csrf_token" value="([^"]+)"', source)
            assert found, source
            held = self.client.get_cookie(self.app.session_interface.get_cookie_name(self.app))
            self.tokens[held.value] = found[1]
        return self.tokens[held.value]

    def sign_in(self, email: str, password: str = PASSWORD) -> "PageClient":
        self.post("/masuk", {"email": email, "password": password})
        return self

    def arrive(self, email: str) -> "PageClient":
        """Be signed in already, where the sign-in is not what a test is about."""
        portal = self.app.extensions["portal"]
        with portal.db.read() as session:
            user = session.scalar(sa.select(User.id).where(User.email == email.lower()))
        proven = {"_user_id": user, PROVEN: portal.clock().isoformat()}
        held = sessions.open_session(portal, proven, user_id=user)
        self.client.set_cookie(self.app.session_interface.get_cookie_name(self.app), held)
        return self

    def follow(self, response: TestResponse) -> TestResponse:
        """The page that an answer sends to."""
        target = urlsplit(response.headers["Location"])
        assert not target.netloc, "redirects stay on this host"
        return self.get(target.path + ("?" + target.query if target.query else ""))
