"""Predictions as they were made, with all that is needed to make them again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
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
from matcher.models.sealing import SealedJson
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.ACCOUNTABILITY, Retention.ADVICE, DataClass.PERSONAL)
_HEALTH = about(Purpose.ACCOUNTABILITY, Retention.ADVICE, DataClass.HEALTH)


class Prediction(Scoped, Identified, Base):
    """One prediction beside one assessment; of an artefact in shadow it is shown to nobody.

    `answers` hold the features as they went in, `result` the base, the parts and the probability
    that came out: the artefact gives the same bytes on them again.
    """

    __tablename__ = "prediction"
    __table_args__ = (
        UniqueConstraint("assessment_id", "artefact_id"),
        Index("ix_prediction_artefact_id_on_date", "artefact_id", "on_date"),
    )
    retention = Retention.ADVICE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id", ondelete="CASCADE"), info=_INFO
    )
    artefact_id: Mapped[int] = mapped_column(
        ForeignKey("artefact.id", ondelete="CASCADE"), info=_INFO
    )
    on: Mapped[date] = mapped_column("on_date", info=_INFO)
    is_shown: Mapped[bool] = mapped_column(info=_INFO)
    """Whether the artefact was promoted then; never true of one in shadow."""
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson("prediction.answers"), info=_HEALTH)
    result: Mapped[dict[str, Any]] = mapped_column(SealedJson("prediction.result"), info=_HEALTH)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
