"""What holds for every address: headers, rights, form tokens, limits, pages for every refusal."""

import io
import re
from pathlib import Path

import pytest
from flask import Blueprint, render_template_string

from hr_portal.app import create_app
from hr_portal.services.errors import Conflict
from hr_portal.web import access, assets
from hr_portal.web.access import OPEN, needs
from hr_portal.web.security import CONTENT_SECURITY_POLICY
from tests.web.client import PASSWORD, PageClient

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ID = "0" * 32


@pytest.fixture
def broken(portal, settings, people):
    """An application with views that go wrong in every way."""
    wrong = Blueprint("wrong", __name__)

    @wrong.get("/rusak")
    @needs(OPEN)
    def fail():
        raise RuntimeError("rahasia 3171014508909013")

    @wrong.get("/bentrok")
    @needs(OPEN)
    def clash():
        raise Conflict("Bayu sudah memutuskan.", "Bayu has decided.")

    @wrong.get("/tanpa-izin")
    def forgotten():
        return "tidak boleh sampai di sini"

    @wrong.get("/dua-kali")
    @needs(OPEN)
    def unfit():
        from hr_portal.services.errors import TooMany

        raise TooMany("Tunggu 9 detik.", "Wait 9 seconds.", retry_after=9)

    app = create_app(settings, portal=portal)
    app.register_blueprint(wrong)
    return PageClient(app)


