"""Postcode centroids that were imported."""

from __future__ import annotations

from sqlalchemy import Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import Base, Purpose, Retention, about, between

_INFO = about(Purpose.GUIDANCE, Retention.REFERENCE)


class Place(Base):
    """The mean coordinates of one four-digit postcode, in degrees (WGS 84)."""

    __tablename__ = "place"
    __table_args__ = (
        between("pc4", 1000, 9999),
        between("latitude", -90, 90),
        between("longitude", -180, 180),
    )
    retention = Retention.REFERENCE

    pc4: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, info=_INFO)
    name: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    latitude: Mapped[float] = mapped_column(Float, info=_INFO)
    longitude: Mapped[float] = mapped_column(Float, info=_INFO)
