"""allocate, checked by a reader of its files alone: limits, the optimum, decided pairs, worths."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.cli.allocating import allocate as allocate_files
from tests.cli.allocating import demo_files, rows_of

BUDDY_HOURS = 4
LANES = "ready_now|ready_with_support|pre_placement"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verified")
    return demo_files(folder, candidates=60, vacancies=15, seed=4)


def allocate(folder: Path, out: Path, *more: str, code: int = 0, **tables: Path) -> str:
    return allocate_files(
        folder, out, *more, code=code, **{"programmes": folder / "programmes.csv", **tables}
    )


def told(out: Path, what: str) -> Any:
    return json.loads(Path(f"{out}.{what}.json").read_text(encoding="utf-8"))


def site_hours(row: dict[str, str]) -> float:
    if row["guidance_hours"]:
        return float(row["guidance_hours"])
    return float(row["buddies"] or 0) * BUDDY_HOURS


def broken_limits(folder: Path, out: Path, edges: Path) -> list[str]:
    """What is wrong with a result, from the files alone."""
    possible = {
        (e["candidate"], e["vacancy"], e["programme"]): (
            int(e["value"]),
            float(e["guidance_hours"]),
        )
        for e in rows_of(edges)
    }
    vacancies = {v["reference"]: v for v in rows_of(folder / "vacancies.csv")}
    seats = {p["reference"]: p["seats"] for p in rows_of(folder / "programmes.csv")}
    wrong, hours = [], defaultdict(float)
    places: Counter[str] = Counter()
    booked: Counter[str] = Counter()
    proposals = rows_of(out)
    people = Counter(p["candidate"] for p in proposals)
    wrong += [f"{name} has two places" for name, count in people.items() if count > 1]
    for proposal in proposals:
        booked[proposal["programme"]] += 1
        if not proposal["vacancy"]:
            continue
        key = (proposal["candidate"], proposal["vacancy"], proposal["programme"])
        if key not in possible or possible[key][0] != int(proposal["value"]):
            wrong.append(f"{key} is not an edge of that value")
            continue
        places[proposal["vacancy"]] += 1
        hours[proposal["vacancy"]] += possible[key][1]
    for reference, vacancy in vacancies.items():
        if places[reference] > int(vacancy["places"]):
            wrong.append(f"{reference} has more people than places")
        if hours[reference] > site_hours(vacancy) + 1e-9:
            wrong.append(f"{reference} gives more guidance than it offers")
    for reference, room in seats.items():
        if room and booked[reference] > int(room):
            wrong.append(f"{reference} has more people than seats")
    return wrong


def best_of_edges(folder: Path, edges: Path, extra: str | None = None) -> int:
    """The optimum of an edges file, with one more place at `extra`."""
    rows = rows_of(edges)
    value = np.array([int(row["value"]) for row in rows], float)
    hours = np.array([float(row["guidance_hours"]) for row in rows])
    limits: list[tuple[Any, float]] = []
    for name in {row["candidate"] for row in rows}:
        limits.append(([row["candidate"] == name for row in rows], 1))
    for vacancy in rows_of(folder / "vacancies.csv"):
        here = np.array([row["vacancy"] == vacancy["reference"] for row in rows])
        more = vacancy["reference"] == extra
        limits.append((here, int(vacancy["places"]) + more))
        limits.append((here * hours, site_hours(vacancy)))
    for programme in rows_of(folder / "programmes.csv"):
        if programme["seats"]:
            through = [row["programme"] == programme["reference"] for row in rows]
            limits.append((through, int(programme["seats"])))
    found = milp(
        -value,
        constraints=LinearConstraint(
            np.array([row for row, _ in limits], float), ub=[limit for _, limit in limits]
        ),
        integrality=np.ones(len(rows)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return round(-found.fun)


@pytest.mark.parametrize("method", ["optimal", "greedy", "first-come"])
def test_the_files_alone_show_that_every_limit_is_kept(
    files: Path, tmp_path: Path, method: str
) -> None:
    out, edges = tmp_path / "out.csv", tmp_path / "edges.csv"

    allocate(files, out, "--edges", str(edges), "--lanes", LANES, "--method", method)

    assert rows_of(out)
    assert broken_limits(files, out, edges) == []


def test_the_files_alone_show_that_it_is_the_optimum_and_what_one_more_place_adds(
    files: Path, tmp_path: Path
) -> None:
    out, edges = tmp_path / "out.csv", tmp_path / "edges.csv"

    allocate(files, out, "--edges", str(edges), "--lanes", LANES)

    summary = told(out, "summary")
    best = best_of_edges(files, edges)
    assert summary["gap"] == 0
    assert summary["objective"] == sum(int(row["value"]) for row in rows_of(out)) == best
    worths = summary["one_more_place"]
    assert None not in worths.values()
    assert None not in summary["one_more_seat"].values()
    for reference, worth in worths.items():
        assert best_of_edges(files, edges, extra=reference) - best == worth


def test_decided_pairs_are_kept_and_named_when_they_cannot_be(files: Path, tmp_path: Path) -> None:
    free, edges = tmp_path / "free.csv", tmp_path / "edges.csv"
    allocate(files, free, "--edges", str(edges))
    first = rows_of(free)[0]
    others = [row for row in rows_of(edges) if row["candidate"] != first["candidate"]]
    decided = tmp_path / "pairs.csv"
    decided.write_text(
        "candidate,vacancy,decision\n"
        f"{first['candidate']},{first['vacancy']},refused\n"
        f"{others[-1]['candidate']},{others[-1]['vacancy']},locked\n",
        encoding="utf-8",
    )
    out = tmp_path / "out.csv"

    allocate(files, out, pairs=decided)

    proposed = {(row["candidate"], row["vacancy"]): row for row in rows_of(out)}
    assert (first["candidate"], first["vacancy"]) not in proposed
    assert proposed[others[-1]["candidate"], others[-1]["vacancy"]]["locked"] == "yes"
    decided.write_text(
        f"candidate,vacancy,decision\nnobody,{first['vacancy']},locked\n", encoding="utf-8"
    )
    refused = allocate(files, tmp_path / "no.csv", pairs=decided, code=2)
    assert "nobody" in refused
    assert "no such candidate" in refused
    assert not (tmp_path / "no.csv").exists()


def test_shuffled_input_gives_the_same_bytes_in_every_file(files: Path, tmp_path: Path) -> None:
    mixed = {}
    for name in ("candidates", "vacancies", "programmes"):
        header, *lines = (files / f"{name}.csv").read_text(encoding="utf-8").splitlines(True)
        mixed[name] = tmp_path / f"{name}.csv"
        mixed[name].write_text(header + "".join(reversed(lines)), encoding="utf-8")
    runs = []
    for number, tables in enumerate(({}, mixed)):
        out, edges = tmp_path / f"{number}.csv", tmp_path / f"{number}.edges.csv"
        allocate(files, out, "--edges", str(edges), "--floor", "0.2", "--seed", "7", **tables)
        extra = [Path(f"{out}.{what}.json") for what in ("summary", "explained")]
        runs.append([path.read_bytes() for path in (out, edges, *extra)])

    assert runs[0] == runs[1]


def test_the_explanation_covers_everybody_and_every_empty_vacancy(
    files: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"

    allocate(files, out)

    explained, summary = told(out, "explained"), told(out, "summary")
    placed = [row for row in rows_of(out) if row["vacancy"]]
    assert [row["candidate"] for row in explained["proposals"]] == [r["candidate"] for r in placed]
    assert {row["candidate"]: row["reason"] for row in explained["left_out"]} == summary["unplaced"]
    filled = {row["vacancy"] for row in placed}
    every = {row["reference"] for row in rows_of(files / "vacancies.csv")}
    assert {row["vacancy"] for row in explained["empty_vacancies"]} == every - filled
