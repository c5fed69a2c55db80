"""rules: what other rules would make of the accounts of a region, before anybody approves them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from matcher.cli.database import opened_session
from matcher.cli.options import lang_option, on_option, today
from matcher.cli.output import tell, timed


@click.group(epilog="\b\nExample:\n  matcher rules simulate --region demo --draft demo-2027.yaml")
def rules() -> None:
    """The rules of a region."""


@rules.command(
    epilog="\b\nExample:\n  matcher rules simulate --region demo --draft demo-2027.yaml "
    "--on 2027-03-01"
)
@click.option("--region", required=True, metavar="SLUG", help="Whose accounts.")
@click.option(
    "--draft",
    required=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The whole rule set of the region as YAML; nothing of it is kept.",
)
@on_option
@lang_option
def simulate(region: str, draft: Path, on: date | None, lang: str) -> None:
    """What a draft changes in the accounts of the past twelve months; writes nothing.

    Three numbers (accounts that change, the largest change, the total, in cents), then one line a
    contract: reference, still to do as it stands, still to do by the draft, the change. Ends with
    2 and every problem when the draft is not good.
    """
    from dataclasses import replace

    from matcher.domain.access import operator
    from matcher.domain.errors import InvalidInput, Problem
    from matcher.reference.rule_texts import document_of, problems_of
    from matcher.services.rule_numbers import numbers_of

    text = draft.read_text(encoding="utf-8")
    wrong = problems_of(text, region)
    if wrong:
        raise InvalidInput([Problem(one.path, str(one).partition(": ")[2]) for one in wrong])
    viewer = replace(operator(region), language=lang)
    with opened_session() as session, timed("rules simulate"):
        found = numbers_of(session, viewer, document_of(text, region), on or today())
    tell(f"{len(found.accounts)} accounts from {found.since} to {found.until}")
    for record, why in found.not_judged:
        tell(f"{record.contract.reference}: not judged ({why})")
    click.echo(f"accounts_changed;{len(found.changed)}")
    click.echo(f"largest_change_cents;{found.largest_cents}")
    click.echo(f"total_change_cents;{found.total_cents}")
    for one in found.changed:
        sums = f"{one.old.balance_cents};{one.new.balance_cents};{one.cents}"
        click.echo(f"{one.record.contract.reference};{sums}")
