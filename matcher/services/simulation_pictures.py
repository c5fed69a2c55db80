"""What a simulation came to, as pictures: outcomes, start levels, distance closed."""

from __future__ import annotations

from pathlib import Path

from matcher.domain.intervals import Interval
from matcher.files.pictures import (
    BRICK,
    DEEP,
    INK_SOFT,
    SKY,
    SUN,
    Mark,
    Panel,
    intervals_svg,
    write_picture,
)
from matcher.services.simulation_policies import AFTERWARDS, Policy
from matcher.services.simulations import Simulation

MARKS = {
    Policy.FIRST_COME.value: Mark("first come", BRICK, "s"),
    Policy.GREEDY.value: Mark("greedy", SUN, "^"),
    Policy.WEEKLY_OPTIMUM.value: Mark("weekly optimum", INK_SOFT, "o"),
    Policy.LOOK_AHEAD.value: Mark("look-ahead", DEEP, "D"),
    AFTERWARDS: Mark("known afterwards", SKY, "o", filled=False),
}
OUTCOMES = {
    "lasting_placements": ("Placements that last", "people"),
    "mean_fit": ("Fit of those placed", "points of 100"),
    "waiting_weeks": ("Waiting for the first day", "weeks, of those placed"),
    "placements": ("Placed", "people"),
    "empty_places": ("Places left empty", "places"),
    "empty_place_weeks": ("Places empty, in weeks", "weeks of work"),
}
QUARTERS = ("lowest", "second", "third", "highest")


def write_pictures(found: Simulation, folder: Path) -> list[Path]:
    """The pictures as SVG files in `folder`; gives their paths.

    `distance.svg` only where the weekly optimum was played beside another policy.
    """
    pace = found.pace
    played = [MARKS[policy] for policy in found.policies]
    about = (
        f"{pace.weeks} weeks, {pace.arrivals:g} people and {pace.places:g} places a week; mean of "
        f"{found.seeds} seeds with 95 % intervals. Invented people and places; assumptions: "
        "data/parameters/simulation.yaml."
    )
    by_quarter = [
        [found.mean(policy, f"from_quarter_{number}") for policy in found.policies]
        for number in range(1, len(QUARTERS) + 1)
    ]
    span = (0.0, *(share.high or share.value for shares in by_quarter for share in shares))
    pictures = {
        "outcomes.svg": intervals_svg(
            "What each policy comes to",
            about,
            played,
            [
                Panel(title, unit, [found.mean(policy, name) for policy in found.policies])
                for name, (title, unit) in OUTCOMES.items()
            ],
            columns=3,
        ),
        "start-levels.svg": intervals_svg(
            "Who is placed, by start level",
            about,
            played,
            [
                Panel(
                    f"{name} quarter".capitalize(),
                    "percent of its people placed",
                    figures,
                    span=span,
                )
                for name, figures in zip(QUARTERS, by_quarter, strict=True)
            ],
            columns=2,
        ),
    }
    closed = {
        policy: share
        for policy in found.policies
        if policy not in (AFTERWARDS, Policy.WEEKLY_OPTIMUM)
        and (share := found.distance_closed(policy)) is not None
    }
    if closed:
        pictures["distance.svg"] = intervals_svg(
            "How much of what could be gained is gained",
            about,
            [MARKS[policy] for policy in closed],
            [_distance(list(closed.values()))],
            columns=1,
        )
    paths = [folder / name for name in pictures]
    for path, data in zip(paths, pictures.values(), strict=True):
        write_picture(path, data)
    return paths


def _distance(shares: list[Interval]) -> Panel:
    title = "From the weekly optimum (0) to the optimum known afterwards (100), by sum of fit"
    half, span = (50.0, "half"), (0.0, 100.0)
    return Panel(
        title, "percent of the distance", [s.times(100) for s in shares], at=half, span=span
    )
