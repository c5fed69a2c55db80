"""The tables of columns say everything that files, the API and its documentation need."""

from __future__ import annotations

import dataclasses

import pytest

from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.files.cells import is_empty
from matcher.files.columns import Column, Kind
from matcher.files.columns_candidate import AUDIT_COLUMNS, CANDIDATE_COLUMNS, CANDIDATE_FILE_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS

TABLES = {
    CandidateProfile: CANDIDATE_COLUMNS,
    VacancyProfile: VACANCY_COLUMNS,
    Programme: PROGRAMME_COLUMNS,
}
EVERY_COLUMN = [
    pytest.param(column, id=f"{table}.{column.name}")
    for table, columns in (
        ("candidate", CANDIDATE_FILE_COLUMNS),
        ("vacancy", VACANCY_COLUMNS),
        ("programme", PROGRAMME_COLUMNS),
    )
    for column in columns
]
CANDIDATE_NAMES = [
    "reference",
    "region",
    "pc4",
    "travel_max_minutes",
    "travel_modes",
    "licences",
    "sectors",
    "sectors_never",
    "wants_start",
    "adult",
    "paused_until",
    "current_hours",
    "hours_min",
    "hours_max",
    "blocked",
    "start_from",
    "rhythm",
    "work_skills",
    "money",
    "language_speak",
    "language_read",
    "home_base",
    "digital",
    "lift",
    "stand",
    "walk",
    "bend",
    "outdoor",
    "height",
    "pace",
    "interruptions",
    "group",
    "alone",
    "customers",
    "credentials",
    "education",
    "occupations",
    "guidance_need",
    "observed_on",
    "waiting_since",
    "benefit",
    "birth_year",
]
VACANCY_NAMES = [
    "reference",
    "contractor",
    "region",
    "sector",
    "places",
    "title",
    "employer_size",
    "occupation",
    "contract_type",
    "employer_of_record",
    "arrangement",
    "learning_level",
    "hours_min",
    "hours_max",
    "shifts",
    "day_starts_at",
    "site_pc4",
    "reachable_by",
    "lift",
    "stand",
    "walk",
    "bend",
    "outdoor",
    "height",
    "pace",
    "interruptions",
    "group",
    "alone",
    "customers",
    "adaptable",
    "rhythm",
    "work_skills",
    "language_speak",
    "language_read",
    "digital",
    "education",
    "licences",
    "credentials",
    "credentials_taught",
    "guidance_hours",
    "buddies",
    "start_on",
    "flex_weeks",
    "contract_months",
    "wage_hour",
]
PROGRAMME_NAMES = [
    "reference",
    "kind",
    "region",
    "arrangement",
    "provider",
    "raises",
    "gives",
    "needs",
    "weeks",
    "hours_a_week",
    "starts_on",
    "seats",
    "funding",
    "funding_sector",
    "evidence",
]


@pytest.mark.parametrize(
    ("kind", "columns"), TABLES.items(), ids=lambda x: getattr(x, "__name__", "")
)
def test_every_field_of_the_domain_has_exactly_one_column(
    kind: type, columns: tuple[Column, ...]
) -> None:
    fields = [field.name for field in dataclasses.fields(kind)]
    assert sorted(column.field_name for column in columns) == sorted(fields)


def test_the_columns_are_those_of_the_contract() -> None:
    assert [c.name for c in CANDIDATE_FILE_COLUMNS] == CANDIDATE_NAMES
    assert [c.name for c in VACANCY_COLUMNS] == VACANCY_NAMES
    assert set(PROGRAMME_NAMES) - {c.name for c in PROGRAMME_COLUMNS} == set()


def test_scoring_can_hold_no_audit_column() -> None:
    audit = {column.name for column in AUDIT_COLUMNS}
    assert audit == {"benefit", "birth_year"}
    assert audit.isdisjoint(field.name for field in dataclasses.fields(CandidateProfile))
    assert audit | {"reference"} == {field.name for field in dataclasses.fields(AuditAttributes)}


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_every_column_explains_itself_and_reads_its_own_example(column: Column) -> None:
    assert column.description("nl") != column.description("en")
    assert not column.description("en").endswith(".")
    value = column.read(column.example)
    assert not is_empty(value) or value == 0
    assert column.read(column.write(value)) == value
    if column.kind in (Kind.WHOLE, Kind.NUMBER, Kind.MONEY):
        assert column.unit
        assert column.maximum > column.minimum


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_an_empty_cell_means_what_the_contract_says(column: Column) -> None:
    exceptions = {
        "licences": frozenset(),
        "credentials": frozenset(),
        "credentials_taught": frozenset(),
        "blocked": frozenset(),
        "sectors": (),
        "sectors_never": frozenset(),
        "shifts": ("day",),
        "reachable_by": frozenset(),
        "adaptable": frozenset(),
        "flex_weeks": 0,
        # Lists of the catalogue that are simply empty, and hours that nobody wrote down.
        "occupations": (),
        "raises": (),
        "gives": frozenset(),
        "needs": (),
        "starts_on": (),
        "hours_a_week": 0,
    }
    for blank in (None, "", "  ", []):
        assert column.read(blank) == exceptions.get(column.name)
