"""Rules on their way in the demo region: one version that waits, and one being written."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.months import months_later
from matcher.reference.rule_changes import usual_values, with_values
from matcher.reference.rule_texts import document_of
from matcher.repositories.rule_versions import RuleRecord
from matcher.services import rule_steps

SOURCE = "Voorbeeld: voorstel voor het regiobestuur, verzonnen"
ADVICE = (
    "De raad is voor. Hij vraagt om op te letten dat kleine bedrijven niet meer hoeven te doen dan "
    "zij kunnen."
)
DONE = "De drempel is hoger geworden, zodat kleine opdrachten erbuiten blijven."
OFFERED = {"obligation-percent-works": 6, "thresholds-minimum_cents-works": 15_000_000}
WRITTEN = {"pre_contract_window-months": 6}


def add_rules(
    session: Session, officer: Viewer, colleague: Viewer, *, on: date, now: datetime
) -> None:
    """A colleague's version waits for the officer, who is writing another one."""
    begins = months_later(date(on.year, on.month, 1), 2)
    offered = _written(session, colleague, OFFERED, begins, now)
    council = {
        "council_advice": ADVICE,
        "council_on": on - timedelta(days=9),
        "council_done": DONE,
    }
    rule_steps.advise(session, colleague, offered.id, council, now=now)
    rule_steps.offer(session, colleague, offered.id, begins, now=now)
    _written(session, officer, WRITTEN, months_later(begins, 3), now)


def _written(
    session: Session, who: Viewer, numbers: dict[str, int], begins: date, now: datetime
) -> RuleRecord:
    draft = rule_steps.begin(session, who, now=now)
    document = document_of(draft.text, draft.region)
    changes = {one: numbers[one.name] for one in usual_values(document) if one.name in numbers}
    text = with_values(draft.text, changes, source=SOURCE, version=str(draft.name), on=begins)
    return rule_steps.write(session, who, draft.id, text, now=now, effective_on=begins)
