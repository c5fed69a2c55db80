"""demo-data: invented candidates, vacancies and programmes as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matcher.cli.options import on_option, places_of, places_option, today
from matcher.cli.output import each, tell, ticking

if TYPE_CHECKING:
    from matcher.domain.candidate import CandidateProfile
    from matcher.domain.places import Places
    from matcher.domain.vacancy import VacancyProfile

LESSONS = 12
LESSONS_FROM = 100
"""The twelve teaching cases of practice section 6 come along where they stay the exception."""

PAIRS_COUNTED = 20_000_000
"""Above this the feasible share is counted over evenly spread candidates, and that is said."""


@click.command(
    "demo-data",
    epilog="\b\nExample:\n  matcher demo-data --candidates 300 --vacancies 60 --programmes 20 "
    "--seed 1 --out demo",
)
@click.option(
    "--candidates",
    type=click.IntRange(0, 1_000_000),
    default=300,
    show_default=True,
    help="How many invented candidates.",
)
@click.option(
    "--vacancies",
    type=click.IntRange(0, 1_000_000),
    default=60,
    show_default=True,
    help="How many vacancies.",
)
@click.option(
    "--programmes",
    type=click.IntRange(0, 10_000),
    default=20,
    show_default=True,
    help="How many programmes; 20 is the catalogue.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    help="The same seed and day give the same files.",
)
@click.option(
    "--scale",
    type=click.Choice(["regional", "national"]),
    default="regional",
    show_default=True,
    help="regional is the demo region with its teaching cases; national spreads over all places.",
)
@click.option(
    "--feasible",
    type=click.FloatRange(0, 100, min_open=True, max_open=True),
    metavar="PERCENT",
    help="Makes the work more or less demanding until about this share of pairs is feasible; "
    "national aims at 2 by itself, regional is left as it is.",
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write candidates.csv, vacancies.csv and programmes.csv in.",
)
@on_option
@places_option
def demo_data(
    candidates: int,
    vacancies: int,
    programmes: int,
    seed: int,
    scale: str,
    feasible: float | None,
    out: Path,
    on: date | None,
    places: Path | None,
) -> None:
    """Synthetic files in the formats of this program; prints the feasible share.

    A region of a hundred people or more holds the twelve teaching cases among them. The same
    numbers, seed and day give the same bytes. The feasible share is the part of all pairs
    that nothing blocks and that need not be asked first.
    """
    from matcher.demo.region import generate
    from matcher.demo.spec import load_demanding
    from matcher.files.columns_candidate import CANDIDATE_FILE_COLUMNS
    from matcher.files.columns_programme import PROGRAMME_COLUMNS
    from matcher.files.columns_vacancy import VACANCY_COLUMNS
    from matcher.files.records import candidate_record, programme_record, vacancy_record
    from matcher.files.writing import out_columns, write_table

    day = on or today()
    centroids = places_of(places)
    with ticking(f"demo-data: {candidates} candidates, {vacancies} vacancies"):
        taught = LESSONS if scale == "regional" and candidates >= LESSONS_FROM else 0
        drawn = candidates - taught
        region = generate(
            seed,
            day,
            drawn,
            vacancies,
            programmes,
            scale,
            centroids,
            lessons=taught > 0,
            feasible=feasible or load_demanding()["share"][scale],
        )
        people = zip(region.candidates, region.audit, strict=True)
        tables = {
            "candidates": (CANDIDATE_FILE_COLUMNS, [candidate_record(*both) for both in people]),
            "vacancies": (VACANCY_COLUMNS, [vacancy_record(v) for v in region.vacancies]),
            "programmes": (PROGRAMME_COLUMNS, [programme_record(p) for p in region.programmes]),
        }
        out.mkdir(parents=True, exist_ok=True)
        for name, (columns, rows) in tables.items():
            write_table(out / f"{name}.csv", "csv", rows, out_columns(columns), name)
    fitting, pairs = feasible_pairs(region.candidates, region.vacancies, day, centroids)
    if pairs:
        counted = len(region.candidates) * len(region.vacancies)
        sample = "" if pairs == counted else f" (counted over {pairs} of {counted} pairs)"
        click.echo(f"feasible share: {100 * fitting / pairs:.2f} %{sample}")
    else:
        click.echo("feasible share: no pairs")
    tell(f"written to {out}: candidates.csv, vacancies.csv, programmes.csv")


def feasible_pairs(
    candidates: Sequence[CandidateProfile],
    vacancies: Sequence[VacancyProfile],
    on: date,
    places: Places | None,
) -> tuple[int, int]:
    """Pairs that are eligible and need not be asked first, and the pairs looked at.

    Paused candidates count as they will be; above `PAIRS_COUNTED` pairs every n-th candidate is
    looked at.
    """
    from matcher.domain.assessment import current
    from matcher.services.advice import Advisor

    if not vacancies or not candidates:
        return 0, 0
    stride = 1 + len(candidates) * len(vacancies) // PAIRS_COUNTED
    chosen = candidates[::stride]
    advisor = Advisor(on=on, vacancies=vacancies, programmes=(), places=places)
    feasible = 0
    for candidate in each(chosen, "counting feasible pairs, candidate"):
        table = advisor.table(candidate)
        scores = table.score(current(candidate, table.setting))
        feasible += int((scores.eligible & ~scores.ask_first).sum())
    return feasible, len(chosen) * len(vacancies)
