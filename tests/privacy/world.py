"""A small region with somebody in every role, and a canary in every text that may not get out.

A canary is a word of letters that stands nowhere else, such as ``zqcandidategoalannqz``: whoever is
shown it is shown that field of that person. What is a number or a day has one that nobody else has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.files.source import source_of
from matcher.models import (
    Account,
    BlindChoice,
    CandidateAccount,
    CandidateAudit,
    CandidateNote,
    CaseloadChange,
    IntakeDraft,
    Message,
    Organisation,
    OwnRequest,
    Placement,
    ProbableDouble,
    RightsChange,
)
from matcher.models.database import session_factory
from matcher.models.states import ImportKind, JobState
from matcher.services import introductions, jobs, outcomes, seats, uploads
from matcher.services.arrangements import create_arrangement
from matcher.services.assessments import assess_candidate, match_candidate, plan_candidate
from matcher.services.attendance import give_link, mark_day
from matcher.services.candidates import add_commitment, create_candidate
from matcher.services.decisions import record_decision
from matcher.services.funding import add_funding
from matcher.services.inflow_count import COUNT_INFLOW
from matcher.services.job_runs import run_one
from matcher.services.programmes import create_programme
from matcher.services.region_matches import MATCH_REGION
from matcher.services.sessions import begin_session
from matcher.services.vacancies import create_vacancy
from tests.privacy.world_agreed import agreed
from tests.privacy.world_allocated import allocated
from tests.privacy.world_contracts import contracted
from tests.privacy.world_firm import asks_to_be_called, is_reported, waits_for_an_officer
from tests.privacy.world_learned import learned, said_in_shadow
from tests.privacy.world_rules import ruled
from tests.services.opening import open_vacancy

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
TODAY = date(2027, 3, 1)
STAMPS: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}

READY: dict[str, Any] = {
    "pc4": 3311, "travel_max_minutes": 90, "travel_modes": frozenset({"car", "bike"}),
    "licences": frozenset({"B"}), "sectors": ("F42",), "hours_min": 20, "hours_max": 40,
    "rhythm": 4, "work_skills": 4, "language_speak": 4, "language_read": 4, "money": 1,
    "lift": 2, "stand": 2, "walk": 2, "bend": 2, "outdoor": 2, "height": 2, "guidance_need": 2,
    "pace": 2, "interruptions": 2, "group": 2, "alone": 2, "customers": 2,
}  # fmt: skip
PLACE: dict[str, Any] = {
    "sector": "F42", "places": 9, "rhythm": 3, "lift": 2, "hours_min": 24, "hours_max": 40,
    "site_pc4": 3316, "start_on": date(2027, 3, 29), "flex_weeks": 8, "employer_size": 60,
    "guidance_hours": 20,
}  # fmt: skip

FIGURES: dict[str, dict[str, Any]] = {
    name: {
        "pc4": (3361, 3362, 3363, 3364, 3356)[at],
        "start_from": date(2027, 3, 22 + at),
        "waiting_since": date(2026, 9, 11 + at),
        "hours_max": 33.25 + at,
    }
    for at, name in enumerate(("ann", "bas", "cor", "dee", "eve"))
}
"""Numbers and days of each person that stand nowhere else."""
_MONTHS = {3: "maart", 9: "september"}

# Who is at work: (name, right, region, firm).
ACCOUNTS: tuple[tuple[str, Right, str | None, str | None], ...] = (
    ("coach", Right.COACH, "demo", None),
    ("colleague", Right.COACH, "demo", None),
    ("triager", Right.TRIAGER, "demo", None),
    ("service_point", Right.SERVICE_POINT, "demo", None),
    ("lead", Right.LEAD, "demo", None),
    ("contractor", Right.CONTRACTOR, "demo", "Firma Een"),
    ("rival", Right.CONTRACTOR, "demo", "Firma Twee"),
    ("officer", Right.OFFICER, "demo", None),
    ("analyst", Right.ANALYST, "demo", None),
    ("admin", Right.ADMIN, None, None),
    ("elsewhere_coach", Right.COACH, "haaglanden", None),
    ("elsewhere_lead", Right.LEAD, "haaglanden", None),
    ("elsewhere_triager", Right.TRIAGER, "haaglanden", None),
)


def canary(kind: str, name: str, whose: str) -> str:
    """The word that stands for one field of one person."""
    return f"zq{kind}{name}{whose}qz".replace("_", "")


@dataclass
class Person:
    """A candidate of the world, with the numbers of what is kept about them."""

    name: str
    number: int
    account_id: int
    ids: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    """The region as it was made: accounts, people, and numbers for addresses."""

    accounts: dict[str, Viewer] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    canaries: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    figures: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Patterns of numbers and days, with what they stand for."""
    uploads: dict[str, int] = field(default_factory=dict)

    def word(self, kind: str, name: str, whose: str) -> str:
        """A canary, remembered with what it stands for."""
        made = canary(kind, name, whose)
        self.canaries[made] = (kind, name, whose)
        return made


