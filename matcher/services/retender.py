"""Contracts that end: the jobs at stake, a named plan for each, and telling of it in time.

A placement belongs to the person and the employer: no end of a contract ends it. Who looks at this
works with jobs and pseudonyms; a transfer to a successor needs the candidate's own yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, Problem
from matcher.domain.retender import TRANSFER, alert_of, has_plan
from matcher.models import Placement
from matcher.models.states import PlacementState
from matcher.models.wall import whole_database
from matcher.reference.codes import load_codes
from matcher.reference.placements import load_placement_terms
from matcher.repositories import contracts, messages, recording
from matcher.repositories import placements as placement_rows
from matcher.repositories import retender as rows
from matcher.repositories.contracts import ContractRecord
from matcher.repositories.retender import READERS, ContractThatEnds, JobRecord
from matcher.services.calendar import day_of
from matcher.services.candidates import new_reference
from matcher.services.checks import refuse
from matcher.services.outbox import is_mail_address, receiver_of_account, send
from matcher.services.transactions import unit_of_work

PLANS = "retender_plans"
KEY = "retender:"
LINK = "/aflopend"
"""The page that a message leads to."""


@dataclass(frozen=True, slots=True)
class JobAtStake:
    """A job on a contract that ends; `is_red` when nothing holds for it."""

    job: JobRecord
    waits_for_yes: bool
    is_red: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """A contract that ends, or has ended; `alert` is the nearest of the terms that has come."""

    contract: ContractThatEnds
    days_left: int
    alert: int | None
    jobs: tuple[JobAtStake, ...]

    @property
    def red(self) -> int:
        """How many jobs have no plan."""
        return sum(one.is_red for one in self.jobs)


# --- which contract a job counts for --------------------------------------------------------------


def own_contracts(session: Session, viewer: Viewer, *, on: date) -> list[ContractRecord]:
    """The viewer's own contracts that have not ended, for an employer to name one."""
    _check_firm(viewer)
    return [one for one in contracts.list_records(session, viewer) if one.contract.end_on >= on]


def name_contract(
    session: Session, viewer: Viewer, placement_id: int, contract_id: int | None, *, now: datetime
) -> None:
    """The employer says for which of the own contracts somebody works there; None is for none."""
    _check_firm(viewer)
    with unit_of_work(session):
        row = placement_rows.locked(session, viewer, placement_id)
        if row.state is PlacementState.ENDED:
            raise Conflict("this placement has ended")
        if contract_id is not None:
            contracts.get_record(session, viewer, contract_id)
        if row.contract_id == contract_id:
            return
        row.contract_id, row.updated_at = contract_id, now
        row.pseudonym = row.pseudonym or new_reference("J")
        row.plan = row.plan_due_on = row.plan_owner_id = row.plan_consented_at = None
        session.flush()


def _check_firm(viewer: Viewer) -> None:
    if not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only the employer names the own contract")


# --- the jobs at stake ----------------------------------------------------------------------------


def at_stake(session: Session, viewer: Viewer, *, on: date) -> list[Ending]:
    """Contracts of the region that end soon with jobs on them; ended ones while a plan is missing.

    The first end stands on top.
    """
    _check_reader(viewer)
    days = load_placement_terms(on).retender_days
    horizon = on + timedelta(days=max(days))
    found = rows.ending(session, horizon, region=viewer.region or "")
    endings = [_ending(one, days, on) for one in found]
    shown = [one for one in endings if one.days_left >= 0 or one.red]
    recording.note_list(session, viewer, "placement", count=sum(len(one.jobs) for one in shown))
    return shown


def _ending(contract: ContractThatEnds, days: tuple[int, ...], on: date) -> Ending:
    jobs = []
    for job in contract.jobs:
        said_yes = job.plan_consented_at is not None
        jobs.append(
            JobAtStake(
                job=job,
                waits_for_yes=job.plan == TRANSFER and not said_yes,
                is_red=not has_plan(job.plan, said_yes, job.plan_due_on, on),
            )
        )
    left = (contract.end_on - on).days
    return Ending(contract, left, alert_of(contract.end_on, on, days), tuple(jobs))


def plan_job(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    plan: str,
    due_on: date | None,
    *,
    now: datetime,
) -> None:
    """Names what becomes of a job, by when, with the viewer as its owner.

    Another plan takes its place; a yes to a transfer is then asked anew.
    """
    _check_reader(viewer)
    with unit_of_work(session), whole_database(session, "planning a job at stake", Placement):
        row = rows.locked_job(session, viewer, placement_id)
        known = load_codes().list(PLANS).codes
        problems = []
        if plan not in known:
            problems.append(Problem("plan", f"must be one of {', '.join(known)}"))
        if due_on is None or due_on < day_of(now):
            problems.append(Problem("due_on", "must be today or later"))
        refuse(problems)
        if plan != row.plan:
            row.plan_consented_at = None
        row.plan, row.plan_due_on, row.plan_owner_id = plan, due_on, viewer.account_id
        row.updated_at = now
        session.flush()


def _check_reader(viewer: Viewer) -> None:
    if not viewer.has(*READERS):
        raise Forbidden("only social return and the service point see the jobs at stake")


def agree_to_transfer(
    session: Session, viewer: Viewer, placement_id: int, *, now: datetime
) -> None:
    """The candidate's own yes to go along to a successor; without it nobody goes along."""
    if not viewer.has(Right.CANDIDATE):
        raise Forbidden("only the candidate agrees to go along")
    with unit_of_work(session):
        row = placement_rows.locked(session, viewer, placement_id)
        if row.plan != TRANSFER or row.state is PlacementState.ENDED:
            raise Conflict("nobody asks to go along to a successor here")
        if row.plan_consented_at is None:
            row.plan_consented_at = row.updated_at = now
            session.flush()


# --- telling --------------------------------------------------------------------------------------


def tell_in_time(session: Session, *, now: datetime) -> int:
    """Queues a message to everybody who looks at this, once a contract and term; how many.

    Run it daily. Twice a day is once: the key of a message names the contract and the term.
    """
    on = day_of(now)
    days = load_placement_terms(on).retender_days
    with unit_of_work(session), whole_database(session, "telling of contracts that end"):
        before = messages.count_about(session, KEY)
        for contract in rows.ending(session, on + timedelta(days=max(days))):
            term = alert_of(contract.end_on, on, days)
            if term is None:
                continue
            for account in rows.told_accounts(session, contract.region):
                if is_mail_address(account.email):
                    send(
                        session,
                        template="something_ready",
                        to=receiver_of_account(account),
                        dedupe_key=f"{KEY}{contract.id}:{term}:account:{account.id}",
                        params={"link": LINK},
                        now=now,
                    )
        return messages.count_about(session, KEY) - before
