"""A version of the rules in the world of canaries: what the client council said is for officers."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from matcher.services import rule_steps

if TYPE_CHECKING:
    from tests.privacy.world import World

WHOSE = "region"


def ruled(session: Session, world: World, now: datetime) -> None:
    """A draft with the advice of the council recorded; its words are canaries."""
    officer = world.accounts["officer"]
    draft = rule_steps.begin(session, officer, now=now)
    council = {
        name: world.word("rule_version", name, WHOSE) for name in ("council_advice", "council_done")
    }
    rule_steps.advise(
        session, officer, draft.id, {**council, "council_on": date(2026, 12, 1)}, now=now
    )
    world.ids["region"] |= {"version_id": draft.id}
