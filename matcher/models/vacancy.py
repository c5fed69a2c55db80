"""Learning-work vacancies of contractors."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import Float, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.vocabulary import ABILITY_MAXIMUM, LEVEL_MAXIMUM, LOADS, NEED_LEVELS
from matcher.models.base import (
    CODE,
    HASH,
    REFERENCE,
    REGION,
    Base,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
    by_value,
)
from matcher.models.states import VacancyStatus
from matcher.models.types import CodeList, CodeSet

_INFO = about(Purpose.VACANCY, Retention.VACANCY)

_RANGES = (
    between("places", 1, 500),
    between("employer_size", 0, 1_000_000),
    between("hours_min", 1, 40),
    between("hours_max", 1, 40),
    between("site_pc4", 1000, 9999),
    between("education", 1, 6),
    between("guidance_hours", 0, 10_000),
    between("buddies", 0, 1_000),
    between("flex_weeks", 0, 520),
    between("contract_months", 0, 600),
    between("wage_hour_cents", 0, 1_000_000),
    *(between(name, 0, LEVEL_MAXIMUM[name]) for name in NEED_LEVELS),
    *(between(name, 0, ABILITY_MAXIMUM) for name in LOADS),
)


class Vacancy(Scoped, Versioned, Base):
    """One vacancy; there is no column for a need of money, benefit, age, gender, origin or health.

    `content_hash` is the SHA-256 of the profile: what was matched on can be found again by it.
    """

    __tablename__ = "vacancy"
    __table_args__ = (
        UniqueConstraint("region", "reference"),
        Index("ix_vacancy_region_status", "region", "status", "id"),
        *_RANGES,
    )
    retention = Retention.VACANCY

    reference: Mapped[str] = mapped_column(REFERENCE, info=_INFO)
    contractor: Mapped[str] = mapped_column(String(200), info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    sector: Mapped[str] = mapped_column(CODE, info=_INFO)
    places: Mapped[int] = mapped_column(SmallInteger, info=_INFO)
    title: Mapped[str | None] = mapped_column(String(200), info=_INFO)
    employer_size: Mapped[float | None] = mapped_column(Float, info=_INFO)
    occupation: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    contract_type: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    employer_of_record: Mapped[str | None] = mapped_column(String(200), info=_INFO)
    arrangement: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    learning_level: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    hours_min: Mapped[float | None] = mapped_column(Float, info=_INFO)
    hours_max: Mapped[float | None] = mapped_column(Float, info=_INFO)
    shifts: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    day_starts_at: Mapped[time | None] = mapped_column(info=_INFO)
    site_pc4: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    reachable_by: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_INFO)
    lift: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    stand: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    walk: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    bend: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    outdoor: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    height: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    pace: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    interruptions: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    group: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    alone: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    customers: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    adaptable: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_INFO)
    rhythm: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    work_skills: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    language_speak: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    language_read: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    digital: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    education: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    licences: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_INFO)
    credentials: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_INFO)
    credentials_taught: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_INFO)
    guidance_hours: Mapped[float | None] = mapped_column(Float, info=_INFO)
    buddies: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    start_on: Mapped[date | None] = mapped_column(info=_INFO)
    flex_weeks: Mapped[int] = mapped_column(SmallInteger, info=_INFO)
    contract_months: Mapped[float | None] = mapped_column(Float, info=_INFO)
    wage_hour_cents: Mapped[int | None] = mapped_column(Integer, info=_INFO)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), index=True, info=_INFO
    )
    status: Mapped[VacancyStatus] = mapped_column(by_value(VacancyStatus), info=_INFO)
    opened_on: Mapped[date | None] = mapped_column(info=_INFO)
    content_hash: Mapped[str] = mapped_column(HASH, info=_INFO)
