"""The command line of training: what goes in, where it lands, and what is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from matcher.cli.main import Commands
from matcher.cli.output import Progress, tell, timed
from matcher.domain.errors import InvalidInput, Problem
from training.backends import DASK, LOCAL

REFUSED = 2


@click.group(
    "training",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExample:\n  python -m training fit nsw-722 --out runs/nsw\n"
    "  python -m training promote runs/nsw",
)
def main() -> None:
    """Finds out whether a prediction earns its place beside the rules.

    A cohort is a YAML file (training/README.md) or the name of one that ships. Every run is a
    function of configuration, data and seed, and has a folder of its own.
    """


def cohort_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every command that reads a cohort takes."""
    for option in reversed(
        (
            click.argument("cohort", required=False),
            click.option("--cohort", "named", metavar="FILE", help="The same, as an option."),
            click.option(
                "--out",
                metavar="DIR",
                type=click.Path(path_type=Path),
                help="The run folder; default runs/<name of the run>.",
            ),
            click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Instead of its own."),
            click.option("--jobs", type=click.IntRange(1, 256), help="Processes; default two."),
            click.option(
                "--backend",
                type=click.Choice([LOCAL, DASK]),
                default=LOCAL,
                show_default=True,
                help="Where a large search runs; dask needs the extra distributed.",
            ),
            click.option("--scheduler", metavar="ADDRESS", help="Of a running Dask scheduler."),
        )
    ):
        command = option(command)
    return command


@contextmanager
def _work(
    cohort: str | None,
    named: str | None,
    out: Path | None,
    seed: int | None,
    jobs: int | None,
    backend: str,
    scheduler: str | None,
) -> Iterator[Any]:
    from threadpoolctl import threadpool_limits

    from training import backends
    from training.steps import open_work

    chosen = _chosen(cohort, named)
    # A run folder is named by its folder; one of its files is a slip that is easy to make.
    if out is not None and out.suffix == ".json":
        out = out.parent
    shown = _Shown()
    # One thread for linear algebra: the same figures whatever the number of cores.
    with threadpool_limits(limits=1), backends.backend(backend, scheduler) as is_distributed:
        work = open_work(
            chosen, out, seed=seed, jobs=jobs, is_distributed=is_distributed, progress=shown
        )
        for finding in work.findings:
            tell(f"{finding.gravity}: {finding.column} {finding.sentence}")
        for note in work.data.notes:
            tell(f"warning: {note}")
        with timed(work.run.name):
            yield work
        shown.clear()
    tell(f"run folder: {work.run.folder}")


def _chosen(cohort: str | None, named: str | None) -> str:
    chosen = cohort or named
    if chosen is None or (cohort and named):
        raise click.UsageError("name one cohort: a YAML file, or one that ships such as nsw-722")
    return chosen


class _Shown:
    """Progress on a terminal, a line for each kind of work."""

    def __init__(self) -> None:
        self.kept: dict[str, Progress] = {}

    def __call__(self, what: str, done: int, total: int | None) -> None:
        self.kept.setdefault(what, Progress(what, total)).step(done)

    def clear(self) -> None:
        for progress in self.kept.values():
            progress.clear()


@main.command(epilog="\b\nExample:\n  python -m training fit nsw-722 --out runs/nsw")
@cohort_options
@click.option("--learner", type=click.Choice(["logistic", "boosting"]), help="Default the better.")
def fit(learner: str | None, **options: Any) -> None:
    """Evaluate, audit, and write an artefact with its manifest."""
    from training.printing import evaluation_lines
    from training.steps import evaluated, fitted

    with _work(**options) as work:
        path = fitted(work, learner)
        for line in evaluation_lines(evaluated(work)):
            click.echo(line)
        click.echo(f"artefact: {path}")


