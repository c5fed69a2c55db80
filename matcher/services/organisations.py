"""Which organisations of a region are the municipality, another public body, or take work back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.displacement import OrganisationKind
from matcher.domain.errors import Forbidden, Stale
from matcher.repositories import organisations as rows
from matcher.repositories.records import OrganisationRecord
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work


def list_organisations(session: Session, viewer: Viewer) -> list[OrganisationRecord]:
    """Every organisation of the region, those of a kind first."""
    _check_officer(viewer)
    return list(rows.list_records(session, viewer))


def mark_organisation(
    session: Session,
    viewer: Viewer,
    organisation_id: int,
    kind: str | None,
    *,
    expected_version: int,
    now: datetime,
) -> None:
    """Says what kind an organisation is; None is a firm like any other."""
    _check_officer(viewer)
    wanted = choice(OrganisationKind, "kind", kind) if kind else None
    with unit_of_work(session):
        row = rows.get_row(session, viewer, organisation_id)
        if row.version != expected_version:
            raise Stale("organisation", row.version)
        if row.kind is not wanted:
            row.kind, row.updated_at = wanted, now
            session.flush()


def _check_officer(viewer: Viewer) -> None:
    if not viewer.has(Right.OFFICER):
        raise Forbidden("an officer says what kind an organisation is")
