"""What commands say: problems a line each, counts and timings, all on standard error."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click

from matcher.domain.errors import InvalidInput, MatcherError, Problem

T = TypeVar("T")

PATIENCE_SECONDS = 2.0
"""A command that takes longer shows how far it is, on a terminal."""
_INTERVAL_SECONDS = 0.2


def tell(line: str) -> None:
    """One line on standard error."""
    click.echo(line, err=True)


def tell_problems(
    problems: Iterable[Problem], warnings: Iterable[Problem] = (), source: str | None = None
) -> None:
    """A line for each warning and each problem; `source` names the file where several are read."""
    prefix = "" if source is None else f"{source}: "
    for warning in warnings:
        tell(f"warning: {prefix}{warning}")
    for problem in problems:
        tell(f"{prefix}{problem}")


def complain(error: Exception) -> list[str] | None:
    """The lines for an error that is an answer; None for a fault of the program."""
    if isinstance(error, InvalidInput):
        return [str(problem) for problem in error.problems]
    if isinstance(error, MatcherError):
        return [str(error)]
    # Errors of libraries and of reference data are recognised by name, so that `--help` loads none.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & {"RuleSetError", "CatalogueError", "CodeListError", "PlacesError"}:
        return [str(error)]
    if "LogRefused" in kinds:
        return [f"{error}; run 'matcher audit verify'"]
    if "CommandError" in kinds:
        return [f"the schema cannot be changed: {str(error).splitlines()[0]}"]
    if "OperationalError" in kinds or "ProgrammingError" in kinds:
        return [
            "the database cannot be used: check MATCHER_DATABASE_URL and run 'matcher db upgrade'"
        ]
    if isinstance(error, ModuleNotFoundError) and not (error.name or "matcher").startswith(
        "matcher"
    ):
        return [f"install {error.name} first; for PostgreSQL: pip install 'matcher[postgres]'"]
    if "ArgumentError" in kinds or "NoSuchModuleError" in kinds:
        return ["MATCHER_DATABASE_URL is no database address that is known"]
    return None


class Progress:
    """Shows on a terminal how far a long command is; writes nothing elsewhere."""

    def __init__(self, label: str, total: int | None = None) -> None:
        self.label = label
        self.total = total
        self.started = time.monotonic()
        self.shown_at = self.started + PATIENCE_SECONDS - _INTERVAL_SECONDS
        self.is_shown = False
        self.is_terminal = sys.stderr.isatty()

    def step(self, done: int) -> None:
        """Tells that `done` are done."""
        if not self.is_terminal or time.monotonic() - self.shown_at < _INTERVAL_SECONDS:
            return
        self.shown_at = time.monotonic()
        self.is_shown = True
        of = "" if self.total is None else f" of {self.total}"
        click.echo(f"\r{self.label} {done}{of}", err=True, nl=False)

    def clear(self) -> None:
        """Takes the line away again."""
        if self.is_shown:
            click.echo(f"\r{' ' * (len(self.label) + 30)}\r", err=True, nl=False)
            self.is_shown = False


def each(items: Sequence[T], label: str) -> Iterator[T]:
    """The items one by one, with progress."""
    progress = Progress(label, len(items))
    for done, item in enumerate(items, 1):
        yield item
        progress.step(done)
    progress.clear()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Tells how long the work inside took; never part of a result."""
    started = time.monotonic()
    yield
    tell(f"{what} in {time.monotonic() - started:.1f} s")


@contextmanager
def ticking(what: str) -> Iterator[None]:
    """As `timed`, and on a terminal it shows the seconds while the work inside goes on.

    For work that cannot say how far it is, such as one transaction.
    """
    progress = Progress(f"{what}, second")
    done = threading.Event()

    def tick() -> None:
        while not done.wait(_INTERVAL_SECONDS):
            progress.step(int(time.monotonic() - progress.started))

    clock = threading.Thread(target=tick, daemon=True)
    if progress.is_terminal:
        clock.start()
    try:
        with timed(what):
            yield
            done.set()
            progress.clear()
    finally:
        done.set()
        if clock.is_alive():
            clock.join()
        progress.clear()
