"""Benefit and year of birth, apart from everything that scores (P-4)."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    REFERENCE,
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    about,
)
from matcher.models.sealing import SealedJson, SealedText

_INFO = about(Purpose.GROUP_AUDIT, Retention.CASE, DataClass.SENSITIVE)


class CandidateAudit(Scoped, Identified, Base):
    """What only the social return value and the group audit read.

    It has a key of its own and no foreign key: nothing that loads a candidate loads this along.
    """

    __tablename__ = "candidate_audit"
    __table_args__ = (UniqueConstraint("region", "reference"),)
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    reference: Mapped[str] = mapped_column(REFERENCE, info=_INFO)
    benefit: Mapped[str | None] = mapped_column(SealedText("candidate_audit.benefit"), info=_INFO)
    birth_year: Mapped[int | None] = mapped_column(
        SealedJson("candidate_audit.birth_year"), info=_INFO
    )
