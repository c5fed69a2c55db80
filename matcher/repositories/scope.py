"""What each viewer may reach of each table: the one place that says so.

Rows of another region or organisation are not refused but not found, so that nobody learns that
they exist. A table without an entry here is reached by nobody. Which fields of a row may then be
seen is another question: ``matcher.services.visibility``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Delete, Executable, Select, Update, false, or_, true

from matcher.domain.access import STAFF, Right, Viewer
from matcher.models import (
    Arrangement,
    Assessment,
    AuditEntry,
    BlindChoice,
    CallRequest,
    Candidate,
    CandidateAudit,
    CandidateNote,
    CaseloadChange,
    Commitment,
    Decision,
    ImportRun,
    IntakeDraft,
    Introduction,
    IntroductionEvent,
    IntroductionRefusal,
    MatchList,
    Message,
    Organisation,
    OwnRequest,
    Plan,
    Programme,
    Vacancy,
)
from matcher.models.base import Scoped
from matcher.models.database import IN_SCOPE

Condition = ColumnElement[bool]
Rule = Callable[[Any, Viewer], Condition]


def _in_region(model: Any, viewer: Viewer) -> Condition:
    return false() if viewer.region is None else model.region == viewer.region


def _everything(_model: Any, _viewer: Viewer) -> Condition:
    return true()


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


def _by_right(rights: Mapping[Right, Rule]) -> Rule:
    def rule(model: Any, viewer: Viewer) -> Condition:
        found = [reach(model, viewer) for right, reach in rights.items() if right in viewer.rights]
        return or_(false(), *found)

    return rule


_CASE_STAFF: Mapping[Right, Rule] = dict.fromkeys(sorted(STAFF), _in_region)
_REGION_WIDE: Mapping[Right, Rule] = {
    **_CASE_STAFF,
    Right.OFFICER: _in_region,
    Right.ANALYST: _in_region,
}
_ADVISERS: Mapping[Right, Rule] = {
    Right.COACH: _in_region,
    Right.LEAD: _in_region,
    Right.TRIAGER: _in_region,
}

RULES: Mapping[type[Scoped], Rule] = {
    Candidate: _by_right({**_CASE_STAFF, Right.CANDIDATE: _own_file}),
    # Benefit and year of birth: who reports on groups, and the coach who asked.
    CandidateAudit: _by_right({Right.COACH: _in_region, Right.ANALYST: _in_region}),
    IntakeDraft: _by_right({Right.COACH: _in_region, Right.LEAD: _in_region}),
    Commitment: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    Assessment: _by_right({**_CASE_STAFF, Right.ANALYST: _in_region, Right.CANDIDATE: _own_file}),
    MatchList: _by_right({**_CASE_STAFF, Right.ANALYST: _in_region, Right.CANDIDATE: _own_file}),
    Plan: _by_right({**_CASE_STAFF, Right.CANDIDATE: _own_file}),
    Decision: _by_right({**_ADVISERS, Right.ANALYST: _in_region, Right.CANDIDATE: _own_file}),
    CaseloadChange: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    OwnRequest: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    CandidateNote: _by_right({**_ADVISERS, Right.CANDIDATE: _own_file}),
    BlindChoice: _by_right({**_ADVISERS, Right.ANALYST: _in_region}),
    Introduction: _by_right(
        {**_CASE_STAFF, Right.CONTRACTOR: _of_organisation, Right.CANDIDATE: _own_file}
    ),
    IntroductionEvent: _by_right(_CASE_STAFF),
    # That somebody said no is for that somebody alone (practice.md section 7, 11).
    IntroductionRefusal: _by_right({Right.CANDIDATE: _own_file}),
    # The log holds no content: who runs the service sees that it is whole.
    AuditEntry: _by_right(
        {
            Right.LEAD: _in_region,
            Right.OFFICER: _in_region,
            Right.ANALYST: _in_region,
            Right.ADMIN: _everything,
            Right.CANDIDATE: _own_file,
        }
    ),
    Message: _by_right(_CASE_STAFF),
    Vacancy: _by_right({**_REGION_WIDE, Right.CONTRACTOR: _of_organisation}),
    Organisation: _by_right({**_REGION_WIDE, Right.CONTRACTOR: _of_organisation}),
    CallRequest: _by_right(
        {
            Right.SERVICE_POINT: _in_region,
            Right.TRIAGER: _in_region,
            Right.LEAD: _in_region,
            Right.OFFICER: _in_region,
            Right.CONTRACTOR: _of_organisation,
        }
    ),
    Programme: _by_right(_REGION_WIDE),
    Arrangement: _by_right(_REGION_WIDE),
    ImportRun: _by_right(
        {Right.TRIAGER: _in_region, Right.LEAD: _in_region, Right.OFFICER: _in_region}
    ),
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
    return cast("S", _mark(statement, *models))


def _mark(statement: Executable, *models: type[Scoped]) -> Executable:
    earlier = statement.get_execution_options().get(IN_SCOPE, frozenset())
    return statement.execution_options(**{IN_SCOPE: earlier | frozenset(models)})
