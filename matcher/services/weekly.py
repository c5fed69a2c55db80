"""The job *allocate_region*: the weekly allocation of a region, as one scenario that people read.

It proposes and places nobody: what a person accepts goes on as an introduction, with the own yes of
the candidate, or as an offer of a seat. At most so many scenarios stand side by side as the terms
say; older ones go, unless somebody decided something in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.allocating import SeatOrder
from matcher.domain.errors import InvalidInput, Problem
from matcher.models import Allocation
from matcher.models.states import ProposalState
from matcher.reference.weekly import load_weekly_terms
from matcher.repositories import weekly as rows
from matcher.repositories.content import hash_of
from matcher.repositories.jobs import JobRecord
from matcher.repositories.weekly_choices import newest_order
from matcher.services.assessments import assess_stale
from matcher.services.calendar import day_of
from matcher.services.inputs import keep_inputs, region_inputs
from matcher.services.jobs import JobKind, Plan, packed, viewer_of
from matcher.services.weekly_inputs import (
    LANGUAGE,
    WeeklyInput,
    frozen_state,
    read_input,
    without,
)

if TYPE_CHECKING:
    from matcher.services.allocation_runs import AllocationRun

NAME = "allocate_region"
PERCENT = 100
CENTRE = (Right.TRIAGER, Right.LEAD)
"""Who asks for allocations, reads them, and decides on what they propose."""

_made: dict[int, tuple[Mapping[str, Any], list[dict[str, Any]]]] = {}
"""By job: the figures and lines that were just computed and are about to be written, sealed."""


def _accept(_session: Session, _viewer: Viewer, given: Mapping[str, Any]) -> dict[str, Any]:
    """`floor` in whole percents, as the terms offer it or as an allocation could keep it."""
    problems = [Problem(name, "is not known here") for name in sorted(set(given) - {"floor"})]
    floor = given.get("floor", 0)
    if isinstance(floor, bool) or not isinstance(floor, int) or not 0 <= floor <= PERCENT:
        problems.append(Problem("floor", f"must be a whole number from 0 to {PERCENT}"))
    if problems:
        raise InvalidInput(problems)
    return {"floor": int(floor)}


def seat_order(session: Session, viewer: Viewer) -> SeatOrder:
    """How seats alone go in the viewer's region: by waiting, unless an officer switched."""
    newest = newest_order(session, viewer)
    return SeatOrder.WAITING if newest is None else newest.order


PEOPLE_A_BLOCK = 50
"""Advice that is missing or old is made first, so many people at once, so that pages show the lanes
that the allocation goes by."""


def _plan(session: Session, job: JobRecord) -> Plan:
    inputs = region_inputs(session, job.region, on=day_of(job.submitted_at), language=LANGUAGE)
    keep_inputs(session, inputs, now=job.submitted_at)
    order = seat_order(session, viewer_of(job))
    frozen = frozen_state(session, job, inputs, job.arguments["floor"], order)
    return Plan(_advice_blocks(frozen) + 1, frozen)


