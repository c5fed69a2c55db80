"""Options that commands share, and what they are read into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from matcher.domain.places import Places
    from matcher.domain.rules import RuleSet

F = TypeVar("F", bound=Callable[..., Any])

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class IsoDate(click.ParamType[date]):
    """A date as 2027-03-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; the message names the range that can be used."""
        from matcher.files.cells import FIRST_DATE, LAST_DATE

        if isinstance(value, date):
            return value
        try:
            found = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date written as 2027-03-31", param, ctx)
        if not FIRST_DATE <= found <= LAST_DATE:
            self.fail(f"must lie between {FIRST_DATE} and {LAST_DATE}", param, ctx)
        return found


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Amsterdam."""
    return now().astimezone(AMSTERDAM).date()


def _option(*names: str, **settings: Any) -> Callable[[F], F]:
    return click.option(*names, **settings)


def table_option(name: str, what: str, *, required: bool) -> Callable[[F], F]:
    """An input table."""
    return _option(
        f"--{name}",
        name,
        metavar="F",
        required=required,
        help=f"{what}: .csv, .xlsx, .json or .parquet; - is standard input (CSV).",
    )


out_option = _option(
    "--out",
    metavar="F",
    required=True,
    help="The result: .csv, .xlsx, .json or .parquet by its ending; - is standard output (CSV).",
)
on_option = _option(
    "--on",
    type=IsoDate(),
    default=None,
    help="The day it is computed for; default today in Amsterdam.",
)
strict_option = _option(
    "--strict", is_flag=True, help="Stop when any row is bad, instead of leaving it out."
)
lang_option = _option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default="nl",
    show_default=True,
    help="Language of the sentences in the result.",
)
rules_option = _option(
    "--rules",
    metavar="SLUG",
    help="One rule set for all; default the one of each candidate's region, else national.",
)
places_option = _option(
    "--places",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A GeoNames postal-code file with centroids; default the table that is shipped.",
)
region_option = _option(
    "--region", metavar="SLUG", help="The labour-market region ('matcher codes regions')."
)


def rule_set(slug: str | None) -> RuleSet | None:
    """The rule set called `slug`; None leaves the choice to each candidate's region."""
    from matcher.reference.rules import load_rule_set

    return None if slug is None else load_rule_set(slug)


def places_of(path: Path | None) -> Places | None:
    """The centroids in a GeoNames file; None is the shipped table. Refused rows are counted."""
    from matcher.cli.output import tell
    from matcher.domain.errors import InvalidInput, Problem
    from matcher.domain.places import Places
    from matcher.reference.places_import import read_places

    if path is None:
        return None
    if not path.is_file():
        raise InvalidInput([Problem(path.name, "does not exist; check the path")])
    found = read_places(path)
    if found.problems:
        tell(
            f"warning: {path.name}: {len(found.problems)} of {found.rows_read} rows are left out; "
            f"'matcher import places {path.name} --dry-run' names them"
        )
    return Places({row.pc4: (row.latitude, row.longitude) for row in found.rows})
