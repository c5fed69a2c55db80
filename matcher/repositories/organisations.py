"""Organisations of a region and what kind each is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Organisation
from matcher.repositories.records import OrganisationRecord
from matcher.repositories.scope import numbered, scoped
from matcher.repositories.vacancies import to_organisation


def list_records(session: Session, viewer: Viewer) -> Sequence[OrganisationRecord]:
    """Every organisation in reach, those of a kind first, then by name."""
    statement = select(Organisation).order_by(
        Organisation.kind.is_(None), Organisation.name, Organisation.id
    )
    return [
        to_organisation(row) for row in session.scalars(scoped(statement, viewer, Organisation))
    ]


def get_row(session: Session, viewer: Viewer, organisation_id: int) -> Organisation:
    """The organisation in reach, locked for a change; NotFound for any other."""
    statement = select(Organisation).where(numbered(Organisation, organisation_id))
    found: Organisation | None = session.scalar(
        scoped(statement, viewer, Organisation)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("organisation")
    return found
