"""The demo region in the database: everything in it is invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.demo.region import REGION, DemoRegion, generate
from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Conflict
from matcher.models import Account, Arrangement, Candidate, CandidateAudit, Vacancy
from matcher.models.states import CandidateStatus, VacancyStatus
from matcher.repositories import accounts, candidates, programmes, vacancies
from matcher.repositories.acting import Actor, act_as
from matcher.services.accounts import add_account, has_password
from matcher.services.assessments import assess_candidate, assess_stale
from matcher.services.calendar import day_of, start_of
from matcher.services.call_requests import file_call_request
from matcher.services.candidates import NOT_REACHED_MAXIMUM
from matcher.services.demo_accounts import OWN_REFERENCE, add_accounts
from matcher.services.demo_agreements import add_agreements
from matcher.services.demo_artefacts import add_artefact
from matcher.services.demo_decisions import add_decisions
from matcher.services.demo_declarations import add_declarations
from matcher.services.demo_displacement import add_displacement, add_reports
from matcher.services.demo_inflow import add_boards
from matcher.services.demo_introductions import add_introductions
from matcher.services.demo_municipality import add_municipality
from matcher.services.demo_own_page import add_own_page
from matcher.services.demo_place_calls import add_place_calls, call_firm
from matcher.services.demo_placements import add_placements
from matcher.services.demo_queue import add_queue
from matcher.services.demo_rules import add_rules
from matcher.services.demo_seats import add_seats
from matcher.services.demo_shares import add_shares
from matcher.services.demo_shortlists import add_shortlists
from matcher.services.demo_weekly import add_allocation
from matcher.services.inputs import region_inputs
from matcher.services.transactions import unit_of_work

ROLES = (
    Right.COACH,
    Right.TRIAGER,
    Right.SERVICE_POINT,
    Right.LEAD,
    Right.CONTRACTOR,
    Right.OFFICER,
    Right.ANALYST,
    Right.CANDIDATE,
    Right.ADMIN,
)
"""One account each."""

COLLEAGUES = ("coach-2", "coach-3", "coach-4")
"""Coaches without a sign-in, so that there is a team to divide the work in."""
SECOND_OFFICER = "officer-2"
"""Wrote rules that the officer answers about; likewise without a sign-in."""
CASELOAD = 80
ARRANGEMENT_PROVIDER = "Regionaal opleidingscentrum (verzonnen)"
WITHOUT_COACH_EVERY = 20
"""One in so many of the others is still without a coach."""
SMALL_FIRM = 10
REVIEWS = 3
REVIEW_IN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was loaded, and one sign-in a role: (role, name, password)."""

    loaded: bool
    candidates: int
    vacancies: int
    programmes: int
    sign_ins: tuple[tuple[str, str, str], ...]


def demo_password(role: Right) -> str:
    """The password of a demo account, which everybody may know: nothing in there is real."""
    return f"voorbeeld-{role.value.replace('_', '-')}"


def load_demo(session: Session, *, on: date, seed: int, now: datetime) -> DemoReport:
    """Loads the demo region, or finds it there; the same for the same seed and day.

    Conflict when the database has accounts of its own: the passwords of the demo are public.
    """
    known = {row.name: row for row in accounts.list_rows(session)}
    own = set(known) - {role.value for role in ROLES} - {*COLLEAGUES, SECOND_OFFICER}
    if own or (known and not _is_demo(session, known)):
        raise Conflict("this database is in use; give the demo one of its own")
    if not known:
        act_as(session, Actor(operator(REGION), now))
        with unit_of_work(session):
            _load(session, generate(seed, on), on, now)
    viewer = operator(REGION)
    return DemoReport(
        loaded=not known,
        candidates=candidates.count(session, viewer),
        vacancies=len(vacancies.ids_by_reference(session, viewer)),
        programmes=len(programmes.active_hashes(session, REGION)),
        sign_ins=tuple((role.value, role.value, demo_password(role)) for role in ROLES),
    )


