"""An account as each viewer may see it: whole for who rules on it, merged for its contractor."""

from __future__ import annotations

from typing import Any

from matcher.domain.access import Right, Viewer
from matcher.domain.disclosure import Disclosed
from matcher.services.contracts import AccountView
from matcher.services.obligation import account_row, combination_row
from matcher.services.visibility import Kind, Stage, show

WHOLE = (Right.OFFICER, Right.ANALYST)


def account_shown(view: AccountView, viewer: Viewer) -> dict[str, Any]:
    """The account of `view` with the fields, and the totals, that `viewer` may see."""
    if view.account is None or view.shown is None:
        return {}
    row = account_row(view.account, "en")
    row["lines"] = lines_of(view.shown)
    if not viewer.has(*WHOLE):
        row |= _merged(view, view.shown, row["settlement"])
    return show(Kind.SOCIAL_RETURN_ACCOUNT, row, viewer.rights, Stage.OWN)


def _merged(view: AccountView, shown: Disclosed, settlement: dict[str, Any]) -> dict[str, Any]:
    """What a contractor sees instead: nothing from which a held-back amount could be told."""
    found: dict[str, Any] = {
        "credited_cents": shown.credited_cents,
        "balance_cents": view.shown_balance_cents,
        "fills": [combination_row(one) for one in view.shown_fills],
    }
    if not shown.is_whole:
        hidden = dict.fromkeys(("shortfall_cents", "cents", "arithmetic"))
        state = "running" if settlement["state"] == "met" else settlement["state"]
        found["settlement"] = {**settlement, **hidden, "state": state}
        found["forecast"] = {"percent": None, "full_on": None}
    return found


def lines_of(shown: Disclosed) -> list[dict[str, Any]]:
    """What counts by kind."""
    return [
        {"kind": line.kind, "count": line.count, "cents": line.cents, "until": line.until}
        for line in shown.lines
    ]
