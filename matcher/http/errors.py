"""Errors of the product as one page or as ``application/problem+json``, in one place.

`answer_to` turns any exception into an `Answer`; addresses under ``/api/`` and ``/health`` get a
problem document (RFC 9457) with all problems at once in ``errors``, everything else gets the page
that the web layer registers. Nothing of an unexpected exception's text reaches the outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, json, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from matcher.domain.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    MatcherError,
    NotFound,
    Problem,
    Refused,
    Stale,
)
from matcher.http.identity import NotSignedIn
from matcher.http.language import current_language
from matcher.http.translate import gettext as _
from matcher.scoring.refusals import ArtefactRefused
from matcher.services.idempotency import KeyReused

log = structlog.get_logger(__name__)


class PreconditionMissing(MatcherError):
    """A change without ``If-Match``: the caller must say which version it read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An error as it is shown: `title` and `detail` in the visitor's language."""

    status: int
    title: str
    detail: str
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    """Which refusal it is, for programs; None where the status says it all."""


PageRenderer = Callable[[Answer, Exception], Any]

_PAGE = "matcher.error_page"


def init_errors(app: Flask, page: PageRenderer) -> None:
    """Answers every exception of the application; `page` renders an answer for a person."""
    app.extensions[_PAGE] = page
    app.register_error_handler(Exception, answer_error)


def answer_error(error: Exception) -> Any:
    """The response to `error`: a problem document or a page, by the address asked for."""
    answer = answer_to(error)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("unexpected_error", exc_info=error)
    if wants_problem():
        return problem_response(answer)
    rendered = current_app.extensions[_PAGE](answer, error)
    response = current_app.make_response(rendered)
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def wants_problem() -> bool:
    """Whether a program asked: the API, health and metrics answer with problem documents."""
    return request.path.startswith(("/api/", "/health/")) or request.path in ("/api", "/metrics")


