"""Accounts of people, and the tokens by which machines use them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import REGION, Base, DataClass, Purpose, Retention, Versioned, about
from matcher.models.sealing import SealedText
from matcher.models.types import CodeSet, UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.ACCOUNT)
_PERSON = about(Purpose.ACCESS, Retention.ACCOUNT, DataClass.PERSONAL)
_CONTACT = about(Purpose.CONTACT, Retention.ACCOUNT, DataClass.PERSONAL)
_OWN = about(Purpose.ACCESS, Retention.CASE, DataClass.PERSONAL)
_SECRET = about(Purpose.ACCESS, Retention.ACCOUNT, DataClass.SECRET)


class Account(Versioned, Base):
    """Somebody who signs in. One account can hold several rights (practice.md section 2).

    Failed attempts are counted to be shown to the owner; they lock nothing, because a lock would
    let any stranger shut the owner out. Guessing is slowed down per address, at the edge.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    retention = Retention.ACCOUNT

    name: Mapped[str] = mapped_column(String(120), unique=True, info=_PERSON)
    """What one signs in with, in lower case."""
    password_hash: Mapped[str | None] = mapped_column(String(200), info=_SECRET)
    """argon2id; None for an account that only machines use."""
    email: Mapped[str | None] = mapped_column(String(254), index=True, info=_CONTACT)
    """Where links and notices go; several accounts of one small firm may share it."""
    phone: Mapped[str | None] = mapped_column(String(40), info=_CONTACT)
    """The number of work that a firm sees beside who calls it; None where nobody filled one in."""
    totp_secret: Mapped[str | None] = mapped_column(SealedText("account.totp_secret"), info=_SECRET)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
    """When the second factor was shown to work; before that it guards nothing."""
    totp_last_step: Mapped[int | None] = mapped_column(info=_ACCESS)
    """The last time step whose code was used: a code works once."""
    issuer: Mapped[str | None] = mapped_column(String(200), info=_ACCESS)
    subject: Mapped[str | None] = mapped_column(String(200), info=_PERSON)
    """Who it is to the identity provider at `issuer`; together they are unique."""
    rights: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_ACCESS)
    region: Mapped[str | None] = mapped_column(REGION, info=_ACCESS)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), index=True, info=_ACCESS
    )
    language: Mapped[str] = mapped_column(String(5), info=_ACCESS)
    is_active: Mapped[bool] = mapped_column(info=_ACCESS)
    failed_sign_ins: Mapped[int] = mapped_column(info=_ACCESS)
    """Failed attempts since the last good one."""
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)


class CandidateAccount(Base):
    """Whose own view an account with the right *candidate* opens: one account a candidate."""

    __tablename__ = "candidate_account"
    retention = Retention.CASE

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, info=_OWN
    )
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), unique=True, info=_OWN
    )
