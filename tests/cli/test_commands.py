"""Every command explains itself; codes and demo-data; real processes without a traceback."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from matcher.cli import main
from matcher.cli.output import Progress, complain, ticking
from matcher.files.loading import load_candidates, load_programmes, load_vacancies
from matcher.files.source import open_source
from matcher.reference.codes import load_codes

Run = Callable[..., Result]


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY = [pytest.param(path, command, id=" ".join(path)) for path, command in commands(main)]


@pytest.mark.parametrize(("path", "command"), EVERY)
def test_every_command_explains_itself_with_an_example_that_exists(
    run: Run, path: tuple[str, ...], command: click.Command
) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert command.help
    assert re.search(rf"Example:\n    matcher {path[0]}", result.stdout)
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name


def test_the_commands_are_those_of_the_contract_and_none_is_a_stub() -> None:
    wanted = {"assess", "match", "plan", "demo-data", "import", "export", "codes", "db", "serve"}
    wanted |= {"users", "backup", "restore", "demo", "allocate", "audit", "outbox"}
    wanted |= {"retention", "candidates", "pack", "worker", "simulate", "obligation", "artefacts"}
    wanted |= {"rules"}
    assert set(main.commands) == wanted
    groups = {name: set(main.commands[name].commands) for name in ("import", "export", "db")}
    assert groups == {
        "import": {
            *("candidates", "vacancies", "programmes", "places", "contracts", "contributions"),
        },
        "export": {"candidates", "vacancies", "outcomes"},
        "db": {"upgrade", "downgrade", "check", "rotate-key"},
    }


def test_codes_lists_every_list_with_both_languages(run: Run) -> None:
    known = load_codes()
    text = run("codes").stdout
    found = json.loads(run("codes", "--json").stdout)["items"]
    assert [item["name"] for item in found] == list(known.names())
    for item in found:
        assert f"{item['name']}: {item['title_nl']} / {item['title_en']}" in text
        for code in item["codes"]:
            assert code["nl"]
            assert code["en"]
    assert "F42\t" in run("codes", "sectors", "regions").stdout
    unknown = run("codes", "colours")
    assert unknown.exit_code == 2
    assert unknown.stderr.startswith("colours: is no code list; there are ")


def demo(run: Run, out: Path, *more: str) -> Result:
    counts = ["--candidates", "120", "--vacancies", "30", "--programmes", "20"]
    return run("demo-data", *counts, "--seed", "4", "--on", "2026-11-23", "--out", out, *more)


def test_demo_data_can_be_read_by_every_command_and_prints_the_feasible_share(
    run: Run, tmp_path: Path
) -> None:
    result = demo(run, tmp_path / "demo")
    assert result.exit_code == 0, result.stderr
    share = re.fullmatch(r"feasible share: ([0-9.]+) %\n", result.stdout)
    assert share is not None
    assert 0 < float(share[1]) < 100
    loaded = [
        load(open_source(tmp_path / "demo" / f"{name}.csv"))
        for name, load in (
            ("candidates", load_candidates),
            ("vacancies", load_vacancies),
            ("programmes", load_programmes),
        )
    ]
    assert [found.problems + found.warnings for found in loaded] == [[], [], []]
    assert len(loaded[0].items) == 120
    assert len(loaded[1].items) == 30
    assert len(loaded[2].items) == 20
    assert any(audit.benefit for _, audit in loaded[0].items)


def test_the_feasible_share_is_the_share_of_pairs_that_match_would_propose(
    run: Run, tmp_path: Path
) -> None:
    share = float(demo(run, tmp_path).stdout.split()[2])
    files = {name: str(tmp_path / f"{name}.csv") for name in ("candidates", "vacancies")}
    text = Path(files["candidates"]).read_text(encoding="utf-8")
    # Someone paused is feasible all the same: the share speaks of the people, not of this week.
    rows = list(csv.reader(text.splitlines()))
    column = rows[0].index("paused_until")
    for row in rows[1:]:
        row[column] = ""
    with Path(files["candidates"]).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    out = tmp_path / "pairs.json"
    result = run(
        "match",
        *("--candidates", files["candidates"], "--vacancies", files["vacancies"]),
        *("--out", out, "--on", "2026-11-23"),
    )
    assert result.exit_code == 0, result.stderr
    pairs = json.loads(out.read_text(encoding="utf-8"))
    feasible = [p for p in pairs if all(gap["code"] != "ask_first" for gap in p["gaps"])]
    assert share == pytest.approx(100 * len(feasible) / (120 * 30), abs=0.006)


def test_demo_data_is_the_same_for_the_same_seed_and_day(run: Run, tmp_path: Path) -> None:
    demo(run, tmp_path / "a")
    demo(run, tmp_path / "b")
    demo(run, tmp_path / "c", "--seed", "5")
    for name in ("candidates.csv", "vacancies.csv", "programmes.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a" / "candidates.csv").read_bytes() != (
        tmp_path / "c" / "candidates.csv"
    ).read_bytes()


def test_demo_data_writes_no_latent_profile_and_no_name(run: Run, tmp_path: Path) -> None:
    demo(run, tmp_path)
    head = (tmp_path / "candidates.csv").read_text(encoding="utf-8").splitlines()[0]
    assert not {"profile", "name", "first_name", "bsn", "gender"} & set(head.split(","))


def matcher(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A real process of the command line."""
    return subprocess.run(  # noqa: S603 - the program under test, with arguments of the tests
        [sys.executable, "-c", "from matcher.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **more},
    )


def test_a_real_process_says_what_is_wrong_without_a_traceback(tmp_path: Path) -> None:
    for arguments in (
        ["assess", "--candidates", str(tmp_path / "x.csv"), "--out", "-"],
        ["import", "candidates", str(tmp_path / "x.csv")],
        ["db", "check"],
        ["serve", "--port", "1"],
        ["nonsense"],
        ["assess", "--top", "3"],
    ):
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        result = matcher(*arguments, MATCHER_DATABASE_URL=url)
        assert result.returncode == 2, arguments
        assert result.stderr.strip()
        assert "Traceback" not in result.stderr
        assert result.stdout == ""


def test_a_real_process_writes_the_same_bytes_whatever_the_order_of_hashes(
    tmp_path: Path,
) -> None:
    out = tmp_path / "data"
    made = matcher(
        *("demo-data", "--candidates", "20", "--vacancies", "20", "--programmes", "20"),
        *("--seed", "2", "--on", "2026-11-23", "--out", str(out)),
        PYTHONHASHSEED="1",
    )
    assert made.returncode == 0, made.stderr
    for name in ("assess", "match", "plan"):
        command = [name, "--candidates", str(out / "candidates.csv"), "--on", "2026-11-23"]
        if name != "assess":
            command += ["--vacancies", str(out / "vacancies.csv")]
        written = []
        for seed in ("1", "2"):
            target = tmp_path / f"{name}-{seed}.json"
            result = matcher(*command, "--out", str(target), PYTHONHASHSEED=seed)
            assert result.returncode == 0, result.stderr
            written.append(target.read_bytes())
        assert written[0] == written[1]


def test_output_that_nobody_reads_to_the_end_is_no_fault() -> None:
    shell = f"{sys.executable} -c 'from matcher.cli import main; main()' codes | head -1"
    result = subprocess.run(shell, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - a pipe is what is tested
    assert "Traceback" not in result.stderr
    assert "fault" not in result.stderr


def test_an_unforeseen_fault_is_one_line_that_repeats_nothing_of_the_input(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("klant 123456782")

    monkeypatch.setattr("matcher.reference.codes.load_codes", broken)
    result = run("codes")
    assert result.exit_code == 1
    assert result.stderr == (
        "an unforeseen fault (RuntimeError); set MATCHER_DEBUG=1 to see where\n"
    )
    monkeypatch.setenv("MATCHER_DEBUG", "1")
    assert isinstance(run("codes").exception, RuntimeError)


def test_progress_shows_on_a_terminal_after_two_seconds_and_never_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moment = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    for terminal in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda answer=terminal: answer)
        progress = Progress("reading, row", 50)
        progress.step(1)
        assert capsys.readouterr().err == ""
        moment[0] += 2.1
        progress.step(20)
        moment[0] += 0.1
        progress.step(21)
        shown = capsys.readouterr().err
        assert shown == ("\rreading, row 20 of 50" if terminal else "")
        progress.clear()
        assert capsys.readouterr().err.strip() == ""


def test_work_that_cannot_say_how_far_it_is_shows_its_seconds_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("matcher.cli.output.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("matcher.cli.output._INTERVAL_SECONDS", 0.001)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    shown = threading.Event()
    with monkeypatch.context() as patched, ticking("import"):
        patched.setattr(Progress, "step", lambda self, done: shown.set())
        assert shown.wait(20)
    assert re.search(r"import in [0-9.]+ s\n$", capsys.readouterr().err)
    before = threading.active_count()
    with pytest.raises(ValueError, match="broken"), ticking("import"):
        raise ValueError("broken")
    assert threading.active_count() == before


def test_a_fault_of_the_program_is_not_mistaken_for_an_answer() -> None:
    assert complain(KeyError("x")) is None
