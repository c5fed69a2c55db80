"""Which account belongs to somebody whom an identity provider vouches for.

Nobody registers by themselves: an account is tied to a subject the first time by an invitation, or
by a verified e-mail address that an admin put on exactly one account.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.models import Account
from matcher.models.states import LinkKind
from matcher.repositories import accounts as rows
from matcher.repositories import links
from matcher.services.links import hash_of
from matcher.services.transactions import unit_of_work


def account_of_subject(
    session: Session,
    *,
    issuer: str,
    subject: str,
    email: str | None,
    invitation: str | None,
    region: str | None,
    now: datetime,
) -> int | None:
    """The account of `subject` at `issuer`, tied to it now when this is the first time.

    `email` is one that the provider verified, `invitation` the secret of one opened in this
    browser. With `region`, the provider speaks for accounts of that region only. None when no
    account may be opened so.
    """
    known = rows.find_by_subject(session, issuer, subject)
    if known is not None:
        return known.id if _may_enter(known, region) else None
    with unit_of_work(session):
        account = _invited(session, invitation, region, now) or _with_email(session, email, region)
        if account is None:
            return None
        account.issuer, account.subject = issuer, subject
        account.updated_at = now
        return account.id


def _may_enter(account: Account, region: str | None) -> bool:
    return (
        account.is_active
        and Right.CANDIDATE not in account.rights
        and (region is None or account.region == region)
    )


def _invited(
    session: Session, invitation: str | None, region: str | None, now: datetime
) -> Account | None:
    link = links.find_row(session, hash_of(invitation)) if invitation else None
    if link is None or link.kind is not LinkKind.INVITATION:
        return None
    account = rows.find_row(session, link.account_id)
    if account is None or account.subject is not None or not _may_enter(account, region):
        return None
    return account if links.take_once(session, link.id, now=now) else None


def _with_email(session: Session, email: str | None, region: str | None) -> Account | None:
    if email is None:
        return None
    found = [
        account
        for account in links.accounts_with_email(session, email.strip().casefold())
        if account.subject is None and _may_enter(account, region)
    ]
    # Several accounts of a firm may share an address: which one is meant nobody can tell.
    return found[0] if len(found) == 1 else None
