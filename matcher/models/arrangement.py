"""Arrangements: firms, a school and a region with one target between two dates."""

from __future__ import annotations

from datetime import date

from sqlalchemy import SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    REGION,
    Base,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
)
from matcher.models.types import CodeList

_INFO = about(Purpose.PROGRAMME, Retention.REFERENCE)


class Arrangement(Scoped, Versioned, Base):
    """One arrangement; vacancies and programmes name it in their column `arrangement`."""

    __tablename__ = "arrangement"
    __table_args__ = (UniqueConstraint("region", "name"), between("target", 1, 10_000))
    retention = Retention.REFERENCE

    name: Mapped[str] = mapped_column(String(120), info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    sectors: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    firms: Mapped[tuple[str, ...]] = mapped_column(CodeList, server_default="", info=_INFO)
    """The firms that take part, by name; those with vacancies in it take part anyhow."""
    provider: Mapped[str | None] = mapped_column(String(200), info=_INFO)
    """The school, or who else teaches."""
    target: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    """People at work at the end."""
    starts_on: Mapped[date | None] = mapped_column(info=_INFO)
    until: Mapped[date | None] = mapped_column(info=_INFO)
