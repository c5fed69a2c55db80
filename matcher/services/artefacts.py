"""The registry of learned artefacts: which there are, and what a region's advice rests on now.

An artefact comes in by the operator; what people then do with it is in
``matcher.services.artefact_steps``. Without one that serves, the rules speak alone, as they do
wherever an artefact is refused or set aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden
from matcher.models import Artefact
from matcher.models.states import ArtefactState
from matcher.models.wall import whole_database
from matcher.repositories import artefacts as rows
from matcher.repositories.artefacts import ArtefactRecord, MonthRecord, StepRecord
from matcher.repositories.records import Page
from matcher.repositories.scope import unscoped
from matcher.scoring.refusals import ArtefactRefused
from matcher.services import artefact_files
from matcher.services.predicting import predictor_of
from matcher.services.transactions import unit_of_work

STEPPERS = (Right.OFFICER, Right.ANALYST, Right.LEAD)
"""Who lets an artefact predict, asks for its promotion, and confirms one."""
WATCHERS = (*STEPPERS, Right.ADMIN)
"""Who sees the registry and may take an artefact back at once."""
RULES, SERVES, REFUSED, TRIPPED = "rules", "serves", "refused", "tripped"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a region's advice rests on now: the rules alone, or an artefact beside them.

    `state` is ``rules``, ``serves``, ``refused`` (with its `refusal`) or ``tripped`` (with `code`).
    """

    state: str
    artefact: str | None = None
    is_synthetic: bool = False
    refusal: ArtefactRefused | None = None
    code: str | None = None

    @property
    def is_broken(self) -> bool:
        """Whether an artefact was promoted and the rules go on without it."""
        return self.state in (REFUSED, TRIPPED)


def standing_of(session: Session, region: str | None) -> Standing:
    """What the advice of a region rests on now, looked up and not assumed."""
    if region is None:
        return Standing(RULES)
    for row in rows.in_service(session, region):
        if row.state is ArtefactState.PROMOTED:
            return _standing(session, row)
    return Standing(RULES)


def _standing(session: Session, row: Artefact) -> Standing:
    if row.tripped_code is not None:
        return Standing(TRIPPED, row.name, row.is_synthetic, code=row.tripped_code)
    refusal = refusal_of(session, row)
    state = SERVES if refusal is None else REFUSED
    return Standing(state, row.name, row.is_synthetic, refusal)


def refusal_of(session: Session, row: Artefact) -> ArtefactRefused | None:
    """Why the file of a registered artefact is not used now; None when it is whole."""
    try:
        predictor_of(session, row)
    except ArtefactRefused as refusal:
        return refusal
    return None


def register(session: Session, region: str, source: Path, *, now: datetime) -> ArtefactRecord:
    """Takes in the artefact `source`, whole or not at all; registering twice changes nothing.

    ArtefactRefused with its own sentence for whatever is wrong with the file; Conflict when
    another one of that name is registered. For the operator.
    """
    predictor = artefact_files.read(source, None)
    manifest = predictor.manifest
    with unit_of_work(session):
        known = rows.named(session, region, manifest.artefact_id)
        if known is not None and known.manifest_sha256 != manifest.sha256:
            raise Conflict(f"another artefact is registered as {manifest.artefact_id}; fit anew")
        artefact_files.bring_in(session, region, source)
        if known is not None:
            return rows.to_record(known)
        row = Artefact(
            region=region,
            name=manifest.artefact_id,
            manifest_sha256=manifest.sha256,
            manifest=manifest.as_mapping(),
            is_synthetic=manifest.is_synthetic,
            state=ArtefactState.REGISTERED,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        return rows.to_record(row)


def page_of_artefacts(
    session: Session, viewer: Viewer, *, cursor: str | None, limit: int
) -> Page[ArtefactRecord]:
    """One page of the registry of the viewer's region."""
    check_right(viewer, WATCHERS)
    page = rows.page(session, viewer, cursor=cursor, limit=limit)
    return Page(tuple(rows.to_record(row) for row in page.items), page.next_cursor)


def list_artefacts(session: Session, viewer: Viewer) -> list[ArtefactRecord]:
    """The registry of the viewer's region, the newest first."""
    check_right(viewer, WATCHERS)
    return [rows.to_record(row) for row in rows.list_rows(session, viewer)]


def get_artefact(session: Session, viewer: Viewer, artefact_id: int) -> ArtefactRecord:
    """One artefact in reach; NotFound for any other."""
    check_right(viewer, WATCHERS)
    return rows.to_record(rows.get_row(session, viewer, artefact_id))


def why_not_used(session: Session, viewer: Viewer, artefact_id: int) -> ArtefactRefused | None:
    """Why the file of an artefact in reach would not be used; None when it is whole."""
    check_right(viewer, WATCHERS)
    return refusal_of(session, rows.get_row(session, viewer, artefact_id))


def steps_of(session: Session, viewer: Viewer, artefact_id: int) -> list[StepRecord]:
    """What people did with an artefact in reach, the latest first."""
    get_artefact(session, viewer, artefact_id)
    return rows.steps_of(session, viewer, artefact_id)


def months_of(session: Session, viewer: Viewer, artefact_id: int) -> list[MonthRecord]:
    """What was seen of an artefact in reach, month by month."""
    get_artefact(session, viewer, artefact_id)
    return rows.months_of(session, viewer, artefact_id)


def trip(session: Session, artefact_id: int, code: str, *, now: datetime) -> None:
    """Notes that the breaker of an artefact tripped; called by the service itself."""
    statement = update(Artefact).where(Artefact.id == artefact_id, Artefact.tripped_code.is_(None))
    values = {"tripped_code": code, "tripped_at": now, "version": Artefact.version + 1}
    with whole_database(session, "a breaker that tripped", Artefact):
        session.execute(unscoped(statement, Artefact).values(**values))


def check_right(viewer: Viewer, rights: tuple[Right, ...]) -> None:
    """Forbidden for whoever holds none of `rights`."""
    if not viewer.has(*rights):
        raise Forbidden("only who oversees the region works with what was learned")


def told(session: Session, viewer: Viewer, record: ArtefactRecord) -> dict[str, Any]:
    """An artefact by the names of the visibility table, with whether its file is whole now."""
    manifest = record.manifest
    details = manifest.get("details", {})
    refusal = why_not_used(session, viewer, record.id)
    return {
        **record.as_mapping(),
        **{name: manifest.get(name) for name in _OF_MANIFEST},
        **{name: details.get(name) for name in _OF_DETAILS},
        "refused_code": None if refusal is None else refusal.code,
        "refused": None if refusal is None else refusal.sentence(viewer.language),
    }


_OF_MANIFEST = ("learner", "cohort", "purpose", "outcome", "features")
_OF_DETAILS = ("rows", "base_rate", "metrics")
