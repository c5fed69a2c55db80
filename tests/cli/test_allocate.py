"""allocate on files: proposals, the pairs behind them, the summary, and clear refusals."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.allocating import DAY, allocate, demo_files, rows_of


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("allocate")
    return demo_files(folder, candidates=60, vacancies=20, seed=2)


def test_proposals_stand_in_the_edges_and_within_the_places(files: Path, tmp_path: Path) -> None:
    out, edges = tmp_path / "out.csv", tmp_path / "edges.csv"

    allocate(
        files, out, "--edges", str(edges), "--lanes", "ready_now|ready_with_support|pre_placement"
    )

    possible = {(r["candidate"], r["vacancy"]): int(r["value"]) for r in rows_of(edges)}
    places = {r["reference"]: int(r["places"]) for r in rows_of(files / "vacancies.csv")}
    proposals = rows_of(out)
    assert proposals
    assert all(possible[(r["candidate"], r["vacancy"])] == int(r["value"]) for r in proposals)
    assert {r["on"] for r in proposals} == {DAY}
    taken = Counter(r["vacancy"] for r in proposals)
    assert all(count <= places[vacancy] for vacancy, count in taken.items())
    summary = json.loads((tmp_path / "out.csv.summary.json").read_text(encoding="utf-8"))
    assert summary["objective"] == sum(int(r["value"]) for r in proposals)
    assert summary["gap"] <= 0.005
    assert summary["proposed"] == len(proposals)
    assert set(summary["one_more_place"]) == set(places)
    assert summary["pruned"] is False


def test_seats_are_given_out_only_with_a_file_of_programmes(files: Path, tmp_path: Path) -> None:
    without, with_seats = tmp_path / "without.csv", tmp_path / "with.csv"

    allocate(files, without)
    allocate(files, with_seats, programmes=files / "programmes.csv")

    assert {row["programme"] for row in rows_of(without)} == {""}
    alone = [row for row in rows_of(with_seats) if not row["vacancy"]]
    assert alone
    assert {row["value"] for row in alone} == {"0"}


@pytest.mark.parametrize("method", ["optimal", "greedy", "first-come"])
def test_the_order_of_the_rows_does_not_matter(files: Path, tmp_path: Path, method: str) -> None:
    header, *lines = (files / "candidates.csv").read_text(encoding="utf-8").splitlines(True)
    mixed = tmp_path / "mixed.csv"
    mixed.write_text(header + "".join(reversed(lines)), encoding="utf-8")
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"

    for out, people in ((first, files / "candidates.csv"), (second, mixed)):
        allocate(
            files, out, "--method", method, candidates=people, programmes=files / "programmes.csv"
        )

    assert first.read_bytes() == second.read_bytes()
    summaries = [Path(f"{out}.summary.json").read_bytes() for out in (first, second)]
    assert summaries[0] == summaries[1]


def test_the_optimum_is_worth_at_least_what_people_do_by_hand(files: Path, tmp_path: Path) -> None:
    values = {}
    for method in ("optimal", "greedy", "first-come"):
        allocate(files, tmp_path / f"{method}.csv", "--method", method)
        values[method] = sum(int(r["value"]) for r in rows_of(tmp_path / f"{method}.csv"))

    assert values["optimal"] >= max(values["greedy"], values["first-come"])


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--lanes", "ready", "there are: ready_now"),
        ("--floor", "2", "--floor"),
        ("--method", "best", "optimal"),
        ("--floor", "1", "lower the floor"),
        ("--seats", "luck", "waiting"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    files: Path, tmp_path: Path, option: str, value: str, told: str
) -> None:
    lanes = "ready_now|ready_with_support|pre_placement|not_enough_known"
    more = () if option == "--lanes" else ("--lanes", lanes)
    out = tmp_path / "out.csv"

    output = allocate(files, out, option, value, *more, code=2)

    assert told in output
    assert not out.exists()
