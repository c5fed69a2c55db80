"""Health and metrics, outside the version of the API and open to the machines that watch."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, Flask, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from matcher.domain.rules import RuleSetError
from matcher.extensions import limiter
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.metrics import exposition
from matcher.http.permissions import public
from matcher.reference.rules import list_rule_sets, load_rule_set
from matcher.repositories.jobs import Backlog, backlog
from matcher.services.rule_versions import regions_with_rules, rules_on

log = structlog.get_logger(__name__)
blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Registers ``/health/live``, ``/health/ready`` and ``/metrics``, without rate limits."""
    limiter.exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.get("/health/live")
@public
def live() -> dict[str, Any]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/health/ready")
@public
def ready() -> tuple[dict[str, Any], int]:
    """The database answers and the rule sets can be read; 503 names what does not."""
    answers = _database_answers()
    checks = {"database": answers, "rule_sets": _rule_sets_load(answers)}
    good = all(checks.values())
    words = {name: "ok" if fine else "failing" for name, fine in checks.items()}
    return {"status": "ok" if good else "failing", "checks": words}, 200 if good else 503


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus metrics of all processes, and how many jobs wait."""
    return exposition(_backlog(), now())


def _backlog() -> Backlog | None:
    try:
        return backlog(current_session())
    except SQLAlchemyError as error:
        log.error("database_does_not_answer", exc_info=error)
        return None


def _database_answers() -> bool:
    try:
        current_session().execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.error("database_does_not_answer", exc_info=error)
        return False
    return True


def _rule_sets_load(with_versions: bool) -> bool:
    try:
        for slug in list_rule_sets():
            load_rule_set(slug)
        if with_versions:
            for region in regions_with_rules(current_session()):
                rules_on(current_session(), region, today())
    except (RuleSetError, OSError) as error:
        log.error("rule_set_does_not_load", exc_info=error)
        return False
    return True