def pattern_of(value: Any) -> str:
    """How a number or a day is written, by a machine or in Dutch."""
    if isinstance(value, date):
        return rf"\b(?:{value.isoformat()}|{value.day} {_MONTHS[value.month]})\b"
    if isinstance(value, float):
        whole, _, part = str(value).partition(".")
        return rf"\b{whole}[.,]{part}\b"
    return rf"\b{value}\b"


def build(session: Session) -> World:
    """Fills an empty database.

    ``ann`` (accepted, nothing ticked), ``bas`` (accepted, everything ticked) and ``cor`` (invited)
    are the coach's; ``dee`` is the colleague's; ``eve`` lives in another region.
    """
    world = World()
    for name, right, region, firm in ACCOUNTS:
        world.accounts[name] = _account(session, world, name, right, region, firm)
    coach, colleague = world.accounts["coach"], world.accounts["colleague"]
    session.commit()
    for who in ("contractor", "rival"):
        world.ids[who] = {"vacancy_id": _place(session, world.accounts[who], who)}
    programme = {
        "reference": "P-1", "kind": "werkfit", "raises": (("rhythm", 1),), "weeks": 12,
        # One group alone: days of others could look like a day that is of somebody.
        "hours_a_week": 20, "starts_on": (TODAY,),
    }  # fmt: skip
    made = create_programme(session, world.accounts["lead"], programme, now=NOW)
    world.ids["region"] = {"programme_id": made.id}
    learned(session, world, NOW)
    for name, owner in (("ann", coach), ("bas", coach), ("cor", coach), ("dee", colleague)):
        _person(session, world, name, owner)
    _person(session, world, "eve", world.accounts["elsewhere_coach"])
    place = world.ids["contractor"]["vacancy_id"]
    for name, shares in (("ann", ()), ("bas", ("contact", "goal")), ("cor", None)):
        person = world.people[name]
        row = introductions.invite(session, coach, person.number, place, now=NOW)
        person.ids["introduction_id"] = row.id
        if shares is not None:
            own = world.accounts[f"own_{name}"]
            introductions.answer(session, own, row.id, "yes", shares, now=NOW)
    asks_to_be_called(session, world, NOW)
    is_reported(session, world, NOW)
    waits_for_an_officer(session, world, {**PLACE, "title": "Plek die wacht"}, NOW)
    _programmes(session, world, made.id)
    allocated(session, world, _done)
    _at_work(session, world, place)
    _rights_change(session, world)
    session.commit()
    world.ids["lead"]["job_id"] = _done(session, world.accounts["lead"], MATCH_REGION)
    _done(session, world.accounts["lead"], COUNT_INFLOW)
    _uploads(session, world)
    said_in_shadow(session, world)
    contracted(session, world, NOW)
    ruled(session, world, NOW)
    return world


def _done(session: Session, lead: Viewer, kind: jobs.JobKind) -> int:
    """The number of a job of a kind that was asked for and is done."""
    job = jobs.submit(session, lead, kind, {}, now=NOW)
    session.commit()
    factory = session_factory(session.get_bind().engine)
    assert run_one(factory, "w", lambda: NOW, {kind.name: kind}) is JobState.DONE
    return job.id


