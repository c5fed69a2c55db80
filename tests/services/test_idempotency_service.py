from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import operator
from matcher.models import IdempotencyRecord
from matcher.models.database import make_engine, session_factory
from matcher.services.candidates import create_candidate, list_candidates
from matcher.services.idempotency import (
    GIVEN_UP_AFTER,
    KEPT_FOR,
    KeyReused,
    RequestRunning,
    StoredResponse,
    abandon_request,
    begin_request,
    finish_request,
    forget_old_requests,
)
from matcher.services.transactions import unit_of_work

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
WHO: dict[str, object] = {"key": "k-1", "route": "POST /candidates", "account_id": 7}
ANSWER = StoredResponse(201, '{"id": 1}', {"Location": "/candidates/1"})


@pytest.fixture
def factory(database_url: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(database_url)
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def db(factory: sessionmaker[Session]) -> Iterator[Session]:
    with factory() as session:
        yield session


def begin(
    session: Session, now: datetime = NOW, body: bytes = b"{}", **changes: object
) -> StoredResponse | None:
    return begin_request(session, **{**WHO, **changes}, body=body, now=now)  # type: ignore[arg-type]  # by name


def finish(session: Session, now: datetime = NOW) -> None:
    finish_request(
        session,
        **WHO,  # type: ignore[arg-type]  # by name
        status=ANSWER.status,
        body=ANSWER.body,
        headers=ANSWER.headers,
        now=now,
    )


def test_a_repeated_request_gets_the_first_answer(db: Session) -> None:
    assert begin(db) is None
    finish(db)

    assert begin(db) == ANSWER
    assert begin(db, NOW + KEPT_FOR) == ANSWER


def test_the_same_key_with_another_body_is_refused(db: Session) -> None:
    begin(db)
    with pytest.raises(KeyReused):
        begin(db, body=b"[]")
    finish(db)
    with pytest.raises(KeyReused):
        begin(db, body=b"[]")


def test_a_duplicate_meanwhile_is_told_to_wait(db: Session) -> None:
    begin(db)

    with pytest.raises(RequestRunning):
        begin(db)


@pytest.mark.parametrize(
    "changes",
    [{"key": "k-2"}, {"route": "POST /vacancies"}, {"account_id": 8}, {"account_id": None}],
)
def test_a_key_belongs_to_one_account_and_one_route(
    db: Session, changes: dict[str, object]
) -> None:
    begin(db)
    finish(db)

    assert begin(db, **changes) is None


def test_a_request_that_failed_may_be_tried_again(db: Session) -> None:
    begin(db)
    abandon_request(db, **WHO)  # type: ignore[arg-type]  # by name

    assert begin(db) is None
    finish(db)
    abandon_request(db, **WHO)  # type: ignore[arg-type]  # by name
    assert begin(db) == ANSWER, "what had an effect is not forgotten"


def test_a_request_that_died_gives_its_key_back(db: Session) -> None:
    begin(db)

    with pytest.raises(RequestRunning):
        begin(db, NOW + GIVEN_UP_AFTER)
    assert begin(db, NOW + GIVEN_UP_AFTER + timedelta(seconds=1)) is None


def test_an_answer_is_forgotten_when_nobody_repeats_the_request_any_more(db: Session) -> None:
    begin(db)
    finish(db)
    later = NOW + KEPT_FOR + timedelta(seconds=1)

    assert forget_old_requests(db, now=NOW + KEPT_FOR) == 0
    assert forget_old_requests(db, now=later) == 1
    assert begin(db, later) is None


def create_with_key(session: Session, *, fails: bool) -> None:
    """What a route does: the effect and its answer in one unit of work."""
    with unit_of_work(session):
        create_candidate(session, operator("demo"), {"reference": "K-1"}, now=NOW)
        finish(session)
        if fails:
            raise ConnectionError


def test_a_crash_keeps_neither_the_effect_nor_the_answer(db: Session) -> None:
    begin(db)

    with pytest.raises(ConnectionError):
        create_with_key(db, fails=True)

    assert list_candidates(db, operator("demo")).items == ()
    with pytest.raises(RequestRunning):
        begin(db)
    abandon_request(db, **WHO)  # type: ignore[arg-type]  # by name
    assert begin(db) is None
    create_with_key(db, fails=False)
    assert len(list_candidates(db, operator("demo")).items) == 1
    assert begin(db) == ANSWER


def test_of_many_requests_at_once_one_goes_on(factory: sessionmaker[Session]) -> None:
    start = Barrier(6)
    outcomes: list[str] = []

    def request() -> None:
        with factory() as session:
            start.wait(timeout=20)
            try:
                outcomes.append("first" if begin(session) is None else "again")
            except RequestRunning:
                outcomes.append("wait")

    threads = [Thread(target=request) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["first", *["wait"] * 5]
    with factory() as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyRecord)) == 1
