"""What the service has to offer a learned artefact: what may ever count, and nothing else.

Money is not there and neither is what stands beside it, so no artefact can ask for it (P-3); nor is
group membership, where somebody lives, or who they are (P-4). Home is left out because it stands
for who cares for others (practice.md section 7, 10), and the wish to start because only the
candidate sets it and it scores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matcher.domain.candidate import CandidateProfile
from matcher.domain.vocabulary import LOADS

Value = float | str | None

_LEVELS: Final = ("rhythm", "work_skills", "language_speak", "language_read", "digital")
_NUMBERS: Final = (
    *_LEVELS,
    *LOADS,
    *("hours_min", "hours_max", "travel_max_minutes", "guidance_need", "education"),
)
_CREDENTIALS: Final = ("vca_basic", "forklift")
_LICENCES: Final = ("B",)

NEVER_OFFERED: Final = frozenset(
    {
        *("reference", "region", "pc4", "benefit", "birth_year", "adult", "money", "home_base"),
        *("wants_start", "sectors_never", "blocked", "paused_until", "waiting_since"),
    }
)
"""Fields that no artefact of the service can name."""

OFFERED: Final[Mapping[str, str]] = {
    **dict.fromkeys(_NUMBERS, "number"),
    **{f"licence_{code.casefold()}": "boolean" for code in _LICENCES},
    **{f"has_{code}": "boolean" for code in _CREDENTIALS},
    "sector": "category",
}
"""Feature to kind, as `Predictor.require` asks for it."""


def offered_answers(profile: CandidateProfile) -> dict[str, Value]:
    """The features of somebody as they are on the day; None is unknown.

    `profile` has its expired levels taken out already. Papers hold what was shown, so one that is
    not there is a no.
    """
    answers: dict[str, Value] = {name: _number(getattr(profile, name)) for name in _NUMBERS}
    for code in _LICENCES:
        answers[f"licence_{code.casefold()}"] = float(code in profile.licences)
    for code in _CREDENTIALS:
        answers[f"has_{code}"] = float(code in profile.credentials)
    answers["sector"] = profile.sectors[0] if profile.sectors else None
    return answers


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
