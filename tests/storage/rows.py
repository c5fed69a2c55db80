"""One row of every scoped table, about a person with an owner; the log gets its own entries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.domain.candidate import CandidateProfile
from matcher.domain.vacancy import VacancyProfile
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
    Upload,
    UploadBlock,
    Vacancy,
)
from matcher.models.request_states import ShortlistState
from matcher.models.states import VacancyStatus
from matcher.repositories import candidates, vacancies
from matcher.repositories.scope import unscoped

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
DAY = date(2027, 3, 1)
STAMPS: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
ADVICE: dict[str, Any] = {
    "candidate_version": 1, "on": DAY, "language": "nl", "rules_slug": "demo",
    "rules_version": "1", "rules_hash": "r", "places_hash": "p", "program": "1", "input_hash": "i",
    "candidate_input": {}, "options": {}, "result": {}, "created_at": NOW,
}  # fmt: skip


def account(session: Session, name: str, right: Right, region: str | None = "demo") -> int:
    """The number of a new account with one right."""
    row = Account(
        name=name, rights=frozenset({right}), region=region, language="nl", is_active=True,
        failed_sign_ins=0, **STAMPS,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def upload_of(region: str, at: datetime, **more: Any) -> Upload:
    """A file that came in at that moment."""
    values: dict[str, Any] = {
        "kind": "candidates", "region": region, "name": "people.csv", "format": "csv",
        "file_hash": "h", "row_count": 1, "state": "columns", "columns": [], "choices": {},
        "created_at": at, "updated_at": at,
    }  # fmt: skip
    return Upload(**{**values, **more})


def block_of(upload: Upload, **more: Any) -> UploadBlock:
    """The rows of that file."""
    values: dict[str, Any] = {"number": 0, "first_row": 2, "last_row": 2, "rows": [[2, ["K-1"]]]}
    return UploadBlock(**{**values, **more}, upload_id=upload.id, region=upload.region)


def report_of(region: str, at: datetime, **more: Any) -> DisplacementReport:
    """What somebody reported at a moment."""
    values = {"place": "P", "state": "new", **more}
    return DisplacementReport(
        region=region, work="paving", signs=("stopped",), happened="this_month",
        due_on=at.date(), created_at=at, updated_at=at, **values,
    )  # fmt: skip


def contract_of(region: str, firm: int, at: datetime) -> PublicContract:
    """A contract of one day."""
    return PublicContract(
        region=region, reference=f"O-{at:%Y%m%d}", organisation_id=firm, kind="works",
        value_cents=1, start_on=at.date(), end_on=at.date(), created_at=at, updated_at=at,
    )  # fmt: skip


def line_of_a_list(session: Session, firm: int, place: int, drawn_at: datetime) -> ShortlistLine:
    """A line of a list that was drawn at a moment; the list is added to the session."""
    moments = {"created_at": drawn_at, "updated_at": drawn_at}
    drawn = Shortlist(
        region="demo", organisation_id=firm, vacancy_id=place, state=ShortlistState.SHOWN,
        asked_at=drawn_at, drawn_at=drawn_at, stands_until=drawn_at, **moments,
    )  # fmt: skip
    session.add(drawn)
    session.flush()
    return ShortlistLine(
        region="demo", organisation_id=firm, shortlist_id=drawn.id, position=1,
        pseudonym=f"P-{place}",
    )  # fmt: skip


def firm_with_place(session: Session, region: str) -> tuple[Organisation, Vacancy]:
    """An organisation with one open vacancy, and what else a region has one of."""
    firm = Organisation(name="Firm", region=region, **STAMPS)
    session.add(firm)
    session.flush()
    profile = VacancyProfile("V-1", "Firm", region, "F42", 1)
    place = vacancies.new_row(profile, firm, status=VacancyStatus.OPEN, now=NOW)
    session.add_all(
        [
            place,
            CallRequest(
                region=region, organisation_id=firm.id, name="N", phone="0", work="W",
                status="new", due_at=NOW, **STAMPS,
            ),
            course := Programme(
                reference="P-1", region=region, kind="vca", raises=(), gives=frozenset(),
                needs=(), weeks=1, hours_a_week=8, is_active=True, content_hash="", **STAMPS,
            ),
            FundingLine(
                region=region, name="F", source="oo_infra", budget_cents=1, spent_cents=0, **STAMPS
            ),
            deal := Arrangement(name="A", region=region, sectors=(), **STAMPS),
            job := Job(
                kind="match_region", region=region, arguments={}, state="done", done=1,
                claims=1, fruitless_claims=0, submitted_at=NOW,
            ),
            ImportRun(
                kind="candidates", region=region, file_hash="h", created=1, changed=0,
                unchanged=0, refused=0, problems=[], finished_at=NOW,
            ),
            RememberedColumns(
                region=region, kind="candidates", header_hash="h", mapping={}, used_at=NOW
            ),
            upload := upload_of(region, NOW),
            contract := contract_of(region, firm.id, NOW),
        ]
    )  # fmt: skip
    session.flush()
    artefact = Artefact(
        region=region, name="made-1", manifest_sha256="s", manifest={}, is_synthetic=True,
        state="shadow", **STAMPS,
    )  # fmt: skip
    session.add(artefact)
    session.flush()
    session.add_all(
        [
            ArtefactChange(
                region=region,
                artefact_id=artefact.id,
                step="shadow",
                why="W",
                state="confirmed",
                **STAMPS,
            ),
            ArtefactMonth(
                region=region,
                artefact_id=artefact.id,
                month=DAY,
                people=1,
                drift={},
                calibration={},
                watched_at=NOW,
            ),
        ]
    )
    session.add_all(
        [
            Allocation(
                job_id=job.id, region=region, on=DAY, choice={}, input_hash="h", result_hash="h",
                figures={}, made_at=NOW,
            ),
            SeatOrderChoice(region=region, order="waiting", why="W", decided_at=NOW),
        ]
    )  # fmt: skip
    rules = RuleVersion(region=region, name="2", text="T", state="draft", **STAMPS)
    session.add(rules)
    session.flush()
    session.add(
        RuleVersionStep(
            region=region, rule_version_id=rules.id, step="begin", text_sha256="h", at=NOW
        )
    )
    session.add(
        DisplacementCheck(
            region=region, organisation_id=firm.id, vacancy_id=place.id, moment="before",
            state="clear", answers={}, reasons={}, flags=(), questions_dated=DAY, **STAMPS,
        )
    )  # fmt: skip
    session.add(
        Shortlist(
            region=region, organisation_id=firm.id, vacancy_id=place.id, state="shown",
            asked_at=NOW, drawn_at=NOW, **STAMPS,
        )
    )  # fmt: skip
    session.add(report_of(region, NOW))
    session.add(JobBlock(job_id=job.id, number=0, region=region, content=b"{}"))
    session.add(
        InflowBoard(job_id=job.id, region=region, on=NOW.date(), counted_at=NOW, figures={})
    )
    group = Cohort(
        region=region, programme_id=course.id, starts_on=DAY, ends_on=DAY, booked=0, seat_cents=0,
        **STAMPS,
    )  # fmt: skip
    session.add(group)
    session.flush()
    session.add(
        AttendanceLink(
            region=region, cohort_id=group.id, secret_hash=f"a-{region}", created_at=NOW,
            expires_at=NOW,
        )
    )  # fmt: skip
    session.add(Evaluation(region=region, arrangement_id=deal.id, decide_on=DAY, **STAMPS))
    session.add(block_of(upload))
    of_contract = {"region": region, "contract_id": contract.id}
    done = ContractContribution(
        **of_contract, reference="I-1", kind="placement", of_person={}, **STAMPS
    )
    other = Organisation(name=f"Ander {region}", region=region, **STAMPS)
    session.add_all([done, other])
    session.flush()
    session.add_all(
        [
            ContractShare(
                **of_contract, giver_id=firm.id, organisation_id=other.id, part=1, state="asked",
                asked_at=NOW, **STAMPS,
            ),
            ContributionCheck(
                **of_contract, contribution_id=done.id, ground="first", rate=1, seed="s", number=0,
                state="asked", corrected={}, **STAMPS,
            ),
            LedgerEntry(
                **of_contract, part="obligation", rule="obligation", cents=1, is_contra=False,
                source="S", is_example=False, arithmetic="A", given={}, on=DAY,
                rules_version="1", posted_at=NOW,
            ),
            SettlementDecision(
                **of_contract, shortfall_cents=1, cents=1, choice="ask", why="W", state="asked",
                first_at=NOW,
            ),
        ]
    )  # fmt: skip
    session.flush()
    return firm, place


def person(
    session: Session,
    region: str,
    place: Vacancy,
    reference: str = "K-1",
    owner: int | None = None,
) -> Candidate:
    """A candidate of `owner` with one row of everything that is kept about somebody."""
    row = candidates.new_row(CandidateProfile(reference, region), now=NOW, owner=owner)
    session.add(row)
    session.flush()
    about = {"region": region, "candidate_id": row.id}
    assessment = Assessment(**about, **ADVICE, lane="ready_now", rule=2, readiness=1, start_level=1)
    jobs = select(Job).where(Job.region == region)
    job = session.scalars(unscoped(jobs, Job)).one()
    allocations = select(Allocation).where(Allocation.region == region)
    made = session.scalars(unscoped(allocations, Allocation)).one()
    mark = f"{region}-{reference}"
    groups = select(Cohort).where(Cohort.region == region)
    group = session.scalars(unscoped(groups, Cohort)).one()
    seat = Seat(
        **about, programme_id=group.programme_id, cohort_id=group.id, state="booked", asked_at=NOW,
        wants_talk=False, cents=0, **STAMPS,
    )  # fmt: skip
    introduction = Introduction(
        **about, vacancy_id=place.id, organisation_id=place.organisation_id,
        pseudonym=mark[-20:], state="invited", invited_at=NOW, expires_at=NOW,
        shares=(), shown={}, **STAMPS,
    )  # fmt: skip
    decision = Decision(
        **about, subject="lane", chosen="ready_now", accepted=True, reason="agrees",
        facts_checked=(), decided_at=NOW,
    )  # fmt: skip
    placement = Placement(
        **about, vacancy_id=place.id, organisation_id=place.organisation_id, state="active",
        starts_on=DAY, **STAMPS,
    )  # fmt: skip
    session.add_all([assessment, introduction, seat, decision, placement])
    session.flush()
    artefacts = select(Artefact).where(Artefact.region == region)
    artefact = session.scalars(unscoped(artefacts, Artefact)).one()
    session.add_all(
        [
            Prediction(
                **about, assessment_id=assessment.id, artefact_id=artefact.id, on=DAY,
                is_shown=True, answers={}, result={}, created_at=NOW,
            ),
            Attendance(**about, seat_id=seat.id, on=DAY, mark="came", by_provider=True, at=NOW),
            CandidateAudit(region=region, reference=reference, benefit="p_wet"),
            IntakeDraft(**about, card="work", answers={}, **STAMPS),
            Commitment(**about, hours_a_week=2, until=date(2027, 5, 1), created_at=NOW),
            MatchList(**about, **ADVICE, eligible=0),
            Plan(**about, **ADVICE, outcome="place"),
            DecisionUndo(**about, decision_id=decision.id, undone_at=NOW),
            ContactAttempt(**about, on=DAY, reached=False, at=NOW),
            Elsewhere(
                **about, decision_id=decision.id, receiver="school", appointment_on=DAY,
                confirm_by=DAY, **STAMPS,
            ),
            Agreement(
                **about, organisation_id=place.organisation_id, placement_id=placement.id,
                fund_pays=False, head={}, sides={}, open_sides=(), **STAMPS,
            ),
            PlacementEvent(
                **about, placement_id=placement.id, step="recorded", on=DAY, by_right="coach",
                at=NOW,
            ),
            PlacementOutcome(
                **about, placement_id=placement.id, months=3, source="employer",
                status="same_job", at=NOW,
            ),
            CaseloadChange(**about, kind="hand_over", starts_on=DAY, decided_at=NOW),
            OwnRequest(
                **about, kind="person", state="open", due_on=DAY, **STAMPS
            ),
            CandidateNote(**about, kind="coach", text="T", created_at=NOW),
            BlindChoice(
                **about, assessment_id=assessment.id, chosen="ready_now", suggested="ready_now",
                at=NOW,
            ),
            ProbableDouble(**about, later_id=row.id, state="open", **STAMPS),
            AllocationLine(
                **about, allocation_id=made.id, lane="ready_now", vacancy_id=place.id, value=1,
                is_locked=False, is_guessed=False, told={}, state="open",
            ),
            PairChoice(
                **about, vacancy_id=place.id, decision="locked", why="agrees", decided_at=NOW
            ),
            RegionMatch(**about, job_id=job.id, vacancy_id=place.id, rank=1, fit=10_000),
            InflowLine(**about, job_id=job.id, stand="ready", week=0, vacancy_id=place.id),
            InflowNear(**about, job_id=job.id, vacancy_id=place.id, cause="rhythm"),
            ShortlistLine(
                **about, organisation_id=place.organisation_id, position=row.id, pseudonym=mark,
                shortlist_id=session.scalar(
                    unscoped(
                        select(Shortlist.id).where(Shortlist.vacancy_id == place.id), Shortlist
                    )
                ),
            ),
            IntroductionRefusal(candidate_id=row.id, introduction_id=introduction.id, at=NOW),
            IntroductionEvent(
                region=region, introduction_id=introduction.id, step="invited", by_right="coach",
                at=NOW,
            ),
            Message(
                **about, dedupe_key=mark, template="invite", channel="letter", language="nl",
                params={}, state="queued", attempts=0, created_at=NOW, next_try_at=NOW,
            ),
        ]
    )  # fmt: skip
    session.commit()
    return row


def one_of_each(session: Session, region: str) -> int:
    """One row of every scoped table in `region`; the number of its organisation."""
    firm, place = firm_with_place(session, region)
    person(session, region, place)
    return firm.id
