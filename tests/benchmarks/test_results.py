"""What a run of the benchmarks keeps, and how it writes it down."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from benchmarks.__main__ import SUBJECTS, main
from benchmarks.results import keep, machine
from benchmarks.tables import Measured, table

ORDER = ["First", "Second"]


def test_a_run_of_one_subject_leaves_the_section_of_another_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    keep("Second", "measured before", ORDER, path)
    keep("First", "a table\n\nwith a note", ORDER, path)

    keep("First", "measured again", ORDER, path)

    text = path.read_text(encoding="utf-8")
    assert text.index("## First\n\nmeasured again\n") < text.index("## Second\n\nmeasured before\n")
    assert "a table" not in text


def test_a_subject_that_is_no_more_falls_out_of_the_results(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    keep("Old", "measured long ago", ["Old"], path)

    keep("First", "measured", ORDER, path)

    assert "Old" not in path.read_text(encoding="utf-8")


def test_a_table_has_numbers_to_the_right_and_ratios_beside_what_they_are_against() -> None:
    written = table([Measured("slow", 20, 30), Measured("fast", 2, 3, "slow", 10)])

    assert written.splitlines() == [
        "| what | median ms | worst ms | against | ratio |",
        "| --- | ---: | ---: | --- | ---: |",
        "| slow | 20.0 | 30.0 |  |  |",
        "| fast | 2.0 | 3.0 | slow | 10.0 x |",
    ]


def test_the_machine_is_named_with_its_cores_and_versions() -> None:
    assert "cores" in machine()
    assert "numpy 2" in machine()


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_subject_has_a_title_of_its_own_and_rows(name: str) -> None:
    subject = importlib.import_module(f"benchmarks.{name}")
    titles = [importlib.import_module(f"benchmarks.{other}").TITLE for other in SUBJECTS]

    assert callable(subject.rows)
    assert titles.count(subject.TITLE) == 1


def test_a_subject_that_does_not_exist_is_refused_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["kernels"]) == 2
    assert "no subject kernels; there are one_candidate" in capsys.readouterr().err
