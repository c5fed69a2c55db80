"""allocate: who is proposed for which place, on files, without a database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli.options import (
    lang_option,
    on_option,
    out_option,
    places_of,
    places_option,
    rule_set,
    rules_option,
    strict_option,
    table_option,
    today,
)
from matcher.cli.output import tell, timed
from matcher.cli.results import ALLOCATE, EDGES, write_result
from matcher.cli.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.domain.vocabulary import Lane

METHODS = click.Choice(["optimal", "greedy", "first-come"])


def read_lanes(_context: click.Context, _option: click.Parameter, text: str) -> tuple[Lane, ...]:
    """Lanes separated by ``|``."""
    from matcher.domain.vocabulary import Lane

    try:
        return tuple(Lane(part.strip()) for part in text.split("|"))
    except ValueError:
        known = ", ".join(lane.value for lane in Lane)
        raise click.BadParameter(f"separate lanes by |; there are: {known}") from None


@click.command(
    epilog="\b\nExample:\n  matcher allocate --candidates candidates.csv --vacancies vacancies.csv "
    "--programmes programmes.csv --floor 0.2 --out proposals.csv",
)
@table_option("candidates", "Candidates", required=True)
@table_option("vacancies", "Vacancies", required=True)
@table_option(
    "programmes", "Programmes, to give out their seats; without, only places", required=False
)
@table_option(
    "pairs", "Pairs that people decided about: locked, forbidden or refused", required=False
)
@out_option
@click.option("--edges", metavar="F", help="Also write every pair that the solver got.")
@click.option(
    "--method",
    type=METHODS,
    default="optimal",
    show_default=True,
    help="The optimum, or one of the two ways that people use by hand.",
)
@click.option(
    "--lanes",
    default="ready_now|ready_with_support",
    show_default=True,
    callback=read_lanes,
    help="Who can be placed; others compete for seats.",
)
@click.option(
    "--floor",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Each quarter by start level gets at least this share of the places it could fill.",
)
@click.option(
    "--seats",
    type=click.Choice(["waiting", "value"]),
    default="waiting",
    show_default=True,
    help="Seats alone go to who waited longest, or to where they open the best fit.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0, max=2**63 - 1),
    default=0,
    show_default=True,
    help="Decides between allocations of equal value and waiting time.",
)
@on_option
@rules_option
@places_option
@strict_option
@lang_option
def allocate(
    candidates: str,
    vacancies: str,
    programmes: str | None,
    pairs: str | None,
    out: str,
    edges: str | None,
    method: str,
    lanes: tuple[Lane, ...],
    floor: float,
    seats: str,
    seed: int,
    on: date | None,
    rules: str | None,
    places: Path | None,
    strict: bool,
    lang: str,
) -> None:
    """Who is proposed for which place; a person decides.

    Writes the proposals to F; to F.summary.json what was possible, why somebody got no place, and
    what one more place or seat would be worth; to F.explained.json who comes next for each place,
    the nearest way in for who is left out, and what would fill a vacancy that stays empty.
    Candidates who are paused are left out.
    """

    from matcher.domain.allocating import Choice, Method, SeatOrder
    from matcher.files.source import format_of
    from matcher.services.allocation_runs import run_allocation
    from matcher.services.allocation_views import edge_rows

    file_format = format_of(out)
    edge_format = None if edges is None else format_of(edges)
    day = on or today()
    tables = Tables(candidates, vacancies, programmes, strict, pairs)
    people = tables.read_candidates()
    sites = tables.read_vacancies() or []
    decided = tuple(tables.read_pairs())
    choice = Choice(Method(method), lanes, floor, seed, SeatOrder(seats), decided)
    with timed(f"allocate: {len(people)} candidates, {len(sites)} vacancies"):
        run = run_allocation(
            people,
            sites,
            tables.read_programmes(),
            choice,
            on=day,
            lang=lang,
            rules=rule_set(rules),
            places=places_of(places),
        )
    for paused in (person for person in people if person.is_paused(day)):
        tell(f"{paused.reference}: left out until {paused.paused_until} (paused)")
    write_result(ALLOCATE, out, file_format, run.rows())
    if edges is not None and edge_format is not None:
        write_result(EDGES, edges, edge_format, edge_rows(run.result))
    if out != "-":
        _write_json(Path(f"{out}.summary.json"), run.summary())
        _write_json(Path(f"{out}.explained.json"), run.explanation())


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
