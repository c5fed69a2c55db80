"""Files that are odd, not bad: usual encodings, and what a file may leave out or bring along."""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path

import pytest

from matcher.domain.errors import InvalidInput
from matcher.files.loading import load_candidates, load_programmes, load_vacancies
from matcher.files.results import Options
from matcher.files.source import open_source, source_of
from matcher.files.writing import write_bytes
from tests.files.test_bad_files import (
    HEAD,
    lines,
)

ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "UTF-16 with a mark": lambda text: text.encode("utf-16"),
    "UTF-16 big-endian with a mark": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 big-endian without a mark": lambda text: text.encode("utf-16-be"),
    "Windows-1252": lambda text: text.encode("cp1252"),
}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_usual_encoding_separator_and_newline_is_read(
    encoding: str, newline: str, delimiter: str
) -> None:
    rows = [
        ["reference", "region", "contractor", "sector", "places", "title", "hours_max"],
        ["V1", "demo", "Café Zoë", "F42", "2", "Assistent €-beheer – één", "32.5"],
        ["V2", "demo", "Façade", "F42", "1", "Überhaupt", '"36,5"'],
    ]
    text = newline.join(delimiter.join(row) for row in rows) + newline
    loaded = load_vacancies(source_of("v.csv", ENCODINGS[encoding](text), "csv"))
    assert loaded.problems == []
    assert [(v.contractor, v.title, v.hours_max) for v in loaded.items] == [
        ("Café Zoë", "Assistent €-beheer – één", 32.5),
        ("Façade", "Überhaupt", 36.5),
    ]
    assert [str(note) for note in loaded.warnings] == (
        ["v.csv: is read as Windows-1252; UTF-8 is safer"] if encoding == "Windows-1252" else []
    )


def test_newlines_may_be_mixed_and_stand_inside_quotes() -> None:
    data = (
        b"reference,region,contractor,sector,places,title\r\n"
        b'V1,demo,A,F42,1,"een\ntwee"\rV2,demo,A,F42,1,x\n'
    )
    loaded = load_vacancies(source_of("v.csv", data, "csv"))
    assert [(v.reference, v.title) for v in loaded.items] == [("V1", "een twee"), ("V2", "x")]


def test_the_separator_line_of_excel_is_not_the_header() -> None:
    loaded = load_candidates(source_of("k.csv", b"sep=;\nreference;region\nK1;demo\nK2;x\n", "csv"))
    assert [profile.reference for profile, _ in loaded.items] == ["K1"]
    assert loaded.problems[0].row == 3


def test_one_open_quote_costs_one_row_even_in_a_long_file() -> None:
    rows = [f"K{n},demo,3,,,,," for n in range(2000)]
    rows[10] = '"' + rows[10]
    data = "\n".join([HEAD, *rows]).encode()
    loaded = load_candidates(source_of("k.csv", data, "csv"))
    assert [problem.row for problem in loaded.problems] == [12]
    assert len(loaded.items) == 1999


def test_the_same_text_means_what_its_own_column_says_and_is_refused_every_time() -> None:
    rows = ["K1,demo,2,can,2", "K2,demo,2,can,2", "K3,demo,9,9,9", "K4,demo,9,9,9"]
    data = "\n".join(["reference,region,rhythm,lift,digital", *rows]).encode()
    loaded = load_candidates(source_of("k.csv", data, "csv"))
    assert [(c.rhythm, c.lift, c.digital) for c, _ in loaded.items] == [(2, 2, 2)] * 2
    refused = [(problem.row, problem.where) for problem in loaded.problems]
    assert refused == [(row, name) for row in (4, 5) for name in ("rhythm", "digital", "lift")]


def test_blank_lines_count_as_rows_and_mean_nothing() -> None:
    loaded = load_candidates(source_of("k.csv", b"reference,region\n\nK1,demo\n,\nK2,x\n", "csv"))
    assert [profile.reference for profile, _ in loaded.items] == ["K1"]
    assert loaded.problems[0].row == 5


def test_unknown_columns_are_left_out_with_a_warning_that_names_them() -> None:
    data = b"reference,region,hours_maxx,,naam,bsn 123456782\nK1,demo,32,x,y,z\n"
    loaded = load_candidates(source_of("k.csv", data, "csv"))
    assert [str(warning) for warning in loaded.warnings] == [
        "header: column 4 has no name in the header and is left out",
        "hours_maxx: is not a known column and is left out; did you mean hours_max?",
        "naam: is not a known column and is left out",
        "(hidden): is not a known column and is left out",
    ]
    assert len(loaded.items) == 1


def test_unknown_fields_in_json_are_left_out_with_one_warning_each() -> None:
    data = json.dumps(
        [{"reference": f"K{n}", "region": "demo", "hair_colour": "red"} for n in range(3)]
    ).encode()
    loaded = load_candidates(source_of("k.json", data, "json"))
    assert [str(warning) for warning in loaded.warnings] == [
        "hair_colour: is not a known column and is left out"
    ]
    assert len(loaded.items) == 3


