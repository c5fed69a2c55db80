"""*Onze afspraken* about work of ann and dee, with words that an employer never reads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from matcher.domain.agreements import Commitments, Side
from matcher.repositories.agreements import About
from matcher.services import agreements

if TYPE_CHECKING:
    from tests.privacy.world import World


def agreed(session: Session, world: World, whose: str, guide: str, now: datetime) -> None:
    """A sheet with a word in the next step and one in a side."""
    sides = {
        Side.CANDIDATE: Commitments(("arrange_home",), world.word("agreement", "sides", whose)),
        Side.MUNICIPALITY: Commitments(("help_home", "coach_calls")),
    }
    agreements.write_all(
        session,
        world.accounts[guide],
        About(placement_id=world.people[whose].ids["placement_id"]),
        {"next_step": world.word("agreement", "head", whose)},
        sides,
        fund_pays=False,
        expected_version=0,
        now=now,
    )
