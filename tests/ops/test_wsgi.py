"""gunicorn as docs/operations.md has it, with the settings of a real installation.

Where the machine allows it, unprivileged in a tree that is read-only but for its data.
"""

import http.client
import re
import shlex
import socket
import subprocess
import sys

import pytest

from hr_portal.serving import GARBAGE
from tests.ops.conftest import CAN_ENCLOSE, ENCLOSED, ROOT

pytestmark = pytest.mark.crash

HOST = "koreksi.example.co.id"
GUNICORN = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--chdir", str(ROOT)]
COMMAND = re.compile(r"`gunicorn (--[^`]+) --bind 127\.0\.0\.1:8000 wsgi:app`")
SAFE = {
    "HR_PORTAL_SECRET_KEY": "5b1f0c86e9d24a7386f2c1d90ab7e354e8602d91c47bfa35",
    "HR_PORTAL_MASTER_KEY": "wG46UfcuSEuQ4fpWN82CtJEfDm11qzwkidbwfksThaL=",
    "HR_PORTAL_BASE_URL": f"https://{HOST}",
}


def quiet(environ):
    """gunicorn's own warnings are not ours."""
    return {name: value for name, value in environ.items() if name != "PYTHONWARNINGS"}


@pytest.fixture
def gunicorn(environ, hr_portal, tmp_path):
    """The port of a gunicorn that serves an installation without any account."""
    safe = {name.removeprefix("HR_PORTAL_"): value for name, value in SAFE.items()}
    assert hr_portal("db", "upgrade", **safe).returncode == 0
    (options,) = COMMAND.findall((ROOT / "docs" / "operations.md").read_text("utf-8"))
    own_tmp = tmp_path / "own-tmp"
    own_tmp.mkdir()
    enclosed = [*ENCLOSED, str(tmp_path / "data"), str(own_tmp), str(ROOT)] if CAN_ENCLOSE else []
    process = subprocess.Popen(
        [*enclosed, *GUNICORN, *shlex.split(options), "wsgi:app"],
        cwd=tmp_path,
        env=quiet(environ) | SAFE | {"PYTHONDONTWRITEBYTECODE": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"Listening at: http://127\.0\.0\.1:([0-9]+)", line):
                yield int(found[1])
                break
        else:
            pytest.fail("gunicorn did not start:\n" + "".join(said))
    finally:
        process.terminate()
        process.stderr.read()
        process.wait(30)
        process.stderr.close()


def ask(port, path, host=HOST):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read().decode()
    finally:
        connection.close()


def test_the_collector_of_garbage_passes_over_what_stays_as_under_serve(environ):
    """A quarter of a second that one page in twenty waited for, without any sign of why."""
    program = "import gc, wsgi; print(gc.get_freeze_count(), gc.get_threshold())"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=environ | SAFE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    frozen, thresholds = ran.stdout.split(maxsplit=1)
    assert int(frozen) > 100_000
    assert thresholds.strip() == str(GARBAGE)


def test_a_real_installation_answers_its_own_name_with_safe_cookies_and_no_demo(gunicorn):
    assert ask(gunicorn, "/healthz")[0] == 200
    assert ask(gunicorn, "/healthz", host="evil.example")[0] == 400
    status, headers, page = ask(gunicorn, "/masuk")
    assert status == 200
    assert "Masuk sebagai" not in page
    cookies = [value for name, value in headers if name.lower() == "set-cookie"]
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie


def status_of(port, *lines):
    """The status line's number for a request sent byte by byte as written; 0 where none comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall("\r\n".join(lines).encode("latin-1"))
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").readline().split()
    return int(answer[1]) if len(answer) > 1 else 0


def test_requests_that_two_servers_would_read_differently_are_refused(gunicorn):
    host, chunks = f"Host: {HOST}", ("0", "", "GET /healthz HTTP/1.1", f"Host: {HOST}", "", "")
    post = ("POST /masuk HTTP/1.1", host)
    assert status_of(gunicorn, "GET /healthz HTTP/1.1", host, "Connection: close", "", "") == 200
    for odd in (
        (*post, "Content-Length: 4", "Transfer-Encoding: chunked", "", *chunks),
        (*post, "Transfer-Encoding: xchunked", "", *chunks),
        (*post, "Content-Length: 4", "Content-Length: 5", "", "abcd"),
        (*post, "Content-Length : 4", "", "abcd"),
        (*post, "Content-Length: +4", "", "abcd"),
        ("GET /healthz HTTP/1.1", host, "X-A: b\x00c", "", ""),
        ("GET /healthz HTTP/1.1", host, *(f"X-{n}: 1" for n in range(200)), "", ""),
        ("GET /" + "a" * 10_000 + " HTTP/1.1", host, "", ""),
        ("GET /healthz HTTP/1.1", host, "X-A: " + "a" * 20_000, "", ""),
    ):
        assert status_of(gunicorn, *odd) in {*range(400, 500), 501}, odd[:4]
    for verb in ("TRACE", "CONNECT", "PATCH"):
        assert status_of(gunicorn, f"{verb} /masuk HTTP/1.1", host, "", "") in {400, 405}, verb


def test_it_does_not_start_with_a_key_that_can_be_guessed(environ, tmp_path):
    done = subprocess.run(
        [*GUNICORN, "wsgi:app"],
        cwd=tmp_path,
        env=quiet(environ) | SAFE | {"HR_PORTAL_SECRET_KEY": "dev"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 4
    assert "hr-portal: Kunci rahasia" in done.stderr
    assert "Traceback" not in done.stderr
