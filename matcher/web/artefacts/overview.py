"""The first page: what the advice rests on now, and every artefact there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.domain.access import Viewer
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.models.states import ArtefactState
from matcher.repositories.artefacts import ArtefactRecord
from matcher.services import artefacts
from matcher.services.artefacts import Standing
from matcher.services.visibility import Kind, show
from matcher.web.artefacts import words
from matcher.web.artefacts.blueprint import HOME, blueprint, watching
from matcher.web.navigation import belongs_to


@dataclass(frozen=True, slots=True)
class Line:
    """One artefact of the list."""

    id: int
    name: str
    region: str
    chip: tuple[str, str]
    is_synthetic: bool
    outcome: str
    people: int | None
    auc: str
    trouble: str | None


@blueprint.get("/voorspellingen")
@watching
@belongs_to(HOME)
def overview() -> ResponseReturnValue:
    """Which artefacts there are, and what the advice of the region rests on."""
    session, viewer = current_session(), the_viewer()
    records = artefacts.list_artefacts(session, viewer)
    standing = standing_of(viewer, records)
    return render_template(
        "artefacts/overview.html",
        headline=words.standing_words(standing),
        standing=standing,
        trouble=words.trouble_words(standing),
        lines=[_line(record, viewer) for record in records],
        with_region=viewer.region is None,
        words=words,
    )


def standing_of(viewer: Viewer, records: Sequence[ArtefactRecord]) -> Standing:
    """What the advice rests on in the viewer's region; in any region for who runs the service."""
    session = current_session()
    if viewer.region is not None:
        return artefacts.standing_of(session, viewer.region)
    regions = sorted({one.region for one in records if one.state is ArtefactState.PROMOTED})
    found = [artefacts.standing_of(session, region) for region in regions]
    broken = [standing for standing in found if standing.is_broken]
    return next(iter([*broken, *found]), Standing(artefacts.RULES))


def _line(record: ArtefactRecord, viewer: Viewer) -> Line:
    told: dict[str, Any] = show(
        Kind.ARTEFACT, artefacts.told(current_session(), viewer, record), viewer.rights
    )
    refusal = artefacts.why_not_used(current_session(), viewer, record.id)
    trouble = None if refusal is None else words.refusal_words(refusal)
    if told["tripped_code"] is not None:
        trouble = words.tripped_words(told["tripped_code"])
    metrics = told["metrics"] or {}
    return Line(
        id=told["id"],
        name=told["name"],
        region=told["region"],
        chip=words.state_words(record.state),
        is_synthetic=told["is_synthetic"],
        outcome=words.outcome_words(told["outcome"] or {}),
        people=told["rows"],
        auc=words.with_interval(metrics.get("auc")),
        trouble=trouble,
    )
