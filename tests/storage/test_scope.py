"""A forgotten filter finds nothing; a right filter finds what its viewer may reach."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, aliased

from matcher.domain.access import NOBODY, Right, Viewer, operator
from matcher.models import (
    Account,
    Agreement,
    Allocation,
    AllocationLine,
    Arrangement,
    Artefact,
    ArtefactChange,
    ArtefactMonth,
    Assessment,
    Attendance,
    AttendanceLink,
    AuditEntry,
    Base,
    BlindChoice,
    CallRequest,
    Candidate,
    CandidateAudit,
    CandidateNote,
    CaseloadChange,
    Cohort,
    Commitment,
    ContactAttempt,
    ContractContribution,
    ContractShare,
    ContributionCheck,
    Decision,
    DecisionUndo,
    DisplacementCheck,
    DisplacementReport,
    Elsewhere,
    Evaluation,
    FundingLine,
    ImportRun,
    InflowBoard,
    InflowLine,
    InflowNear,
    IntakeDraft,
    Introduction,
    IntroductionEvent,
    IntroductionRefusal,
    Job,
    JobBlock,
    LedgerEntry,
    MatchList,
    Message,
    Organisation,
    OutcomeCount,
    OwnRequest,
    PairChoice,
    Placement,
    PlacementEvent,
    PlacementOutcome,
    Plan,
    Prediction,
    ProbableDouble,
    Programme,
    PublicContract,
    RegionMatch,
    RememberedColumns,
    RuleVersion,
    RuleVersionStep,
    Seat,
    SeatOrderChoice,
    SettlementDecision,
    Shortlist,
    ShortlistLine,
    TalentCount,
    Upload,
    UploadBlock,
    Vacancy,
)
from matcher.models.base import Scoped
from matcher.models.decision import DecisionIsFinalError
from matcher.repositories.scope import RULES, scoped, unscoped
from tests.storage.rows import DAY, NOW, STAMPS, account, firm_with_place, one_of_each, person

MAPPED = sorted((m.class_ for m in Base.registry.mappers), key=lambda entity: entity.__name__)
SCOPED = [entity for entity in MAPPED if issubclass(entity, Scoped)]


def test_every_scoped_table_has_a_rule() -> None:
    assert set(RULES) == set(SCOPED)


def test_every_table_with_a_region_or_organisation_is_scoped() -> None:
    loose = {
        mapper.class_
        for mapper in Base.registry.mappers
        if {"region", "organisation_id"} & set(mapper.columns.keys())
        and not issubclass(mapper.class_, Scoped)
    }

    # Accounts say who the viewer is; counts are of nobody in particular.
    assert loose == {Account, OutcomeCount, TalentCount}


@pytest.mark.parametrize("model", SCOPED, ids=lambda m: m.__name__)
def test_a_forgotten_filter_finds_and_changes_nothing(session: Session, model: type[Any]) -> None:
    one_of_each(session, "demo")
    other = aliased(model)
    session.expunge_all()
    before = len(session.scalars(unscoped(select(model), model)).all())
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
    assert len(found) == before >= 1, "nothing was deleted"


C, T, S, L = Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD
K, OF, A, P, AD = (
    Right.CONTRACTOR, Right.OFFICER, Right.ANALYST, Right.CANDIDATE, Right.ADMIN,
)  # fmt: skip

ABOUT_A_PERSON: dict[type[Any], set[Right]] = {
    Candidate: {C, T, S, L, P},
    CandidateAudit: {C, A, P},
    IntakeDraft: {C, L, P},
    Commitment: {C, L, T, P},
    Assessment: {C, T, S, L, A, P},
    MatchList: {C, T, S, L, A, P},
    Plan: {C, T, S, L, P},
    # One that was shown; those of a shadow are found by nobody.
    Prediction: {C, L, P},
    Decision: {C, T, L, A, P},
    CaseloadChange: {C, T, L, P},
    OwnRequest: {C, T, L, P},
    CandidateNote: {C, T, L, P},
    BlindChoice: {C, T, L, A},
    Introduction: {C, T, S, L, K, P},
    IntroductionEvent: {C, T, S, L, K, P},
    IntroductionRefusal: {P},
    ShortlistLine: {T, S, L, K, P},
    AuditEntry: {L, OF, A, P, AD},
    Message: {C, T, S, L},
    Seat: {C, L, T, P},
    ContactAttempt: {C, L, T, P},
    DecisionUndo: {C, L, T, A, P},
    Elsewhere: {C, L, T, P},
    Placement: {C, L, T, K, P},
    Agreement: {C, L, T, K, P},
    PlacementEvent: {C, L, T, P},
    PlacementOutcome: {C, L, T, K, P},
    AllocationLine: {L, T, P},
    PairChoice: {L, T, P},
    Attendance: {C, L, T, P},
}
OF_A_REGION: dict[type[Any], set[Right]] = {
    Vacancy: {C, T, S, L, OF, A, K},
    Organisation: {C, T, S, L, OF, A, K},
    CallRequest: {T, S, L, OF, K},
    DisplacementCheck: {T, S, L, OF, K},
    Shortlist: {T, S, L, K},
    DisplacementReport: {OF},
    Artefact: {L, OF, A, AD},
    ArtefactChange: {L, OF, A, AD},
    ArtefactMonth: {L, OF, A, AD},
    Programme: {C, T, S, L, OF, A},
    Arrangement: {C, T, S, L, OF, A},
    Cohort: {C, T, S, L, OF, A},
    AttendanceLink: {C, T, L},
    Evaluation: {T, L, OF, A},
    FundingLine: {T, L, OF, A},
    ImportRun: {T, L, OF},
    # Of one that nobody asked for; whoever did reaches it too.
    Job: {L},
    JobBlock: set(),
    InflowBoard: {T, L, Right.OFFICER, Right.ANALYST},
    InflowLine: {T, L},
    InflowNear: {T, L},
    RegionMatch: {T, L},
    Allocation: {T, L, OF},
    SeatOrderChoice: {C, T, S, L, OF, A},
    # Likewise, by the triager who sent it.
    Upload: {L},
    UploadBlock: set(),
    RememberedColumns: {T, L},
    ProbableDouble: {T, L},
    RuleVersion: {OF},
    RuleVersionStep: {OF},
    PublicContract: {OF, A, K},
    ContractContribution: {OF, A, K},
    ContributionCheck: {OF, A, K},
    ContractShare: {OF, A, K},
    LedgerEntry: {OF, A},
    SettlementDecision: {OF, A, K},
}

EVERYWHERE = (AuditEntry, Artefact, ArtefactChange, ArtefactMonth)
"""What who runs the service sees of every region; nothing of anybody."""


def found_in(session: Session, model: type[Any], viewer: Viewer) -> list[str]:
    rows = session.scalars(scoped(select(model), viewer, model)).all()
    people = dict(
        session.execute(unscoped(select(Candidate.id, Candidate.region), Candidate)).all()
    )
    # A refusal has no region of its own.
    regions = [getattr(row, "region", None) or people[row.candidate_id] for row in rows]
    # Many entries in the log are of what was added above, and a share is between two firms.
    return sorted(set(regions) if model in (AuditEntry, Organisation) else regions)


def test_each_right_reaches_what_the_tables_say_and_only_of_its_region_or_firm(
    session: Session,
) -> None:
    firm = one_of_each(session, "demo")
    one_of_each(session, "haaglanden")
    whose = session.scalars(unscoped(select(Candidate.id), Candidate)).first()
    reach = ABOUT_A_PERSON | OF_A_REGION
    assert set(reach) == set(SCOPED)

    for model, right in product(SCOPED, Right):
        region = "haaglanden" if right in (K, P) else "demo"
        viewer = Viewer(
            1, frozenset({right}), region, firm if right is K else None,
            candidate_id=whose if right is P else None,
        )  # fmt: skip
        expected = ["demo"] if right in reach[model] else []
        if right is AD and model in EVERYWHERE:
            expected = ["demo", "haaglanden"]
        assert found_in(session, model, viewer) == expected, f"{model} for {right}"

        lost = Viewer(1, frozenset({right}))
        everywhere = right is AD and model in EVERYWHERE
        assert everywhere or found_in(session, model, lost) == []


OWNERS = ("mine", "nobody", "covered", "colleague", "single")


def test_whatever_is_kept_about_somebody_is_reached_with_the_person(session: Session) -> None:
    names = [name for name in OWNERS if name != "nobody"]
    numbers: dict[str, int | None] = {name: account(session, name, C) for name in names}
    for region in ("demo", "haaglanden"):
        _, place = firm_with_place(session, region)
        people = {
            name: person(session, region, place, name, numbers.get(name)).id for name in OWNERS
        }
        if region == "demo":
            here = people
    coach = Viewer(numbers["mine"], frozenset({C}), "demo")
    stand_in = replace(
        coach,
        covers=frozenset({numbers["covered"] or 0}),
        covers_candidates=frozenset({here["single"]}),
    )
    both = replace(coach, rights=frozenset({C, S}))

    def reached(model: type[Any], viewer: Viewer) -> set[str]:
        key = {
            Candidate: Candidate.id,
            CandidateAudit: select(Candidate.id)
            .where(Candidate.region == CandidateAudit.region)
            .where(Candidate.reference == CandidateAudit.reference)
            .scalar_subquery(),
            IntroductionEvent: select(Introduction.candidate_id)
            .where(Introduction.id == IntroductionEvent.introduction_id)
            .scalar_subquery(),
        }.get(model, getattr(model, "candidate_id", None))
        statement = unscoped(select(key).select_from(model), Candidate, Introduction)
        numbers = session.scalars(scoped(statement, viewer, model)).all()
        return {next(name for name, number in here.items() if number == n) for n in numbers}

    for model, rights in ABOUT_A_PERSON.items():
        expected = {"mine", "nobody"} if C in rights else set()
        assert reached(model, coach) == expected, model
        assert reached(model, stand_in) == (expected | {"covered", "single"} if expected else set())
        assert reached(model, both) == (set(OWNERS) if S in rights else expected), model


def test_drafts_and_changes_of_nobody_in_particular_are_reached_by_whose_they_are(
    session: Session,
) -> None:
    me, other = account(session, "me", C), account(session, "other", C)
    draft = {"region": "demo", "card": "quick_start", "answers": {}, **STAMPS}
    session.add_all([IntakeDraft(**draft, account_id=number) for number in (me, other, None)])
    change = {"region": "demo", "kind": "stand_in", "starts_on": DAY, "until": DAY}
    session.add(CaseloadChange(**change, from_account_id=other, decided_at=NOW))
    session.add(CaseloadChange(**change, from_account_id=other, to_account_id=me, decided_at=NOW))
    session.commit()
    coach, stand_in = (
        Viewer(me, frozenset({C}), "demo", covers=covers)
        for covers in (frozenset[int](), frozenset({other}))
    )

    def count(model: type[Any], viewer: Viewer) -> int:
        return len(found_in(session, model, viewer))

    assert (count(IntakeDraft, coach), count(CaseloadChange, coach)) == (1, 1)
    assert (count(IntakeDraft, stand_in), count(CaseloadChange, stand_in)) == (2, 1)
    lead = Viewer(account(session, "lead", L), frozenset({L}), "demo")
    assert (count(IntakeDraft, lead), count(CaseloadChange, lead)) == (0, 2)


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

    for model in (
        IntakeDraft,
        Commitment,
        Assessment,
        MatchList,
        Plan,
        Decision,
        Seat,
        Attendance,
        ContactAttempt,
        Elsewhere,
        AllocationLine,
        PairChoice,
    ):
        assert session.scalars(unscoped(select(model), model)).all() == []
    assert session.scalars(unscoped(select(Vacancy), Vacancy)).all() != []


@pytest.mark.parametrize(
    ("column", "value"),
    [("rhythm", 5), ("digital", 3), ("pc4", 99), ("hours_max", 41), ("status", "gone")],
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
