"""What each viewer may reach of each table: the one place that says so.

A coach reaches a caseload: own people, those that nobody owns yet, and those of whom the account
stands in for; whatever is kept about somebody is reached with the person. Other staff reach their
region, a contractor the own organisation, a candidate the own file. What is out of reach is not
refused but not found, so that nobody learns that it exists. A table without an entry here is
reached by nobody. Several rights on one account add up. Which fields of a row may then be
seen is another question: ``matcher.services.visibility``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Delete,
    Executable,
    Select,
    Update,
    and_,
    exists,
    false,
    or_,
)

from matcher.domain.access import STAFF, Right, Viewer
from matcher.domain.follow_up import OutcomeSource
from matcher.models import (
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
    BlindChoice,
    CallRequest,
    Candidate,
    CandidateAudit,
    CandidateNote,
    CaseloadChange,
    Cohort,
    Commitment,
    ContactAttempt,
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
    MatchList,
    Message,
    Organisation,
    OwnRequest,
    PairChoice,
    Placement,
    PlacementEvent,
    PlacementOutcome,
    Plan,
    Prediction,
    ProbableDouble,
    Programme,
    RegionMatch,
    RememberedColumns,
    RuleVersion,
    RuleVersionStep,
    Seat,
    SeatOrderChoice,
    Upload,
    UploadBlock,
    Vacancy,
)
from matcher.models.base import Scoped
from matcher.models.database import IN_SCOPE
from matcher.models.wall import OPENS
from matcher.repositories.contract_reach import CONTRACT_REACH
from matcher.repositories.learned_reach import everywhere, shown
from matcher.repositories.list_reach import LIST_REACH
from matcher.repositories.log_reach import log_of_operations, log_of_region

Condition = ColumnElement[bool]
Rule = Callable[[Any, Viewer], Condition]

_PERSON: Any = Candidate.__table__
_INTRODUCTION: Any = Introduction.__table__
# Conditions look at tables, not at classes: the guard of the session hides classes that the
# statement itself does not read, and a condition must not open them for the rest of it.


def _in_region(model: Any, viewer: Viewer) -> Condition:
    return false() if viewer.region is None else model.region == viewer.region


def _of_organisation(model: Any, viewer: Viewer) -> Condition:
    if viewer.organisation_id is None:
        return false()
    key: Any = model.id if model is Organisation else model.organisation_id
    matches: Condition = key == viewer.organisation_id
    return matches


def _own_file(model: Any, viewer: Viewer) -> Condition:
    if viewer.candidate_id is None:
        return false()
    key: Any = model.id if model is Candidate else model.candidate_id
    matches: Condition = key == viewer.candidate_id
    return matches


def caseload_owners(viewer: Viewer) -> list[int]:
    """The accounts whose caseload is this viewer's today: the own one, and covered ones."""
    own = set() if viewer.account_id is None else {viewer.account_id}
    return sorted(viewer.covers | own)


def _is_on_caseload(person: Any, viewer: Viewer) -> Condition:
    """Own people, those that nobody owns, and those of whom this account stands in for."""
    if viewer.region is None:
        return false()
    owners = caseload_owners(viewer)
    reached = [person.owner_account_id.is_(None)]
    if owners:
        reached.append(person.owner_account_id.in_(owners))
    if viewer.covers_candidates:
        reached.append(person.id.in_(sorted(viewer.covers_candidates)))
    return and_(person.region == viewer.region, or_(*reached))


def _on_caseload(model: Any, viewer: Viewer) -> Condition:
    if model is Candidate:
        return _is_on_caseload(Candidate, viewer)
    person = _PERSON.alias()
    return exists().where(person.c.id == model.candidate_id, _is_on_caseload(person.c, viewer))


def _audit_on_caseload(model: Any, viewer: Viewer) -> Condition:
    person = _PERSON.alias()
    same = (person.c.region == model.region, person.c.reference == model.reference)
    return exists().where(*same, _is_on_caseload(person.c, viewer))


