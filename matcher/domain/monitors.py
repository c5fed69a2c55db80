"""What a team keeps an eye on: answers that grow old, and who is placed by start level.

`start_level` and never readiness: money, home and direction play no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.assessment import current, lane_of
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.readiness import assess_readiness
from matcher.domain.vocabulary import LANE_DIMENSIONS, LEVELS, LOADS


class Age(StrEnum):
    """Whether an answer can still be relied on."""

    CURRENT = "current"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def rhythm_age(profile: CandidateProfile, setting: Setting) -> Age:
    """Whether the rhythm of somebody is known, was known, or never was."""
    if profile.rhythm is None:
        return Age.UNKNOWN
    return Age.CURRENT if current(profile, setting).rhythm is not None else Age.EXPIRED


def levels_age(profile: CandidateProfile, setting: Setting) -> Age:
    """The same for all other answers with a shelf life together: one that expired is enough."""
    others = [name for name in (*LEVELS, *LOADS) if name != "rhythm"]
    known = [name for name in others if getattr(profile, name) is not None]
    if not known:
        return Age.UNKNOWN
    today = current(profile, setting)
    is_whole = all(getattr(today, name) is not None for name in known)
    return Age.CURRENT if is_whole else Age.EXPIRED


def unknown_bits(profile: CandidateProfile, pathways: Pathways) -> int:
    """One bit for each of `LANE_DIMENSIONS` that is not known today, the first of them lowest."""
    person = current(profile, pathways.setting)
    readiness = assess_readiness(person, pathways.setting.rules)
    sector = lane_of(person, readiness, pathways).sector
    return sum(1 << bit for bit, name in enumerate(LANE_DIMENSIONS) if not sector[name].is_known)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the people by start level: its bounds, how many, and how many are at work."""

    lowest: int
    highest: int
    people: int
    placed: int


def quarters(levels: Iterable[tuple[int, bool]]) -> tuple[Quarter, ...]:
    """People (start level, at work) in four parts, the lowest first; equal levels stay together.

    Fewer than four parts where people are few or alike.
    """
    ordered = sorted(levels)
    cuts = sorted(
        {ordered[-(-len(ordered) * part // 4) - 1][0] for part in (1, 2, 3, 4)} if ordered else ()
    )
    found, above = [], -1
    for cut in cuts:
        part = [(level, placed) for level, placed in ordered if above < level <= cut]
        found.append(Quarter(part[0][0], cut, len(part), sum(placed for _, placed in part)))
        above = cut
    return tuple(found)


def passes_over(parts: Sequence[Quarter], *, percent: int, least_placed: int) -> bool:
    """Whether those with the lowest start level are placed too seldom.

    Their part of all who are placed lies under `percent` of their part of all people; never with
    fewer placed than the least that says something.
    """
    people, placed = sum(part.people for part in parts), sum(part.placed for part in parts)
    if placed < least_placed or not parts:
        return False
    lowest = parts[0]
    return lowest.placed * people * 100 < percent * lowest.people * placed


def with_small_hidden(counts: Sequence[int], least: int) -> tuple[int | None, ...]:
    """Counts that add up to a known total, as somebody may see who sees nobody behind them.

    From one to under `least` is hidden; one alone would follow from the total, so that the smallest
    of the others goes with it. Nought is no secret of anybody, but it goes where nothing else can.
    """
    hidden = {at for at, count in enumerate(counts) if 0 < count < least}
    if len(hidden) == 1:
        others = [at for at in range(len(counts)) if at not in hidden]
        if others:
            hidden.add(min(others, key=lambda at: (counts[at] == 0, counts[at], at)))
    return tuple(None if at in hidden else count for at, count in enumerate(counts))
