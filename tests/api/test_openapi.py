"""The OpenAPI document: valid, complete, and true of what the interface does."""

import re

import hypothesis
import hypothesis.strategies as st
import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hr_portal import api
from tests.api.conftest import BASE, check_refusal, make_scene

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def _operations():
    app = Flask("routes")
    api.register(app)
    document = app.extensions["portal_openapi"].document()
    return [
        (method, path, operation["operationId"]) for method, path, operation in operations(document)
    ]


OPERATIONS = _operations()


@pytest.fixture
def document(scene):
    answer = scene.caller().call("GET", "/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def test_the_document_is_open_and_names_its_version(document):
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{"token": []}]


def test_every_route_is_in_the_document_and_no_other(scene, document):
    routes = {
        (method, re.sub(r"<(?:id|int):(\w+)>", r"{\1}", rule.rule))
        for rule in scene.app.url_map.iter_rules()
        if rule.endpoint.startswith("api-") and not rule.endpoint.startswith("api-docs.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for method, path, _operation in operations(document)} == routes


def test_every_operation_has_an_id_a_sentence_a_tag_and_its_refusals(document):
    ids = [operation["operationId"] for *_rest, operation in operations(document)]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in document["tags"]}
    for method, path, operation in operations(document):
        assert operation["summary"].endswith("."), path
        assert set(operation["tags"]) <= tags
        wanted = {"400", "401", "403", "404", "422", "500"} | (
            {"409", "413", "415"} if method == "POST" else set()
        )
        assert wanted <= set(operation["responses"]), (method, path)
        assert {"200", "201"} & set(operation["responses"])


def test_every_reference_leads_somewhere_and_every_schema_is_a_schema(document):
    for target in re.findall(r"'\$ref': '#/([^']+)'", repr(document)):
        place = document
        for part in target.split("/"):
            place = place[part]
        assert place
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        ), name


def test_the_one_error_shape_is_the_documented_one(scene, document):
    problem = {**document["components"]["schemas"]["Problem"], "components": document["components"]}
    answer = scene.caller().call("GET", "/batches")
    check_refusal(answer)
    assert jsonschema_rs.is_valid(problem, answer.json)
    assert not jsonschema_rs.is_valid(problem, {"message": "no"})


@pytest.fixture(scope="module")
def target(tmp_path_factory, _migrated_sqlite):
    """A scene that made-up requests may change."""
    with make_scene(tmp_path_factory.mktemp("target"), _migrated_sqlite) as made:
        yield made


@pytest.fixture(scope="module")
def described(target):
    """The document as Schemathesis reads it, from the application itself."""
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", target.app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation[2])
def test_made_up_requests_are_answered_as_documented(target, described, operation, mode):
    """Both good and bad requests, half of them about things that exist."""
    method, path, _id = operation

    @hypothesis.given(
        case=described[path][method].as_strategy(generation_mode=mode), about_ours=st.booleans()
    )
    @hypothesis.settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def send(case, about_ours):
        if about_ours:
            for name in set(target.ids()) & set(case.path_parameters):
                case.path_parameters[name] = target.ids()[name]
        sent = {"Authorization": f"Bearer {target.tokens['everybody']}"}
        case.call_and_validate(headers=sent, checks=CHECKS)

    send()
