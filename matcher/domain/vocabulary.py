"""The closed vocabularies that the rules themselves speak of; open code lists are data.

Regions, sectors, credentials, licences and programme kinds are extendable and stand in
``data/codes``; what is here is fixed by ``contract.md`` section 2, because a rule names it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Lane(StrEnum):
    """What now, in words; the order of definition is best first."""

    READY_NOW = "ready_now"
    READY_WITH_SUPPORT = "ready_with_support"
    PRE_PLACEMENT = "pre_placement"
    OTHER_ROUTE = "other_route"
    NOT_ENOUGH_KNOWN = "not_enough_known"

    @property
    def order(self) -> int:
        """0 is the best lane."""
        return list(Lane).index(self)


class Certainty(StrEnum):
    """How much of a match rests on answers that are known."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


LEVEL_MAXIMUM: Final[dict[str, int]] = {
    "rhythm": 4,
    "work_skills": 4,
    "money": 4,
    "language_speak": 4,
    "language_read": 4,
    "home_base": 4,
    "digital": 2,
}
"""Ordered levels a candidate can hold, each from 0 to the number given; None is unknown."""

LEVELS: Final = tuple(LEVEL_MAXIMUM)

NEED_LEVELS: Final = ("rhythm", "work_skills", "language_speak", "language_read", "digital")
"""Levels a vacancy may ask for. Never money, never home (P-3, practice 7.10)."""

EDUCATION_MAXIMUM: Final = 6
"""VUM levels of education and work, 1 (no basic education) to 6 (university)."""

BODY_LOADS: Final = ("lift", "stand", "walk", "bend", "outdoor", "height")
HEAD_LOADS: Final = ("pace", "interruptions", "group", "alone", "customers")
LOADS: Final = BODY_LOADS + HEAD_LOADS

ABILITIES: Final = ("cannot", "partly", "can")
"""Ability for a load, by value 0, 1, 2."""
DEMANDS: Final = ("none", "some", "much")
"""Demand of a load, by value 0, 1, 2."""
ABILITY_MAXIMUM: Final = 2

MODES: Final = ("walk", "bike", "ebike", "public_transport", "car", "lift")
WANTS_START: Final = ("now", "soon", "unsure")
CONTRACT_TYPES: Final = (
    "temporary",
    "permanent",
    "trial",
    "bbl",
    "secondment",
    "work_experience",
    "internship",
)
LEARNING_LEVELS: Final = ("entree", "2", "3", "4")
EVIDENCE: Final = ("none", "weak", "fair", "strong")

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS_OF_DAY: Final = ("morning", "afternoon", "evening", "night")
WINDOWS: Final = tuple(f"{day}_{part}" for day in DAYS for part in PARTS_OF_DAY)
SHIFTS: Final = ("day", "early", "late", "night", "weekend")

DIMENSIONS: Final = (
    "rhythm",
    "work_skills",
    "body",
    "head",
    "hours",
    "travel",
    "speaking",
    "reading",
    "money",
    "home",
    "direction",
)
"""Dimensions of readiness, in the order of practice.md section 4."""

LANE_DIMENSIONS: Final = ("rhythm", "work_skills", "body", "hours", "travel", "speaking")
"""k of contract.md section 3: the dimensions that must be known before a lane can be given."""

GAP_DIMENSIONS: Final = (*LANE_DIMENSIONS[:3], "head", *LANE_DIMENSIONS[3:], "reading")
"""Dimensions whose known gap counts for a lane; money, home and direction never do."""

START_LEVEL_DIMENSIONS: Final = tuple(
    name for name in DIMENSIONS if name not in ("money", "home", "direction")
)

LEVEL_OF_DIMENSION: Final[dict[str, str]] = {
    "rhythm": "rhythm",
    "work_skills": "work_skills",
    "speaking": "language_speak",
    "reading": "language_read",
    "money": "money",
    "home": "home_base",
}
"""The candidate's level behind each dimension that is a level."""

BLOCKERS: Final = (
    "level",
    "load",
    "small_employer",
    "credential",
    "licence",
    "hours",
    "windows",
    "travel",
    "sector",
    "start",
    "guidance",
)
"""The complete list of what blocks a pair (P-5)."""


def section_of(sector: str) -> str:
    """The SBI 2008 section letter of a sector code: ``F42`` and ``F`` both give ``F``."""
    return sector[:1]


def covers(wider: str, sector: str) -> bool:
    """Whether a wish, a never or a profile for `wider` covers `sector`: itself or its section."""
    return wider == sector or wider == section_of(sector)
