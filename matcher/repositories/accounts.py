"""Accounts and tokens; they are not scoped, because they say who the viewer is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Account, ApiToken, Organisation
from matcher.repositories.records import AccountRecord, TokenRecord
from matcher.repositories.scope import numbered, unscoped


def to_record(row: Account) -> AccountRecord:
    """The row as a frozen value, without its secrets."""
    return AccountRecord(
        id=row.id,
        version=row.version,
        name=row.name,
        rights=frozenset(Right(right) for right in row.rights),
        region=row.region,
        organisation_id=row.organisation_id,
        email=row.email,
        phone=row.phone,
        language=row.language,
        is_active=row.is_active,
        has_password=row.password_hash is not None,
        has_second_factor=row.totp_confirmed_at is not None,
        failed_sign_ins=row.failed_sign_ins,
        last_failed_at=row.last_failed_at,
        last_sign_in_at=row.last_sign_in_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def to_viewer(row: Account, rights: Iterable[str] | None = None) -> Viewer:
    """The viewer of an account, with all its rights or only `rights`."""
    held = row.rights if rights is None else rights
    return Viewer(
        account_id=row.id,
        rights=frozenset(Right(right) for right in held),
        region=row.region,
        organisation_id=row.organisation_id,
        language=row.language,
    )


def find_row(session: Session, account_id: int) -> Account | None:
    """The account of that number."""
    return session.scalar(select(Account).where(numbered(Account, account_id)))


def find_by_name(session: Session, name: str) -> Account | None:
    """The account of that name, given in lower case."""
    return session.scalar(select(Account).where(Account.name == name))


def find_by_subject(session: Session, issuer: str, subject: str) -> Account | None:
    """The account tied to `subject` at the identity provider `issuer`."""
    statement = select(Account).where(Account.issuer == issuer, Account.subject == subject)
    return session.scalar(statement)


def organisation_name(session: Session, organisation_id: int | None) -> str | None:
    """The name of the firm that an account belongs to."""
    if organisation_id is None:
        return None
    # Whom an account belongs to says what it may reach; it cannot be looked up within that reach.
    statement = select(Organisation.name).where(Organisation.id == organisation_id)
    return session.scalar(unscoped(statement, Organisation))


def list_rows(session: Session) -> list[Account]:
    """All accounts but those of candidates, by name: who a candidate is concerns no admin."""
    statement = select(Account).where(Account.rights != frozenset({Right.CANDIDATE}))
    return list(session.scalars(statement.order_by(Account.name)))


def to_token(row: ApiToken) -> TokenRecord:
    """The row as a frozen value, without its secret."""
    return TokenRecord(
        id=row.id,
        account_id=row.account_id,
        prefix=row.prefix,
        title=row.title,
        scopes=frozenset(Right(scope) for scope in row.scopes),
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        created_at=row.created_at,
    )


def find_token(session: Session, prefix: str) -> ApiToken | None:
    """The token with that prefix."""
    return session.scalar(select(ApiToken).where(ApiToken.prefix == prefix))


def token_rows(session: Session, account_id: int) -> list[ApiToken]:
    """The tokens of an account, newest first."""
    statement = select(ApiToken).where(ApiToken.account_id == account_id)
    return list(session.scalars(statement.order_by(ApiToken.id.desc())))


def coaches_by_name(session: Session, region: str) -> dict[str, int]:
    """The active coaches of a region, by what they sign in with and by their address."""
    statement = select(Account).where(Account.region == region, Account.is_active)
    found: dict[str, int] = {}
    for row in session.scalars(statement.order_by(Account.id)):
        if Right.COACH in row.rights:
            for name in (row.name, row.email):
                if name:
                    found.setdefault(name.casefold(), row.id)
    return found
