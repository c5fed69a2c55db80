"""obligation: the social return account of contracts on files, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from matcher.cli.options import (
    lang_option,
    on_option,
    out_option,
    strict_option,
    table_option,
    today,
)
from matcher.cli.output import tell, tell_problems, timed
from matcher.cli.results import OBLIGATION, write_result
from matcher.cli.tables import read_numbered


@click.command(
    epilog="\b\nExample:\n  matcher obligation --contract contract.csv "
    "--contributions contributions.csv --rules haaglanden --out account.json",
)
@table_option("contract", "The contract, or several", required=True)
@table_option("contributions", "What was done for it", required=True)
@click.option(
    "--rules",
    metavar="FILE_OR_SLUG",
    help="A rule set with money rules: a YAML file or the slug of a region; default the one of "
    "each contract's region.",
)
@out_option
@on_option
@strict_option
@lang_option
def obligation(
    contract: str,
    contributions: str,
    rules: str | None,
    out: str,
    on: date | None,
    strict: bool,
    lang: str,
) -> None:
    """The social return account of a contract, step by step.

    Every step names its rule, its source and its arithmetic; amounts are whole cents. What was
    agreed until a later day counts as agreed; `realised_cents` is what was done by --on.
    """
    from matcher.domain.errors import InvalidInput
    from matcher.files.loading import load_contracts, load_contributions
    from matcher.files.source import format_of
    from matcher.services.obligation import account_row, accounts_of, is_uncounted

    file_format = format_of(out)
    document = chosen_rules(rules)
    region = None if document is None else str(document["slug"])
    names = (contract, contributions)
    asked = read_numbered(
        contract,
        lambda source, options: load_contracts(source, options, also_region=region),
        strict,
        names,
    )
    done = read_numbered(contributions, load_contributions, strict, names, may_be_empty=True)
    with timed(f"obligation: {len(asked)} contracts, {len(done)} contributions"):
        accounts, wrong, bad = accounts_of(asked, done, document, on or today())
        if strict and (wrong or bad):
            raise InvalidInput([*wrong, *bad])
        if wrong and not accounts:
            raise InvalidInput(wrong)
        tell_problems(wrong, source=Path(contract).name)
        tell_problems(bad, source=Path(contributions).name)
        rows = [account_row(account, lang) for account in accounts]
        write_result(OBLIGATION, out, file_format, rows)
    for account in accounts:
        for step in filter(is_uncounted, account.steps):
            tell(f"{step.subject}: counts nothing ({step.reason})")


def chosen_rules(name: str | None) -> Mapping[str, Any] | None:
    """The rule set of --rules; None leaves it to each contract's region."""
    from matcher.reference.money_rules import money_document

    return None if name is None else money_document(name)
