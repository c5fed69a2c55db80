"""assess, match and plan on files: what goes in, what comes out, and what is said."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import load_workbook

from matcher.files.source import FORMATS
from matcher.reference.rules import load_rule_set
from matcher.services.advice import assess_rows, match_rows, plan_rows
from tests.cli.conftest import CANDIDATES

Run = Callable[..., Result]
ON = "2026-11-23"
ASSESS_FIELDS = [
    "reference",
    "lane",
    "rule",
    "readiness",
    "readiness_low",
    "readiness_high",
    "readiness_without_money",
    "start_level",
    "known_share",
    "places_now",
    "dimensions",
    "reasons",
    "would_change",
    "ask_next",
    "programmes",
    "review_on",
    "on",
    "rules_version",
    "artefact",
]
MATCH_FIELDS = [
    "candidate",
    "vacancy",
    "rank",
    "eligible",
    "fit",
    "travel_minutes",
    "components",
    "gaps",
    "blockers",
    "certainty",
    "on",
]
PLAN_FIELDS = [
    "candidate",
    "outcome",
    "vacancy",
    "weeks",
    "place_on",
    "steps",
    "review_on",
]


def arguments(name: str, files: dict[str, str], out: Path | str, *more: str) -> list[str]:
    """The command `name` on the three tables, as far as it takes them."""
    found = [name, "--candidates", files["candidates"]]
    if name != "assess":
        found += ["--vacancies", files["vacancies"]]
    if name == "plan":
        found += ["--programmes", files["programmes"]]
    return [*found, "--out", str(out), "--on", ON, *more]


def as_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.mark.parametrize(
    ("name", "fields"), [("assess", ASSESS_FIELDS), ("match", MATCH_FIELDS), ("plan", PLAN_FIELDS)]
)
def test_json_holds_every_field_of_the_contract(
    run: Run, files: dict[str, str], tmp_path: Path, name: str, fields: list[str]
) -> None:
    result = run(*arguments(name, files, tmp_path / "out.json"))
    assert result.exit_code == 0, result.stderr
    rows = as_json(tmp_path / "out.json")
    assert rows
    for row in rows:
        assert set(fields) <= set(row)


def test_the_rows_are_those_of_the_one_computation_behind_everything(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    from matcher.files.loading import load_candidates, load_programmes, load_vacancies
    from matcher.files.source import open_source

    people = [item for item, _ in load_candidates(open_source(files["candidates"])).items]
    places = load_vacancies(open_source(files["vacancies"])).items
    courses = load_programmes(open_source(files["programmes"])).items
    on = date(2026, 11, 23)
    expected = {
        "assess": assess_rows(people, None, None, on=on),
        "match": match_rows(people, places, on=on),
        "plan": plan_rows(people, places, courses, on=on),
    }
    for name, rows in expected.items():
        out = tmp_path / f"{name}.json"
        assert run(*arguments(name, files, out)).exit_code == 0
        found = as_json(out)
        assert len(found) == len(rows)
        for written, row in zip(found, rows, strict=True):
            for field, value in row.items():
                if isinstance(value, Decimal | str | int | None):
                    assert written[field] == value


def test_decimals_have_two_digits_everywhere(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    run(*arguments("assess", files, tmp_path / "out.json"))
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    for field in ("readiness", "start_level", "contribution"):
        found = re.findall(rf'"{field}": ([0-9.]+)', text)
        assert found
        assert all(re.fullmatch(r"[0-9]+\.[0-9]{2}", number) for number in found)
    csv_out = run(*arguments("assess", files, "-")).stdout
    assert re.search(r"^K1,[a-z_]+,[1-5],[0-9]+\.[0-9]{2},", csv_out, re.MULTILINE)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("name", ["assess", "match", "plan"])
def test_the_same_input_gives_the_same_bytes(
    run: Run, files: dict[str, str], tmp_path: Path, name: str, file_format: str
) -> None:
    written = []
    for number in range(2):
        out = tmp_path / f"{number}.{file_format}"
        assert run(*arguments(name, files, out, "--lang", "en")).exit_code == 0
        written.append(out.read_bytes())
    assert written[0] == written[1]


def test_every_format_holds_the_same_flat_values(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    for file_format in ("csv", "xlsx", "parquet"):
        run(*arguments("match", files, tmp_path / f"m.{file_format}", "--all"))
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as lines:
        flat = [(r["candidate"], r["vacancy"], float(r["fit"])) for r in csv.DictReader(lines)]
    sheet = load_workbook(tmp_path / "m.xlsx").active
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(2, values_only=True)]
    assert [(r["candidate"], r["vacancy"], float(r["fit"])) for r in rows] == flat
    table = pq.read_table(tmp_path / "m.parquet").to_pylist()
    assert [(r["candidate"], r["vacancy"], r["fit"]) for r in table] == flat
    assert {type(r["eligible"]) for r in table} == {bool}
    assert any(r["blockers"] for r in table)


def test_places_are_counted_only_with_vacancies(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    run(*arguments("assess", files, tmp_path / "a.json"))
    run(*arguments("assess", files, tmp_path / "b.json", "--vacancies", files["vacancies"]))
    without, with_them = as_json(tmp_path / "a.json"), as_json(tmp_path / "b.json")
    assert {row["places_now"] for row in without} == {None}
    assert with_them[0]["places_now"] > 0
    assert with_them[3]["places_now"] == 0  # paused
    for row in (*without, *with_them):
        del row["places_now"]
    assert without == with_them


@pytest.mark.parametrize("name", ["match", "plan"])
def test_a_paused_candidate_is_left_out_with_the_date_as_the_only_reason(
    run: Run, files: dict[str, str], tmp_path: Path, name: str
) -> None:
    result = run(*arguments(name, files, tmp_path / "out.json"))
    assert "K4: left out until 2027-01-15 (paused)" in result.stderr.splitlines()
    assert "K4" not in (tmp_path / "out.json").read_text(encoding="utf-8")
    assert "K4" in run(*arguments("assess", files, "-")).stdout


def test_top_cuts_and_all_adds_the_blocked_pairs(run: Run, files: dict[str, str]) -> None:
    def pairs(*more: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(run(*arguments("match", files, "-", *more)).stdout)))

    fitting, first, whole = pairs(), pairs("--top", "1"), pairs("--all")
    assert {row["eligible"] for row in fitting} == {"yes"}
    assert len(first) == len({row["candidate"] for row in fitting})
    assert len(whole) == 3 * 3
    blocked = [row for row in whole if row["eligible"] == "no"]
    assert blocked
    assert all(row["rank"] == "" and row["blockers"] and row["fit"] for row in blocked)


def test_the_seed_changes_no_rank_and_no_fit(run: Run, files: dict[str, str]) -> None:
    def ranked(seed: str) -> list[tuple[str, ...]]:
        out = run(*arguments("match", files, "-", "--seed", seed)).stdout
        keys = ("candidate", "vacancy", "rank", "fit")
        return sorted(tuple(row[k] for k in keys) for row in csv.DictReader(io.StringIO(out)))

    assert ranked("0") == ranked("12345")


def test_sentences_come_in_dutch_or_english(run: Run, files: dict[str, str]) -> None:
    dutch = run(*arguments("assess", files, "-")).stdout
    english = run(*arguments("assess", files, "-", "--lang", "en")).stdout
    assert "U " in dutch
    assert "You " in english
    assert dutch != english


def test_candidates_come_from_standard_input(run: Run, files: dict[str, str]) -> None:
    result = run("assess", "--candidates", "-", "--out", "-", "--on", ON, stdin=CANDIDATES)
    assert result.exit_code == 0
    assert result.stdout == run(*arguments("assess", files, "-")).stdout


def test_a_bad_row_is_named_and_the_rest_goes_on_unless_strict(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    bad = CANDIDATES.replace("K2;demo;", "K2;demmo;").replace("sectors;", "sectorz;", 1)
    data = bad.replace("F42|N81", "").replace(";F42;", ";;")
    line = "row 3, column region: 'demmo' is not a known code of labour-market regions; nearest: "
    warning = "warning: sectorz: is not a known column and is left out; did you mean sectors?"
    result = run("assess", "--candidates", "-", "--out", "-", "--on", ON, stdin=data)
    assert result.exit_code == 0
    assert warning in result.stderr.splitlines()
    assert any(said.startswith(line) for said in result.stderr.splitlines())
    assert [row["reference"] for row in csv.DictReader(io.StringIO(result.stdout))] == [
        "K1",
        "K3",
        "K4",
    ]
    out = tmp_path / "out.csv"
    strict = run("assess", "--candidates", "-", "--out", out, "--strict", stdin=data)
    assert strict.exit_code == 2
    assert strict.stderr.startswith(line)
    assert not out.exists()


def test_a_problem_names_its_file_when_there_are_several(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    path = Path(files["vacancies"])
    path.write_text(path.read_text().replace("V2,B,demo", "V2,,demo"), encoding="utf-8")
    result = run(*arguments("match", files, "-"))
    assert "vacancies.csv: row 3, column contractor: is required; fill it in" in result.stderr
    path.write_text("", encoding="utf-8")
    result = run(*arguments("match", files, "-"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "vacancies.csv: is empty (0 bytes); export it again\n"
    path.write_text("reference,contractor\nV1,A\n", encoding="utf-8")
    assert run(*arguments("match", files, "-")).stderr == (
        "vacancies.csv: header: the header row lacks region, sector, places; row 1 must hold the "
        "names of the columns\n"
    )


def test_a_file_in_which_every_row_is_bad_is_bad_input(run: Run) -> None:
    data = "reference,region\nK1,x\nK2,y\n"
    result = run("assess", "--candidates", "-", "--out", "-", stdin=data)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1] == "standard input: has no row that can be used"


BAD_USAGE = [
    (["--candidates", "{candidates}"], "Missing option '--out'"),
    (["--candidates", "nowhere.csv", "--out", "-"], "nowhere.csv: does not exist; check the path"),
    (["--candidates", "{candidates}", "--out", "x.doc"], "x.doc: has no ending that is known"),
    (
        ["--candidates", "{candidates}", "--out", "nowhere/x.csv"],
        "x.csv: cannot be written: No such file or directory; check the folder",
    ),
    (
        ["--candidates", "{candidates}", "--out", "-", "--on", "31-12-2026"],
        "'31-12-2026' is not a date written as 2027-03-31",
    ),
    (["--candidates", "{candidates}", "--out", "-", "--on", "9999-01-01"], "must lie between"),
    (
        ["--candidates", "{candidates}", "--out", "-", "--rules", "nowhere"],
        "no rule set called nowhere; there are: ",
    ),
    (
        ["--candidates", "{candidates}", "--out", "-", "--places", "nowhere.txt"],
        "nowhere.txt: does not exist; check the path",
    ),
    (
        ["--candidates", "-", "--vacancies", "-", "--out", "-"],
        "-: standard input can be read only once",
    ),
    (["--candidates", "{candidates}", "--out", "-", "--lang", "fr"], "'fr' is not one of"),
]


@pytest.mark.parametrize(
    ("given", "said"), BAD_USAGE, ids=lambda x: x if isinstance(x, str) else ""
)
def test_bad_usage_exits_with_2_and_one_clear_line(
    run: Run, files: dict[str, str], given: list[str], said: str
) -> None:
    result = run("assess", *(text.format(**files) for text in given))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_one_rule_set_can_be_chosen_for_all(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    for slug in ("national", "demo"):
        out = tmp_path / f"{slug}.json"
        run(*arguments("assess", files, out, "--rules", slug))
        assert {row["rules_version"] for row in as_json(out)} == {load_rule_set(slug).version}
    run(*arguments("assess", files, tmp_path / "region.json"))
    assert as_json(tmp_path / "region.json") == as_json(tmp_path / "demo.json")


def test_a_region_without_rules_of_its_own_uses_the_national_ones(run: Run) -> None:
    data = "reference,region\nK1,twente\nK2,demo\n"
    out = run("assess", "--candidates", "-", "--out", "-", "--on", ON, stdin=data).stdout
    versions = [row["rules_version"] for row in csv.DictReader(io.StringIO(out))]
    assert versions == [load_rule_set("national").version, load_rule_set("demo").version]


def test_another_table_of_places_gives_another_travel_time(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    rows = [("3311", "51.8133", "4.6901"), ("3316", "51.7600", "4.6000"), ("3331", "51.81", "4.63")]
    text = "".join(f"NL\t{code}\tx\t\t\t\t\t\t\t{lat}\t{lon}\t\n" for code, lat, lon in rows)
    path = tmp_path / "places.txt"
    path.write_text(text + "XX\t1\n", encoding="utf-8")
    here = run(*arguments("match", files, "-"))
    there = run(*arguments("match", files, "-", "--places", str(path)))
    assert there.exit_code == 0, there.stderr
    assert here.stdout != there.stdout
    assert (
        "warning: places.txt: 1 of 4 rows are left out; "
        "'matcher import places places.txt --dry-run' names them"
    ) in there.stderr.splitlines()


def test_the_day_stands_in_the_result_and_no_timing_does(run: Run, files: dict[str, str]) -> None:
    for name in ("assess", "match", "plan"):
        result = run(*arguments(name, files, "-"))
        assert {row["on"] for row in csv.DictReader(io.StringIO(result.stdout))} == {ON}
        assert re.search(rf"^{name}: 4 candidates in [0-9.]+ s$", result.stderr, re.MULTILINE)
