"""What every kept advice has: its result, and all that is needed to compute it again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from matcher.models.base import (
    CODE,
    HASH,
    REGION,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    about,
)
from matcher.models.sealing import SealedJson, SealedResult
from matcher.models.types import JsonText, UtcDateTime

ADVICE = about(Purpose.ACCOUNTABILITY, Retention.ADVICE, DataClass.PERSONAL)
_HEALTH = about(Purpose.ACCOUNTABILITY, Retention.ADVICE, DataClass.HEALTH)


class Advice(Scoped, Identified):
    """The columns of an assessment, a list of matches and a plan.

    `candidate_input` holds the profile as it was; vacancies, programmes, places and rules stand
    once in ``input_snapshot``, under the hashes named here. `input_hash` is the SHA-256 of all
    of it together with day, language and options: the same hash is the same advice.
    """

    __abstract__ = True

    @declared_attr
    def candidate_id(cls) -> Mapped[int]:  # noqa: N805  a declared attribute gets the class
        return mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), info=ADVICE)

    candidate_version: Mapped[int] = mapped_column(info=ADVICE)
    region: Mapped[str] = mapped_column(REGION, info=ADVICE)
    on: Mapped[date] = mapped_column("on_date", info=ADVICE)
    language: Mapped[str] = mapped_column(String(5), info=ADVICE)
    rules_slug: Mapped[str] = mapped_column(CODE, info=ADVICE)
    rules_version: Mapped[str] = mapped_column(String(120), info=ADVICE)
    rules_hash: Mapped[str] = mapped_column(HASH, info=ADVICE)
    vacancies_hash: Mapped[str | None] = mapped_column(HASH, info=ADVICE)
    programmes_hash: Mapped[str | None] = mapped_column(HASH, info=ADVICE)
    places_hash: Mapped[str] = mapped_column(HASH, info=ADVICE)
    input_hash: Mapped[str] = mapped_column(HASH, info=ADVICE)
    candidate_input: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("advice.candidate_input"), info=_HEALTH
    )
    program: Mapped[str] = mapped_column(String(80), info=ADVICE)
    """Version of the program, and a hash of the texts and code lists it speaks with."""
    options: Mapped[dict[str, Any]] = mapped_column(JsonText, info=ADVICE)
    result: Mapped[Any] = mapped_column(SealedResult("advice.result"), info=_HEALTH)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=ADVICE)
