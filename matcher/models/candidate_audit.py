"""Benefit and year of birth, apart from everything that scores (P-4)."""

from __future__ import annotations

from sqlalchemy import SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
    about,
    between,
)

_INFO = about(Purpose.GROUP_AUDIT, Retention.CASE, DataClass.SENSITIVE)


class CandidateAudit(Scoped, Identified, Base):
    """What only the social return value and the group audit read.

    It has a key of its own and no foreign key: nothing that loads a candidate loads this along.
    """

    __tablename__ = "candidate_audit"
    __table_args__ = (
        UniqueConstraint("region", "reference"),
        between("birth_year", 1900, 2100),
    )
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    reference: Mapped[str] = mapped_column(REFERENCE, info=_INFO)
    benefit: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    birth_year: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
