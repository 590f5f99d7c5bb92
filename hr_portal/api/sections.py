"""A group of routes, and the OpenAPI page that is made of them."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, TypeVar

import marshmallow as ma
from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import fields
from werkzeug.routing import BaseConverter

from hr_portal.api.door import BASE, TAKES_QUERY
from hr_portal.api.parsing import StrictParser, Switch, Upload, Whole

View = TypeVar("View", bound=Callable[..., Any])

REFUSED: Final = (400, 401, 403, 404, 413, 415, 422, 429, 500)
MULTIPART: Final = "multipart"


class PublicId(BaseConverter):
    """The id of a batch, letter or document in an address: 32 hexadecimal signs."""

    regex = "[0-9a-f]{32}"


class ProblemDetail(ma.Schema):
    """What is wrong, in both languages, with a stable code."""

    code = fields.String(required=True, metadata={"description": "Stable; programs may rely on it"})
    message = fields.String(required=True, metadata={"description": "In Indonesian"})
    message_en = fields.String(required=True, metadata={"description": "In English"})
    request_id = fields.String(required=True, metadata={"description": "To quote when you ask us"})
    fields = fields.Dict(  # type: ignore[assignment]  # a field of that name, not the schema's own
        keys=fields.String(),
        required=True,
        metadata={
            "description": "By the name of what to mend: why (the current version for stale_version)"
        },
    )


class Problem(ma.Schema):
    """The one shape of everything that is refused."""

    error = fields.Nested(ProblemDetail, required=True)


class Section(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """Routes of one subject under the base address, read strictly."""

    ARGUMENTS_PARSER = StrictParser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: Final = {
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        MULTIPART: "multipart/form-data",
    }

    def __init__(self, title: str, description: str) -> None:
        super().__init__("api-" + title.lower(), __name__, url_prefix=BASE, description=description)
        self.title = title
        self._prepare_doc_cbks.append(_refusals_doc)

    def get(self, rule: str) -> Callable[[View], View]:
        """Puts a GET route into the section; its name is the operation's id."""
        return self._put(rule, "GET")

    def post(self, rule: str) -> Callable[[View], View]:
        """Puts a POST route into the section; its name is the operation's id."""
        return self._put(rule, "POST")

    def _put(self, rule: str, method: str) -> Callable[[View], View]:
        def declare(view: View) -> View:
            named = self.doc(operationId=view.__name__)(view)
            self.add_url_rule(rule, view.__name__, named, methods=[method], tags=[self.title])
            return view

        return declare

    def query(self, schema: type[ma.Schema]) -> Callable[[View], View]:
        """Lets a route take parameters in its address."""
        read = super().arguments(schema, location="query")

        def declare(view: View) -> View:
            reading: View = read(view)
            setattr(reading, TAKES_QUERY, True)
            return reading

        return declare

    def body(self, schema: type[ma.Schema], *, required: bool = True) -> Callable[[View], View]:
        """Lets a route take a JSON object.

        The schema is made here, once: one made for each call copies all its fields each time.
        """
        return super().arguments(schema(), location="json", required=required)  # type: ignore[no-any-return]

    def form(self, schema: type[ma.Schema]) -> Callable[[View], View]:
        """Lets a route take a multipart form with a file."""
        return super().arguments(schema, location=MULTIPART)  # type: ignore[no-any-return]

    def headers(self, schema: type[ma.Schema]) -> Callable[[View], View]:
        """Lets a route read headers of its own."""
        return super().arguments(schema, location="headers")  # type: ignore[no-any-return]

    def answers(
        self,
        status: int,
        schema: Any,  # noqa: ANN401 - what flask-smorest takes
        **more: Any,  # noqa: ANN401
    ) -> Callable[[View], View]:
        """Says how a route answers, and dumps what it gives back by that schema."""
        return super().response(status, schema, **more)  # type: ignore[no-any-return]

    def answers_later(self, schema: type[ma.Schema]) -> Callable[[View], View]:
        """Says how a route answers where a worker does it: 202, and where to ask after it."""
        return super().alt_response(202, schema=schema, success=True)  # type: ignore[no-any-return]

    def answers_too(self, status: int, schema: object, content_type: str) -> Callable[[View], View]:
        """Says which other content type the same answer may have."""
        return super().alt_response(  # type: ignore[no-any-return]
            status, schema=schema, content_type=content_type, success=True
        )


def _refusals_doc(
    doc: dict[str, Any], _info: object, *, method: str, **_more: object
) -> dict[str, Any]:
    """Puts the refusals every operation may give into its documentation."""
    statuses = (
        (*REFUSED, 409) if method == "post" else tuple(s for s in REFUSED if s not in {413, 415})
    )
    for status in statuses:
        doc.setdefault("responses", {})[status] = HTTPStatus(status).name
    return doc


class PortalApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest without its error handlers and its own pages: ours answer for both.

    It describes all routes when it takes them in, a third of the time an application takes to
    start; here the document is made when somebody first asks for it.
    """

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask, sections: tuple[Section, ...]) -> None:
        super().__init__(app)
        self._sections = sections
        self._making = threading.Lock()
        self._made: dict[str, Any] | None = None
        for section in sections:
            app.register_blueprint(section)

    def _register_error_handlers(self) -> None:
        """Leaves errors to the application, whose one handler knows the address."""

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        with self._making:
            if self._made is None:
                for section in self._sections:
                    section.register_views_in_doc(
                        self, self._app, self.spec, name=section.name, parameters=None
                    )
                made: dict[str, Any] = self.spec.to_dict()
                made["tags"] = [
                    {"name": s.title, "description": s.description} for s in self._sections
                ]
                self._made = made
        return self._made


def make_api(app: Flask, sections: tuple[Section, ...]) -> PortalApi:
    """Puts sections into an application; gives back what knows their OpenAPI document."""
    app.config.update(
        API_TITLE="Portal Koreksi Data",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {
                "description": "The main journey as JSON: upload, findings, documents, letter, submission, "
                "review. The same services, rights and records as the pages."
            },
            "security": [{"token": []}],
        },
    )
    app.url_map.converters["id"] = PublicId
    api = PortalApi(app, sections)
    api.register_converter(PublicId, lambda _c: {"type": "string", "pattern": "^[0-9a-f]{32}$"})
    api.register_field(Whole, "integer", None)
    api.register_field(Switch, "boolean", None)
    api.register_field(Upload, "string", "binary")
    api.spec.components.security_scheme(
        "token",
        {"type": "http", "scheme": "bearer", "description": "hr-portal tokens create --user EMAIL"},
    )
    return api
