"""The stateless twins of the command line: the same rows for the same input, nothing kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.api.blueprint import Resource
from matcher.api.candidates import ADVISERS
from matcher.api.schemas.previews import (
    AllocationRows,
    AllocationsPreview,
    AssessmentRows,
    AssessmentsPreview,
    MatchesPreview,
    MatchRows,
    PlanRows,
    PlansPreview,
)
from matcher.domain.allocating import Choice, Method, SeatOrder
from matcher.domain.candidate import CandidateProfile
from matcher.domain.vocabulary import Lane
from matcher.http.clock import today
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.permissions import requires
from matcher.services import advice
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "previews",
    __name__,
    description=(
        "Advice on rows that you bring: exactly what the command line gives for the same files. "
        "Nothing is kept."
    ),
)

Rows = dict[str, Any]


@blp.post("/assessments")
@requires(*ADVISERS)
@blp.arguments(AssessmentsPreview)
@blp.response(200, AssessmentRows)
def preview_assessments(body: Mapping[str, Any]) -> Rows:
    """Readiness, lane and reasons of rows

    What `matcher assess` gives. Readiness is measured against the reference needs of the rule
    set; with vacancies each row counts how many places fit today.
    """
    rows = advice.assess_rows(
        _profiles(body),
        body["vacancies"],
        body["programmes"],
        on=body["on"] or today(),
        lang=current_language(),
    )
    return {"items": _shown(Kind.ASSESSMENT, rows)}


@blp.post("/matches")
@requires(*ADVISERS)
@blp.arguments(MatchesPreview)
@blp.response(200, MatchRows)
def preview_matches(body: Mapping[str, Any]) -> Rows:
    """Ranked vacancies of rows

    What `matcher match` gives, with why, what is short and what blocks.
    """
    on = body["on"] or today()
    candidates = _profiles(body)
    rows = advice.match_rows(
        candidates,
        body["vacancies"],
        on=on,
        top=body["top"],
        include_blocked=body["all"],
        lang=current_language(),
    )
    dated = ({**row, "on": on} for row in rows)
    return {"items": _shown(Kind.MATCH, dated), "left_out": advice.left_out(candidates, on)}


@blp.post("/plans")
@requires(*ADVISERS)
@blp.arguments(PlansPreview)
@blp.response(200, PlanRows)
def preview_plans(body: Mapping[str, Any]) -> Rows:
    """Plans of rows

    What `matcher plan` gives: the programmes that open the best place soonest.
    """
    on = body["on"] or today()
    candidates = _profiles(body)
    rows = advice.plan_rows(
        candidates, body["vacancies"], body["programmes"], on=on, lang=current_language()
    )
    return {"items": _shown(Kind.PLAN, rows), "left_out": advice.left_out(candidates, on)}


@blp.post("/allocations")
@requires(*ADVISERS)
@blp.arguments(AllocationsPreview)
@blp.response(200, AllocationRows)
def preview_allocations(body: Mapping[str, Any]) -> Rows:
    """An allocation of rows

    What `matcher allocate` gives: the proposals, the figures of its summary, and why: who comes
    next for each place, the nearest way in for who is left out, what would fill an empty vacancy.
    Seats are given out only with programmes.
    """
    # Solvers and compiled code are loaded by who asks for an allocation, not by every process.
    from matcher.services.allocation_runs import run_allocation

    on = body["on"] or today()
    candidates = _profiles(body)
    choice = Choice(
        Method(body["method"]),
        tuple(Lane(lane) for lane in body["lanes"]),
        body["floor"],
        body["seed"],
        SeatOrder(body["seats"]),
        tuple(body["pairs"]),
    )
    run = run_allocation(
        candidates,
        body["vacancies"],
        body["programmes"],
        choice,
        on=on,
        lang=current_language(),
    )
    explained = run.explanation()
    lists = ("proposals", "left_out", "empty_vacancies")
    (figures,) = _shown(Kind.ALLOCATION_SUMMARY, [run.summary()])
    return {
        "items": _shown(Kind.ALLOCATION, run.rows()),
        "summary": figures,
        "explanation": {
            "on": on,
            **{name: _shown(Kind.ALLOCATION, explained[name]) for name in lists},
        },
        "left_out": advice.left_out(candidates, on),
    }


def _profiles(body: Mapping[str, Any]) -> list[CandidateProfile]:
    """What scoring may see; benefit and year of birth stay behind (P-4)."""
    return [profile for profile, _audit in body["candidates"]]


def _shown(kind: Kind, rows: Iterable[Rows]) -> list[Rows]:
    rights = the_viewer().rights
    return [show(kind, row, rights, Stage.OWN) for row in rows]