def addresses(app) -> list[tuple[str, str]]:
    """Every page's method and path, with made-up values for its parts."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") or rule.endpoint in assets.ENDPOINTS:
            continue
        path = re.sub(r"<int:\w+>", "7", rule.rule)
        path = re.sub(r"<(?:\w+:)?\w*_id>", ID, path)
        path = re.sub(r"<(?:\w+:)?\w+>", "x", path)
        found += [(method, path) for method in sorted(rule.methods - {"OPTIONS", "HEAD"})]
    return found


# --------------------------------------------------------------------------------- headers


def test_every_kind_of_answer_carries_the_same_headers(broken):
    paths = (
        "/masuk",
        "/",
        "/tidak-ada",
        "/rusak",
        "/bentrok",
        "/dua-kali",
        "/healthz",
        "/api/v1/batches",
    )
    answers = [(path, broken.client.get(path)) for path in paths]
    answers += [
        ("too large", broken.client.post("/masuk", data={"email": "x" * 1_200_000})),
        ("no token", broken.client.post("/masuk", data={})),
        ("wrong method", broken.client.get("/masuk/demo")),
    ]
    assert {200, 302, 400, 401, 404, 405, 409, 413, 500} <= {one.status_code for _, one in answers}
    for path, response in answers:
        for name, value in ALWAYS.items():
            assert response.headers[name] == value, (path, name)
        assert response.headers["Cache-Control"] == "no-store", path
        assert re.fullmatch(r"[0-9a-f]{16}", response.headers["X-Request-Id"])
        assert "Python" not in response.headers.get("Server", "")


def test_static_files_are_kept_for_a_year_under_their_version(visitor):
    text = visitor.get("/masuk").text
    for path in re.findall(r'(?:href|src)="(/(?:static|vendor|bootstrap)[^"#]+)', text):
        with visitor.client.get(path) as response:
            assert response.status_code == 200, path
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            for name, value in ALWAYS.items():
                assert response.headers[name] == value, (path, name)
    with visitor.client.get("/static/portal.css") as response:
        assert response.headers["Cache-Control"] == "no-cache"
    visitor.get("/static/../settings.py", expect=404)


def test_pages_ask_no_other_host_for_anything(visitor, hrd):
    for text in (visitor.get("/masuk").text, hrd.get("/").text):
        assert re.findall(r'(?:href|src|action)="(?:https?:)?//[^"]*"', text) == []


def test_over_tls_browsers_are_told_to_stay_there(visitor):
    response = visitor.client.get("/masuk", base_url="https://127.0.0.1:8000")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_another_host_name_is_refused(visitor):
    for host in ("evil.example", "127.0.0.1.evil.example"):
        response = visitor.client.get("/masuk", headers={"Host": host})
        assert response.status_code == 400
        assert "bukan alamat portal ini" in response.text
        assert "evil" not in response.text


def test_cookies_are_closed_to_scripts_and_other_sites(visitor):
    visitor.get("/masuk")
    cookie = visitor.client.get("/masuk").headers.get("Set-Cookie")
    assert cookie is None, "a session that did not change is not sent again"
    fresh = PageClient(visitor.app).client.get("/masuk").headers["Set-Cookie"]
    assert fresh.startswith("sesi=")
    assert "HttpOnly" in fresh
    assert "SameSite=Lax" in fresh
    assert "Domain" not in fresh


@pytest.mark.parametrize("limits", [{"demo": False, "base_url": "https://koreksi.example"}])
def test_outside_demo_mode_the_cookie_is_bound_to_its_host(visitor, people):
    fresh = visitor.client.get("/masuk", base_url="https://koreksi.example")
    cookie = fresh.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sesi=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Masuk sebagai" not in fresh.text
    assert "Mode demo" not in fresh.text


# ---------------------------------------------------------------------------------- rights


def test_every_page_says_what_it_asks_for(app):
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/api/") and access.policy_of(app, rule.endpoint) is None
    ]
    assert silent == []


def test_what_is_open_is_a_written_list(app):
    is_open = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/api/") and access.policy_of(app, rule.endpoint) == OPEN
    }
    assert is_open - {"auth.sign_in_with_password"} == set(access.OPEN_ENDPOINTS)


def test_whoever_has_not_signed_in_gets_no_other_page(app, visitor):
    for method, path in addresses(app):
        if method != "GET":
            continue
        response = visitor.client.get(path)
        endpoint, _ = app.url_map.bind("127.0.0.1").match(path, method="GET")
        if access.policy_of(app, endpoint) != OPEN:
            assert response.status_code == 302, path
            assert response.headers["Location"].startswith("/masuk"), path


def test_a_view_that_says_nothing_is_refused(broken, people):
    broken.sign_in(people.hrd)
    assert "tidak boleh sampai" not in broken.get("/tanpa-izin", expect=403).text


def test_roles_keep_to_their_pages(hrd, reviewer, admin):
    for client, path in ((reviewer, "/pengajuan/baru"), (admin, "/pengajuan"), (hrd, "/antrean")):
        text = client.get(path, expect=403).text
        assert "bukan untuk akun Anda" in text


def test_a_part_of_a_page_sends_the_browser_to_sign_in(visitor):
    response = visitor.part(f"/pengajuan/{ID}/kemajuan", expect=401)
    assert response.headers["HX-Redirect"] == "/masuk"


# ------------------------------------------------------------------------------ form tokens


def test_no_write_passes_without_its_token(app, hrd, reviewer, admin):
    for method, path in addresses(app):
        if method == "GET":
            continue
        for client in (hrd, reviewer, admin):
            assert client.client.open(path, method=method).status_code == 400, (method, path)


def test_an_old_form_is_offered_again_with_what_was_typed(hrd):
    form = {"reason": "Sudah <dicek>", "aturan": "NIK-11", "csrf_token": "lama"}
    same = {"Sec-Fetch-Site": "same-origin"}
    page = hrd.post(f"/pengajuan/{ID}/pastikan", form, expect=400, headers=same).text
    assert "Formulir sudah kedaluwarsa" in page
    assert "Sudah &lt;dicek&gt;" in page
    assert "Kirim lagi" in page
    assert "lama" not in re.findall(r'name="csrf_token" value="([^"]*)"', page)


def test_a_form_of_another_site_is_not_offered_again(hrd):
    form = {"reason": "jahat", "csrf_token": "lama"}
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
        page = hrd.post(f"/pengajuan/{ID}/pastikan", form, expect=400, headers=headers).text
        assert "jahat" not in page
        assert "Kirim lagi" not in page


def test_a_form_sent_after_the_session_ended_says_how_to_go_on(app, hrd):
    stale = hrd.token()
    hrd.post("/keluar")
    back = {"Referer": "http://127.0.0.1/pengajuan/baru", "Host": "127.0.0.1"}
    form = {"reason": "x", "csrf_token": stale}
    page = hrd.post(f"/pengajuan/{ID}/pastikan", form, expect=400, headers=back).text
    assert "Sesi Anda sudah berakhir" in page
    assert 'href="/masuk?next=/pengajuan/baru"' in page


# ------------------------------------------------------------------------- limits and faults


def test_a_form_without_a_file_may_not_be_large(hrd):
    response = hrd.post("/masuk", {"email": "a" * 2_000_000}, expect=413)
    assert "batas" in response.text


def test_too_many_parts_are_refused(hrd):
    form = {f"n{i}": (io.BytesIO(b"x"), f"{i}.pdf") for i in range(300)}
    response = hrd.client.post(f"/pengajuan/{ID}/dokumen", data=form)
    assert response.status_code == 413


def test_a_fault_of_ours_tells_its_reference_and_nothing_else(broken):
    response = broken.get("/rusak", expect=500)
    reference = response.headers["X-Request-Id"]
    assert "-".join(re.findall("....", reference)) in response.text
    assert "rahasia" not in response.text
    assert "Traceback" not in response.text
    assert "Kesalahannya pada portal" in response.text


def test_a_conflict_says_who_decided_what(broken):
    assert "Bayu sudah memutuskan." in broken.get("/bentrok", expect=409).text


def test_waiting_is_told_in_seconds(broken):
    response = broken.get("/dua-kali", expect=429)
    assert response.headers["Retry-After"] == "9"
    assert "Tunggu 9 detik." in response.text


def test_a_wrong_method_names_the_right_one(hrd):
    response = hrd.get("/keluar", expect=405)
    assert "POST" in response.headers["Allow"]
    assert "hanya menerima kiriman dari tombol" in response.text


def test_without_a_database_the_portal_still_answers(app, portal, hrd):
    portal.db.reader.dispose()
    file = Path(portal.db.url.removeprefix("sqlite:///"))
    for gone in file.parent.glob(f"{file.name}*"):
        gone.unlink()
    response = hrd.client.get("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "Yang sudah tersimpan tetap aman" in response.text


def test_health_tells_no_detail(visitor):
    assert visitor.get("/healthz").json == {"status": "ok"}


# ------------------------------------------------------------------------ language and theme


def test_the_footer_changes_the_language_and_comes_back(visitor):
    text = visitor.get("/pelindungan-data").text
    link = re.search(r'href="(/bahasa/en\?next=[^"]+)"', text)[1]
    answer = visitor.get(link, expect=302)
    assert answer.headers["Location"] == "/pelindungan-data"
    english = visitor.get("/pelindungan-data").text
    assert '<html lang="en"' in english
    assert "Bahasa Indonesia" in english
    visitor.get("/bahasa/fr", expect=404)


def test_what_is_put_into_a_sentence_is_escaped(app):
    counted = "{{ ngettext('%(count)s baris %(name)s', '%(count)s baris %(name)s', 2, count=2, name='<b>') }}"
    page = "{% for one in '<&' %}{{ _('Lanjutkan %(number)s', number=one) }} {{ _('100%% <br>') }} {% endfor %}"
    for language, word in (("id", "Lanjutkan"), ("en", "Continue")):
        with app.test_request_context(headers={"Cookie": f"bahasa={language}"}):
            shown = render_template_string(page + counted)
        assert shown == f"{word} &lt; 100% <br> {word} &amp; 100% <br> 2 baris &lt;b&gt;"


def test_the_theme_is_rendered_by_the_server(visitor):
    assert 'data-bs-theme="auto"' in visitor.get("/masuk").text
    visitor.get("/tampilan/dark?next=//evil.example", expect=302)
    assert 'data-bs-theme="dark"' in visitor.get("/masuk").text
    visitor.get("/tampilan/neon", expect=404)


def test_looking_at_open_pages_begins_no_session(visitor):
    for path in ("/pelindungan-data", "/tidak-ada", "/bahasa/en", "/healthz"):
        response = visitor.client.get(path)
        assert "sesi=" not in response.headers.get("Set-Cookie", "")


def test_an_address_of_the_proxy_is_believed_and_nobody_elses(make_settings, portal, people):
    app = create_app(make_settings(trusted_proxy="10.0.0.1"), portal=portal)
    client = PageClient(app).client

    def link_scheme(peer: str) -> bool:
        response = client.get(
            "/masuk",
            headers={"X-Forwarded-Proto": "https"},
            environ_base={"REMOTE_ADDR": peer},
        )
        return "Strict-Transport-Security" in response.headers

    assert link_scheme("10.0.0.1")
    assert not link_scheme("10.0.0.2")
    assert PASSWORD not in client.get("/masuk").text
