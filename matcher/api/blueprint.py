"""The blueprint that every resource of the API is made with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import request
from flask_smorest import Blueprint
from werkzeug.exceptions import NotAcceptable

from matcher.api.arguments import ArgumentsParser
from matcher.domain.access import Right
from matcher.http.permissions import ANY_ACCOUNT, PUBLIC, permission_of

BASE = "/api/v1"

_PRODUCED = ("application/json", "application/problem+json")


class Resource(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """One resource under ``/api/v1``; `path` is its plural kebab-case name.

    What every operation shares is documented from what it declares: its permission, its body and
    the mechanisms it uses decide which problems it can answer with.
    """

    ARGUMENTS_PARSER = ArgumentsParser()

    def __init__(self, path: str, import_name: str, *, description: str) -> None:
        super().__init__(
            f"api-{path}", import_name, url_prefix=f"{BASE}/{path}", description=description
        )
        self.tag = path
        self.before_request(refuse_other_formats)
        self._prepare_doc_cbks.append(self._prepare_problems_doc)

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags or [self.tag], **options)
        for method in options.get("methods", ("GET",)):
            doc = self._docs[endpoint][method.lower()]
            doc["permission"] = permission_of(obj, method)
            doc["operation_id"] = obj.__name__

    @staticmethod
    def _prepare_problems_doc(
        doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_: Any
    ) -> dict[str, Any]:
        permission: frozenset[Right] | None = doc_info["permission"]
        doc["operationId"] = doc_info["operation_id"]
        statuses = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.TOO_MANY_REQUESTS}
        if permission == PUBLIC:
            doc["security"] = []
        else:
            doc["security"] = [{"bearer": []}, {"session": []}]
            statuses |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
            if permission != ANY_ACCOUNT:
                doc["x-rights"] = sorted(permission or ())
        if method != "get":
            statuses |= {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
        if "requestBody" in doc:
            statuses |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        if method == "patch":
            statuses |= {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED}
        for status in statuses:
            doc.setdefault("responses", {}).setdefault(status.value, status.name)
        return doc


def refuse_other_formats() -> None:
    """406 for a client that accepts no JSON; most send */* or nothing."""
    accepted = request.accept_mimetypes
    if accepted and not any(accepted[kind] > 0 for kind in _PRODUCED):
        raise NotAcceptable
