"""Two processes that serve pages on one database know the same (security.md R6)."""

import http.cookiejar
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest

from hr_portal import demo
from tests.ops.conftest import address_of

pytestmark = pytest.mark.crash

HRD = "rahma@contohsejahtera.example"
PEOPLE_ONLY = "from hr_portal import demo\ndemo.fill = demo.make_people\n"


class Browser:
    """Cookies go by host, as in every browser: both servers get the same."""

    def __init__(self):
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), Unfollowed
        )

    def open(self, address, form=None):
        """(status, text, where it leads)."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        try:
            with self.opener.open(address, data, timeout=30) as answer:
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode(), answer.headers.get("Location", "")

    def field(self, address, name):
        (found, *_more) = re.findall(rf'name="{name}"[^>]* value="([^"]+)"', self.open(address)[1])
        return found


class Unfollowed(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect to the test."""

    def redirect_request(self, *_given):
        return None


@pytest.fixture
def two(start, hr_portal, tmp_path):
    """The addresses of two servers on one data folder, with the demo's people."""
    (tmp_path / "sitecustomize.py").write_text(PEOPLE_ONLY)
    words = "serve", "--demo", "--no-worker", "--port", "0"
    first = address_of(start(*words))
    return first, address_of(start(*words))


def test_tries_sessions_forms_and_keys_are_the_same_at_two_servers(two, hr_portal):
    one, other = two
    # a form of one is taken by the other, and who signs in there is signed in here
    browser = Browser()
    form = {name: browser.field(f"{one}/masuk", name) for name in ("csrf_token", "user")}
    assert browser.open(f"{other}/masuk/demo", form)[0] == 302
    assert browser.open(f"{one}/")[0] == 200
    assert browser.open(f"{other}/")[0] == 200
    # who signs out at one is out at the other, also with the cookie kept
    kept = [(cookie.name, cookie.value) for cookie in browser.cookies]
    token = {"csrf_token": browser.field(f"{one}/", "csrf_token")}
    assert browser.open(f"{one}/keluar", token)[0] == 302
    again = urllib.request.Request(
        f"{other}/", headers={"Cookie": "; ".join(f"{name}={value}" for name, value in kept)}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.build_opener(Unfollowed).open(again, timeout=30)
    with refused.value as answer:
        assert (answer.code, answer.headers["Location"].split("?")[0]) == (302, "/masuk")
    # wrong passwords are counted together
    stranger = Browser()
    wrong = {
        "csrf_token": stranger.field(f"{one}/masuk", "csrf_token"),
        "email": HRD,
        "password": "bukan kata sandinya ini",
    }
    seen = [stranger.open(f"{two[number % 2]}/masuk", wrong)[0] for number in range(6)]
    assert seen == [422] * 5 + [429]
    assert stranger.open(f"{other}/masuk", wrong)[0] == 429
    # one key sent to both at once makes one submission
    made = hr_portal("tokens", "create", "--demo", "--user", HRD)
    (bearer,) = re.findall(r"\bpkd_\S+", made.stdout)
    key, ids = str(uuid.uuid4()), []
    together = threading.Barrier(2)

    def send(server):
        together.wait()
        ids.append(upload(server, bearer, key))

    both = [threading.Thread(target=send, args=[server]) for server in two]
    [thread.start() for thread in both]
    [thread.join() for thread in both]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    listed = urllib.request.Request(
        f"{other}/api/v1/batches", headers={"Authorization": f"Bearer {bearer}"}
    )
    with urllib.request.urlopen(listed, timeout=30) as answer:
        assert [batch["id"] for batch in json.load(answer)["items"]] == ids[:1]


def upload(server, bearer, key):
    who = demo._person(150)
    text = f"KPJ;NIK;Nama Lengkap;Tanggal Lahir;Data;Semula;Menjadi\r\n{who['kpj']};{who['nik']};"
    text += f"{who['nama']};{who['lahir']};No HP;081200000001;081200000002\r\n"
    line = uuid.uuid4().hex
    body = (
        f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{text}\r\n--{line}--\r\n"
    ).encode()
    sent = urllib.request.Request(
        f"{server}/api/v1/batches",
        body,
        {
            "Authorization": f"Bearer {bearer}",
            "Content-Type": f"multipart/form-data; boundary={line}",
            "Idempotency-Key": key,
        },
    )
    with urllib.request.urlopen(sent, timeout=30) as answer:
        assert answer.status in {200, 201}
        return json.load(answer)["id"]
