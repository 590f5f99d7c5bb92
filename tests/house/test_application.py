"""What holds for every address and every template of the portal at once."""

import re
from pathlib import Path

import pytest
from werkzeug.routing import IntegerConverter

from hr_portal.adapters.database.models import new_id
from hr_portal.app import create_app
from hr_portal.web.access import OPEN, policy_of

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"

# Whatever answers strangers is written down here, and nothing else does.
OPEN_TO_STRANGERS = {
    "/api/v1/docs",
    "/api/v1/docs/<name>",
    "/api/v1/openapi.json",
    "/bantuan",
    "/bantuan/<page>",
    "/bantuan/aturan",
    "/bahasa/<code>",
    "/bootstrap/static/<path:filename>",
    "/daftar",
    "/healthz",
    "/keluar",
    "/ketentuan",
    "/lupa-kata-sandi",
    "/masuk",
    "/masuk/demo",
    "/masuk/kode",
    "/masuk/kode/kirim-ulang",
    "/pelindungan-data",
    "/tautan/<token>",
    "/verifikasi",
    "/verifikasi/<proof>",
    "/V/<proof>",
    "/static/<path:filename>",
    "/tampilan/<name>",
    "/vendor/htmx/<path:filename>",
}


@pytest.fixture
def app(sqlite_settings):
    made = create_app(sqlite_settings)
    yield made
    made.extensions["portal"].close()


def an_address(app, rule):
    """An address of that rule, with ids that belong to nothing."""
    values = {}
    for name in rule.arguments:
        is_number = isinstance(rule._converters[name], IntegerConverter)
        values[name] = 1 if is_number else new_id()
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, values, method=next(iter(rule.methods))
        )


def test_every_address_says_who_may_call_it(app):
    silent = [
        rule.rule for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None
    ]
    assert silent == []


def test_only_what_is_written_down_answers_strangers(app):
    rules = list(app.url_map.iter_rules())
    declared = {rule.rule for rule in rules if policy_of(app, rule.endpoint) == OPEN}
    assert declared == OPEN_TO_STRANGERS


def test_a_stranger_is_turned_away_from_every_other_address(app):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.rule in OPEN_TO_STRANGERS:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(
                an_address(app, rule), method=method, headers={"Accept": "text/html"}
            )
            status = answer.status_code
            answer.close()
            if rule.rule.startswith("/api/"):
                assert status == 401, rule
            elif method == "GET":
                assert status == 302, rule
                assert answer.location.startswith("/masuk"), rule
            else:
                assert status in {302, 400}, rule  # 400: no form of ours, asked before who it is


def test_nothing_is_changed_by_a_get_or_without_a_token_of_the_form(app):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        assert not ("GET" in rule.methods and "POST" in rule.methods), rule
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"} and not rule.rule.startswith("/api/"):
            answer = client.post(an_address(app, rule))
            assert answer.status_code == 400, rule


def test_every_template_is_used():
    sources = [
        *(ROOT / "hr_portal").rglob("*.py"),
        *(path for path in TEMPLATES.rglob("*") if path.is_file()),
    ]
    named = set()
    for source in sources:
        found = re.findall(
            r"""["']([\w./-]+\.(?:html|css|svg|txt))["']""", source.read_text(encoding="utf-8")
        )
        named |= {Path(name).name for name in found}
    unused = [path for path in TEMPLATES.rglob("*.html") if path.name not in named]
    assert unused == []