@pytest.mark.parametrize("name", ["max_age", "leeftijd", "Geslacht", "schulden", "uitkering"])
def test_a_vacancies_file_that_asks_what_nobody_may_ask_is_refused_by_name(name: str) -> None:
    rows = f"reference,contractor,region,sector,places,{name}\nV1,A,demo,F42,1,x\n"
    with pytest.raises(InvalidInput) as refused:
        load_vacancies(source_of("v.csv", rows.encode(), "csv"))
    (problem,) = refused.value.problems
    assert str(problem).startswith(f"row 1, column {name.casefold()}: a vacancy has no need for ")
    body = [{"reference": "V1", name: "x"}]
    with pytest.raises(InvalidInput):
        load_vacancies(source_of("v.json", json.dumps(body).encode(), "json"))


def test_a_candidates_file_may_bring_what_the_audit_needs_and_it_is_split_off() -> None:
    loaded = load_candidates(
        source_of("k.csv", b"reference,region,benefit,birth_year\nK1,demo,ww,1990\n", "csv")
    )
    ((profile, audit),) = loaded.items
    assert (audit.reference, audit.benefit, audit.birth_year) == ("K1", "ww", 1990)
    assert "ww" not in repr(profile)
    assert "1990" not in repr(profile)


def test_a_programme_that_asks_for_a_money_level_is_left_out() -> None:
    data = b"reference,kind,weeks,needs\nP1,course,4,money>=1\nP2,course,4,rhythm>=1\n"
    loaded = load_programmes(source_of("p.csv", data, "csv"))
    assert [programme.reference for programme in loaded.items] == ["P2"]
    (problem,) = loaded.problems
    assert str(problem) == (
        "row 2, column needs: a programme never asks for a money level (promise P-3); "
        "take money out"
    )


def test_every_problem_of_a_row_is_named_at_once_in_the_order_of_the_columns() -> None:
    loaded = load_candidates(source_of("k.csv", lines("K2,x,9,50,,F4444,2027,"), "csv"))
    assert [problem.where for problem in loaded.problems] == [
        "region",
        "sectors",
        "hours_min",
        "start_from",
        "rhythm",
    ]


def test_a_region_can_stand_in_for_a_missing_one_and_must_exist() -> None:
    data = b"reference,region\nK1,\nK2,haaglanden\n"
    loaded = load_candidates(source_of("k.csv", data, "csv"), Options(region="demo"))
    assert [profile.region for profile, _ in loaded.items] == ["demo", "haaglanden"]
    bare = load_candidates(source_of("k.csv", b"reference\nK1\n", "csv"), Options(region="demo"))
    assert bare.items[0][0].region == "demo"
    with pytest.raises(InvalidInput, match="region: 'nowhere' is not a known code"):
        load_candidates(source_of("k.csv", data, "csv"), Options(region="nowhere"))


def test_what_a_file_can_speak_of_is_told_from_what_it_does_not_name() -> None:
    loaded = load_candidates(source_of("k.csv", b"reference,region,rhythm\nK1,demo,\n", "csv"))
    assert loaded.fields == {"reference", "region", "rhythm"}


def test_problems_can_be_said_in_dutch() -> None:
    loaded = load_candidates(source_of("k.csv", lines("K2,demo,9,,,,,"), "csv"), Options(lang="nl"))
    assert loaded.problems[0].why == "moet een heel getal zijn van 0 tot en met 4"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("nowhere.csv", "nowhere.csv: does not exist; check the path"),
        ("folder.csv", "folder.csv: is a folder; name a file in it"),
        ("table.ods", "table.ods: has no ending that is known; use .csv, .xlsx, .json, .parquet"),
        ("table.xls", "table.xls: is an old Excel file; save it as .xlsx and try again"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path, name: str, line: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InvalidInput) as refused:
        open_source(tmp_path / name)
    assert str(refused.value) == line
    assert str(tmp_path) not in str(refused.value)


def test_a_file_larger_than_can_be_read_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.files.source.SIZE_MAXIMUM", 1024 * 1024)
    path = tmp_path / "large.csv"
    path.write_bytes(b"x" * (1024 * 1024 + 1))
    with pytest.raises(InvalidInput) as refused:
        open_source(path)
    assert str(refused.value) == "large.csv: is larger than 1 MB; split it"


def test_parquet_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InvalidInput) as refused:
        load_candidates(source_of("k.parquet", b"PAR1", "parquet"))
    assert str(refused.value) == (
        "k.parquet: needs the parquet extra: pip install 'matcher[parquet]'"
    )


def test_a_folder_that_is_not_there_cannot_be_written_to_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_bytes(tmp_path / "nowhere" / "x.csv", b"x")
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_bytes(tmp_path / "x.csv", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
