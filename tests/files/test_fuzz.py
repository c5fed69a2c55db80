"""Whatever comes in: an answer in words, never a fault of the program."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.errors import InvalidInput
from matcher.files.columns_candidate import CANDIDATE_FILE_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.loading import load_candidates, load_programmes, load_vacancies
from matcher.files.records import parse_candidate, parse_programme, parse_vacancy
from matcher.files.results import Options
from matcher.files.source import FORMATS, Source
from matcher.files.writing import out_columns, table_bytes

DATA = Path(__file__).parents[1] / "data"
LOADS = (load_candidates, load_vacancies, load_programmes)
PARSERS = {
    parse_candidate: CANDIDATE_FILE_COLUMNS,
    parse_vacancy: VACANCY_COLUMNS,
    parse_programme: PROGRAMME_COLUMNS,
}
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["F42|N81", "8342:3", "rhythm:+1", "hours>=16", "2027-02-30", "=1", "\x00"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def answers(source: Source) -> None:
    """Loads `source` as everything it could be; each refusal is in words."""
    for load in LOADS:
        try:
            problems = load(source, Options(region="demo")).problems
        except InvalidInput as refused:
            problems = list(refused.problems)
        assert all(problem.where and problem.why for problem in problems)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(data=st.data())
def test_a_record_of_anything_is_read_or_refused_in_words(parse: Any, data: st.DataObject) -> None:
    names = st.sampled_from([column.name for column in PARSERS[parse]]) | st.text(max_size=20)
    record = data.draw(st.dictionaries(names, values, max_size=8))
    parsed = parse(record, row=3)
    assert (parsed.value is None) == bool(parsed.problems)
    assert all(str(problem) for problem in parsed.problems)


@pytest.mark.parametrize("file_format", [*FORMATS, "vum"])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(file_format: str, data: bytes) -> None:
    answers(Source("file", data, file_format))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.text(st.sampled_from('a,;\t"\r\n=1\x00é'), max_size=200))
def test_any_text_is_a_table_or_refused_in_words(data: str) -> None:
    head = "reference,region,kind,weeks,contractor,sector,places\n"
    answers(Source("file", (head + data).encode(), "csv"))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(objects=st.lists(st.dictionaries(st.text(max_size=8), values, max_size=4), max_size=3))
def test_any_json_is_a_table_or_refused_in_words(objects: list[dict[str, Any]]) -> None:
    answers(Source("file", json.dumps(objects).encode(), "json"))


@pytest.mark.parametrize("name", ["vum-profiles.json", "vum-vacancies.json"])
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_vum_with_anything_in_any_place_is_read_or_refused_in_words(
    name: str, data: st.DataObject
) -> None:
    items = json.loads((DATA / name).read_text(encoding="utf-8"))
    item = data.draw(st.sampled_from([item for item in items if isinstance(item, dict)]))
    inside = item
    while True:
        key = data.draw(st.sampled_from(sorted(inside)))
        child = inside[key]
        if isinstance(child, list) and child and isinstance(child[0], dict):
            child = child[0]
        if not isinstance(child, dict) or not child or data.draw(st.booleans()):
            inside[key] = data.draw(values)
            break
        inside = child
    answers(Source("file", json.dumps(items).encode(), "vum"))


@pytest.mark.parametrize("file_format", ["xlsx", "parquet"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_words(file_format: str, data: st.DataObject) -> None:
    rows = [{"reference": f"K{n}", "region": "demo", "hours_max": 32} for n in range(3)]
    whole = bytearray(
        table_bytes(file_format, rows, out_columns(CANDIDATE_FILE_COLUMNS), "candidates")
    )
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(whole) // 2, len(whole)))
    answers(Source("file", bytes(whole[:cut]), file_format))


def test_a_workbook_whose_parts_cannot_be_unpacked_is_refused_in_words() -> None:
    """Found by the test above: a wrong byte in packed data is no error of the archive."""
    rows = [{"reference": "K1", "region": "demo"}]
    whole = table_bytes("xlsx", rows, out_columns(CANDIDATE_FILE_COLUMNS), "candidates")
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        starts = [
            part.header_offset + 30 + len(part.filename)
            for part in archive.infolist()
            if part.compress_type == zipfile.ZIP_DEFLATED
        ]
    for start in starts:
        # The first byte says how the data is packed: 0xFF is no such way.
        spoilt = whole[:start] + b"\xff" + whole[start + 1 :]
        answers(Source("file", spoilt, "xlsx"))
