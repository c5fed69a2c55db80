"""Contractors, talent centres and providers."""

from __future__ import annotations

from sqlalchemy import Float, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.displacement import OrganisationKind
from matcher.models.base import (
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

_INFO = about(Purpose.VACANCY, Retention.VACANCY)


class Organisation(Scoped, Versioned, Base):
    """One firm or body in one region; a contractor's account reaches only its own objects."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("region", "name"), between("size_fte", 0, 1_000_000))
    retention = Retention.VACANCY

    name: Mapped[str] = mapped_column(String(200), info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    size_fte: Mapped[float | None] = mapped_column(Float, info=_INFO)
    kind: Mapped[OrganisationKind | None] = mapped_column(by_value(OrganisationKind), info=_INFO)
