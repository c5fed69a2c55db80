"""Links by e-mail: to sign in without a password, and to take up an invitation.

Opening such a link uses nothing up, for mail scanners open links too; pressing the button on its
page does, once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, NotFound
from matcher.models import Account, SignInLink
from matcher.models.states import LinkKind
from matcher.reference.sign_in_terms import load_sign_in_terms
from matcher.repositories import accounts
from matcher.repositories import links as rows
from matcher.repositories import sessions as session_rows
from matcher.services.accounts import password_problems
from matcher.services.calendar import day_of
from matcher.services.checks import refuse
from matcher.services.links import hash_of
from matcher.services.outbox import is_mail_address, receiver_of_account, send
from matcher.services.passwords import hash_text
from matcher.services.transactions import unit_of_work

SIGN_IN_PATH = "/aanmelden/link"
INVITATION_PATH = "/uitnodiging"
LIVE_LINKS_MAXIMUM = 3
"""More at a time are not sent: nobody's mailbox can be filled by strangers."""
_ACCOUNTS_MAXIMUM = 5

_PATHS = {LinkKind.SIGN_IN: SIGN_IN_PATH, LinkKind.INVITATION: INVITATION_PATH}
_TEMPLATES = {LinkKind.SIGN_IN: "sign_in_link", LinkKind.INVITATION: "account_invitation"}


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Whose link it is, for the page that asks to press the button."""

    account_id: int
    account_name: str
    needs_password: bool
    """Whether somebody without a password could not come back: all but contractors with mail."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation; `address_path` is readable only now, and `is_mailed` says if it was sent."""

    address_path: str
    expires_at: datetime
    is_mailed: bool


def ask_mail_link(session: Session, name_or_email: str, *, now: datetime) -> None:
    """Queues a link for the account of that name, or for each with that e-mail address.

    Nothing tells the asker whether there is one.
    """
    key = name_or_email.strip().casefold()[:254]
    terms = load_sign_in_terms(day_of(now))
    with unit_of_work(session):
        for account in rows.accounts_called(session, key)[:_ACCOUNTS_MAXIMUM]:
            if Right.CANDIDATE in account.rights or not is_mail_address(account.email):
                continue
            live = rows.live_rows(session, account.id, LinkKind.SIGN_IN, now=now)
            if len(live) < LIVE_LINKS_MAXIMUM:
                _make(session, account, LinkKind.SIGN_IN, terms.mail_link, None, now)


def invite(
    session: Session, account_id: int, *, created_by: int | None, now: datetime
) -> Invitation:
    """A new invitation for an account, instead of those before; sent when it has an e-mail address.

    Conflict for a closed account.
    """
    with unit_of_work(session):
        account = accounts.find_row(session, account_id)
        if account is None:
            raise NotFound("account")
        if not account.is_active:
            raise Conflict("this account is closed; open it first")
        rows.revoke_rows(session, account.id, LinkKind.INVITATION, now=now)
        lifetime = load_sign_in_terms(day_of(now)).invitation
        path = _make(session, account, LinkKind.INVITATION, lifetime, created_by, now)
        return Invitation(path, now + lifetime, is_mail_address(account.email))


def _make(
    session: Session,
    account: Account,
    kind: LinkKind,
    lifetime: timedelta,
    created_by: int | None,
    now: datetime,
) -> str:
    secret = secrets.token_urlsafe(32)
    row = SignInLink(
        account_id=account.id,
        kind=kind,
        secret_hash=hash_of(secret),
        failed=0,
        created_by=created_by,
        created_at=now,
        expires_at=now + lifetime,
    )
    session.add(row)
    session.flush()
    path = f"{_PATHS[kind]}/{secret}"
    if is_mail_address(account.email):
        params = {"link": path}
        if kind is LinkKind.INVITATION:
            params["until"] = day_of(row.expires_at).isoformat()
        send(
            session,
            template=_TEMPLATES[kind],
            to=receiver_of_account(account),
            dedupe_key=f"{kind.value}-link:{row.id}",
            params=params,
            now=now,
        )
    return path


def find_link(session: Session, secret: str, kind: LinkKind, *, now: datetime) -> OpenedLink | None:
    """Whose link it is while it can be used; None for one that is used, expired or made up."""
    found = _find(session, secret, kind, now)
    if found is None:
        return None
    _link, account = found
    return OpenedLink(account.id, account.name, _needs_password(account))


def _needs_password(account: Account) -> bool:
    return Right.CONTRACTOR not in account.rights or not is_mail_address(account.email)


def _find(
    session: Session, secret: str, kind: LinkKind, now: datetime
) -> tuple[SignInLink, Account] | None:
    row = rows.find_row(session, hash_of(secret))
    if (
        row is None
        or row.kind is not kind
        or row.used_at is not None
        or row.revoked_at is not None
        or row.expires_at <= now
    ):
        return None
    account = accounts.find_row(session, row.account_id)
    return None if account is None or not account.is_active else (row, account)


def use_mail_link(session: Session, secret: str, *, now: datetime) -> int | None:
    """The account that signs in with a link, which is used up by it; the other ones end too."""
    with unit_of_work(session):
        found = _find(session, secret, LinkKind.SIGN_IN, now)
        if found is None or not rows.take_once(session, found[0].id, now=now):
            return None
        rows.revoke_rows(session, found[1].id, LinkKind.SIGN_IN, now=now)
        return found[1].id


def accept_invitation(
    session: Session, secret: str, *, password: str | None, now: datetime
) -> int | None:
    """The account that takes up an invitation, with the password it chose; None for a dead link.

    A contractor may do without a password and sign in by mail link from then on. InvalidInput for
    a missing or short password leaves the invitation as it was. Sessions from before end.
    """
    if password is not None:
        refuse(password_problems(password))
    password_hash = None if password is None else hash_text(password)
    with unit_of_work(session):
        found = _find(session, secret, LinkKind.INVITATION, now)
        if found is None:
            return None
        link, account = found
        if password_hash is None and _needs_password(account):
            refuse(password_problems(""))
        if not rows.take_once(session, link.id, now=now):
            return None
        if password_hash is not None:
            account.password_hash = password_hash
            account.updated_at = now
        session_rows.end_rows(session, account.id, now=now)
        rows.revoke_rows(session, account.id, LinkKind.SIGN_IN, now=now)
        return account.id
