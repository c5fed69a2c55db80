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
    from collections.abc import Mapping, Sequence

    from matcher.domain.pathways import Pathways
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
    from matcher.engine.problem import Method
    from matcher.files.source import format_of
    from matcher.reference.texts import load_wording
    from matcher.services.allocation_decisions import check_known
    from matcher.services.allocation_explained import explanation
    from matcher.services.allocation_inputs import participants
    from matcher.services.allocation_seats import SeatOrder
    from matcher.services.allocation_views import edge_rows, proposal_rows, summary
    from matcher.services.allocations import Choice
    from matcher.services.allocations import allocate as decide

    file_format = format_of(out)
    edge_format = None if edges is None else format_of(edges)
    day = on or today()
    tables = Tables(candidates, vacancies, programmes, strict, pairs)
    people = tables.read_candidates()
    sites = tables.read_vacancies() or []
    decided = tuple(tables.read_pairs())
    choice = Choice(Method(method), lanes, floor, seed, SeatOrder(seats), decided)
    paused = {p.reference: p.paused_until for p in people if p.is_paused(day)}
    check_known(decided, people, sites, paused)
    lane_routes, seat_routes = _routes(people, tables, programmes, rules, places, day, lang)
    with timed(f"allocate: {len(people)} candidates, {len(sites)} vacancies"):
        taking_part = participants(people, lane_routes, day)
        result = decide(taking_part, sites, seat_routes, choice)
    for reference, until in paused.items():
        tell(f"{reference}: left out until {until} (paused)")
    rows = [{**row, "on": day} for row in proposal_rows(result)]
    write_result(ALLOCATE, out, file_format, rows)
    if edges is not None and edge_format is not None:
        write_result(EDGES, edges, edge_format, edge_rows(result))
    if out != "-":
        _write_json(Path(f"{out}.summary.json"), {**summary(result, choice), "on": str(day)})
        explained = {**explanation(result, load_wording(lang)), "on": str(day)}
        _write_json(Path(f"{out}.explained.json"), explained)


def _routes(
    people: Sequence[Any],
    tables: Tables,
    programmes: str | None,
    rules: str | None,
    places: Path | None,
    day: date,
    lang: str,
) -> tuple[Mapping[str, Pathways], Mapping[str, Pathways]]:
    """By region: the programmes that decide a lane, and those whose seats are given out."""
    from matcher.domain.pairs import Setting
    from matcher.domain.pathways import Pathways
    from matcher.reference.catalogue import load_catalogue
    from matcher.reference.places import load_places
    from matcher.reference.rules import rule_set_for

    chosen = rule_set(rules)
    centroids = places_of(places) or load_places()
    own = tables.read_programmes() if programmes is not None else None
    lanes: dict[str, Pathways] = {}
    seats: dict[str, Pathways] = {}
    by_rules: dict[str, tuple[Pathways, Pathways]] = {}
    for region in sorted({person.region for person in people}) or ["demo"]:
        rule = chosen or rule_set_for(region)
        if rule.slug not in by_rules:
            setting = Setting(rule, centroids, day)
            catalogue = load_catalogue(day, lang) if own is None else own
            by_rules[rule.slug] = Pathways(catalogue, setting), Pathways(own or (), setting)
        lanes[region], seats[region] = by_rules[rule.slug]
    return lanes, seats


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
