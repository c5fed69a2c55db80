"""Links that let somebody in; not scoped, because whoever opens one has no account yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Update, and_, func, select, update
from sqlalchemy.orm import Session

from matcher.models import Account, CandidateAccount, SignInLink
from matcher.models.states import LinkKind


def find_row(session: Session, secret_hash: str) -> SignInLink | None:
    """The link with that hash, whatever its state."""
    return session.scalar(select(SignInLink).where(SignInLink.secret_hash == secret_hash))


def alive(now: datetime) -> ColumnElement[bool]:
    """The condition that a link can still be opened at `now`."""
    return and_(
        SignInLink.revoked_at.is_(None), SignInLink.used_at.is_(None), SignInLink.expires_at > now
    )


def live_rows(
    session: Session, account_id: int, kind: LinkKind, *, now: datetime
) -> list[SignInLink]:
    """The unused links of an account, newest first."""
    statement = (
        select(SignInLink)
        .where(SignInLink.account_id == account_id, SignInLink.kind == kind, alive(now))
        .order_by(SignInLink.id.desc())
    )
    return list(session.scalars(statement))


def find_candidates_link(session: Session, account_id: int, *, now: datetime) -> SignInLink | None:
    """The newest link of a candidate's account that was not replaced and did not expire."""
    statement = (
        select(SignInLink)
        .where(
            SignInLink.account_id == account_id,
            SignInLink.kind == LinkKind.CANDIDATE,
            SignInLink.revoked_at.is_(None),
            SignInLink.expires_at > now,
        )
        .order_by(SignInLink.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def take_once(session: Session, link_id: int, *, now: datetime) -> bool:
    """Marks a link as used; whether it still could be. Of two at once, one succeeds."""
    statement = update(SignInLink).where(SignInLink.id == link_id, alive(now))
    return _changed(session, statement.values(used_at=now))


def take_attempt(session: Session, link_id: int, attempts: int, *, now: datetime) -> bool:
    """Counts one try of a code as wrong beforehand; whether one was left.

    Many tries at the same moment are so never more than `attempts`.
    """
    statement = update(SignInLink).where(
        SignInLink.id == link_id,
        SignInLink.failed < attempts,
        SignInLink.revoked_at.is_(None),
        SignInLink.expires_at > now,
    )
    return _changed(session, statement.values(failed=SignInLink.failed + 1))


def note_right_code(session: Session, link_id: int, *, now: datetime) -> None:
    """Forgives the wrong codes of a link after a right one."""
    statement = update(SignInLink).where(SignInLink.id == link_id)
    session.execute(statement.values(failed=0, used_at=now))


def revoke_rows(
    session: Session, account_id: int, *kinds: LinkKind, now: datetime, except_: int | None = None
) -> None:
    """Ends the links of these kinds of an account, all but the one numbered `except_`."""
    statement = update(SignInLink).where(
        SignInLink.account_id == account_id,
        SignInLink.kind.in_(kinds),
        SignInLink.revoked_at.is_(None),
    )
    if except_ is not None:
        statement = statement.where(SignInLink.id != except_)
    session.execute(statement.values(revoked_at=now))


def _changed(session: Session, statement: Update) -> bool:
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an update has one
        statement.execution_options(synchronize_session=False)
    )
    return result.rowcount == 1


def account_of_candidate(session: Session, candidate_id: int) -> Account | None:
    """The account by which a candidate opens the own view."""
    statement = (
        select(Account)
        .join(CandidateAccount, CandidateAccount.account_id == Account.id)
        .where(CandidateAccount.candidate_id == candidate_id)
    )
    return session.scalar(statement)


def accounts_called(session: Session, name_or_email: str) -> list[Account]:
    """The open account of that name, else those with that e-mail address; in lower case."""
    named = session.scalar(select(Account).where(Account.name == name_or_email))
    if named is not None:
        return [named] if named.is_active else []
    return accounts_with_email(session, name_or_email)


def accounts_with_email(session: Session, email: str) -> list[Account]:
    """The open accounts with that e-mail address, given in lower case."""
    statement = (
        select(Account)
        .where(func.lower(Account.email) == email, Account.is_active)
        .order_by(Account.id)
    )
    return list(session.scalars(statement))