def _audit_of_own_file(model: Any, viewer: Viewer) -> Condition:
    person = _PERSON.alias()
    same = (person.c.region == model.region, person.c.reference == model.reference)
    return exists().where(*same, person.c.id == viewer.candidate_id)


def _own_drafts(model: Any, viewer: Viewer) -> Condition:
    # Of somebody who is still being entered; once there is a candidate, the draft follows them.
    return and_(
        _in_region(model, viewer),
        model.candidate_id.is_(None),
        model.account_id.in_(caseload_owners(viewer)),
    )


def _drafts_on_caseload(model: Any, viewer: Viewer) -> Condition:
    return or_(_own_drafts(model, viewer), _on_caseload(model, viewer))


def _drafts_of_region(model: Any, viewer: Viewer) -> Condition:
    about_somebody = and_(_in_region(model, viewer), model.candidate_id.is_not(None))
    return or_(_own_drafts(model, viewer), about_somebody)


def _changes_on_caseload(model: Any, viewer: Viewer) -> Condition:
    # Whole caseloads have no candidate: who gives and who takes both know.
    if viewer.account_id is None:
        return _on_caseload(model, viewer)
    own = or_(model.from_account_id == viewer.account_id, model.to_account_id == viewer.account_id)
    whole = and_(_in_region(model, viewer), model.candidate_id.is_(None), own)
    return or_(whole, _on_caseload(model, viewer))


def _through_introduction(reach: Rule) -> Rule:
    def rule(model: Any, viewer: Viewer) -> Condition:
        introduction = _INTRODUCTION.alias()
        same = introduction.c.id == model.introduction_id
        return exists().where(same, reach(introduction.c, viewer))

    return rule


_PLACEMENT: Any = Placement.__table__


def _own_answers(model: Any, viewer: Viewer) -> Condition:
    # What an employer answered about its own placements; never what others said.
    placement = _PLACEMENT.alias()
    same = placement.c.id == model.placement_id
    of_firm = exists().where(same, _of_organisation(placement.c, viewer))
    return and_(model.source == OutcomeSource.EMPLOYER, of_firm)


def _messages_of_region(model: Any, viewer: Viewer) -> Condition:
    return and_(_in_region(model, viewer), model.candidate_id.is_not(None))


def _messages_to_accounts(model: Any, _viewer: Viewer) -> Condition:
    about_nobody: Condition = model.candidate_id.is_(None)
    return about_nobody


def _asked_for_by(model: Any, viewer: Viewer) -> Condition:
    if viewer.account_id is None:
        return false()
    return and_(_in_region(model, viewer), model.account_id == viewer.account_id)


def _by_right(rights: Mapping[Right, Rule]) -> Rule:
    def rule(model: Any, viewer: Viewer) -> Condition:
        found = [reach(model, viewer) for right, reach in rights.items() if right in viewer.rights]
        return or_(false(), *found)

    return rule


_REGION_STAFF = (Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD)
_CASE_STAFF: Mapping[Right, Rule] = {
    Right.COACH: _on_caseload,
    **dict.fromkeys(_REGION_STAFF, _in_region),
}
_CENTRE: Mapping[Right, Rule] = {Right.TRIAGER: _in_region, Right.LEAD: _in_region}
_ADVISERS: Mapping[Right, Rule] = {Right.COACH: _on_caseload, **_CENTRE}
_REGION_WIDE: Mapping[Right, Rule] = dict.fromkeys(
    (Right.COACH, *_REGION_STAFF, Right.OFFICER, Right.ANALYST), _in_region
)

_FIRMS: Mapping[Right, Rule] = {
    **dict.fromkeys((*_REGION_STAFF, Right.OFFICER), _in_region),
    Right.CONTRACTOR: _of_organisation,
}
_LEARNED: Mapping[Right, Rule] = {
    **dict.fromkeys((Right.LEAD, Right.OFFICER, Right.ANALYST), _in_region),
    Right.ADMIN: everywhere,
}