def _is_demo(session: Session, known: dict[str, Account]) -> bool:
    row = known.get(Right.COACH.value)
    return row is not None and has_password(session, row.id, demo_password(Right.COACH))


def _load(session: Session, region: DemoRegion, on: date, now: datetime) -> None:
    firm = _load_work(session, region, now)
    viewers = {role: _account(session, role, firm, now) for role in ROLES}
    coach = viewers[Right.COACH]
    colleagues = [_colleague(session, name, now) for name in COLLEAGUES]
    owners = [int(viewer.account_id or 0) for viewer in colleagues]
    people = _load_people(session, region, coach, owners, now)
    _load_programmes(session, region, now)
    session.flush()
    _make_a_monday(session, coach, people, on, now)
    analyst, officer = viewers[Right.ANALYST], viewers[Right.OFFICER]
    add_artefact(session, analyst, officer, REGION, seed=1, now=now)
    assess_stale(session, operator(REGION), on=on, now=now)
    own = [row for row in people if row.owner_account_id == coach.account_id]
    places = list(session.scalars(vacancies.narrowed(operator(REGION)).order_by(Vacancy.id)))
    add_introductions(session, coach, viewers[Right.CONTRACTOR], own, places, now)
    add_displacement(session, viewers[Right.CONTRACTOR], now)
    add_reports(session, viewers[Right.OFFICER], now)
    add_place_calls(session, viewers[Right.SERVICE_POINT], viewers[Right.LEAD], places, now=now)
    others = [viewers[Right.TRIAGER], viewers[Right.LEAD]]
    call_firm(session, viewers[Right.SERVICE_POINT], viewers[Right.CONTRACTOR], places, now=now)
    add_decisions(session, colleagues, others, people, now)
    triager = viewers[Right.TRIAGER]
    add_own_page(session, coach, triager, viewers[Right.CANDIDATE], own, now)
    add_queue(session, triager, people, [row for row in people if row not in own], now=now)
    add_seats(session, viewers[Right.LEAD], people, own, on, now)
    add_placements(
        session, coach, viewers[Right.CONTRACTOR], viewers[Right.OFFICER], people, own, on, now
    )
    names = {contractor.reference: contractor.name for contractor in region.contractors}
    add_accounts(session, viewers[Right.OFFICER], region.contracts, names, firm, on=on, now=now)
    add_municipality(session, viewers[Right.OFFICER], on=on, now=now)
    add_declarations(
        session, viewers[Right.CONTRACTOR], viewers[Right.OFFICER], OWN_REFERENCE,
        region.contracts[0].reference, now=now,
    )  # fmt: skip
    add_shares(session, viewers[Right.CONTRACTOR], viewers[Right.OFFICER], OWN_REFERENCE, now=now)
    second = _colleague(session, SECOND_OFFICER, now, Right.OFFICER)
    add_rules(session, viewers[Right.OFFICER], second, on=on, now=now)
    add_allocation(session, viewers[Right.LEAD], now=now)
    add_agreements(session, coach, viewers[Right.CONTRACTOR], viewers[Right.OFFICER], now)
    add_boards(session, viewers[Right.LEAD], now=now)
    add_shortlists(session, viewers[Right.CONTRACTOR], places, now=now)


def _account(session: Session, role: Right, firm: str, now: datetime) -> Viewer:
    record = add_account(
        session,
        name=role.value,
        password=demo_password(role),
        rights=[role.value],
        region=None if role is Right.ADMIN else REGION,
        organisation=firm if role is Right.CONTRACTOR else None,
        now=now,
    )
    return Viewer(record.id, record.rights, record.region, record.organisation_id)


def _colleague(session: Session, name: str, now: datetime, right: Right = Right.COACH) -> Viewer:
    rights = [right.value]
    record = add_account(session, name=name, password=None, rights=rights, region=REGION, now=now)
    return Viewer(record.id, record.rights, record.region)


