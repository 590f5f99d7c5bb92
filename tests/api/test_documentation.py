"""docs/api.md tells every route, what it takes, and every code that can be met there."""

import re
from pathlib import Path

import pytest
from flask import Flask

from hr_portal import api
from hr_portal.api import door, problems
from hr_portal.domain.permissions import ALLOWED
from hr_portal.web import (
    calendar,
    document_status,
    figures,
    four_eyes,
    messages,
    outlets,
    papers,
    queue,
    reopening,
    review_works,
    standard_reasons,
    submission,
    tracking,
    unsent,
    workbench,
)

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
WORDS = {"hrd": "HRD", "reviewer": "reviewer", "admin": "admin"}
PAGING = {"page", "per_page"}


def routes():
    app = Flask("routes")
    api.register(app)
    document = app.extensions["portal_openapi"].document()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api-") and not rule.endpoint.startswith("api-docs."):
            path = re.sub(r"<(?:id|int):(\w+)>", r"{\1}", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                policy = door.policy_of(app.view_functions[rule.endpoint])
                yield method, path, policy, takes(document, document["paths"][path][method.lower()])


def takes(document, operation):
    """The names of what an operation takes, each with whether it must be there."""
    found = {p["name"]: p["required"] for p in operation.get("parameters", []) if p["in"] != "path"}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]
        found |= {name: name in schema.get("required", ()) for name in schema["properties"]}
    return {name: must for name, must in found.items() if name not in PAGING}


ROUTES = sorted(routes(), key=lambda route: route[:2])


def line_of(method, path):
    lines = [line for line in PAGE.splitlines() if line.startswith(f"| {method} | `{path}` |")]
    assert len(lines) == 1, f"{method} {path} stands {len(lines)} times in docs/api.md"
    return lines[0]


@pytest.mark.parametrize(
    ("method", "path", "policy", "taken"), ROUTES, ids=lambda value: str(value)[:60]
)
def test_every_route_is_documented_with_whom_it_is_for_and_what_it_takes(
    method, path, policy, taken
):
    cells = line_of(method, path).split(" | ")
    assert cells[2] == ", ".join(WORDS[role] for role in WORDS if role in ALLOWED[policy])
    for name, must in taken.items():
        assert (f"`{name}`" if must else f"*{name}*") in cells[3], name


def test_no_route_is_documented_that_does_not_exist():
    told = set(re.findall(r"^\| (GET|POST|PUT|PATCH|DELETE) \| `([^`]+)` \|", PAGE, re.MULTILINE))
    assert told == {(method, path) for method, path, *_rest in ROUTES}


def test_every_address_in_the_examples_exists():
    patterns = [
        re.sub(r"\\\{\w+\\\}", r"\\$[A-Z]+", re.escape(path)) for _m, path, *_rest in ROUTES
    ]
    used = re.findall(r"\$HOST(/api/v1[^\s\"?]*)", PAGE)
    assert len(used) > 10
    for address in used:
        assert any(re.fullmatch(pattern, address) for pattern in patterns), address


def test_every_status_is_documented_with_its_code():
    for status, (code, *_sentences) in problems.SAID.items():
        assert re.search(rf"^\| {status} \| .*`{code}`", PAGE, re.MULTILINE), (status, code)


REVIEW_PAGES = (
    queue, workbench, review_works, document_status, submission, tracking, messages, papers,
    outlets, reopening, standard_reasons, four_eyes, unsent, calendar, figures,
)  # fmt: skip
HERE = re.compile(r"^(GET|POST) /(?:pengajuan|periksa|batches)/\{batch_id\}")


def told_pages():
    """The table of the pages of a review: what stands in its first and in its last column."""
    part = PAGE.split("## The review and its tracking")[1].split("\n## ")[0]
    lines = [line.split(" | ") for line in part.splitlines() if line.startswith("| `")]
    return [(re.findall("`([^`]+)`", one[0]), re.findall("`([^`]+)`", one[-1])) for one in lines]


def test_every_act_of_the_review_pages_is_told_with_its_route():
    app = Flask("pages")
    for page in REVIEW_PAGES:
        app.register_blueprint(page.blueprint)
    found = {
        HERE.sub(r"\1 {b}", f"{method} " + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = [page for pages, _routes in told_pages() for page in pages]
    assert sorted(told) == sorted(found)


def test_every_route_that_is_told_beside_a_page_exists():
    known = {
        HERE.sub(r"\1 {b}", f"{method} {path.removeprefix('/api/v1')}")
        for method, path, *_rest in ROUTES
    }
    told = {route for _pages, routes in told_pages() for route in routes}
    assert told
    assert told <= known