RULES: Mapping[type[Scoped], Rule] = {
    Candidate: _by_right({**_CASE_STAFF, Right.CANDIDATE: _own_file}),
    # Benefit and year of birth: who reports on groups, the coach who asked, and whose they are.
    CandidateAudit: _by_right(
        {
            Right.COACH: _audit_on_caseload,
            Right.ANALYST: _in_region,
            Right.CANDIDATE: _audit_of_own_file,
        }
    ),
    IntakeDraft: _by_right(
        {
            Right.COACH: _drafts_on_caseload,
            Right.LEAD: _drafts_of_region,
            Right.CANDIDATE: _own_file,
        }
    ),
    Commitment: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    Assessment: _by_right({**_CASE_STAFF, Right.ANALYST: _in_region, Right.CANDIDATE: _own_file}),
    MatchList: _by_right({**_CASE_STAFF, Right.ANALYST: _in_region, Right.CANDIDATE: _own_file}),
    Plan: _by_right({**_CASE_STAFF, Right.CANDIDATE: _own_file}),
    # What a shadow predicts is reached by nobody, what serves by nobody who puts people in order.
    Prediction: _by_right(
        {
            Right.COACH: shown(_on_caseload),
            Right.LEAD: shown(_in_region),
            Right.CANDIDATE: shown(_own_file),
        }
    ),
    Decision: _by_right({**_ADVISERS, Right.ANALYST: _in_region, Right.CANDIDATE: _own_file}),
    DecisionUndo: _by_right({**_ADVISERS, Right.ANALYST: _in_region, Right.CANDIDATE: _own_file}),
    ContactAttempt: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    Elsewhere: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    CaseloadChange: _by_right(
        {**_ADVISERS, Right.COACH: _changes_on_caseload, Right.CANDIDATE: _own_file}
    ),
    OwnRequest: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    CandidateNote: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    BlindChoice: _by_right({**_ADVISERS, Right.ANALYST: _in_region}),
    Introduction: _by_right(
        {**_CASE_STAFF, Right.CONTRACTOR: _of_organisation, Right.CANDIDATE: _own_file}
    ),
    IntroductionEvent: _by_right(
        {
            **dict.fromkeys(_REGION_STAFF, _in_region),
            Right.COACH: _through_introduction(_on_caseload),
            Right.CONTRACTOR: _through_introduction(_of_organisation),
            Right.CANDIDATE: _through_introduction(_own_file),
        }
    ),
    # That somebody said no is for that somebody alone (practice.md section 7, 11).
    IntroductionRefusal: _by_right({Right.CANDIDATE: _own_file}),
    # What candidates do in their own view is nobody else's business.
    AuditEntry: _by_right(
        {
            Right.LEAD: log_of_region,
            Right.OFFICER: log_of_region,
            Right.ANALYST: log_of_region,
            Right.ADMIN: log_of_operations,
            Right.CANDIDATE: _own_file,
        }
    ),
    # Staff help candidates whom a message did not reach; an administrator helps accounts.
    Message: _by_right(
        {
            Right.COACH: _on_caseload,
            **dict.fromkeys(_REGION_STAFF, _messages_of_region),
            Right.ADMIN: _messages_to_accounts,
        }
    ),
    Vacancy: _by_right({**_REGION_WIDE, Right.CONTRACTOR: _of_organisation}),
    Organisation: _by_right({**_REGION_WIDE, Right.CONTRACTOR: _of_organisation}),
    **dict.fromkeys((CallRequest, DisplacementCheck), _by_right(_FIRMS)),
    DisplacementReport: _by_right({Right.OFFICER: _in_region}),
    Programme: _by_right(_REGION_WIDE),
    Arrangement: _by_right(_REGION_WIDE),
    # What was learned names nobody; who runs the service sees that of every region.
    **dict.fromkeys((Artefact, ArtefactChange, ArtefactMonth), _by_right(_LEARNED)),
    Cohort: _by_right(_REGION_WIDE),
    # Seats and who came when are about somebody; others see how many.
    Seat: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    Attendance: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    AttendanceLink: _by_right(dict.fromkeys((Right.COACH, Right.TRIAGER, Right.LEAD), _in_region)),
    # An employer reaches its own placements, answers and sheets; why somebody left is no part.
    **dict.fromkeys(
        (Placement, Agreement),
        _by_right({**_ADVISERS, Right.CONTRACTOR: _of_organisation, Right.CANDIDATE: _own_file}),
    ),
    PlacementEvent: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    PlacementOutcome: _by_right(
        {**_ADVISERS, Right.CONTRACTOR: _own_answers, Right.CANDIDATE: _own_file}
    ),
    **dict.fromkeys(
        (FundingLine, Evaluation),
        _by_right(
            dict.fromkeys((Right.TRIAGER, Right.LEAD, Right.OFFICER, Right.ANALYST), _in_region)
        ),
    ),
    # What officers write and decide; what holds is read by the service itself.
    **dict.fromkeys((RuleVersion, RuleVersionStep), _by_right({Right.OFFICER: _in_region})),
    **{model: _by_right(ways) for model, ways in {**CONTRACT_REACH, **LIST_REACH}.items()},
    ImportRun: _by_right({**_CENTRE, Right.OFFICER: _in_region}),
    Job: _by_right(
        {
            **dict.fromkeys((*STAFF, Right.OFFICER, Right.ANALYST), _asked_for_by),
            Right.LEAD: _in_region,
        }
    ),
    # What a block gave is for the job that it is a part of.
    JobBlock: _by_right({}),
    RegionMatch: _by_right(_CENTRE),
    # The figures name nobody; who stands behind them is for the centre.
    InflowBoard: _by_right(
        dict.fromkeys((Right.TRIAGER, Right.LEAD, Right.OFFICER, Right.ANALYST), _in_region)
    ),
    **dict.fromkeys((InflowLine, InflowNear), _by_right(_CENTRE)),
    # Figures of an allocation name nobody; its lines, and pairs decided beforehand, do.
    Allocation: _by_right({**_CENTRE, Right.OFFICER: _in_region}),
    AllocationLine: _by_right({**_CENTRE, Right.CANDIDATE: _own_file}),
    PairChoice: _by_right({**_CENTRE, Right.CANDIDATE: _own_file}),
    SeatOrderChoice: _by_right(_REGION_WIDE),
    # A file is for whoever sent it, and for who leads the team.
    Upload: _by_right({Right.TRIAGER: _asked_for_by, Right.LEAD: _in_region}),
    UploadBlock: _by_right({}),
    **dict.fromkeys((RememberedColumns, ProbableDouble), _by_right(_CENTRE)),
}

