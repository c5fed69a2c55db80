"""Changes of accounts that wait for a second person, and the admins who may decide them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.models import Account, RightsChange
from matcher.models.states import ChangeState
from matcher.repositories.scope import numbered


def find_row(session: Session, change_id: int) -> RightsChange | None:
    """The change of that number, locked until this piece of work ends."""
    # Read anew under the lock: somebody else may have decided it meanwhile.
    statement = (
        select(RightsChange)
        .where(numbered(RightsChange, change_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def open_rows(session: Session, account_id: int | None = None) -> list[RightsChange]:
    """The changes that wait, oldest first; of one account when it is given."""
    statement = select(RightsChange).where(RightsChange.state == ChangeState.ASKED)
    if account_id is not None:
        statement = statement.where(RightsChange.account_id == account_id)
    return list(session.scalars(statement.order_by(RightsChange.id)))


def decided_rows(session: Session, account_id: int) -> list[RightsChange]:
    """The changes of an account that were decided or withdrawn, newest first."""
    statement = (
        select(RightsChange)
        .where(RightsChange.account_id == account_id, RightsChange.state != ChangeState.ASKED)
        .order_by(RightsChange.id.desc())
    )
    return list(session.scalars(statement))


def open_admins(session: Session) -> list[Account]:
    """The accounts that may decide: open, with the right *admin*."""
    statement = select(Account).where(Account.is_active).order_by(Account.id)
    return [row for row in session.scalars(statement) if Right.ADMIN in row.rights]