def _advice_blocks(frozen: Mapping[str, Any]) -> int:
    return -(-len(frozen["people"]) // PEOPLE_A_BLOCK)


def _work(session: Session, job: JobRecord, number: int) -> bytes:
    if number < _advice_blocks(job.frozen):
        return packed({})
    wanted = read_input(session, job)
    run, wanted = _run(wanted)
    figures, lines = _told(run, wanted)
    _made.clear()
    _made[job.id] = figures, lines
    # What stands in the lines is about people: it is written sealed, and never in here.
    return packed({"people": len(lines), "result": figures["result_hash"]})


def _run(wanted: WeeklyInput) -> tuple[AllocationRun, WeeklyInput]:
    """The allocation; locked pairs that cannot be are set aside and told, not kept silently."""
    # Solvers and compiled code are loaded by a worker that has such a job, not by every process.
    from matcher.services.allocation_runs import run_allocation

    while True:
        try:
            run = run_allocation(
                list(wanted.people.values()),
                wanted.vacancies,
                wanted.advisor.programmes,
                wanted.choice,
                on=wanted.on,
                lang=LANGUAGE,
                rules=wanted.setting.rules,
                places=wanted.advisor.places,
                standing=wanted.standing,
            )
            return run, wanted
        except InvalidInput as error:
            broken = _broken(wanted, error)
            if not broken:
                raise
            wanted = without(wanted, broken)


def _broken(wanted: WeeklyInput, error: InvalidInput) -> set[tuple[str, str]]:
    """The locked pairs that an error names: one by one, or all of a person or a place."""
    named = {problem.where for problem in error.problems}
    return {
        (candidate, vacancy)
        for candidate, vacancy in wanted.pairs
        if named & {f"{candidate} with {vacancy}", candidate, vacancy, "locked"}
    }


def _told(run: AllocationRun, wanted: WeeklyInput) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures, which name nobody, and one line a person."""
    from matcher.services.weekly_helps import helps

    summary, explained = run.summary(), run.explanation()
    terms = load_weekly_terms(wanted.on)
    help_lines = [each.as_mapping() for each in helps(run.result, summary, terms)]
    lines = _lines(run, explained, wanted)
    left_out = Counter(summary["unplaced"].values())
    figures = {
        **{name: summary[name] for name in _FIGURES},
        "people": len(lines),
        "left_out": {name: left_out[name] for name in _REASONS},
        "guessed": len(summary["guidance_guessed"]),
        "locked": len(summary["locked"]),
        "helps": [_numbered(each, wanted) for each in help_lines],
        "empty": [
            {
                "vacancy_id": wanted.vacancy_ids[row["vacancy"]],
                **{name: row[name] for name in ("places", "people", "without_place")},
                "site_hours_known": row["site_hours_known"],
                "would_fill": row["would_fill"],
            }
            for row in explained["empty_vacancies"]
        ],
        "unkept": [[each.pair, each.why] for each in wanted.unkept],
        "starts": {
            wanted.programme_ids[each.reference]: each.starts_on[0].isoformat()
            for each in wanted.standing.seats or ()
        },
        "input_hash": wanted.content_hash,
        "result_hash": hash_of([_dated(run.rows()), summary, _dated(explained), help_lines]),
    }
    return figures, lines


_FIGURES = (
    *("method", "lanes", "seed", "places", "proposed", "seats_proposed", "objective", "bound"),
    *("gap", "pruned", "loss_at_most", "edges", "floor", "seats"),
)
_REASONS = ("lane", "no_place_fits", "places_taken")


def _dated(value: Any) -> Any:
    """Rows with their days as text."""
    if isinstance(value, Mapping):
        return {name: _dated(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_dated(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value


def _numbered(row: Mapping[str, Any], wanted: WeeklyInput) -> dict[str, Any]:
    """A line of what helps with the number of its vacancy or programme."""
    ids = wanted.vacancy_ids if row["kind"] == "place" else wanted.programme_ids
    return {**row, "id": ids[row["reference"]]}


def _lines(
    run: AllocationRun, explained: Mapping[str, Any], wanted: WeeklyInput
) -> list[dict[str, Any]]:
    numbers = {profile.reference: number for number, profile in wanted.people.items()}
    lanes = {person.profile.reference: person.lane for person in run.result.people}
    alone = {p.candidate: p.programme for p in run.result.proposals if p.vacancy is None}
    starts = {each.reference: each.starts_on[0] for each in wanted.standing.seats or ()}

    def line(reference: str, **values: Any) -> dict[str, Any]:
        programme = values.pop("programme")
        return {
            **_EMPTY,
            "candidate_id": numbers[reference],
            "lane": lanes[reference],
            "programme_id": None if programme is None else wanted.programme_ids[programme],
            "starts_on": None if programme is None else starts[programme],
            **values,
        }

    found = []
    for row in explained["proposals"]:
        second, instead = row["runner_up"], row["instead"]
        found.append(
            line(
                row["candidate"],
                programme=row["programme"],
                vacancy_id=wanted.vacancy_ids[row["vacancy"]],
                value=row["value"],
                is_locked=row["locked"],
                is_guessed=row["guidance_guessed"],
                margin=row["margin"],
                runner_up_id=None if second is None else numbers[second["candidate"]],
                instead_id=None if instead is None else wanted.vacancy_ids[instead["vacancy"]],
            )
        )
    for row in explained["left_out"]:
        nearest = row["vacancy"]
        found.append(
            line(
                row["candidate"],
                programme=alone.get(row["candidate"]),
                reason=row["reason"],
                instead_id=None if nearest is None else wanted.vacancy_ids[nearest],
                short_by=row["short_by"],
                told={"blockers": row["blockers"], "would_change": row["would_change"]},
            )
        )
    return sorted(found, key=lambda one: one["candidate_id"])


_EMPTY: Mapping[str, Any] = {
    "vacancy_id": None,
    "value": 0,
    "reason": None,
    "is_locked": False,
    "is_guessed": False,
    "margin": None,
    "runner_up_id": None,
    "instead_id": None,
    "short_by": None,
    "told": {"blockers": [], "would_change": None},
    "state": ProposalState.OPEN,
}


def _write(session: Session, job: JobRecord, number: int, _content: bytes) -> None:
    if number < _advice_blocks(job.frozen):
        start = number * PEOPLE_A_BLOCK
        among = job.frozen["people"][start : start + PEOPLE_A_BLOCK]
        on = date.fromisoformat(job.frozen["on"])
        viewer = viewer_of(job)
        assess_stale(session, viewer, on=on, now=job.submitted_at, among=among)
        return
    figures, lines = _made.pop(job.id)
    hashes = ("input_hash", "result_hash")
    row = Allocation(
        job_id=job.id,
        region=job.region,
        on=date.fromisoformat(job.frozen["on"]),
        choice={"floor": job.frozen["floor"], "seats": job.frozen["order"]},
        **{name: figures[name] for name in hashes},
        figures={name: value for name, value in figures.items() if name not in hashes},
        made_at=job.submitted_at,
    )
    rows.keep(session, viewer_of(job), row, lines)


def _finish(session: Session, job: JobRecord, _contents: Iterable[bytes]) -> Mapping[str, Any]:
    viewer = viewer_of(job)
    on = date.fromisoformat(job.frozen["on"])
    figures = rows.figures_of_job(session, viewer, job.id)
    rows.delete_older(session, viewer, load_weekly_terms(on).side_by_side)
    counts = ("people", "places", "proposed", "seats_proposed")
    return {"on": job.frozen["on"], **{name: figures[name] for name in counts}}


def _clear(session: Session, job: JobRecord) -> None:
    _made.pop(job.id, None)
    rows.delete_of(session, viewer_of(job), job.id)


ALLOCATE_REGION = JobKind(
    name=NAME,
    rights=CENTRE,
    accept=_accept,
    plan=_plan,
    work=_work,
    write=_write,
    finish=_finish,
    clear=_clear,
)