@main.command(epilog="\b\nExample:\n  python -m training evaluate nsw-445 --out runs/nsw-445")
@cohort_options
def evaluate(**options: Any) -> None:
    """Out-of-fold figures of every learner beside base rate and rule score: evaluation.json."""
    from training.printing import evaluation_lines
    from training.steps import evaluated

    with _work(**options) as work:
        for line in evaluation_lines(evaluated(work)):
            click.echo(line)


@main.command(epilog="\b\nExample:\n  python -m training audit cohort.yaml --out runs/mine")
@cohort_options
@click.option("--learner", type=click.Choice(["logistic", "boosting"]), help="Default the better.")
def audit(learner: str | None, **options: Any) -> None:
    """Who is wrongly flagged, by group, and the price of each way to change it: audit.json."""
    from training.printing import audit_lines
    from training.steps import audited

    with _work(**options) as work:
        if not work.data.cohort.audit_groups:
            raise InvalidInput([Problem("audit_groups", "are required for an audit")])
        for line in audit_lines(audited(work, learner)):
            click.echo(line)


@main.command(epilog="\b\nExample:\n  python -m training effect nsw-cps --out runs/cps")
@cohort_options
def effect(**options: Any) -> None:
    """What the treatment changes, and what simple rules would be worth: effect.json."""
    from training.printing import effect_lines
    from training.steps import effect_of

    with _work(**options) as work:
        for line in effect_lines(effect_of(work)):
            click.echo(line)


def _run_folder(run: str, out: Path | None) -> Path:
    """The folder of a run; a cohort is fitted first."""
    from training.steps import fitted, is_run_folder, open_work

    if is_run_folder(run):
        return Path(run)
    if Path(run).is_file() and is_run_folder(str(Path(run).parent)) and not run.endswith("yaml"):
        return Path(run).parent
    work = open_work(run, out)
    with timed(work.run.name):
        fitted(work)
    return work.run.folder


@main.command(epilog="\b\nExample:\n  python -m training card runs/nsw")
@click.argument("run")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="For a cohort's run.")
def card(run: str, out: Path | None) -> None:
    """Model card and data sheet of RUN (a run folder, or a cohort that is fitted first).

    Markdown and HTML with plots, in Dutch and English.
    """
    from training.card import write_cards

    for path in write_cards(_run_folder(run, out)):
        click.echo(str(path))


@main.command(epilog="\b\nExample:\n  python -m training promote runs/nsw --production")
@click.argument("run")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="For a cohort's run.")
@click.option("--production", is_flag=True, help="Judge for real use: made-up people never pass.")
def promote(run: str, out: Path | None, production: bool) -> None:
    """Say whether RUN (a run folder, or a cohort that is fitted first) has earned its place.

    Ends with 0 when it has and with 2 when it is refused; the reasons are in promotion.json. In the
    service two people promote what passed here.
    """
    from training.steps import promoted

    document = promoted(_run_folder(run, out), in_production=production)
    word = "promoted" if document["promoted"] else "refused"
    click.echo(f"{word}: {document['run']}")
    for gate in document["gates"]:
        click.echo(f"  {'yes' if gate['passed'] else 'no '} {gate['name']}: {gate['sentence']}")
    if not document["promoted"]:
        for why in document["why"]:
            tell(f"refused: {why}")
        raise click.exceptions.Exit(REFUSED)


@main.command(epilog="\b\nExample:\n  python -m training world --people 2000 --out world")
@click.option("--people", type=click.IntRange(100, 1_000_000), default=2000, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True)
@click.option("--leak", is_flag=True, help="Plant a feature that nearly is the outcome.")
@click.option("--handicap", is_flag=True, help="Plant a handicap of one group in the answers.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True)
def world(people: int, seed: int, leak: bool, handicap: bool, out: Path) -> None:
    """Made-up people with a known truth, as a table and a cohort file: for demonstration only."""
    from training.world import write_world

    click.echo(str(write_world(out, people=people, seed=seed, leak=leak, handicap=handicap)))
