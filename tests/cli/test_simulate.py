"""simulate: a table, a file in each format, pictures, the same bytes each time, clear refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet
import pytest
import yaml
from click.testing import CliRunner
from openpyxl import load_workbook

from matcher.cli import main
from matcher.reference.paths import data_dir

SMALL = "--region demo --weeks 6 --arrivals 5 --places 3 --seeds 2 --on 2026-11-24"


@pytest.fixture(scope="module")
def assumptions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped ones, with few futures."""
    shipped = data_dir() / "parameters" / "simulation.yaml"
    document = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    for name, value in (("past_weeks", 8), ("futures", 3), ("weeks_ahead", 4)):
        document["assumptions"][name]["value"] = value
    path = tmp_path_factory.mktemp("assumptions") / "few.yaml"
    path.write_text(yaml.safe_dump(document, default_flow_style=False), encoding="utf-8")
    return path


def simulate(out: Path | str, assumptions: Path, *more: str, code: int = 0) -> str:
    arguments = [*SMALL.split(), "--assumptions", str(assumptions), "--out", str(out), *more]
    answer = CliRunner().invoke(main, ["simulate", *arguments])
    assert answer.exit_code == code, answer.output
    return answer.stdout if code == 0 else answer.stderr


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_policy_stands_in_the_table_with_intervals(tmp_path: Path, assumptions: Path) -> None:
    shown = simulate(tmp_path / "out.csv", assumptions)

    lines = shown.splitlines()
    names = ["first-come", "greedy", "weekly-optimum", "look-ahead", "known-afterwards"]
    assert [line.split()[0] for line in lines[1:6]] == names
    assert "95 % intervals" in shown
    assert "data/parameters/simulation.yaml" in shown
    rows = rows_of(tmp_path / "out.csv")
    assert [*dict.fromkeys(row["policy"] for row in rows)] == names
    assert {(row["seeds"], row["on"]) for row in rows} == {("2", "2026-11-24")}
    assert all(float(r["low"]) <= float(r["mean"]) <= float(r["high"]) for r in rows)


def test_policies_may_follow_one_option_or_stand_apart(tmp_path: Path, assumptions: Path) -> None:
    ways = [
        ("--policy", "greedy", "look-ahead"),
        ("--policy", "look-ahead", "--policy", "greedy"),
        ("--policy", "greedy|look-ahead"),
    ]
    files = []
    for number, way in enumerate(ways):
        path = tmp_path / f"{number}.csv"
        simulate(path, assumptions, *way)
        files.append(path.read_bytes())

    assert len(set(files)) == 1
    assert {row["policy"] for row in rows_of(tmp_path / "0.csv")} == {
        "greedy",
        "look-ahead",
        "known-afterwards",
    }


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "parquet"])
def test_the_same_arguments_give_the_same_bytes_in_each_format(
    tmp_path: Path, assumptions: Path, ending: str
) -> None:
    one, other = tmp_path / f"one.{ending}", tmp_path / f"other.{ending}"
    for path in (one, other):
        simulate(path, assumptions, "--policy", "weekly-optimum", "look-ahead")

    assert one.read_bytes() == other.read_bytes()


def test_each_format_holds_the_same_figures(tmp_path: Path, assumptions: Path) -> None:
    for ending in ("csv", "json", "xlsx", "parquet"):
        simulate(tmp_path / f"out.{ending}", assumptions, "--policy", "greedy")
    flat = [(r["policy"], r["outcome"], float(r["mean"])) for r in rows_of(tmp_path / "out.csv")]
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    sheet = load_workbook(tmp_path / "out.xlsx").active
    table = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()

    assert sheet is not None
    assert flat == [(r["policy"], r["outcome"], r["mean"]) for r in told]
    assert flat == [(row[0], row[1], row[3]) for row in list(sheet.values)[1:]]
    assert flat == [(r["policy"], r["outcome"], float(r["mean"])) for r in table]
    assert all(len(r["by_seed"]) == 2 for r in told if r["outcome"] != "distance_closed")


def test_a_stream_to_standard_output_holds_the_file_only(assumptions: Path) -> None:
    shown = simulate("-", assumptions, "--policy", "greedy")

    assert {len(row) for row in csv.reader(io.StringIO(shown))} == {13}


def test_pictures_are_drawn_with_their_labels_and_the_same_each_time(
    tmp_path: Path, assumptions: Path
) -> None:
    for folder in ("one", "other"):
        simulate(tmp_path / "out.csv", assumptions, "--plots", str(tmp_path / folder / "plots"))

    names = sorted(path.name for path in (tmp_path / "one" / "plots").iterdir())
    assert names == ["distance.svg", "outcomes.svg", "start-levels.svg"]
    for name in names:
        one, other = (tmp_path / folder / "plots" / name for folder in ("one", "other"))
        assert one.read_bytes() == other.read_bytes()
        assert ElementTree.parse(one).getroot().tag.endswith("svg")  # noqa: S314 - written here
        assert b"#0b5a53" in one.read_bytes()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--policy", "best"), "there is no policy 'best'; there are: first-come, greedy"),
        (("--region", "dordrect"), "dordrect"),
        (("--weeks", "0"), "--weeks"),
        (("--seeds", "0"), "--seeds"),
        (("--arrivals", "-1"), "--arrivals"),
        (("--arrivals", "nan"), "--arrivals"),
        (("--places", "many"), "--places"),
        (("--out", "result.doc"), ".csv"),
        (("--assumptions", "none.yaml"), "none.yaml: does not exist"),
    ],
)
def test_what_cannot_be_is_refused_with_a_line_that_names_it(
    tmp_path: Path, assumptions: Path, more: tuple[str, ...], why: str
) -> None:
    told = simulate(tmp_path / "out.csv", assumptions, *more, code=2)

    assert why in told
    assert "Traceback" not in told
    assert not (tmp_path / "out.csv").exists()
