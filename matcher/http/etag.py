"""Versions of records as entity tags: ``If-Match`` on changes, ``If-None-Match`` on reads."""

from __future__ import annotations

import re

from flask import Response, request

from matcher.domain.errors import InvalidInput, Problem
from matcher.http.errors import PreconditionMissing

_TAG = re.compile(r'"v([0-9]{1,9})"')

# Not the version of any record: a tag that we never gave out matches nothing.
_NO_VERSION = -1


def etag_of(version: int) -> str:
    """The entity tag of a record's version, with its quotes: ``"v3"``."""
    return f'"v{version}"'


def expected_version() -> int:
    """The version that the caller read, from ``If-Match``.

    PreconditionMissing (428) without the header or with ``*``, which names no version; a tag that
    was never given out gives a version that no record has, so that the change is stale (412).
    InvalidInput for several tags: a change is based on one.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise PreconditionMissing
    if "," in header:
        raise InvalidInput([Problem("If-Match", "give the one version that you read")])
    found = _TAG.fullmatch(header)
    return int(found.group(1)) if found else _NO_VERSION


def with_version(response: Response, version: int) -> Response:
    """`response` with the entity tag of `version`; 304 without a body when the caller has it."""
    response.headers["ETag"] = etag_of(version)
    response.make_conditional(request)
    return response
