"""Somebody with something in every table, on a database of its own, to be erased."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.agreements import Side
from matcher.models import (
    Account,
    Allocation,
    AllocationLine,
    Artefact,
    Base,
    BrowserSession,
    CandidateAccount,
    CandidateAudit,
    IdempotencyRecord,
    InflowLine,
    InflowNear,
    Job,
    Message,
    PairChoice,
    Prediction,
    ProbableDouble,
    RegionMatch,
    Shortlist,
    ShortlistLine,
    SignInLink,
)
from matcher.models.states import (
    Channel,
    JobState,
    LinkKind,
    MessageState,
    RequestState,
    SignInMethod,
)
from matcher.models.wall import whole_database
from matcher.repositories.agreements import About
from matcher.services import agreements, outcomes, placing, seats
from matcher.services.assessments import assess_candidate, match_candidate, plan_candidate
from matcher.services.attendance import mark_day
from matcher.services.candidates import add_commitment, create_candidate
from matcher.services.contacts import note_attempt
from matcher.services.decisions import latest_decision, record_decision
from matcher.services.intake import save_draft
from matcher.services.introductions import invite
from matcher.services.notes import add_note
from matcher.services.programmes import create_programme
from matcher.services.triage import LaneChoice, decide_lane, undo
from matcher.services.vacancies import create_vacancy
from tests.services.opening import open_vacancy
from tests.services.test_fits import PLACE, READY

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
ON = date(2027, 3, 1)
OPERATOR = operator("demo")
CANARY = "Kanarie7Q"
REFERENCE = "K-CANARY-9Z"
OWN_TABLES = {"tombstone", "audit_entry", "audit_head"}
"""What outlives an erasure; neither holds content."""


def somebody(session: Session) -> int:
    """A candidate with something in every table that can be about one."""
    coach = Account(
        name="coach",
        rights=frozenset({"coach"}),
        region="demo",
        language="nl",
        is_active=True,
        failed_sign_ins=0,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(coach)
    session.commit()
    viewer = Viewer(coach.id, frozenset({Right.COACH}), "demo", None, "nl")
    person = create_candidate(
        session,
        viewer,
        {
            **READY,
            "reference": REFERENCE,
            "first_name": CANARY,
            "contact_kind": "mail",
            "contact_value": f"{CANARY}@example.org",
        },
        now=NOW,
    )
    place = create_vacancy(session, OPERATOR, {**PLACE, "contractor": "Firm"}, now=NOW)
    open_vacancy(session, OPERATOR, place.id, expected_version=1, now=NOW)
    assessed = assess_candidate(session, viewer, person.id, on=ON, now=NOW)
    match_candidate(session, viewer, person.id, on=ON, now=NOW)
    plan_candidate(session, viewer, person.id, on=ON, now=NOW)
    record_decision(
        session,
        viewer,
        person.id,
        subject="lane",
        chosen=str(assessed.lane),
        reason="agrees",
        text=f"zo gekozen {CANARY}",
        assessment_id=assessed.id,
        now=NOW,
    )
    add_commitment(session, viewer, person.id, hours_a_week=4, until=date(2027, 9, 1), now=NOW)
    add_note(session, viewer, person.id, f"komt op tijd {CANARY}", now=NOW)
    save_draft(session, viewer, card="work", answers={"a": CANARY}, candidate_id=person.id, now=NOW)
    invite(session, viewer, person.id, place.id, now=NOW)
    in_a_programme(session, viewer, person.id)
    handed_on(session, viewer, person.id)
    at_work(session, viewer, person.id)
    own = Account(
        name=f"own-{CANARY}",
        rights=frozenset({"candidate"}),
        region="demo",
        language="nl",
        is_active=True,
        failed_sign_ins=0,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(own)
    session.flush()
    later = NOW + timedelta(days=1)
    job = Job(
        kind="match_region",
        region="demo",
        account_id=coach.id,
        arguments={},
        state=JobState.DONE,
        done=1,
        claims=1,
        fruitless_claims=0,
        submitted_at=NOW,
        finished_at=NOW,
    )
    artefact = Artefact(
        region="demo",
        name="made-1",
        manifest_sha256="c" * 64,
        manifest={},
        is_synthetic=True,
        state="shadow",
        created_at=NOW,
        updated_at=NOW,
    )
    drawn = Shortlist(
        region="demo",
        organisation_id=place.organisation_id,
        vacancy_id=place.id,
        state="shown",
        asked_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add_all([job, artefact, drawn])
    session.flush()
    made = Allocation(
        job_id=job.id, region="demo", on=ON, choice={}, input_hash="h", result_hash="h",
        figures={}, made_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(
        [
            Prediction(
                region="demo",
                candidate_id=person.id,
                assessment_id=assessed.id,
                artefact_id=artefact.id,
                on=ON,
                is_shown=False,
                answers={"rhythm": 3.0},
                result={"probability": 0.5},
                created_at=NOW,
            ),
            ProbableDouble(
                region="demo",
                candidate_id=person.id,
                later_id=person.id,
                state="open",
                created_at=NOW,
                updated_at=NOW,
            ),
            InflowLine(
                job_id=job.id,
                region="demo",
                candidate_id=person.id,
                stand="ready",
                week=0,
                vacancy_id=place.id,
            ),
            InflowNear(
                job_id=job.id,
                region="demo",
                candidate_id=person.id,
                vacancy_id=place.id,
                cause="rhythm",
            ),
            AllocationLine(
                allocation_id=made.id,
                region="demo",
                candidate_id=person.id,
                lane="ready_now",
                vacancy_id=place.id,
                value=9_000,
                is_locked=True,
                is_guessed=False,
                told={"blockers": [CANARY]},
                state="open",
            ),
            PairChoice(
                region="demo",
                candidate_id=person.id,
                vacancy_id=place.id,
                decision="locked",
                why="agrees",
                decided_at=NOW,
            ),
            ShortlistLine(
                region="demo",
                organisation_id=place.organisation_id,
                shortlist_id=drawn.id,
                candidate_id=person.id,
                position=1,
                pseudonym="P-ERASED22",
            ),
            RegionMatch(
                job_id=job.id,
                region="demo",
                candidate_id=person.id,
                vacancy_id=place.id,
                rank=1,
                fit=9_000,
            ),
            CandidateAccount(account_id=own.id, candidate_id=person.id),
            CandidateAudit(region="demo", reference=REFERENCE, benefit="pwet", birth_year=1990),
            BrowserSession(
                account_id=own.id,
                secret_hash="a" * 64,
                method=SignInMethod.LINK_AND_CODE,
                began_at=NOW,
                seen_at=NOW,
            ),
            SignInLink(
                account_id=own.id,
                kind=LinkKind.CANDIDATE,
                secret_hash="b" * 64,
                failed=0,
                created_at=NOW,
                expires_at=later,
            ),
            Message(
                dedupe_key=f"m-{CANARY}",
                template="something_ready",
                channel=Channel.MAIL,
                language="nl",
                region="demo",
                candidate_id=person.id,
                recipient=f"{CANARY}@example.org",
                params={"link": CANARY},
                state=MessageState.QUEUED,
                attempts=0,
                created_at=NOW,
                next_try_at=NOW,
            ),
            answer("POST /api/v1/candidates", json.dumps({"reference": REFERENCE})),
            answer(f"POST /api/v1/candidates/{person.id}/decisions", "{}"),
            answer("POST /mensen/nieuw", f"<p>{REFERENCE}</p>"),
            answer("POST /api/v1/previews", json.dumps([{"candidate_id": person.id}])),
            answer("POST /api/v1/vacancies", json.dumps({"reference": "V-1", "places": [1, "x"]})),
        ]
    )
    session.commit()
    return person.id


def handed_on(session: Session, viewer: Viewer, number: int) -> None:
    """Lets somebody call in vain, decide for another route, and take that back."""
    note_attempt(session, viewer, number, reached=False, now=NOW)
    triager = replace(viewer, rights=viewer.rights | {Right.TRIAGER})
    stands = latest_decision(session, viewer, number, "lane")
    wanted = LaneChoice(
        chosen="other_route",
        reason="candidate_wish",
        review_on=ON + timedelta(days=30),
        seen_decision=0 if stands is None else stands.id,
        text=f"wil eerst een opleiding afmaken {CANARY}",
        receiver="school",
        appointment_on=ON,
    )
    undo(session, triager, [decide_lane(session, triager, number, wanted, now=NOW).id], now=NOW)


def in_a_programme(session: Session, viewer: Viewer, number: int) -> None:
    """Gives the person a seat in a group that began, and a day on which they came."""
    course = create_programme(
        session,
        OPERATOR,
        {"kind": "werkfit", "weeks": 4, "starts_on": (ON,), "seats": 1},
        now=NOW,
    )
    seat = seats.book(session, viewer, number, course.id, ON, now=NOW)
    mark_day(session, viewer, seat.id, ON, "came", now=NOW)


def at_work(session: Session, viewer: Viewer, number: int) -> None:
    """Lets the person start work three months ago, and says how it is."""
    days = {"starts_on": date(2026, 12, 1)}
    found = placing.record_placement(session, viewer, number, days, without="own_found", now=NOW)
    outcomes.answer(session, viewer, found.id, 3, "same_job", now=NOW)
    about = About(placement_id=found.id)
    agreements.write_side(
        session, viewer, about, Side.MUNICIPALITY, ["coach_calls"], "Elke vrijdag", now=NOW
    )


def answer(route: str, body: str) -> IdempotencyRecord:
    """A kept answer of the API or of a page."""
    return IdempotencyRecord(
        key=route,
        route=route,
        actor="1",
        request_hash="0" * 64,
        state=RequestState.FINISHED,
        status=201,
        headers={},
        body=body,
        created_at=NOW,
    )


def whole(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, opened."""
    with whole_database(session, "a test looks for what is left"):
        return {
            table.name: [
                dict(row) for row in session.connection().execute(select(table)).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def about(rows: dict[str, list[dict[str, Any]]], number: int) -> dict[str, int]:
    """How many rows of each table still speak of the person."""
    found = {}
    for name, held in rows.items():
        if name in OWN_TABLES:
            held = [{k: v for k, v in row.items() if k not in ("candidate_id",)} for row in held]
        count = sum(
            REFERENCE in str(row) or CANARY in str(row) or row.get("candidate_id") == number
            for row in held
        )
        if count:
            found[name] = count
    return found
