"""The blueprint that every resource of the API is made with."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from flask import current_app, make_response, request
from flask_limiter.util import get_remote_address
from flask_smorest import Blueprint
from werkzeug.exceptions import NotAcceptable

from matcher.api.arguments import ArgumentsParser
from matcher.api.strict_json import BODY, INTEGER_MAXIMUM, read_json
from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput, Problem
from matcher.extensions import limiter
from matcher.http.idempotency import HEADER, idempotent
from matcher.http.identity import current_viewer, viewer_or_nobody
from matcher.http.permissions import ANY_ACCOUNT, PUBLIC, permission_of

BASE = "/api/v1"

View = Callable[..., Any]
Decorator = Callable[[View], View]

KEY = f"int(min=1, max={INTEGER_MAXIMUM})"
"""The converter of keys in addresses; a number that no database can hold is not found."""


def _path_parameter(name: str, description: str, example: object) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "description": description,
        "schema": {
            "type": "integer" if isinstance(example, int) else "string",
            "examples": [example],
            **({"minimum": 1, "maximum": INTEGER_MAXIMUM} if isinstance(example, int) else {}),
        },
    }


PATH_PARAMETERS = {
    name: _path_parameter(name, description, example)
    for name, description, example in (
        ("candidate_id", "The key of a candidate.", 12),
        ("assessment_id", "The key of an assessment.", 31),
        ("vacancy_id", "The key of a vacancy.", 7),
        ("import_id", "The key of an import.", 3),
        ("programme_id", "The key of a programme.", 5),
        ("seat_id", "The key of a seat in a programme.", 9),
        ("double_id", "The key of a pair of files.", 3),
        ("arrangement_id", "The key of an arrangement.", 2),
        ("artefact_id", "The key of a learned artefact.", 2),
        ("placement_id", "The key of a placement.", 4),
        ("contract_id", "The key of a contract.", 2),
        ("contribution_id", "The key of what was done for a contract.", 5),
        ("introduction_id", "The key of an introduction.", 3),
        ("job_id", "The key of a job.", 8),
        ("allocation_id", "The key of an allocation.", 4),
        ("rule_version", "The number of a version; 0 is the file.", 0),
        ("request_key", "The key of a request: its kind and a number.", "place-7"),
        ("name", "The name of a code list.", "sectors"),
        ("code", "A sector, by its SBI 2008 code.", "F42"),
        ("slug", "The code of a region or rule set.", "demo"),
    )
}
_NAMES = re.compile(r"<(?:[^<>]*:)?([a-z_]+)>")

_PRODUCED = ("application/json", "application/problem+json")
_CREATES = "__matcher_creates__"
_VERSIONED = "__matcher_versioned__"
_FILE = "__matcher_file__"
_PRODUCES = "__matcher_produces__"


def creates(view: View) -> View:
    """A POST that makes something new, once for each ``Idempotency-Key``.

    One that reads nothing from a body refuses a body with something in it.
    """
    made = idempotent(view if _reads_body(view) else _without_body(view))
    setattr(made, _CREATES, True)
    return made


def takes_file(*kinds: str) -> Decorator:
    """The view reads its body itself: a file of one of `kinds`, or a form with it as ``file``."""

    def mark(view: View) -> View:
        setattr(view, _FILE, kinds)
        return view

    return mark


def produces(*kinds: str) -> Decorator:
    """The view answers with a file of one of `kinds` instead of JSON."""

    def mark(view: View) -> View:
        setattr(view, _PRODUCES, kinds)
        return view

    return mark


def _reads_body(view: View) -> bool:
    if hasattr(view, _FILE):
        return True
    described = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ())
    return any(parameter["in"] == "json" for parameter in described)


def _without_body(view: View) -> View:
    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        body = request.get_data(cache=True)
        if body.strip() and read_json(body) != {}:
            raise InvalidInput([Problem(BODY, "is not read here; send none, or an empty object")])
        return view(*args, **kwargs)

    return answer


def versioned(view: View) -> View:
    """Answers with the ``ETag`` of a record; a GET of the version that one has gives 304."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        response = make_response(view(*args, **kwargs))
        return response.make_conditional(request) if request.method == "GET" else response

    setattr(answer, _VERSIONED, True)
    return answer


