"""Shares in the demo region: one that another firm took, and one that the firm is asked to take."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.services.calendar import day_of
from matcher.services.contracts import list_accounts
from matcher.services.shares import answer_share, ask_share

_WEEK = timedelta(weeks=1)
_TAKEN = 2_000
_ASKED = 1_500
"""Parts in hundredths of a percent."""


def add_shares(session: Session, firm: Viewer, officer: Viewer, own: str, *, now: datetime) -> None:
    """Of contract `own` another firm took a part; of its own running one it asks for one."""
    accounts = list_accounts(session, officer, day_of(now))
    mine = next(one.record for one in accounts if one.record.contract.reference == own)
    theirs = next(
        one.record
        for one in accounts
        if one.record.organisation_id != mine.organisation_id
        and one.account is not None
        and one.account.balance_cents > 0
        and one.record.contract.end_on > day_of(now)
    )
    # No account of that firm is in the demo.
    other = Viewer(None, frozenset({Right.CONTRACTOR}), officer.region, theirs.organisation_id)
    then = now - _WEEK
    taken = ask_share(
        session, firm, mine.id, firm=theirs.contract.contractor, part=_TAKEN, on=day_of(then),
        now=then,
    )  # fmt: skip
    answer_share(session, other, taken.id, accepts=True, expected_version=taken.version, now=now)
    ask_share(
        session, other, theirs.id, firm=mine.contract.contractor, part=_ASKED, on=day_of(now),
        now=now,
    )  # fmt: skip
