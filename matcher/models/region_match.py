"""The best places of everybody in a region, as one job computed them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    about,
)

_INFO = about(Purpose.GUIDANCE, Retention.OPERATION)
_PERSONAL = about(Purpose.GUIDANCE, Retention.OPERATION, DataClass.PERSONAL)


class RegionMatch(Scoped, Identified, Base):
    """One of the best places of a candidate; shown once its job is done, and until the next is."""

    __tablename__ = "region_match"
    __table_args__ = (Index("ix_region_match_job_id_vacancy_id", "job_id", "vacancy_id"),)
    retention = Retention.OPERATION

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    vacancy_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    rank: Mapped[int] = mapped_column(SmallInteger, info=_PERSONAL)
    """Equal fit is equal rank: 1, 2, 2, 4."""
    fit: Mapped[int] = mapped_column(SmallInteger, info=_PERSONAL)
    """In hundredths of a point, 0 to 10,000."""
