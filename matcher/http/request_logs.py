"""One log line a request, and the id that ties it to every other line and to the answer."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def init_request_logs(app: Flask) -> None:
    """One line a request, and its id from ``X-Request-ID`` or new, in every line and answer."""
    log = structlog.get_logger("matcher.request")

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        log.info(
            "request",
            method=request.method,
            # The rule, not the address: an address may carry what somebody typed.
            route=str(request.url_rule) if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.request_began) * 1000, 1),
            account=g.get("account_id"),
        )
        return response
