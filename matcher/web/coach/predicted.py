"""What a learned prediction says about somebody, on the page of their advice and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.repositories.predictions import PredictionRecord
from matcher.repositories.records import AdviceRecord
from matcher.services import artefacts, predictions
from matcher.services.own_outcomes import months_of_outcome
from matcher.services.visibility import Kind, show
from matcher.web.artefacts.words import feature_words

_HUNDRED = 100
_NAMED = 2
"""So many features are named in each direction."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """A prediction in words; `up` and `down` name what pulls it most from what is usual."""

    artefact: str
    is_synthetic: bool
    words: str
    up: tuple[str, ...]
    down: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside an advice; `is_broken` when a prediction should and cannot."""

    predicted: Predicted | None
    is_broken: bool


def beside(assessed: AdviceRecord) -> Beside:
    """The prediction beside an assessment, for who advises this person; and whether one fails."""
    session, viewer = current_session(), the_viewer()
    standing = artefacts.standing_of(session, viewer.region)
    found = predictions.shown_beside(session, viewer, assessed, standing)
    if found is None or not show(Kind.PREDICTION, found.as_mapping(), viewer.rights):
        return Beside(None, standing.is_broken)
    return Beside(_in_words(found), is_broken=False)


def _in_words(found: PredictionRecord) -> Predicted:
    share = round(_HUNDRED * found.probability)
    months = months_of_outcome(found.outcome.get("name"))
    if months is None:
        told = _(
            "Van 100 mensen met zulke antwoorden ging het bij ongeveer %(share)s zo.", share=share
        )
    else:
        told = ngettext(
            "Van 100 mensen met zulke antwoorden waren er %(num)s maand na de start ongeveer "
            "%(share)s aan het werk.",
            "Van 100 mensen met zulke antwoorden waren er %(num)s maanden na de start ongeveer "
            "%(share)s aan het werk.",
            months,
            share=share,
        )
    ordered = sorted(found.parts, key=lambda part: -abs(part[1]))
    return Predicted(
        artefact=found.artefact,
        is_synthetic=found.is_synthetic,
        words=told,
        up=tuple(feature_words(name) for name, part in ordered if part > 0)[:_NAMED],
        down=tuple(feature_words(name) for name, part in ordered if part < 0)[:_NAMED],
    )
