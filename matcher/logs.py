"""Structured logs: one JSON line an event, with the request's id, and never personal data.

Lines carry ids, names of routes and of errors. The text of an exception is left out on purpose:
it may repeat what somebody typed. The places in the code that it passed through are kept.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


class StderrHandler(logging.Handler):
    """Writes formatted records to whatever ``sys.stderr`` is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record as one line."""
        print(self.format(record), file=sys.stderr, flush=True)  # noqa: T201  this is the log


def configure_logs(level: str = "INFO") -> None:
    """Sends the logs of the product and of its libraries to stderr as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_without_text,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked for each line, so that whoever replaces sys.stderr later gets the lines.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [each for each in root.handlers if not isinstance(each, StderrHandler)]
    root.addHandler(handler)
    root.setLevel(level)
    # Werkzeug's own line repeats the whole address, query included; ours names the route.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    # Alembic tells on each look at the schema which database it sees; the commands say it once.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def exception_without_text(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replaces an exception by its class and the places it passed; its text stays out."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error: BaseException | None = None
    if isinstance(info, BaseException):
        error = info
    elif isinstance(info, tuple):
        error = info[1]
    if error is not None:
        event["error"] = type(error).__name__
        event["places"] = places_of(error)
    return event


def places_of(error: BaseException) -> list[str]:
    """The places in the code that an error passed through, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
