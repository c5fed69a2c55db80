"""The learned prediction of the demo: made-up people predict made-up people, and say so.

Where real people are served it would be refused; there it stays in shadow. The months before today
are invented too: drawn from what was learned on, with a rhythm that slowly rises.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.drift import Spread, spread_from_plain, stability_index
from matcher.domain.follow_up import month_after
from matcher.models import ArtefactMonth
from matcher.reference.paths import data_dir
from matcher.scoring.manifest import SUFFIX
from matcher.services import artefact_files, artefact_steps, artefacts
from matcher.services.calendar import day_of

MONTHS: Final = 30
"""Of invented history; outcomes of the first are known by now."""
PEOPLE: Final = (110, 160)
UNKNOWN: Final = 0.3
"""Of outcomes that nobody answered."""
AT_WORK: Final = 0.5
_RISES: Final = "rhythm"
_STEP: Final = 0.004
_MILLION: Final = 1_000_000
_KNOWN_AFTER: Final = 24
_SHADOW = "Verzonnen: rekent eerst mee zonder dat iemand het ziet."
_ASKED = "Verzonnen: in de laatste periode beter dan de regels."


def add_artefact(
    session: Session, analyst: Viewer, officer: Viewer, region: str, *, seed: int, now: datetime
) -> None:
    """Registers the artefact that ships, lets two people promote it, and invents its history."""
    for path in sorted((data_dir() / "artefacts").glob(f"*{SUFFIX}")):
        record = artefacts.register(session, region, path, now=now)
        artefact_steps.begin_shadow(session, analyst, record.id, _SHADOW, now=now)
        if not artefact_files.in_production():
            asked = artefact_steps.ask_promotion(session, analyst, record.id, _ASKED, now=now)
            artefact_steps.confirm_promotion(session, officer, record.id, asked.id, now=now)
        spreads = {
            name: spread_from_plain(plain)
            for name, plain in record.manifest["details"]["spreads"].items()
        }
        session.add_all(_months(record.id, region, spreads, day_of(now), seed, now))


def _months(
    artefact_id: int,
    region: str,
    spreads: dict[str, Spread],
    on: date,
    seed: int,
    now: datetime,
) -> list[ArtefactMonth]:
    made = []
    for back in range(MONTHS, 0, -1):
        draw = random.Random(f"{seed}-{back}")  # noqa: S311  # nosec B311  invents, protects nothing
        people = draw.randint(*PEOPLE)
        shift = (MONTHS - back) * _STEP
        made.append(
            ArtefactMonth(
                region=region,
                artefact_id=artefact_id,
                month=month_after(on.replace(day=1), -back),
                people=people,
                drift={
                    name: _index(draw, spread, people, shift if name == _RISES else 0.0)
                    for name, spread in spreads.items()
                },
                calibration=_outcomes(draw, people, is_known=back > _KNOWN_AFTER),
                watched_at=now,
            )
        )
    return made


def _index(draw: random.Random, spread: Spread, people: int, shift: float) -> int | None:
    weights = _moved(spread.shares, shift)
    bands = draw.choices(range(spread.bands), weights=weights, k=people)
    return stability_index(spread, [bands.count(band) for band in range(spread.bands)])


def _moved(shares: Sequence[int], shift: float) -> list[float]:
    """Shares that slid towards the higher bands."""
    middle = len(shares) / 2
    return [max(share * (1 + shift * (at - middle)), 0.0) for at, share in enumerate(shares)]


def _outcomes(draw: random.Random, people: int, *, is_known: bool) -> dict[str, Any]:
    chances = [min(max(draw.gauss(AT_WORK, 0.12), 0.05), 0.95) for _ in range(people)]
    known = [chance for chance in chances if is_known and draw.random() >= UNKNOWN]
    return {
        "known": len(known),
        "unknown": people - len(known),
        "happened": sum(draw.random() < chance for chance in known),
        "predicted": sum(round(chance * _MILLION) for chance in known),
    }