class Resource(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """One resource under ``/api/v1``; `path` is its plural kebab-case name.

    What every operation shares is documented from what it declares: its permission, its body and
    the mechanisms it uses decide which headers it takes and which problems it can answer with.
    """

    ARGUMENTS_PARSER = ArgumentsParser()

    def __init__(self, path: str, import_name: str, *, description: str) -> None:
        super().__init__(
            f"api-{path}", import_name, url_prefix=f"{BASE}/{path}", description=description
        )
        self.tag = path
        self.before_request(refuse_other_formats)
        # One allowance over all resources, so that one caller's storm leaves the others in peace.
        limiter.shared_limit(_allowance, scope="api", key_func=caller_key)(self)
        # And one over all accounts of a region, so that one region leaves the others in peace.
        limiter.shared_limit(
            _region_allowance, scope="api-region", key_func=region_key, exempt_when=_has_no_region
        )(self)
        self._prepare_doc_cbks.append(self._prepare_shared_doc)

    def arguments(self, schema: Any, **options: Any) -> Decorator:
        """The view gets what `schema` reads from the body or the query as its first argument."""
        found: Decorator = super().arguments(schema, **options)
        return found

    def alt_response(self, status_code: int, response: str, **options: Any) -> Decorator:
        """The view can also answer with one of the shared problems, by its name."""
        found: Decorator = super().alt_response(status_code, response, **options)
        return found

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Decorator:
        """The view answers with what `schema` writes."""
        found: Decorator = super().response(status_code, schema, **options)
        return found

    def get(self, rule: str, **options: Any) -> Decorator:
        """Registers a view for GET."""
        return self._on("GET", rule, options)

    def post(self, rule: str, **options: Any) -> Decorator:
        """Registers a view for POST."""
        return self._on("POST", rule, options)

    def patch(self, rule: str, **options: Any) -> Decorator:
        """Registers a view for PATCH."""
        return self._on("PATCH", rule, options)

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        """Registers a route; what its address holds is documented under one name everywhere."""
        options["parameters"] = [PATH_PARAMETERS[name] for name in _NAMES.findall(rule)]
        super().add_url_rule(rule, *args, **options)

    def register_views_in_doc(self, api: Any, *args: Any, **options: Any) -> None:
        """Leaves the describing until somebody asks for the document: starting need not wait."""
        api.to_describe.append(partial(super().register_views_in_doc, api, *args, **options))

    def _on(self, method: str, rule: str, options: dict[str, Any]) -> Decorator:
        found: Decorator = self.route(rule, methods=[method], **options)
        return found

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags or [self.tag], **options)
        for method in options["methods"]:
            self._docs[endpoint][method.lower()].update(
                permission=permission_of(obj, method),
                operation_id=obj.__name__,
                creates=getattr(obj, _CREATES, False),
                versioned=getattr(obj, _VERSIONED, False),
                keyed=bool(parameters),
                file_kinds=getattr(obj, _FILE, ()),
            )

    @staticmethod
    def _prepare_shared_doc(
        doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_: Any
    ) -> dict[str, Any]:
        doc["operationId"] = doc_info["operation_id"]
        doc.setdefault("parameters", []).extend(_headers_taken(doc_info, method))
        statuses = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.TOO_MANY_REQUESTS}
        permission: frozenset[Right] | None = doc_info["permission"]
        doc["security"] = [] if permission == PUBLIC else [{"bearer": []}, {"session": []}]
        if permission != PUBLIC:
            statuses |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
            if permission is not None and permission != ANY_ACCOUNT:
                doc["x-rights"] = sorted(permission)
        if doc_info["creates"]:
            statuses |= {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
        if doc_info["file_kinds"]:
            doc["requestBody"] = _file_body(doc_info["file_kinds"])
        if "requestBody" in doc:
            statuses |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        if method == "patch":
            statuses |= {
                HTTPStatus.CONFLICT,
                HTTPStatus.PRECONDITION_FAILED,
                HTTPStatus.PRECONDITION_REQUIRED,
            }
        if doc_info["keyed"]:
            statuses.add(HTTPStatus.NOT_FOUND)
        if doc_info["versioned"] and method == "get":
            statuses.add(HTTPStatus.NOT_MODIFIED)
        for status in statuses:
            doc["responses"].setdefault(status.value, status.name)
        if doc_info["versioned"]:
            for status, response in doc["responses"].items():
                if 200 <= status < 300:
                    response["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
        return doc


def _file_body(kinds: tuple[str, ...]) -> dict[str, Any]:
    """A body that is a file, as the document describes it."""
    whole = {"schema": {"type": "string", "format": "binary"}}
    part = {"type": "string", "format": "binary", "description": "The file."}
    form = {"type": "object", "required": ["file"], "properties": {"file": part}}
    return {
        "required": True,
        "description": "The file itself, or a form with the file as its part `file`.",
        "content": {**dict.fromkeys(kinds, whole), "multipart/form-data": {"schema": form}},
    }


def _headers_taken(doc_info: dict[str, Any], method: str) -> list[str]:
    """The names of the header parameters that an operation knows."""
    taken = []
    if doc_info["creates"]:
        taken.append(HEADER)
    if method == "patch":
        taken.append("If-Match")
    if doc_info["versioned"] and method == "get":
        taken.append("If-None-Match")
    return taken


def _allowance() -> str:
    """Requests that one caller may make, as a limit of Flask-Limiter."""
    limit: str = current_app.config["API_LIMIT"]
    return limit


def caller_key() -> str:
    """Who is counted: the account where there is one, else the address."""
    viewer = current_viewer()
    return get_remote_address() if viewer is None else f"account:{viewer.account_id}"


def _region_allowance() -> str:
    """Requests that all accounts of one region may make, as a limit of Flask-Limiter."""
    limit: str = current_app.config["API_LIMIT_REGION"]
    return limit


def region_key() -> str:
    """Which region is counted."""
    return f"region:{viewer_or_nobody().region}"


def _has_no_region() -> bool:
    return viewer_or_nobody().region is None


def refuse_other_formats() -> None:
    """406 for a client that accepts nothing that there is; most send */* or nothing."""
    accepted = request.accept_mimetypes
    view = current_app.view_functions.get(request.endpoint or "")
    produced = (*_PRODUCED, *getattr(view, _PRODUCES, ()))
    if accepted and not any(accepted[kind] > 0 for kind in produced):
        raise NotAcceptable