NUMBER_MAXIMUM = 2**31 - 1
"""Numbers of rows are four bytes wide on PostgreSQL."""


def numbered(model: Any, number: int) -> Condition:
    """The condition that a row has that number; one too large to exist finds nothing."""
    matches: Condition = model.id == number
    return matches if 0 < number <= NUMBER_MAXIMUM else false()


S = TypeVar("S", bound="Select[*tuple[Any, ...]] | Update | Delete")


def scoped(statement: S, viewer: Viewer, *models: type[Scoped]) -> S:
    """`statement` narrowed to what `viewer` may reach of each of `models`.

    Works on select, update and delete. A model without a rule raises KeyError: somebody has to
    decide who may reach it first.
    """
    narrowed = statement.where(*(RULES[model](model, viewer) for model in models))
    return cast("S", _mark(narrowed, *models))


def unscoped(statement: S, *models: type[Scoped]) -> S:
    """`statement` on all rows of `models`, for the service itself and never for a viewer.

    Its callers: sign-in, the count of a public pool, keeping and replaying advice whose candidate
    was found in scope, backup and operations. Say at the call why it is right there.
    """
    earlier = statement.get_execution_options().get(OPENS, frozenset())
    names = frozenset(model.__tablename__ for model in models)  # type: ignore[attr-defined]  # scoped classes are tables
    opening = statement.execution_options(**{OPENS: earlier | names})
    return cast("S", _mark(opening, *models))


def _mark(statement: Executable, *models: type[Scoped]) -> Executable:
    earlier = statement.get_execution_options().get(IN_SCOPE, frozenset())
    return statement.execution_options(**{IN_SCOPE: earlier | frozenset(models)})
