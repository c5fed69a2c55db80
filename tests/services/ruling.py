"""Versions of the rules on their way, for tests: from a draft to one that two people approved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.reference.rule_texts import file_text
from matcher.repositories.rule_versions import RuleRecord
from matcher.services import rule_steps

COUNCIL: dict[str, Any] = {
    "council_advice": "Positief, met een opmerking over kleine opdrachten.",
    "council_on": date(2027, 2, 15),
    "council_done": "De drempel is naar boven gegaan.",
}
DEMO = file_text("demo") or ""
PERCENT = "percent: {works: 5, services: 5, supplies: 2}"
HIGHER = "percent: {works: 6, services: 5, supplies: 2}"
CITY_ASKS = "{percent: {works: 4}}"


def with_city(works: Any, text: str = DEMO) -> str:
    """The rules of the demo region, in which a city may ask 2 to 7 percent, and asks `works`."""
    return text.replace(CITY_ASKS, f"{{percent: {{works: {works}}}}}")


def offered(
    session: Session,
    author: Viewer,
    effective_on: date,
    *,
    now: datetime,
    replace: tuple[str, str] = (PERCENT, HIGHER),
) -> RuleRecord:
    """A draft with one change, the advice of the council recorded, offered for a day."""
    draft = rule_steps.begin(session, author, now=now)
    text = draft.text.replace(*replace)
    rule_steps.write(session, author, draft.id, text, now=now)
    rule_steps.advise(session, author, draft.id, COUNCIL, now=now)
    return rule_steps.offer(session, author, draft.id, effective_on, now=now)


def approved(
    session: Session,
    author: Viewer,
    second: Viewer,
    effective_on: date,
    *,
    now: datetime,
    replace: tuple[str, str] = (PERCENT, HIGHER),
) -> RuleRecord:
    """The same, approved by somebody else."""
    asked = offered(session, author, effective_on, now=now, replace=replace)
    return rule_steps.approve(session, second, asked.id, now=now)
