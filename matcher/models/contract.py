"""Public contracts, what is done for them, the ledger of each account, and how it was settled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from matcher.models.base import (
    CODE,
    REFERENCE,
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
    by_value,
)
from matcher.models.sealing import SealedJson, SealedText
from matcher.models.states import LedgerPart, SettlementChoice, SettlementVote
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.GROUP_AUDIT, Retention.CONTRACT)
_PERSONAL = about(Purpose.GROUP_AUDIT, Retention.CONTRACT, DataClass.PERSONAL)
_SENSITIVE = about(Purpose.GROUP_AUDIT, Retention.CONTRACT, DataClass.SENSITIVE)
_OF_PERSON = {**_SENSITIVE, "holds": ("person", "group", "age", "permanent")}
CENTS_MAXIMUM = 2**53 - 1


class PublicContract(Scoped, Versioned, Base):
    """One public contract of a firm, without VAT, in the columns of contract.md section 2."""

    __tablename__ = "contract"
    __table_args__ = (
        UniqueConstraint("region", "reference"),
        Index("ix_contract_region_end_on", "region", "end_on"),
        between("value_cents", 0, CENTS_MAXIMUM),
        between("wage_cents", 0, CENTS_MAXIMUM),
        CheckConstraint("end_on >= start_on", name="dates"),
    )
    retention = Retention.CONTRACT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    reference: Mapped[str] = mapped_column(REFERENCE, info=_INFO)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    kind: Mapped[str] = mapped_column(CODE, info=_INFO)
    value_cents: Mapped[int] = mapped_column(BigInteger, info=_INFO)
    wage_cents: Mapped[int | None] = mapped_column(BigInteger, info=_INFO)
    tendered_on: Mapped[date | None] = mapped_column(info=_INFO)
    awarded_on: Mapped[date | None] = mapped_column(info=_INFO)
    start_on: Mapped[date] = mapped_column(info=_INFO)
    end_on: Mapped[date] = mapped_column(info=_INFO)
    pso_level: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    pso_valid_until: Mapped[date | None] = mapped_column(info=_INFO)
    pso_holder: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    existing_staff_fte: Mapped[float | None] = mapped_column(Float, info=_INFO)
    municipality: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    rule_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("rule_version.id", ondelete="RESTRICT"), info=_INFO
    )
    """The version of the rules it was opened under, for good; None is the region's file."""


class ContractContribution(Scoped, Versioned, Base):
    """One thing done for a contract; who it is about is a pseudonym, sealed with its group."""

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("contract_id", "reference"),
        between("invoice_cents", 0, CENTS_MAXIMUM),
    )
    retention = Retention.CONTRACT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id", ondelete="CASCADE"), info=_INFO
    )
    reference: Mapped[str] = mapped_column(REFERENCE, info=_INFO)
    kind: Mapped[str] = mapped_column(CODE, info=_INFO)
    of_person: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("contribution.of_person"), info=_OF_PERSON
    )
    start_on: Mapped[date | None] = mapped_column(info=_PERSONAL)
    end_on: Mapped[date | None] = mapped_column(info=_PERSONAL)
    hours_week: Mapped[float | None] = mapped_column(Float, info=_PERSONAL)
    activity_hours: Mapped[float | None] = mapped_column(Float, info=_INFO)
    invoice_cents: Mapped[int | None] = mapped_column(BigInteger, info=_INFO)
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    """When the firm declared it itself; None for what an officer brought in."""
    firm_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), info=_INFO
    )
    """Which other firm declared it for its share; None is the firm of the contract."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    """Since when it counts no more: the firm took it back, or could not show it."""


class LedgerEntry(Scoped, Identified, Base):
    """One line of the ledger; the balance is the sum of all lines of a contract.

    Lines are only added: a contra-entry takes one back. Triggers of the migration refuse any
    change, and any removal but with the whole contract.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_contract_id_id", "contract_id", "id"),)
    retention = Retention.CONTRACT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id", ondelete="CASCADE"), info=_INFO
    )
    part: Mapped[LedgerPart] = mapped_column(by_value(LedgerPart), info=_INFO)
    rule: Mapped[str] = mapped_column(String(80), info=_INFO)
    subject: Mapped[str | None] = mapped_column(REFERENCE, info=_INFO)
    """The reference of the contribution, None for what is owed."""
    cents: Mapped[int] = mapped_column(BigInteger, info=_PERSONAL)
    """What is owed counts up, what was done counts down."""
    is_contra: Mapped[bool] = mapped_column(info=_INFO)
    source: Mapped[str] = mapped_column(Text, info=_INFO)
    is_example: Mapped[bool] = mapped_column(info=_INFO)
    reason: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    arithmetic: Mapped[str] = mapped_column(SealedText("ledger_entry.arithmetic"), info=_SENSITIVE)
    given: Mapped[dict[str, Any]] = mapped_column(SealedJson("ledger_entry.given"), info=_SENSITIVE)
    on: Mapped[date] = mapped_column(info=_INFO)
    rules_version: Mapped[str] = mapped_column(String(200), info=_INFO)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)


class SettlementDecision(Scoped, Identified, Base):
    """What two officers decided about a shortfall: one proposes, another confirms or refuses."""

    __tablename__ = "settlement_decision"
    __table_args__ = (
        Index("ix_settlement_decision_contract_id_id", "contract_id", "id"),
        Index(
            "uq_settlement_decision_contract_id_asked",
            "contract_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        CheckConstraint("second_by <> first_by", name="two_people"),
        between("shortfall_cents", 0, CENTS_MAXIMUM),
        between("cents", 0, CENTS_MAXIMUM),
    )
    retention = Retention.CONTRACT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id", ondelete="CASCADE"), info=_INFO
    )
    shortfall_cents: Mapped[int] = mapped_column(BigInteger, info=_INFO)
    cents: Mapped[int] = mapped_column(BigInteger, info=_INFO)
    """What is asked: the proposal of the rules, or nothing."""
    choice: Mapped[SettlementChoice] = mapped_column(by_value(SettlementChoice), info=_INFO)
    why: Mapped[str] = mapped_column(String(500), info=_INFO)
    state: Mapped[SettlementVote] = mapped_column(by_value(SettlementVote), info=_INFO)
    first_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    """None is the operator on the command line."""
    first_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    second_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    second_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)


class LedgerIsFinalError(RuntimeError):
    """A program error: code tried to change a line of a ledger."""


@event.listens_for(LedgerEntry, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, _target: LedgerEntry) -> None:
    raise LedgerIsFinalError("a line of a ledger is never changed; post a contra-entry")
