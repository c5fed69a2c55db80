"""Accounts and sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def add_account(
    session: Session,
    *,
    name: str,
    password: str | None,
    rights: Sequence[str],
    region: str | None = None,
    organisation: str | None = None,
    language: str = "nl",
    now: datetime,
) -> AccountRecord:
    raise NotImplementedError


def sign_in(session: Session, name: str, password: str, *, now: datetime) -> AccountRecord | None:
    """None for an unknown name, a wrong password, a closed account: the same and equally slow."""
    raise NotImplementedError


def find_viewer(session: Session, account_id: int) -> Viewer | None:
    """The viewer behind a session cookie; None when the account is gone or closed."""
    raise NotImplementedError


def get_account(session: Session, account_id: int) -> AccountRecord:
    raise NotImplementedError


def list_accounts(session: Session, viewer: Viewer) -> list[AccountRecord]:
    raise NotImplementedError


def set_password(session: Session, account_id: int, password: str, *, now: datetime) -> None:
    raise NotImplementedError


def set_active(session: Session, account_id: int, is_active: bool, *, now: datetime) -> None:
    raise NotImplementedError


def create_token(
    session: Session,
    account_id: int,
    *,
    title: str,
    scopes: Sequence[str],
    lifetime: timedelta,
    now: datetime,
) -> tuple[TokenRecord, str]:
    """The record and the secret, which is shown once."""
    raise NotImplementedError


def find_viewer_by_token(session: Session, secret: str, now: datetime) -> Viewer | None:
    """The viewer with the token's scopes within the account's rights; None when not valid."""
    raise NotImplementedError


def revoke_token(session: Session, token_id: int, *, now: datetime) -> None:
    raise NotImplementedError


def list_tokens(session: Session, account_id: int) -> list[TokenRecord]:
    raise NotImplementedError
