"""One candidate against 5,000 vacancies with explanations for the top 10."""

from __future__ import annotations

from datetime import date

from benchmarks.tables import Measured, measure
from matcher.demo.region import generate
from matcher.domain.matching import rank_vacancies
from matcher.domain.pairs import Setting, assess_pair
from matcher.domain.table import VacancyTable
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set

TITLE = "One candidate against 5,000 vacancies, the top 10 explained"
ON = date(2026, 11, 23)
VACANCIES = 5_000
TOP = 10


def rows() -> list[Measured]:
    """In process with the table ready, with the table made anew, and pair by pair."""
    region = generate(seed=7, on=ON, candidates=20, vacancies=VACANCIES)
    setting = Setting(load_rule_set("demo"), load_places(), ON)
    candidate = region.candidates[0]
    table = VacancyTable(region.vacancies, setting)

    def pair_by_pair() -> object:
        pairs = [assess_pair(candidate, vacancy, setting) for vacancy in region.vacancies]
        eligible = [pair for pair in pairs if pair.eligible]
        return sorted(eligible, key=lambda pair: -pair.fit)[:TOP]

    kept, kept_worst = measure(lambda: rank_vacancies(candidate, table, top=TOP), 30)
    made, made_worst = measure(
        lambda: rank_vacancies(candidate, VacancyTable(region.vacancies, setting), top=TOP), 10
    )
    loop, loop_worst = measure(pair_by_pair, 5)
    return [
        Measured("vacancies kept as columns", kept, kept_worst, "pair by pair", loop / kept),
        Measured("columns made for the request", made, made_worst, "pair by pair", loop / made),
        Measured("pair by pair", loop, loop_worst),
    ]
