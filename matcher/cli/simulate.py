"""simulate: policies side by side over time, on invented people and places."""

from __future__ import annotations

from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli.options import on_option, out_option, places_of, today
from matcher.cli.output import Progress, tell, timed
from matcher.cli.results import SIMULATE, write_result

if TYPE_CHECKING:
    from matcher.domain.intervals import Interval
    from matcher.services.simulations import Simulation

POLICIES = ("first-come", "greedy", "weekly-optimum", "look-ahead")
WEEKS_MOST, ARRIVALS_MOST, PLACES_MOST, SEEDS_MOST = 156, 200, 100, 1_000
SHOWN = {
    "lasting_placements": "lasting",
    "placements": "placed",
    "mean_fit": "mean fit",
    "waiting_weeks": "waiting, weeks",
    "empty_places": "places empty",
}


def read_policies(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    """Policies one by one, or several separated by ``|`` or a comma; each once."""
    found: dict[str, None] = {}
    for text in texts:
        for part in text.replace(",", "|").split("|"):
            name = part.strip()
            if name not in POLICIES:
                raise click.BadParameter(
                    f"there is no policy {name!r}; there are: {', '.join(POLICIES)}"
                )
            found[name] = None
    return tuple(found)


class Weekly(click.FloatRange):
    """A number a week: ``nan``, which is within no range and outside none, is refused too."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{value!r} is not a number a week.", param, ctx)
        return number


@click.command(
    epilog="\b\nExample:\n  matcher simulate --region demo --weeks 52 --arrivals 40 --places 12 "
    "--policy weekly-optimum --policy look-ahead --seeds 20 --out year.csv --plots pictures",
)
@click.option(
    "--region", metavar="SLUG", required=True, help="Whose rules hold ('matcher codes regions')."
)
@click.option("--weeks", type=click.IntRange(1, WEEKS_MOST), required=True, help="How long.")
@click.option(
    "--arrivals",
    type=Weekly(0, ARRIVALS_MOST),
    required=True,
    help="People who arrive in a week, on average.",
)
@click.option(
    "--places",
    "weekly_places",
    type=Weekly(0, PLACES_MOST),
    required=True,
    help="Places that open in a week, on average.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    callback=read_policies,
    metavar="P",
    help=f"Which to play, as often as there are: {', '.join(POLICIES)}; default all.",
)
@click.argument("more", nargs=-1, callback=read_policies, metavar="[P]...")
@click.option(
    "--seeds",
    type=click.IntRange(1, SEEDS_MOST),
    default=20,
    show_default=True,
    help="How many years to draw; each is the same for every policy.",
)
@out_option
@click.option(
    "--plots",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also draw the outcomes, as SVG files in this folder.",
)
@click.option(
    "--assumptions",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Other assumptions than data/parameters/simulation.yaml, in the same shape.",
)
@on_option
@click.option(
    "--centroids",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A GeoNames postal-code file with centroids; default the table that is shipped.",
)
def simulate(
    region: str,
    weeks: int,
    arrivals: float,
    weekly_places: float,
    policies: tuple[str, ...],
    more: tuple[str, ...],
    seeds: int,
    out: str,
    plots: Path | None,
    assumptions: Path | None,
    on: date | None,
    centroids: Path | None,
) -> None:
    """What each policy would come to over weeks, with 95 % intervals over seeds.

    People, places and what becomes of them are invented, and every assumption about time is one:
    data/parameters/simulation.yaml. Beside the policies stands the optimum known afterwards, which
    nobody could have decided. Prints a table and writes all figures to F.
    """
    from matcher.files.source import format_of
    from matcher.reference.codes import load_codes
    from matcher.reference.places import load_places
    from matcher.reference.rules import rule_set_for
    from matcher.reference.simulation import load_assumptions
    from matcher.services.simulation_policies import Policy
    from matcher.services.simulation_streams import Pace
    from matcher.services.simulations import result_rows
    from matcher.services.simulations import simulate as run

    file_format = format_of(out)
    if plots is not None:
        from matcher.files.pictures import require_plots

        require_plots()
    load_codes().require("regions", region)
    asked = [Policy(name) for name in (*policies, *more) or POLICIES]
    progress = Progress("seed", seeds)
    with timed(f"simulate: {seeds} seeds of {weeks} weeks"):
        found = run(
            Pace(region, weeks, arrivals, weekly_places),
            asked,
            seeds,
            rule_set_for(region),
            places_of(centroids) or load_places(),
            load_assumptions(assumptions),
            on or today(),
            done=progress.step,
        )
        progress.clear()
    write_result(SIMULATE, out, file_format, result_rows(found))
    for line in table(found):
        click.echo(line, err=out == "-")
    if plots is not None:
        from matcher.services.simulation_pictures import write_pictures

        for path in write_pictures(found, plots):
            tell(f"wrote {path}")


def table(found: Simulation) -> list[str]:
    """The main outcomes by policy, as lines of text."""
    from matcher.services.simulation_policies import AFTERWARDS

    rows = [["policy", *SHOWN.values(), *(f"quarter {n}, %" for n in range(1, 5)), "distance, %"]]
    for policy in found.policies:
        names = [*SHOWN, *(f"from_quarter_{n}" for n in range(1, 5))]
        closed = None if policy == AFTERWARDS else found.distance_closed(policy)
        rows.append(
            [
                policy,
                *(_cell(found.mean(policy, name), 1) for name in names),
                "" if closed is None else _cell(closed, 100),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    people, places = found.arrived
    explained = (
        f"{people:.0f} people and {places:.0f} places over {found.pace.weeks} weeks, mean of "
        f"{found.seeds} seeds with 95 % intervals; quarter: share of those people by start level, "
        "lowest first, who were placed; distance: share closed between weekly-optimum and "
        "known-afterwards, by fit."
    )
    invented = (
        "All people, places and outcomes are invented; what is assumed: "
        "data/parameters/simulation.yaml."
    )
    return [*lines, "", explained, invented]


def _cell(interval: Interval, times: float) -> str:
    if interval.low is None or interval.high is None:
        return f"{interval.value * times:.1f}"
    return f"{interval.value * times:.1f} ({interval.low * times:.1f}-{interval.high * times:.1f})"
