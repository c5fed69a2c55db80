"""Candidates: the profile in typed columns, and apart from it how to reach them.

What one can carry and stand is health data, money and home are handled as strictly: these answers
stand together in sealed columns, and are read and set under their own names like any other.
"""

from __future__ import annotations

from datetime import date
from typing import Final, overload

from sqlalchemy import Float, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.vocabulary import ABILITY_MAXIMUM, LEVEL_MAXIMUM, LOADS
from matcher.models.base import (
    CODE,
    REFERENCE,
    REGION,
    Base,
    DataClass,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
    by_value,
)
from matcher.models.sealing import SealedJson, SealedText
from matcher.models.states import CandidateStatus, ClosingCode, ContactKind
from matcher.models.types import CodeList, CodeSet, Occupation, Occupations

_CASE = about(Purpose.GUIDANCE, Retention.CASE, DataClass.PERSONAL)
_HEALTH = about(Purpose.GUIDANCE, Retention.CASE, DataClass.HEALTH)
_SUPPORT = about(Purpose.SUPPORT, Retention.CASE, DataClass.SENSITIVE)
_CONTACT = about(Purpose.CONTACT, Retention.CASE, DataClass.PERSONAL)

SUPPORT_LEVELS: Final = ("money", "home_base")
_HIGHEST: Final = {**LEVEL_MAXIMUM, **dict.fromkeys(LOADS, ABILITY_MAXIMUM)}

_RANGES = (
    between("pc4", 1000, 9999),
    between("travel_max_minutes", 0, 180),
    between("current_hours", 0, 40),
    between("hours_min", 1, 40),
    between("hours_max", 1, 40),
    between("education", 1, 6),
    between("guidance_need", 0, 40),
    between("not_reached", 0, 3),
    *(
        between(name, 0, highest)
        for name, highest in LEVEL_MAXIMUM.items()
        if name not in SUPPORT_LEVELS
    ),
)


class Level:
    """One answer inside a sealed column, under its own name: a whole number, None is unknown."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.name = ""

    def __set_name__(self, owner: type[Candidate], name: str) -> None:
        """Learns the name that it stands under."""
        self.name = name

    @overload
    def __get__(self, row: None, owner: type[Candidate]) -> Level: ...

    @overload
    def __get__(self, row: Candidate, owner: type[Candidate]) -> int | None: ...

    def __get__(self, row: Candidate | None, owner: type[Candidate]) -> Level | int | None:
        """The answer of a row."""
        if row is None:
            return self
        held: dict[str, int] | None = getattr(row, self.column)
        return None if held is None else held.get(self.name)

    def __set__(self, row: Candidate, value: int | None) -> None:
        """Keeps an answer; one out of range is an error of the program, as in other columns."""
        if value is not None and not 0 <= value <= _HIGHEST[self.name]:
            raise ValueError(f"{self.name} lies between 0 and {_HIGHEST[self.name]}")
        held: dict[str, int] = getattr(row, self.column) or {}
        if held.get(self.name) != value:
            # A new value and not the old one changed: only that is seen as a change.
            kept = {name: level for name, level in held.items() if name != self.name}
            setattr(row, self.column, kept if value is None else {**kept, self.name: value})


class Candidate(Scoped, Versioned, Base):
    """One candidate; NULL is unknown, never zero.

    Year of birth and benefit are not here: see ``candidate_audit``. The order of the columns is
    that of contract.md section 2.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("region", "reference"),
        Index("ix_candidate_region_status_waiting", "region", "status", "waiting_since", "id"),
        Index("ix_candidate_region_status_manual", "region", "status", "manual_only", "id"),
        Index("ix_candidate_changed", "region", "status", "updated_at", "id", "created_at"),
        Index("ix_candidate_owner_status", "owner_account_id", "status"),
        *(
            Index(f"ix_candidate_region_{name}", "region", name)
            for name in ("created_at", "paused_until", "observed_on")
        ),
        *_RANGES,
    )
    retention = Retention.CASE

    reference: Mapped[str] = mapped_column(REFERENCE, info=_CASE)
    region: Mapped[str] = mapped_column(REGION, info=_CASE)
    pc4: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    travel_max_minutes: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    travel_modes: Mapped[frozenset[str] | None] = mapped_column(CodeSet, info=_CASE)
    licences: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_CASE)
    sectors: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_CASE)
    sectors_never: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_CASE)
    wants_start: Mapped[str | None] = mapped_column(CODE, info=_CASE)
    """The candidate's own answer; no member of staff sets it (practice.md section 7, 1)."""
    adult: Mapped[bool | None] = mapped_column(info=_CASE)
    paused_until: Mapped[date | None] = mapped_column(info=_CASE)
    """Until when somebody is away; why is never asked."""
    current_hours: Mapped[float | None] = mapped_column(Float, info=_CASE)
    hours_min: Mapped[float | None] = mapped_column(Float, info=_CASE)
    hours_max: Mapped[float | None] = mapped_column(Float, info=_CASE)
    blocked: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_CASE)
    start_from: Mapped[date | None] = mapped_column(info=_CASE)
    rhythm: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    work_skills: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    money = Level("support")
    language_speak: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    language_read: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    home_base = Level("support")
    digital: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    lift = Level("loads")
    stand = Level("loads")
    walk = Level("loads")
    bend = Level("loads")
    outdoor = Level("loads")
    height = Level("loads")
    pace = Level("loads")
    interruptions = Level("loads")
    group = Level("loads")
    alone = Level("loads")
    customers = Level("loads")
    credentials: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_CASE)
    education: Mapped[int | None] = mapped_column(SmallInteger, info=_CASE)
    occupations: Mapped[tuple[Occupation, ...]] = mapped_column(Occupations, info=_CASE)
    guidance_need: Mapped[float | None] = mapped_column(Float, info=_CASE)
    observed_on: Mapped[date | None] = mapped_column(info=_CASE)
    waiting_since: Mapped[date | None] = mapped_column(info=_CASE)

    loads: Mapped[dict[str, int]] = mapped_column(
        SealedJson("candidate.loads"), default=dict, info={**_HEALTH, "holds": LOADS}
    )
    support: Mapped[dict[str, int]] = mapped_column(
        SealedJson("candidate.support"), default=dict, info={**_SUPPORT, "holds": SUPPORT_LEVELS}
    )

    first_name: Mapped[str | None] = mapped_column(String(60), info=_CONTACT)
    contact_kind: Mapped[ContactKind | None] = mapped_column(by_value(ContactKind), info=_CONTACT)
    contact_value: Mapped[str | None] = mapped_column(
        SealedText("candidate.contact_value"), info=_CONTACT
    )

    goal: Mapped[str | None] = mapped_column(SealedText("candidate.goal"), info=_CASE)
    """What the candidate wants to reach, in own words; shared only if the candidate says so."""
    manual_only: Mapped[bool] = mapped_column(info=_CASE)
    """The candidate objected to automated suggestions: nothing is computed, a person advises."""

    owner_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_CASE
    )
    """Whose caseload it is."""
    status: Mapped[CandidateStatus] = mapped_column(by_value(CandidateStatus), info=_CASE)
    closed_code: Mapped[ClosingCode | None] = mapped_column(by_value(ClosingCode), info=_CASE)
    closed_on: Mapped[date | None] = mapped_column(info=_CASE)
    not_reached: Mapped[int] = mapped_column(SmallInteger, info=_CASE)
    """Attempts without contact since the last contact, three at most."""