def _load_work(session: Session, region: DemoRegion, now: datetime) -> str:
    """Loads contractors and vacancies; the name of the small firm that gets the account."""
    names = {contractor.reference: contractor.name for contractor in region.contractors}
    firms = {
        contractor.reference: vacancies.organisation_named(
            session, REGION, contractor.name, now=now, size_fte=contractor.employer_size
        )
        for contractor in region.contractors
    }
    for vacancy in region.vacancies:
        profile = replace(vacancy, contractor=names[vacancy.contractor])
        firm = firms[vacancy.contractor]
        row = vacancies.new_row(profile, firm, status=VacancyStatus.OPEN, now=now)
        row.opened_on = day_of(now)
        session.add(row)
    for arrangement in region.arrangements:
        session.add(
            Arrangement(
                name=arrangement.name,
                region=REGION,
                sectors=arrangement.sectors,
                firms=(),
                provider=ARRANGEMENT_PROVIDER,
                target=arrangement.target,
                starts_on=arrangement.from_on,
                until=arrangement.until_on,
                created_at=now,
                updated_at=now,
            )
        )
    hiring = [names[vacancy.contractor] for vacancy in region.vacancies]
    small = {c.name for c in region.contractors if c.employer_size < SMALL_FIRM}
    return next((name for name in hiring if name in small), hiring[0])


def _load_people(
    session: Session, region: DemoRegion, coach: Viewer, colleagues: list[int], now: datetime
) -> list[Candidate]:
    """Loads everybody; the teaching cases and enough others are the coach's caseload."""
    lessons = len(region.lessons)
    others = len(region.candidates) - lessons
    rows = []
    for number, profile in enumerate(region.candidates):
        is_own = number >= others or number < CASELOAD - lessons
        owner = coach.account_id if is_own else None
        if not is_own and number % WITHOUT_COACH_EVERY:
            owner = colleagues[number % len(colleagues)]
        row = candidates.new_row(profile, now=now, owner=owner)
        if profile.waiting_since is not None:
            # Who waits was entered when the waiting began, not when the demo was made.
            row.created_at = min(now, start_of(profile.waiting_since))
        if profile.reference in region.not_reached:
            row.not_reached = NOT_REACHED_MAXIMUM
        rows.append(row)
    session.add_all(rows)
    session.add_all(
        CandidateAudit(
            region=REGION,
            reference=attributes.reference,
            benefit=attributes.benefit,
            birth_year=attributes.birth_year,
        )
        for attributes in region.audit
    )
    session.flush()
    return rows


def _load_programmes(session: Session, region: DemoRegion, now: datetime) -> None:
    session.add_all(
        programmes.new_row(programme, region=REGION, now=now) for programme in region.programmes
    )


def _make_a_monday(
    session: Session, coach: Viewer, people: list[Candidate], on: date, now: datetime
) -> None:
    """Gives the coach something of each kind to do today, and the service point a call."""
    own = [
        row
        for row in people
        if row.owner_account_id == coach.account_id
        and row.status is CandidateStatus.ACTIVE
        and row.paused_until is None
    ]
    advisor = region_inputs(session, REGION, on=on, language=coach.language).advisor
    for row in own[:REVIEWS]:
        # Assessed so long ago that the review agreed on then is due this week.
        ahead = advisor.assess(candidates.to_profile(row)).review_on - on
        assess_candidate(session, coach, row.id, on=on - ahead + REVIEW_IN, now=now)
    for row in own[REVIEWS : REVIEWS + 1]:
        row.paused_until = on
    file_call_request(
        session,
        coach,
        region=REGION,
        name="Uitvoerder van een klein bedrijf (verzonnen)",
        phone="078 000 00 00",
        work="Bestrating in de binnenstad, liefst iemand die wil leren",
        people=1,
        wanted_when="over twee weken",
        now=now,
    )
