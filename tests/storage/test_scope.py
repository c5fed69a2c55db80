"""A forgotten filter finds nothing; a right filter finds what its viewer may reach."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, aliased

from matcher.domain.access import NOBODY, Right, Viewer, operator
from matcher.models import (
    Account,
    Arrangement,
    Assessment,
    Base,
    CallRequest,
    Candidate,
    CandidateAudit,
    Commitment,
    Decision,
    ImportRun,
    IntakeDraft,
    MatchList,
    Organisation,
    Plan,
    Programme,
    Vacancy,
)
from matcher.models.base import Scoped
from matcher.models.decision import DecisionIsFinalError
from matcher.repositories import candidates, vacancies
from matcher.repositories.scope import RULES, scoped, unscoped

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
MAPPED = sorted((m.class_ for m in Base.registry.mappers), key=lambda entity: entity.__name__)
SCOPED = [entity for entity in MAPPED if issubclass(entity, Scoped)]

ADVICE: dict[str, Any] = {
    "candidate_version": 1, "on": date(2027, 3, 1), "language": "nl", "rules_slug": "demo",
    "rules_version": "1", "rules_hash": "r", "places_hash": "p", "program": "1", "input_hash": "i",
    "candidate_input": {}, "options": {}, "result": {}, "created_at": NOW,
}  # fmt: skip
STAMPS: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}


def one_of_each(session: Session, region: str) -> int:
    """One row of every scoped table in `region`; the number of its organisation."""
    firm = Organisation(name="Firm", region=region, **STAMPS)
    session.add(firm)
    session.flush()
    from matcher.domain.candidate import CandidateProfile
    from matcher.domain.vacancy import VacancyProfile
    from matcher.models.states import VacancyStatus

    person = candidates.new_row(CandidateProfile("K-1", region), now=NOW, owner=None)
    place = VacancyProfile("V-1", "Firm", region, "F42", 1)
    session.add(person)
    session.add(vacancies.new_row(place, firm, status=VacancyStatus.OPEN, now=NOW))
    session.flush()
    about = {"region": region, "candidate_id": person.id}
    session.add_all(
        [
            CandidateAudit(region=region, reference="K-1", benefit="p_wet"),
            IntakeDraft(**about, card="work", answers={}, **STAMPS),
            Commitment(**about, hours_a_week=2, until=date(2027, 5, 1), created_at=NOW),
            Assessment(
                **about, **ADVICE, lane="ready_now", rule=2, readiness=1, start_level=1
            ),
            MatchList(**about, **ADVICE, eligible=0),
            Plan(**about, **ADVICE, outcome="place"),
            Decision(
                **about, subject="lane", chosen="ready_now", accepted=True, reason="agrees",
                facts_checked=(), decided_at=NOW,
            ),
            CallRequest(
                region=region, organisation_id=firm.id, name="N", phone="0", work="W",
                status="new", due_at=NOW, **STAMPS,
            ),
            Programme(
                reference="P-1", region=region, kind="vca", raises=(), gives=frozenset(),
                needs=(), weeks=1, hours_a_week=8, is_active=True, content_hash="", **STAMPS,
            ),
            Arrangement(name="A", region=region, sectors=(), **STAMPS),
            ImportRun(
                kind="candidates", region=region, file_hash="h", created=1, changed=0,
                unchanged=0, refused=0, problems=[], finished_at=NOW,
            ),
        ]
    )  # fmt: skip
    session.commit()
    return firm.id


def test_every_scoped_table_has_a_rule() -> None:
    assert set(RULES) == set(SCOPED)


def test_every_table_with_a_region_or_organisation_is_scoped() -> None:
    loose = {
        mapper.class_
        for mapper in Base.registry.mappers
        if {"region", "organisation_id"} & set(mapper.columns.keys())
        and not issubclass(mapper.class_, Scoped)
    }

    assert loose == {Account}, "accounts say who the viewer is"


@pytest.mark.parametrize("model", SCOPED, ids=lambda m: m.__name__)
def test_a_forgotten_filter_finds_and_changes_nothing(session: Session, model: type[Any]) -> None:
    one_of_each(session, "demo")
    other = aliased(model)
    session.expunge_all()

    assert session.scalars(select(model)).all() == []
    assert session.execute(select(model.id)).all() == []
    assert session.scalars(select(other)).all() == []
    assert session.scalar(select(func.count()).select_from(model)) == 0
    assert session.scalar(select(func.count(model.id))) == 0
    assert session.get(model, 1) is None
    assert session.scalars(select(Account).where(Account.id.in_(select(model.id)))).all() == []
    joined = select(Candidate).join(model, model.id == Candidate.id)
    if model is not Candidate:
        reached = scoped(joined, operator("demo"), Candidate)
        assert session.scalars(reached).all() == []
    for statement in (delete(model), update(model).values(id=model.id)):
        session.execute(statement, execution_options={"synchronize_session": False})
    found = session.scalars(unscoped(select(model), model)).all()
    assert len(found) == 1, "nothing was deleted"


REACH: dict[type[Any], set[Right]] = {
    Candidate: {Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD},
    CandidateAudit: {Right.COACH, Right.ANALYST},
    IntakeDraft: {Right.COACH, Right.LEAD},
    Commitment: {Right.COACH, Right.LEAD, Right.TRIAGER},
    Assessment: {Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD, Right.ANALYST},
    MatchList: {Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD, Right.ANALYST},
    Plan: {Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD},
    Decision: {Right.COACH, Right.TRIAGER, Right.LEAD, Right.ANALYST},
    Vacancy: set(Right) - {Right.CANDIDATE, Right.ADMIN},
    Organisation: set(Right) - {Right.CANDIDATE, Right.ADMIN},
    CallRequest: {
        Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD, Right.OFFICER, Right.CONTRACTOR,
    },
    Programme: set(Right) - {Right.CANDIDATE, Right.ADMIN, Right.CONTRACTOR},
    Arrangement: set(Right) - {Right.CANDIDATE, Right.ADMIN, Right.CONTRACTOR},
    ImportRun: {Right.TRIAGER, Right.LEAD, Right.OFFICER},
}  # fmt: skip


def test_each_right_reaches_what_the_table_says_and_only_of_its_region(
    session: Session,
) -> None:
    firm = one_of_each(session, "demo")
    other_firm = one_of_each(session, "haaglanden")

    for model, right in product(SCOPED, Right):
        region = None if right is Right.CONTRACTOR else "demo"
        viewer = Viewer(1, frozenset({right}), region, firm)
        found = session.scalars(scoped(select(model), viewer, model)).all()
        regions = [row.region for row in found]
        assert regions == (["demo"] if right in REACH[model] else []), f"{model} for {right}"

        elsewhere = Viewer(1, frozenset({right}), None, None)
        assert session.scalars(scoped(select(model), elsewhere, model)).all() == []
    contractor = Viewer(1, frozenset({Right.CONTRACTOR}), "demo", other_firm)
    reached = session.scalars(scoped(select(Vacancy), contractor, Vacancy)).all()
    assert [row.region for row in reached] == ["haaglanden"], "the firm counts, not the region"


def test_nobody_reaches_nothing(session: Session) -> None:
    one_of_each(session, "demo")

    for model in SCOPED:
        assert session.scalars(scoped(select(model), NOBODY, model)).all() == []


def test_a_scope_narrows_changes_too(session: Session) -> None:
    one_of_each(session, "demo")
    one_of_each(session, "haaglanden")
    stranger = operator("haaglanden")

    session.execute(scoped(update(Arrangement).values(target=5), stranger, Arrangement))
    session.execute(scoped(delete(Programme), stranger, Programme))

    targets = session.execute(
        unscoped(select(Arrangement.region, Arrangement.target), Arrangement)
    ).all()
    assert {tuple(row) for row in targets} == {("demo", None), ("haaglanden", 5)}
    left = session.scalars(unscoped(select(Programme.region), Programme)).all()
    assert left == ["demo"]


def test_a_decision_is_never_changed(session: Session) -> None:
    one_of_each(session, "demo")
    viewer = operator("demo")
    [row] = session.scalars(scoped(select(Decision), viewer, Decision)).all()

    row.chosen = "pre_placement"
    with pytest.raises(DecisionIsFinalError):
        session.flush()
    session.rollback()
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text("UPDATE decision SET chosen = 'pre_placement'"))
    session.rollback()

    [row] = session.scalars(scoped(select(Decision), viewer, Decision)).all()
    assert row.chosen == "ready_now"


def test_erasing_a_candidate_erases_what_was_kept_of_them(session: Session) -> None:
    one_of_each(session, "demo")
    session.expunge_all()
    viewer = operator("demo")

    session.execute(scoped(delete(Candidate), viewer, Candidate))

    for model in (IntakeDraft, Commitment, Assessment, MatchList, Plan, Decision):
        assert session.scalars(unscoped(select(model), model)).all() == []
    assert session.scalars(unscoped(select(Vacancy), Vacancy)).all() != []


@pytest.mark.parametrize(
    ("column", "value"),
    [("rhythm", 5), ("lift", 3), ("pc4", 99), ("hours_max", 41), ("status", "gone")],
)
def test_an_error_of_the_database_repeats_nothing_of_a_person(
    session: Session, column: str, value: object
) -> None:
    one_of_each(session, "demo")
    canary = "Canary-7Q"
    with pytest.raises(DBAPIError) as broken:
        session.execute(
            text(f"UPDATE candidate SET first_name = :name, {column} = :value"),  # noqa: S608  names from this file
            {"name": canary, "value": value},
        )

    shown = f"{broken.value} {broken.value.orig} {broken.value.args}"
    assert canary not in shown
    assert "K-1" not in shown
    assert "ck_candidate_" in shown or "CHECK" in shown
