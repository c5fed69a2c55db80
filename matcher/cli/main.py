"""The group of all commands, and the one place where a fault becomes a line and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

import click

from matcher import __version__
from matcher.cli import (
    advise,
    allocate,
    artefacts,
    audit,
    codes,
    database,
    demo_data,
    obligation,
    operate,
    outbox,
    privacy,
    rules,
    simulate,
    users,
    worker,
)
from matcher.cli.output import complain

BAD_INPUT = 2
FAULT = 1


class Commands(click.Group):
    """Turns what can go wrong into lines on standard error: no command shows a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; bad input exits with 2 and one line a problem."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # Whoever read our output has stopped, as `head` does: nothing more to say, also not
            # when Python empties its buffers at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except Exception as error:  # the last line of defence: no traceback reaches a user
            _give_up(ctx, error)


def _give_up(ctx: click.Context, error: Exception) -> NoReturn:
    """One line for each thing wrong, and the exit code that goes with it."""
    lines = complain(error)
    if lines is None:
        if os.environ.get("MATCHER_DEBUG") == "1":
            raise error
        # The text of an unforeseen error may repeat what stood in a file, so only its kind is told.
        click.echo(
            f"an unforeseen fault ({type(error).__name__}); set MATCHER_DEBUG=1 to see where",
            err=True,
        )
        ctx.exit(FAULT)
    for line in lines:
        click.echo(line, err=True)
    ctx.exit(BAD_INPUT)


@click.group(
    "matcher",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExample:\n  matcher demo-data --candidates 200 --vacancies 60 --programmes 20 "
    "--seed 1 --out data\n  matcher assess --candidates data/candidates.csv --out -",
)
@click.version_option(__version__, prog_name="matcher")
def main() -> None:
    """Readiness and placement advice for social return.

    assess, match, plan, allocate, obligation, demo-data and codes work on files and touch no
    database. Results go to the file or standard output, everything else to standard error. A
    command ends with 0 when it did its work and with 2 on bad usage or bad input.
    """


for _command in (
    advise.assess,
    advise.match,
    advise.plan,
    allocate.allocate,
    simulate.simulate,
    obligation.obligation,
    demo_data.demo_data,
    codes.codes,
    database.import_group,
    database.export_group,
    database.db,
    database.backup,
    database.restore,
    artefacts.artefacts,
    audit.audit,
    operate.serve,
    operate.demo,
    outbox.outbox,
    privacy.retention,
    privacy.candidates,
    privacy.pack,
    rules.rules,
    users.users,
    worker.worker,
):
    main.add_command(_command)
