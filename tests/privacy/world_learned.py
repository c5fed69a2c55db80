"""Artefacts in the world of canaries: one that serves, one in shadow that nobody may ever hear."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Prediction
from matcher.repositories.scope import unscoped
from matcher.scoring.predictor import LinearReading
from matcher.services import artefact_steps
from tests.services.learned import LINEAR, in_shadow

if TYPE_CHECKING:
    from tests.privacy.world import World

SHADOW: LinearReading = replace(LINEAR, base=3_777_777)
"""Learned to say what nobody may ever read."""


def learned(session: Session, world: World, now: datetime) -> None:
    """One artefact that serves, and one in shadow whose every prediction is a canary."""
    analyst, officer = world.accounts["analyst"], world.accounts["officer"]
    with TemporaryDirectory() as folder:
        shadow = in_shadow(session, Path(folder), now, "learned-shadow", reading=SHADOW)
        served = in_shadow(session, Path(folder), now, "learned-served")
    why = "beter dan de regels"
    asked = artefact_steps.ask_promotion(session, analyst, served.id, why, now=now)
    artefact_steps.confirm_promotion(session, officer, served.id, asked.id, now=now)
    world.ids["region"] |= {"artefact_id": served.id, "promotion_id": asked.id}
    world.ids["shadow"] = {"artefact_id": shadow.id}


def said_in_shadow(session: Session, world: World) -> None:
    """Every number that the shadow made of somebody is looked for on every page."""
    names = {person.number: name for name, person in world.people.items()}
    statement = select(Prediction).where(Prediction.is_shown.is_(False))
    for row in session.scalars(unscoped(statement, Prediction)):
        meaning = ("shadow", "probability", names[row.candidate_id])
        digits = f"{row.result['probability']:.6f}".partition(".")[2]
        world.figures[rf"\b0[.,]{digits}\b|\b{row.result['log_odds']}\b"] = meaning
    assert any(kind == "shadow" for kind, _field, _whose in world.figures.values())
