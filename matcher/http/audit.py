"""What a request read is in the log before its answer goes out; otherwise nothing goes out."""

from __future__ import annotations

from datetime import date
from threading import Lock

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from matcher.http.clock import today
from matcher.http.errors import answer_error
from matcher.services.audit import head_text, write_noted

log = structlog.get_logger(__name__)

_HEAD_DAY = "matcher.audit_head_day"
_READS = frozenset({"GET", "HEAD"})
_day_lock = Lock()


def init_audit(app: Flask) -> None:
    """Writes the reads of every request, and notes the head of the log once a day."""
    app.extensions[_HEAD_DAY] = None
    app.after_request(write_reads)


def write_reads(response: Response) -> Response:
    """The answer, when what it shows is in the log; else an error without it."""
    session: Session | None = g.get("matcher_session")
    if session is None:
        return response
    try:
        if write_noted(session, reading=request.method in _READS):
            _note_head(session, today())
    except Exception as error:
        # Whatever went wrong: an answer that nobody can account for does not go out.
        log.error("log_not_written", exc_info=error)
        refused: Response = current_app.make_response(answer_error(error))
        return refused
    return response


def _note_head(session: Session, day: date) -> None:
    """The head in the service's own log, which stands elsewhere: an owner of the database who
    puts the whole log back to an earlier day is found by comparing."""
    if current_app.extensions[_HEAD_DAY] == day:
        return
    with _day_lock:
        if current_app.extensions[_HEAD_DAY] == day:
            return
        current_app.extensions[_HEAD_DAY] = day
    log.info("audit_head", head=head_text(session))
