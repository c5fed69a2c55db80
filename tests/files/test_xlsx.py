"""Workbooks: typed cells, formulas refused by row, bombs and entities refused at once."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from matcher.domain.errors import InvalidInput
from matcher.files.columns_candidate import CANDIDATE_FILE_COLUMNS
from matcher.files.loading import load_candidates, load_vacancies
from matcher.files.results import Loaded
from matcher.files.source import source_of
from matcher.files.writing import out_columns, table_bytes

HEAD = ["reference", "region", "contractor", "sector", "places", "day_starts_at", "start_on"]


def workbook(*rows: list[Any], more: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if more is not None:
        more(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def vacancies(data: bytes) -> Loaded[Any]:
    return load_vacancies(source_of("v.xlsx", data, "xlsx"))


def repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The workbook with some parts replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, parts.pop(name, source.read(name)))
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()


def test_cells_keep_their_types() -> None:
    moment = datetime(2027, 3, 8, tzinfo=UTC).replace(tzinfo=None)
    loaded = vacancies(
        workbook(
            HEAD,
            [17, "demo", "A", "F42", 2.0, time(6, 30), moment],
            ["V2", "demo", "A", "F42", "3", timedelta(hours=7), date(2027, 3, 8)],
            ["V3", "demo", "A", "F42", 1, "07:15", "2027-03-08"],
        )
    )
    assert loaded.problems == []
    assert [(v.reference, v.places, v.day_starts_at) for v in loaded.items] == [
        ("17", 2, time(6, 30)),
        ("V2", 3, time(7, 0)),
        ("V3", 1, time(7, 15)),
    ]
    assert {v.start_on for v in loaded.items} == {date(2027, 3, 8)}


def test_a_formula_is_refused_by_row_and_the_rest_is_in() -> None:
    loaded = vacancies(
        workbook(
            HEAD,
            ["V1", "demo", "A", "F42", 1],
            ["V2", "demo", "A", "F42", "=1+1"],
            ["V3", "demo", "A", "F42", "#N/A"],
            ["V4", "demo", "A", "F42", 1, timedelta(days=2)],
            [None, None],
            ["V5", "demo", "A", "F42", 1],
        )
    )
    assert [v.reference for v in loaded.items] == ["V1", "V5"]
    assert [str(problem) for problem in loaded.problems] == [
        "row 3, column places: holds a formula; paste it as a value",
        "row 4, column places: holds the spreadsheet error #N/A; correct it",
        "row 5, column day_starts_at: must be a time written as 07:30",
    ]
    assert loaded.rows == [2, 7]


def test_a_formula_in_a_column_that_is_left_out_does_no_harm() -> None:
    loaded = vacancies(workbook([*HEAD, "total"], ["V1", "demo", "A", "F42", 1, None, None, "=A1"]))
    assert len(loaded.items) == 1
    assert [w.where for w in loaded.warnings] == ["total"]


def test_a_text_that_looks_like_a_formula_leaves_as_text_and_comes_back() -> None:
    rows = [{"reference": text, "region": "demo"} for text in ("=1+1", "+a", "＝b", "#N/A", "'=c")]
    columns = out_columns(CANDIDATE_FILE_COLUMNS)
    data = table_bytes("xlsx", rows, columns, "candidates")
    cells = [row[0] for row in load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["'=1+1", "'+a", "'＝b", "#N/A", "''=c"]
    assert {cell.data_type for cell in cells} == {"s"}
    loaded = load_candidates(source_of("k.xlsx", data, "xlsx"))
    assert [profile.reference for profile, _ in loaded.items] == [row["reference"] for row in rows]


def test_only_the_first_visible_sheet_is_read_and_that_is_said() -> None:
    def more(book: Workbook) -> None:
        book.active.sheet_state = "hidden"
        sheet = book.create_sheet("Vacatures")
        sheet.append(HEAD)
        sheet.append(["V1", "demo", "A", "F42", 1])
        book.create_sheet("Rest")

    loaded = vacancies(workbook(["something", "else"], more=more))
    assert [v.reference for v in loaded.items] == ["V1"]
    assert [str(warning) for warning in loaded.warnings] == [
        "v.xlsx: sheet Vacatures is read, the other sheets are left out"
    ]


def refused(data: bytes) -> str:
    with pytest.raises(InvalidInput) as error:
        vacancies(data)
    return str(error.value)


GOOD = workbook(HEAD, ["V1", "demo", "A", "F42", 1])
SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'


def bomb(size: int) -> bytes:
    return repacked(GOOD, {SHEET: b" " * size})


def many_parts() -> bytes:
    return repacked(GOOD, {f"xl/media/{n}.bin": b"x" for n in range(2100)})


def sheet(*rows: bytes) -> bytes:
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return start + b"<sheetData>" + b"".join(rows) + b"</sheetData></worksheet>"


def text_row(number: int, texts: list[str]) -> bytes:
    cells = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for i, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'.encode()


def encrypted() -> bytes:
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


REFUSED = [
    (lambda: bomb(60_000_000), "unpacks to far more than a workbook does (a zip bomb)"),
    (many_parts, "has more parts than a workbook has; save it as .xlsx again"),
    (lambda: repacked(GOOD, {SHEET: ENTITY}), "declares XML entities, which no workbook needs"),
    (
        lambda: repacked(GOOD, {SHEET: ENTITY.decode().encode("utf-16")}),
        "declares XML entities, which no workbook needs",
    ),
    (
        lambda: repacked(GOOD, {"xl/vbaProject.bin": b"x"}),
        "has macros; save it as .xlsx without them",
    ),
    (encrypted, "has a password; save it without one"),
    (lambda: GOOD[:200], "is a damaged Excel workbook; open it, save it as .xlsx and try again"),
    (
        lambda: repacked(GOOD, {SHEET: b"<worksheet><sheetData><row>"}),
        "is a damaged Excel workbook; open it, save it as .xlsx and try again",
    ),
    (
        lambda: repacked(GOOD, {"xl/workbook.xml": b"<nothing/>"}),
        "has no visible sheet",
    ),
    (lambda: workbook([]), "has nothing in row 1; put the names of the columns there"),
]


@pytest.mark.parametrize(("make", "why"), REFUSED, ids=lambda x: x if isinstance(x, str) else "")
def test_a_workbook_that_could_do_harm_is_refused(make: Callable[[], bytes], why: str) -> None:
    assert refused(make()) == f"v.xlsx: {why}"


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("inner.zip", GOOD)
    assert refused(stream.getvalue()) == (
        "v.xlsx: is a zip file but no Excel workbook; save it as .xlsx"
    )


def test_a_row_far_below_the_others_does_not_keep_the_reader_busy() -> None:
    good = ["V1", "demo", "A", "F42", "1"]
    rows = sheet(text_row(1, HEAD), text_row(2, good), text_row(99_999_999_999, good))
    loaded = vacancies(repacked(GOOD, {SHEET: rows}))
    assert [v.reference for v in loaded.items] == ["V1"]
    assert [str(warning) for warning in loaded.warnings] == [
        "v.xlsx: after row 2 nothing stands in 10000 rows; what comes below is left out"
    ]


def test_a_cell_far_to_the_right_is_refused() -> None:
    far = b'<row r="2"><c r="ZZZ2"><v>1</v></c></row>'
    rows = repacked(GOOD, {SHEET: sheet(text_row(1, HEAD), far)})
    assert refused(rows) == "v.xlsx: names cells outside a sheet; it is no real workbook"


def test_a_bomb_costs_no_memory() -> None:
    data = bomb(150_000_000)
    tracemalloc.start()
    refused(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def test_a_workbook_has_fixed_dates_and_no_trace_of_who_made_it_when() -> None:
    data = table_bytes("xlsx", [], out_columns(CANDIDATE_FILE_COLUMNS), "candidates")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml")
    assert core.count(b"2000-01-01T00:00:00Z") == 2
    assert b"openpyxl" not in core
