"""One effect a key: a repeated request gets the first one's answer instead of a second effect.

Programs send ``Idempotency-Key``; a form carries a hidden once-only token. The key is noted before
the work begins, so that a duplicate meanwhile gets 409; the effect and its answer are then kept in
one transaction, so that a crash leaves both or neither.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict, TypeVar

from flask import Response, current_app, make_response, request

from matcher.domain.errors import InvalidInput, Problem
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import current_viewer
from matcher.services.idempotency import (
    StoredResponse,
    abandon_request,
    begin_request,
    finish_request,
)
from matcher.services.transactions import unit_of_work

View = TypeVar("View", bound=Callable[..., Any])

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")


class _Whose(TypedDict):
    """What a key belongs to: the same key of another account or address is another key."""

    key: str
    route: str
    account_id: int | None


def idempotent(view: View) -> View:
    """For a POST of the API that creates: honours ``Idempotency-Key``.

    Stands outside the decorators that read the body and write the answer. Without the header the
    view runs as usual. InvalidInput for a key that is empty or longer than 255 characters.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        if not _KEY.fullmatch(key):
            raise InvalidInput([Problem(HEADER, "must be 1 to 255 visible ASCII characters")])
        return answer_once(key, request.get_data(cache=True), lambda: view(*args, **kwargs))

    return answer  # type: ignore[return-value]  # wraps() keeps the signature


def once_only(view: View) -> View:
    """For a POST of a form that creates: a second press shows the first one's result.

    The key is the form's hidden field ``once``; only a redirect, the sign of success, is kept.
    A form that was changed after it was sent is refused as reused (KeyReused).
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        token = request.form.get("once", "") if request.method == "POST" else ""
        if not _KEY.fullmatch(token):
            return view(*args, **kwargs)
        typed = sorted(
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ("once", "csrf_token")
        )
        return answer_once(f"form:{token}", repr(typed).encode(), lambda: view(*args, **kwargs))

    return answer  # type: ignore[return-value]  # wraps() keeps the signature


def sent_key() -> str | None:
    """The key of this request as its steps keep it: a hash, for a key may hold anything."""
    key = request.headers.get(HEADER) or request.form.get("once")
    return hashlib.sha256(key.encode()).hexdigest() if key and _KEY.fullmatch(key) else None


def answer_once(key: str, body: bytes, run: Callable[[], Any]) -> Response:
    """The answer of `run`, or the one that was kept for `key`; only successes are kept."""
    session = current_session()
    viewer = current_viewer()
    whose = _Whose(
        key=key,
        route=f"{request.method} {request.path}",
        account_id=None if viewer is None else viewer.account_id,
    )
    earlier = begin_request(session, **whose, body=body, now=now())
    if earlier is not None:
        return _again(earlier)
    try:
        with unit_of_work(session):
            response = make_response(run())
            if response.status_code < 400 and not _is_form_again(response):
                finish_request(
                    session,
                    **whose,
                    status=response.status_code,
                    body=response.get_data(as_text=True),
                    headers={
                        name: response.headers[name]
                        for name in _KEPT_HEADERS
                        if name in response.headers
                    },
                    now=now(),
                )
                return response
    except Exception:
        abandon_request(session, **whose)
        raise
    abandon_request(session, **whose)
    return response


def _is_form_again(response: Response) -> bool:
    """Whether a page was shown instead of the redirect that follows on success."""
    is_api = request.path.startswith("/api/")
    return not is_api and not 300 <= response.status_code < 400


def _again(stored: StoredResponse) -> Response:
    response: Response = current_app.response_class(stored.body, status=stored.status)
    for name, value in stored.headers.items():
        response.headers[name] = value
    return response
