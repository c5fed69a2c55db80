"""audit: whether the log of who did what is whole."""

from __future__ import annotations

import click

from matcher.cli.database import opened_session
from matcher.cli.output import tell, ticking


@click.group(epilog="\b\nExample:\n  matcher audit verify")
def audit() -> None:
    """The log of who did what with whose data."""


@audit.command(
    epilog="\b\nExample:\n  matcher audit verify\n  matcher audit verify --expect 1234:5f0c…"
)
@click.option(
    "--expect",
    metavar="HEAD",
    help="A head that was printed earlier and kept elsewhere; its entry must still stand.",
)
def verify(expect: str | None) -> None:
    """Walk along the whole log; name the first entry that is not as it was written.

    Ends with 2 when the log is broken. Keep the head that is printed outside the database: whoever
    puts the whole database back to an earlier day is found by --expect alone.
    """
    from matcher.domain.errors import Conflict
    from matcher.services.audit import verify as walk

    with opened_session() as session, ticking("audit verify"):
        found = walk(session, expect)
    if found.broken is not None:
        broken = found.broken
        row = "no row" if broken.entry_id is None else f"row {broken.entry_id}"
        when = "" if broken.at is None else f", {broken.at:%Y-%m-%dT%H:%M:%SZ}"
        raise Conflict(
            f"the log is broken at position {broken.position} ({row}{when}): {broken.fault}; "
            f"{found.entries} entries from position {found.first_position} were looked at"
        )
    click.echo(f"{found.entries} entries, unbroken, head {found.head}")
    if found.first_position > 1:
        tell(f"entries before position {found.first_position} are past their term and gone")
