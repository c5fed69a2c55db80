"""retention and candidates: ending what was kept long enough, and erasing somebody."""

from __future__ import annotations

from datetime import date

import click

from matcher.cli.database import opened_session, operator_of
from matcher.cli.options import IsoDate, now, region_option, today
from matcher.cli.output import tell, ticking


@click.group(epilog="\b\nExample:\n  matcher retention run --dry-run")
def retention() -> None:
    """How long data are kept."""


@retention.command(
    epilog="\b\nExample:\n  matcher retention run --dry-run\n  matcher retention run --region demo"
)
@click.option("--on", type=IsoDate(), default=None, help="The day it counts for; default today.")
@click.option("--dry-run", is_flag=True, help="Say what would end, and change nothing.")
@region_option
def run(on: date | None, dry_run: bool, region: str | None) -> None:
    """End what was kept long enough, a line a rule; run it every night.

    The rules stand in data/accountability/retention.yaml. A run that is stopped goes on where it
    was; running twice does nothing twice.
    """
    from matcher.models.database import let_go
    from matcher.services.retention import run_retention

    known = operator_of(region).region
    with opened_session() as session, ticking("retention run"):
        lines = run_retention(session, on=on or today(), now=now(), dry_run=dry_run, region=known)
        let_go(session.get_bind().engine)
    for line in lines:
        term = "kept" if line.before is None else f"until {line.before}"
        click.echo(f"{line.rule.kind}\t{line.rule.name}\t{term}\t{line.rule.ending}\t{line.rows}")
    tell(f"{sum(line.rows for line in lines)} rows {'would end' if dry_run else 'ended'}")


@click.group(epilog="\b\nExample:\n  matcher candidates erase K-7FQ2M9XA --region demo")
def candidates() -> None:
    """What only whoever runs the service does with a file."""


@candidates.command(epilog="\b\nExample:\n  matcher candidates erase K-7FQ2M9XA --region demo")
@click.argument("reference")
@click.option("--region", metavar="SLUG", required=True, help="The region of the candidate.")
@click.confirmation_option("--yes", prompt="This cannot be undone. Erase?", help="Do not ask.")
def erase(reference: str, region: str) -> None:
    """Erase the candidate REFERENCE with everything about or derived from the person.

    Neither a file nor an older backup brings somebody back who was erased.
    """
    from matcher.models.database import let_go
    from matcher.services.erasure import erase_by_reference

    viewer = operator_of(region)
    with opened_session() as session:
        erase_by_reference(session, viewer, reference, now=now())
        let_go(session.get_bind().engine)
    tell("erased; a tombstone keeps files and backups from bringing the person back")
