"""The OpenAPI 3.1 document of the API, and the conventions that hold for every answer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from inspect import getdoc
from threading import Lock
from typing import Any, Final

from flask import Flask, Response, request
from flask_smorest import Api

from matcher.api.blueprint import BASE
from matcher.api.fields import Hundredths, column_properties
from matcher.api.schemas.problems import ProblemDocument
from matcher.http.idempotency import HEADER

API_VERSION: Final = "1.0.0"
"""Of the interface, by semantic versioning; the major number stands in the address."""

PROBLEM: Final = "application/problem+json"

_TEXTS: Final[dict[HTTPStatus, str]] = {
    HTTPStatus.BAD_REQUEST: "Something in the request is invalid; `errors` names all of it.",
    HTTPStatus.UNAUTHORIZED: "No token or session, or one that has ended.",
    HTTPStatus.FORBIDDEN: "Signed in, but without the right that this asks for.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or you may not know of it: the same answer.",
    HTTPStatus.NOT_ACCEPTABLE: "`Accept` leaves out application/json.",
    HTTPStatus.CONFLICT: "The present state forbids it, or the same key is still at work.",
    HTTPStatus.PRECONDITION_FAILED: "`If-Match` names a version that was changed since.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than the server takes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The `Idempotency-Key` came before with another body.",
    HTTPStatus.PRECONDITION_REQUIRED: "`If-Match` is missing on a change.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; `Retry-After` says how many seconds to wait.",
}

_DESCRIPTION: Final = """\
Who can start where, and what to do first: readiness, matches and plans for learning-work places
under social return. The interface follows the Dutch API Design Rules; its language is English,
which is its one deviation from them.

**Signing in.** Machines send `Authorization: Bearer <token>`; people use the session of the
pages, and then send the form token in `X-CSRFToken` with every change.

**What you see.** Fields that your rights do not cover are left out of an answer, never emptied.
What you may not know of answers 404, exactly as what does not exist.

**Unknown is not zero.** A field that is null or left out is unknown; a range beside every number
says what the unknowns could make of it. Numbers with decimals carry two digits. Moments are in
UTC, days are days in Europe/Amsterdam.

**Changes.** A POST that creates takes an `Idempotency-Key`: the same key with the same body
answers again what it answered first. A PATCH needs `If-Match` with the `ETag` you read.

**Lists** come in pages: `limit` sets the size, `next_cursor` of one page is `cursor` of the next,
and is null on the last. Nothing can be sorted or filtered by readiness.

**Problems** are `application/problem+json` (RFC 9457) with everything wrong at once in `errors`.

