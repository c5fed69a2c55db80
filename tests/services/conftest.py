"""People at work in the demo region, and in another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Account, Organisation
from matcher.models.database import make_engine
from tests.services import introducing

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
TODAY = date(2027, 3, 1)


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return NOW


@pytest.fixture
def on() -> date:
    """The same day in Amsterdam."""
    return TODAY


@pytest.fixture
def engine_alone(database_url: str) -> Iterator[Engine]:
    """A database that real threads with real connections of their own can compete in."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def account_of(
    session: Session,
    name: str,
    *rights: Right,
    region: str | None = "demo",
    firm: str | None = None,
) -> Viewer:
    """An account as its viewer; `firm` names its organisation."""
    organisation_id = None
    if firm is not None:
        organisation = Organisation(name=firm, region="demo", created_at=NOW, updated_at=NOW)
        session.add(organisation)
        session.flush()
        organisation_id = organisation.id
    row = Account(
        name=name,
        rights=frozenset(rights),
        region=region,
        organisation_id=organisation_id,
        language="en",
        is_active=True,
        failed_sign_ins=0,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(row)
    session.commit()
    return Viewer(row.id, frozenset(rights), region, organisation_id, "en")


@pytest.fixture
def coach(session: Session) -> Viewer:
    """A job coach of the demo region."""
    return account_of(session, "coach", Right.COACH)


@pytest.fixture
def colleague(session: Session) -> Viewer:
    """Another job coach of the demo region."""
    return account_of(session, "colleague", Right.COACH)


@pytest.fixture
def lead(session: Session) -> Viewer:
    """A team lead of the demo region."""
    return account_of(session, "lead", Right.LEAD)


@pytest.fixture
def triager(session: Session) -> Viewer:
    """A triager of the talent centre."""
    return account_of(session, "triager", Right.TRIAGER)


@pytest.fixture
def service_point(session: Session) -> Viewer:
    """Somebody of the service point for employers."""
    return account_of(session, "service-point", Right.SERVICE_POINT)


@pytest.fixture
def contractor(session: Session) -> Viewer:
    """A contractor with one firm."""
    return account_of(session, "contractor", Right.CONTRACTOR, firm="Paving firm")


@pytest.fixture
def rival(session: Session) -> Viewer:
    """Another contractor."""
    return account_of(session, "rival", Right.CONTRACTOR, firm="Other firm")


@pytest.fixture
def stranger(session: Session) -> Viewer:
    """A coach of another region."""
    return account_of(session, "stranger", Right.COACH, Right.TRIAGER, region="haaglanden")


@pytest.fixture
def admin(session: Session) -> Viewer:
    """Who runs the accounts and sees no personal data."""
    return account_of(session, "admin", Right.ADMIN)


@pytest.fixture
def place(session: Session, contractor: Viewer, now: datetime) -> int:
    """An open vacancy of three places."""
    return introducing.open_place(session, contractor, {}, now)


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> Viewer:
    """Somebody on the coach's caseload who can start, as the viewer of the own file."""
    return introducing.person_of(session, coach, now)


@pytest.fixture
def invited(session: Session, coach: Viewer, person: Viewer, place: int, now: datetime) -> int:
    """An invitation of `person` for `place`."""
    return introducing.invite(session, coach, person, place, now)


@pytest.fixture
def engine_of_its_own(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A database whose keys and tombstones nobody shares."""
    monkeypatch.setenv("MATCHER_INSTANCE_DIR", str(tmp_path / "instance"))
    engine = make_engine(database_url)
    yield engine
    engine.dispose()
