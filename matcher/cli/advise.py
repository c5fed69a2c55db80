"""assess, match and plan: advice on files, without a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from matcher.cli.output import Progress, each, tell, timed
from matcher.cli.results import ASSESS, MATCH, PLAN, Result, write_result
from matcher.cli.tables import Tables

if TYPE_CHECKING:
    from matcher.domain.candidate import CandidateProfile
    from matcher.services.advice import Advisor


@click.command(
    epilog="\b\nExample:\n  matcher assess --candidates candidates.csv --vacancies vacancies.csv "
    "--out result.json",
)
@table_option("candidates", "Candidates", required=True)
@table_option("vacancies", "Vacancies, to count the places that fit now", required=False)
@table_option("programmes", "Programmes; default the catalogue that is shipped", required=False)
@out_option
@on_option
@rules_option
@places_option
@strict_option
@lang_option
def assess(
    candidates: str,
    vacancies: str | None,
    programmes: str | None,
    out: str,
    on: date | None,
    rules: str | None,
    places: Path | None,
    strict: bool,
    lang: str,
) -> None:
    """Readiness, lane and reasons of each candidate.

    Measured against the reference needs of the wanted sectors, never against today's vacancies;
    with --vacancies it also counts how many places fit today.
    """
    tables = Tables(candidates, vacancies, programmes, strict)
    _run(ASSESS, tables, out, on=on, rules=rules, places=places, lang=lang)


@click.command(
    epilog="\b\nExample:\n  matcher match --candidates candidates.csv --vacancies vacancies.csv "
    "--top 5 --out matches.csv",
)
@table_option("candidates", "Candidates", required=True)
@table_option("vacancies", "Vacancies", required=True)
@out_option
@click.option("--top", type=click.IntRange(min=1), help="At most this many vacancies a candidate.")
@click.option("--all", "include_blocked", is_flag=True, help="Blocked pairs too, with the reasons.")
@click.option(
    "--seed",
    type=click.IntRange(min=0, max=2**63 - 1),
    default=0,
    show_default=True,
    help="Breaks ties at the --top cut; no rank or fit depends on it.",
)
@on_option
@rules_option
@places_option
@strict_option
@lang_option
def match(
    candidates: str,
    vacancies: str,
    out: str,
    top: int | None,
    include_blocked: bool,
    seed: int,
    on: date | None,
    rules: str | None,
    places: Path | None,
    strict: bool,
    lang: str,
) -> None:
    """Ranked vacancies for each candidate.

    Candidates who are paused are left out, with the date as the only reason.
    """
    tables = Tables(candidates, vacancies, None, strict)
    choice = {"top": top, "include_blocked": include_blocked, "seed": seed}
    _run(MATCH, tables, out, on=on, rules=rules, places=places, lang=lang, choice=choice)


@click.command(
    epilog="\b\nExample:\n  matcher plan --candidates candidates.csv --vacancies vacancies.csv "
    "--out plans.json",
)
@table_option("candidates", "Candidates", required=True)
@table_option("vacancies", "Vacancies", required=True)
@table_option("programmes", "Programmes; default the catalogue that is shipped", required=False)
@out_option
@on_option
@rules_option
@places_option
@strict_option
@lang_option
def plan(
    candidates: str,
    vacancies: str,
    programmes: str | None,
    out: str,
    on: date | None,
    rules: str | None,
    places: Path | None,
    strict: bool,
    lang: str,
) -> None:
    """The trajectory of each candidate to the best place soonest.

    Candidates who are paused are left out, with the date as the only reason.
    """
    tables = Tables(candidates, vacancies, programmes, strict)
    _run(PLAN, tables, out, on=on, rules=rules, places=places, lang=lang)


def _run(
    result: Result,
    tables: Tables,
    out: str,
    *,
    on: date | None,
    rules: str | None,
    places: Path | None,
    lang: str,
    choice: dict[str, Any] | None = None,
) -> None:
    """Reads the tables, computes the rows candidate by candidate, and writes them."""
    from matcher.files.source import format_of
    from matcher.services.advice import Advisor, left_out

    file_format = format_of(out)
    day = on or today()
    chosen = rule_set(rules)
    centroids = places_of(places)
    candidates = tables.read_candidates()
    vacancies = tables.read_vacancies()
    advisor = Advisor(
        on=day,
        vacancies=vacancies or (),
        programmes=() if result is MATCH else tables.read_programmes(),
        rules=chosen,
        places=centroids,
        lang=lang,
    )
    with timed(f"{result.name}: {len(candidates)} candidates"):
        rows: Iterator[dict[str, Any]]
        if result is MATCH:
            found = _matches(advisor, candidates, file_format, **(choice or {}))
            rows = ({**row, "on": day} for row in found)
        elif result is ASSESS:
            rows = (
                advisor.assess_row(candidate, count_places=vacancies is not None)
                for candidate in each(candidates, "assess: candidate")
            )
        else:
            plans = (advisor.plan_row(c) for c in each(candidates, "plan: candidate"))
            rows = (row for row in plans if row is not None)
        write_result(result, out, file_format, rows)
    if result is not ASSESS:
        for paused in left_out(candidates, day):
            tell(f"{paused.reference}: left out until {paused.paused_until} (paused)")


def _matches(
    advisor: Advisor,
    candidates: Sequence[CandidateProfile],
    file_format: str,
    *,
    top: int | None,
    include_blocked: bool,
    seed: int,
) -> Iterator[dict[str, Any]]:
    """The rows of match; the best of very many pairs are chosen by the kernel."""
    from matcher.services.region_rows import MANY_PAIRS, best_rows

    if top is None or include_blocked or len(candidates) * len(advisor.vacancies) < MANY_PAIRS:
        for candidate in each(candidates, "match: candidate"):
            yield from advisor.match_rows(
                candidate, top=top, include_blocked=include_blocked, seed=seed
            )
        return
    progress = Progress("match: candidate", len(candidates))
    is_flat = file_format != "json"
    yield from best_rows(
        advisor, candidates, top=top, seed=seed, is_flat=is_flat, progress=progress.step
    )
    progress.clear()