**Words.** Reasons, questions and the title of a problem follow `Accept-Language` (`nl`, the
default, or `en`); what is wrong with a field may be said in English only.
"""


class ProductApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest with the problem documents of this product in place of its own errors."""

    ERROR_SCHEMA = ProblemDocument
    # Every problem that an operation can answer with is named; there is no rest category.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, *args: Any, **options: Any) -> None:
        self.to_describe: list[Callable[[], None]] = []
        self._made: dict[str, Any] | None = None
        self._making = Lock()
        super().__init__(*args, **options)

    @property
    def document(self) -> dict[str, Any]:
        """The finished document, made when it is first asked for."""
        with self._making:
            if self._made is None:
                for describe in self.to_describe:
                    describe()
                self._made = document(self)
            return self._made

    def _register_error_handlers(self) -> None:
        """Leaves errors to ``matcher.http.errors``: flask-smorest's handler drops headers."""

    def _register_etag_headers(self) -> None:
        """Leaves out the tags of flask-smorest, which are hashes: ours are versions."""

    def _register_pagination_header(self) -> None:
        """Leaves out flask-smorest's own: pages have cursors here."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            content = {PROBLEM: {"schema": ProblemDocument}} if status >= 400 else {}
            response: dict[str, Any] = {"description": _TEXTS.get(status, status.phrase)}
            if content:
                response["content"] = content
            response["headers"] = _headers_of(status)
            self.spec.components.response(status.name, response, lazy=True)


def _headers_of(status: int) -> dict[str, Any]:
    headers: dict[str, Any] = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = {
            "description": "Seconds to wait before the next request.",
            "schema": {"type": "integer", "minimum": 0},
        }
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = {
            "description": "The methods that this address knows.",
            "schema": {"type": "string"},
        }
    return headers


def make_api(app: Flask) -> ProductApi:
    """An Api bound to `app`, without resources yet."""
    contact = {part: app.config[f"API_CONTACT_{part.upper()}"] for part in ("name", "email", "url")}
    app.config.setdefault("OPENAPI_VERSION", "3.1.0")
    api = ProductApi(
        app,
        spec_kwargs={
            "title": "Matcher",
            "version": API_VERSION,
            "info": {
                "summary": "Readiness and placement advice for social return",
                "description": _DESCRIPTION,
                "contact": contact,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            # Paths are written without the base, as the design rules ask: the version of the
            # interface stands in the address of the server.
            "servers": [{"url": BASE, "description": "This installation"}],
        },
    )
    api.register_field(Hundredths, "number", None)
    api.ma_plugin.converter.add_attribute_function(column_properties)
    components = api.spec.components
    components.security_scheme(
        "bearer",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of a machine account, made on the command line.",
        },
    )
    components.security_scheme(
        "session",
        {
            "type": "apiKey",
            "in": "cookie",
            "name": app.config["SESSION_COOKIE_NAME"],
            "description": "The session of a person who signed in on the pages.",
        },
    )
    _document_headers(components)
    return api


def _document_headers(components: Any) -> None:
    """The headers that answers carry and requests bring."""
    components.header(
        "API-Version",
        {
            "description": "The full version of this interface, by semantic versioning.",
            "schema": {"type": "string", "examples": [API_VERSION]},
        },
    )
    components.header(
        "ETag",
        {
            "description": "The version of the record, for `If-Match` on a change.",
            "schema": {"type": "string", "examples": ['"v3"']},
        },
    )
    for name, required, description, example in (
        (HEADER, False, "A key of your choice: one effect for each, however often sent.", "a1b2c3"),
        ("If-Match", True, "The `ETag` of the version that you read.", '"v3"'),
        ("If-None-Match", False, "Answers 304 without a body if this is the version.", '"v3"'),
    ):
        components.parameter(
            name,
            "header",
            {
                "description": description,
                "required": required,
                "schema": {"type": "string", "maxLength": 255, "examples": [example]},
            },
        )


def document(api: ProductApi) -> dict[str, Any]:
    """The finished document: paths relative to the server, the version header on every answer."""
    found: dict[str, Any] = api.spec.to_dict()
    paths = {}
    for path, item in found["paths"].items():
        for operation in item.values():
            if isinstance(operation, dict):
                answers = sorted(operation.get("responses", {}).items())
                operation["responses"] = dict(answers)
                for status, response in answers:
                    if "$ref" not in response:
                        response.setdefault("headers", {}).update(_headers_of(int(status)))
        paths[path.removeprefix(BASE)] = item
    _drop_null_defaults(found)
    for (schema, *_), name in api.ma_plugin.converter.refs.items():
        found["components"]["schemas"][name]["description"] = getdoc(schema)
    tags = [{**tag, "name": tag["name"].removeprefix("api-")} for tag in found.get("tags", [])]
    return {**found, "paths": paths, "tags": tags}


def _drop_null_defaults(part: Any) -> None:
    """A default of nothing means *left out*, which the document says by not requiring it."""
    if isinstance(part, dict):
        if "default" in part and part["default"] is None:
            del part["default"]
        for inside in part.values():
            _drop_null_defaults(inside)
    elif isinstance(part, list):
        for inside in part:
            _drop_null_defaults(inside)


def set_version_header(response: Response) -> Response:
    """The version on every answer under ``/api/``, errors included."""
    if request.path.startswith("/api/"):
        response.headers["API-Version"] = API_VERSION
    return response