def _account(
    session: Session, world: World, name: str, right: Right, region: str | None, firm: str | None
) -> Viewer:
    organisation_id = None
    if firm is not None:
        organisation = Organisation(name=firm, region=region, **STAMPS)
        session.add(organisation)
        session.flush()
        organisation_id = organisation.id
    row = Account(
        name=name, rights=frozenset({right}), region=region, organisation_id=organisation_id,
        email=f"{world.word('account', 'email', name)}@voorbeeld.example", language="nl",
        is_active=True, failed_sign_ins=0,
        password_hash=world.word("account", "password", name), **STAMPS,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return Viewer(row.id, frozenset({right}), region, organisation_id)


def _place(session: Session, contractor: Viewer, who: str) -> int:
    values = {**PLACE, "reference": f"V-{who}", "title": f"Plek van {who}"}
    made = create_vacancy(session, contractor, values, now=NOW)
    return open_vacancy(session, contractor, made.id, expected_version=1, now=NOW).id


def _person(session: Session, world: World, name: str, owner: Viewer) -> None:
    words = {
        field: world.word("candidate", field, name) for field in ("reference", "first_name", "goal")
    }
    contact = f"{world.word('candidate', 'contact_value', name)}@voorbeeld.example"
    values = {**READY, **FIGURES[name], **words, "contact_kind": "mail", "contact_value": contact}
    for figure, value in FIGURES[name].items():
        world.figures[pattern_of(value)] = ("candidate", figure, name)
    record = create_candidate(session, owner, values, now=NOW)
    region = owner.region or ""
    own = _account(session, world, f"own_{name}", Right.CANDIDATE, region, None)
    own = Viewer(own.account_id, own.rights, region, candidate_id=record.id)
    world.accounts[f"own_{name}"] = own
    person = Person(name, record.id, own.account_id or 0)
    world.people[name] = person
    session.add(CandidateAccount(account_id=own.account_id, candidate_id=record.id))
    about: dict[str, Any] = {"region": region, "candidate_id": record.id}

    def text(kind: str, field: str = "text") -> str:
        return world.word(kind, field, name)

    kept = {
        "agreements": IntakeDraft(
            **about, account_id=owner.account_id, card="agreements", **STAMPS,
            answers={"next_step": text("draft", "answers"), "next_on": "2027-03-01"},
        ),
        "note_id": CandidateNote(
            **about, kind="coach", text=text("note"), account_id=owner.account_id, created_at=NOW
        ),
        "own_request_id": OwnRequest(
            **about, kind="correction", field="rhythm", text=text("request"), state="open",
            due_on=TODAY + timedelta(days=10), **STAMPS,
        ),
        "answered": OwnRequest(
            **about, kind="addition", text="Aanvulling", state="done", due_on=TODAY,
            answer=text("request", "answer"), handled_by=owner.account_id, handled_at=NOW, **STAMPS,
        ),
        "message_id": Message(
            **about, dedupe_key=f"letter-{name}", template="something_ready", channel="letter",
            language="nl", recipient=text("message", "recipient"), state="queued", attempts=0,
            params={"link": f"/open/{text('message', 'params')}"}, created_at=NOW, next_try_at=NOW,
        ),
        "change": CaseloadChange(
            **about, kind="hand_over", to_account_id=owner.account_id, starts_on=TODAY,
            decided_at=NOW,
        ),
    }  # fmt: skip
    session.add_all(kept.values())
    session.add(
        CandidateAudit(
            region=region, reference=words["reference"], benefit="p_wet", birth_year=1943
        )
    )
    session.commit()
    person.ids |= {key: row.id for key, row in kept.items() if key.endswith("_id")}
    draft = IntakeDraft(
        region=region, account_id=owner.account_id, card="quick_start", answers={}, **STAMPS
    )
    session.add(draft)
    session.commit()
    person.ids["draft_id"] = draft.id
    kept_advice = assess_candidate(session, owner, record.id, on=TODAY, now=NOW)
    match_candidate(session, owner, record.id, on=TODAY, now=NOW)
    plan_candidate(session, owner, record.id, on=TODAY, now=NOW)
    decision = record_decision(
        session, owner, record.id, subject="lane", chosen=kept_advice.lane or "ready_now",
        reason="agrees", text=text("decision"), assessment_id=kept_advice.id, now=NOW,
    )  # fmt: skip
    commitment = add_commitment(
        session, owner, record.id, hours_a_week=2, until=TODAY + timedelta(days=30), now=NOW
    )
    session.add(
        BlindChoice(
            region=region, candidate_id=record.id, assessment_id=kept_advice.id,
            chosen="ready_now", suggested="ready_now", at=NOW,
        )
    )  # fmt: skip
    session.commit()
    person.ids |= {
        "candidate_id": record.id,
        "assessment_id": kept_advice.id,
        "decision_id": decision.id,
        "commitment_id": commitment.id,
    }


def _programmes(session: Session, world: World, programme_id: int) -> None:
    """A seat at every step: ann in a group, bas booked, cor offered; dee and eve wait."""
    lead, coach = world.accounts["lead"], world.accounts["coach"]
    line = add_funding(
        session, lead, name="Fonds", source="oo_cleaning",
        from_sector="N81", to_sector="H49", budget_cents=500_000, until=None, now=NOW,
    )  # fmt: skip
    arrangement = create_arrangement(session, lead, {"name": "Samen", "target": 5}, now=NOW)
    people = world.people
    for name, give in (("ann", seats.book), ("bas", seats.book), ("cor", seats.offer)):
        seat = give(session, coach, people[name].number, programme_id, TODAY, now=NOW)
        people[name].ids["seat_id"] = seat.id
    dee = people["dee"]
    waits = seats.wait(
        session, world.accounts["colleague"], dee.number, programme_id,
        standby_for=seat.cohort_id, now=NOW,
    )  # fmt: skip
    dee.ids["seat_id"] = waits.id
    elsewhere = create_programme(
        session, world.accounts["elsewhere_lead"], {"kind": "werkfit", "weeks": 4}, now=NOW
    )
    eve = seats.wait(
        session, world.accounts["elsewhere_coach"], people["eve"].number, elsewhere.id, now=NOW
    )
    people["eve"].ids["seat_id"] = eve.id
    mark_day(session, coach, people["ann"].ids["seat_id"], TODAY, "came", now=NOW)
    group = seat.cohort_id or 0
    give_link(session, coach, group, now=NOW)
    world.ids["region"] |= {
        "cohort_id": group,
        "line_id": line.id,
        "arrangement_id": arrangement.record.id,
    }


def _at_work(session: Session, world: World, place: int) -> None:
    """ann works at the contractor's, dee and eve found work otherwise; three months ago."""
    firm = world.accounts["contractor"].organisation_id
    for name, guide in (("ann", "coach"), ("dee", "colleague"), ("eve", "elsewhere_coach")):
        person = world.people[name]
        of_firm = {"vacancy_id": place, "organisation_id": firm} if name == "ann" else {}
        row = Placement(
            region=world.accounts[guide].region, candidate_id=person.number, state="active",
            starts_on=date(2026, 12, 1), **of_firm, **STAMPS,
        )  # fmt: skip
        session.add(row)
        session.commit()
        person.ids["placement_id"] = row.id
        outcomes.answer(session, world.accounts[guide], row.id, 3, "same_job", now=NOW)
        agreed(session, world, name, guide, NOW)


def _rights_change(session: Session, world: World) -> None:
    row = RightsChange(
        account_id=world.accounts["analyst"].account_id, wanted={"rights": ["analyst"]},
        why=world.word("rights_change", "why", "analyst"), state="asked",
        asked_by=world.accounts["admin"].account_id, **STAMPS,
    )  # fmt: skip
    session.add(row)
    session.flush()
    world.ids["admin"] = {"change_id": row.id}


def _uploads(session: Session, world: World) -> None:
    """A file of the triager whose columns are asked, one that is checked, and a probable double."""
    triager = world.accounts["triager"]
    name, cell = world.word("upload", "name", "file"), world.word("upload", "findings", "file")
    text = f"referentie;mobiel\nK-{{}};{cell}\n"
    for step in ("columns", "checked"):
        source = source_of(f"{name}-{step}.csv", text.format(step).encode(), "csv")
        kind = ImportKind.CANDIDATES
        upload = uploads.receive(session, triager, kind, source, now=NOW).upload
        world.uploads[step] = upload.id
        if step == "checked":
            uploads.choose_columns(session, triager, upload.id, {}, now=NOW)
    ann, bas = (world.people[who].number for who in ("ann", "bas"))
    double = ProbableDouble(
        region="demo", candidate_id=ann, later_id=bas, state="open", **STAMPS
    )  # fmt: skip
    session.add(double)
    session.commit()
    world.ids["region"]["double_id"] = double.id


def client_of(app: Flask, session: Session, account_id: int | None) -> FlaskClient:
    """A browser in which somebody is signed in, with the form token ``token_of`` gives."""
    client = app.test_client()
    with client.session_transaction() as held:
        held["csrf_token"] = "raw"
        if account_id is not None:
            secret = begin_session(session, account_id, "password", now=NOW)
            held.update({"_user_id": secret, "_fresh": True})
    return client


def token_of(app: Flask) -> str:
    """A form token that is good in every browser of `client_of`."""
    signer = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")  # type: ignore[arg-type]  # set in tests
    return str(signer.dumps("raw"))