def problem_response(answer: Answer) -> Response:
    """`answer` as ``application/problem+json`` with status, title, detail and ``errors``."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": answer.status,
        "title": answer.title,
        "detail": answer.detail,
        "request_id": g.get("request_id"),
    }
    if answer.code is not None:
        body["code"] = answer.code
    if answer.problems:
        body["errors"] = [_problem_item(problem) for problem in answer.problems]
    response = Response(
        json.dumps(body, ensure_ascii=False),
        status=answer.status,
        content_type="application/problem+json",
    )
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _problem_item(problem: Problem) -> dict[str, Any]:
    item: dict[str, Any] = {"field": problem.where}
    if problem.row is not None:
        item["row"] = problem.row
    return {**item, "message": problem.why}


def answer_to(error: Exception) -> Answer:
    """What is shown for `error`; anything unforeseen is a 500 without its text."""
    if isinstance(error, MatcherError):
        return _answer_to_own(error)
    if isinstance(error, CSRFError):
        return Answer(
            HTTPStatus.FORBIDDEN,
            _("Deze pagina stond te lang open"),
            _("Ga terug, laad de pagina opnieuw en verstuur het dan nog een keer."),
        )
    if isinstance(error, HTTPException):
        return _answer_to_http(error)
    if isinstance(error, OperationalError):
        return Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("Even niet bereikbaar"),
            _("Er is niets opgeslagen. Probeer het over een minuut opnieuw."),
            headers={"Retry-After": "30"},
        )
    return Answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Er ging iets mis"),
        _("Dat ligt aan ons, niet aan u. We hebben het gezien. Probeer het straks opnieuw."),
    )


def _answer_to_own(error: MatcherError) -> Answer:
    if isinstance(error, InvalidInput):
        return Answer(
            HTTPStatus.BAD_REQUEST,
            _("Dit kunnen we niet lezen"),
            _("Kijk na wat hieronder staat en probeer het opnieuw."),
            error.problems,
        )
    if isinstance(error, NotSignedIn):
        return Answer(
            HTTPStatus.UNAUTHORIZED,
            _("Eerst aanmelden"),
            _("Meld u aan om verder te gaan."),
            headers={"WWW-Authenticate": 'Bearer realm="matcher"'},
        )
    if isinstance(error, NotFound):
        return _not_found()
    if isinstance(error, Forbidden):
        return Answer(
            HTTPStatus.FORBIDDEN,
            _("Dit hoort niet bij uw taken"),
            _("Uw account mag deze pagina niet openen. Vraag uw beheerder als dat niet klopt."),
        )
    if isinstance(error, Stale):
        return Answer(
            HTTPStatus.PRECONDITION_FAILED,
            _("Iemand anders was u voor"),
            _("Dit is intussen gewijzigd. Haal de nieuwe versie op en probeer het opnieuw."),
        )
    if isinstance(error, PreconditionMissing):
        return Answer(
            HTTPStatus.PRECONDITION_REQUIRED,
            _("De versie ontbreekt"),
            _("Stuur If-Match mee met de ETag van de versie die u las."),
        )
    if isinstance(error, KeyReused):
        return _sent_before()
    if isinstance(error, ArtefactRefused):
        # Each way a file can be wrong has a sentence of its own, with the way out.
        sentence = error.sentence(current_language())
        return Answer(HTTPStatus.CONFLICT, _("Dat kan nu niet"), sentence)
    status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.BAD_REQUEST
    detail = _("De stand laat dit nu niet toe. Laad de pagina opnieuw en kijk wat er veranderd is.")
    # The words of the services are English and meant for programs.
    return Answer(
        status,
        _("Dat kan nu niet"),
        str(error) if wants_problem() else detail,
        code=error.why if isinstance(error, Refused) else None,
    )


def _sent_before() -> Answer:
    """A key or a once-only token that came before with something else."""
    if wants_problem():
        return Answer(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("Deze sleutel is al gebruikt"),
            _("De Idempotency-Key hoort bij een ander verzoek. Gebruik een nieuwe."),
        )
    return Answer(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Dit formulier is al verstuurd"),
        _("Wat u de eerste keer verstuurde, is bewaard. Open het om iets te wijzigen."),
    )


def _not_found() -> Answer:
    return Answer(
        HTTPStatus.NOT_FOUND,
        _("Deze pagina is er niet"),
        _("Misschien is het adres verkeerd, of mag u dit niet zien."),
    )


def _answer_to_http(error: HTTPException) -> Answer:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.NOT_FOUND:
        return _not_found()
    messages = getattr(error, "data", {}).get("messages")
    if messages:
        # webargs reports invalid input as 422; the contract and the Dutch API rules say 400.
        return _answer_to_own(InvalidInput(list(_flatten(messages))))
    texts = {
        HTTPStatus.BAD_REQUEST: (_("Dit kunnen we niet lezen"), _("Probeer het opnieuw.")),
        HTTPStatus.METHOD_NOT_ALLOWED: (
            _("Dat kan hier niet"),
            _("Dit adres kent deze handeling niet."),
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            _("Dit is te groot"),
            _("Stuur een kleiner bestand of kortere tekst."),
        ),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
            _("Dit soort inhoud kennen we niet"),
            _("Stuur het als application/json."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            _("Even wachten"),
            _("Dit ging te vaak achter elkaar. Probeer het over een paar minuten opnieuw."),
        ),
    }
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    title, detail = texts.get(HTTPStatus(status), (phrase, phrase))
    headers = {
        name: value
        for name, value in error.get_headers()
        if name in ("Allow", "Retry-After", "WWW-Authenticate", "Content-Range")
    }
    return Answer(status, title, detail, headers=headers)


def _flatten(messages: Any, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Marshmallow's nested messages as one problem each: ``candidates.3.hours_max``."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            step = () if not path and name in ("json", "query", "form") else (str(name),)
            yield from _flatten(inner, (*path, *step))
        return
    for message in messages if isinstance(messages, list | tuple) else [messages]:
        yield Problem(".".join(path) or "body", str(message))
