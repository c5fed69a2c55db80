"""What is written comes back: through records, and through every file format."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.demo.region import generate
from matcher.files.columns import Column
from matcher.files.columns_candidate import CANDIDATE_FILE_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.loading import load_candidates, load_programmes, load_vacancies
from matcher.files.records import (
    candidate_record,
    parse_candidate,
    parse_programme,
    parse_vacancy,
    programme_record,
    vacancy_record,
)
from matcher.files.source import FORMATS, source_of
from matcher.files.writing import json_bytes, out_columns, table_bytes
from matcher.reference.catalogue import load_catalogue
from tests.files.strategies import candidates, programmes, vacancies

KINDS = {
    "candidate": (
        candidates,
        lambda parts: candidate_record(*parts),
        parse_candidate,
        CANDIDATE_FILE_COLUMNS,
        load_candidates,
    ),
    "vacancy": (vacancies, vacancy_record, parse_vacancy, VACANCY_COLUMNS, load_vacancies),
    "programme": (
        programmes,
        programme_record,
        parse_programme,
        PROGRAMME_COLUMNS,
        load_programmes,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_value_written_as_a_record_is_read_back_the_same(kind: str, data: st.DataObject) -> None:
    values, write, parse, _, _ = KINDS[kind]
    value = data.draw(values)
    assert parse(write(value)).unwrap() == value


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_table_written_in_any_format_is_read_back_the_same(
    kind: str, file_format: str, data: st.DataObject
) -> None:
    values, write, _, columns, load = KINDS[kind]
    found = data.draw(
        st.lists(values, max_size=3, unique_by=lambda v: write(v)["reference"]), label="values"
    )
    rows = [write(value) for value in found]
    written = table_bytes(file_format, rows, out_columns(columns), kind)
    loaded = load(source_of(f"table.{file_format}", written, file_format))
    assert loaded.problems == []
    assert loaded.warnings == []
    assert loaded.items == found


@pytest.mark.parametrize("file_format", FORMATS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(candidates, min_size=1, max_size=3))
def test_the_same_rows_give_the_same_bytes(file_format: str, found: list[Any]) -> None:
    rows = [candidate_record(*parts) for parts in found]
    columns = out_columns(CANDIDATE_FILE_COLUMNS)
    once = table_bytes(file_format, rows, columns, "candidates")
    assert once == table_bytes(file_format, rows, columns, "candidates")


@pytest.mark.parametrize("columns", [CANDIDATE_FILE_COLUMNS, VACANCY_COLUMNS, PROGRAMME_COLUMNS])
def test_a_table_without_rows_is_a_header_that_can_be_read(columns: tuple[Column, ...]) -> None:
    loads = {
        CANDIDATE_FILE_COLUMNS: load_candidates,
        VACANCY_COLUMNS: load_vacancies,
        PROGRAMME_COLUMNS: load_programmes,
    }
    for file_format in FORMATS:
        written = table_bytes(file_format, [], out_columns(columns), "empty")
        assert loads[columns](source_of("empty", written, file_format)).items == []
    assert json_bytes([]) == b"[]\n"


def test_everything_that_is_shipped_or_invented_can_stand_in_a_file() -> None:
    on = date(2026, 11, 23)
    for programme in load_catalogue(on):
        assert parse_programme(programme_record(programme)).unwrap() == programme
    region = generate(7, on, candidates=60, vacancies=60)
    for programme in region.programmes:
        assert parse_programme(programme_record(programme)).unwrap() == programme
    for vacancy in region.vacancies:
        assert parse_vacancy(vacancy_record(vacancy)).unwrap() == vacancy
    for parts in zip(region.candidates, region.audit, strict=True):
        assert parse_candidate(candidate_record(*parts)).unwrap() == parts
