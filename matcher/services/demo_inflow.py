"""The inflow boards of the demo region, counted at once instead of by a worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Job
from matcher.models.states import JobState
from matcher.models.wall import whole_database
from matcher.repositories import jobs as rows
from matcher.services.inflow_count import COUNT_INFLOW
from matcher.services.jobs import WHY, end
from matcher.services.transactions import unit_of_work

_WEEK = timedelta(days=7)


def add_boards(session: Session, lead: Viewer, *, now: datetime) -> None:
    """Counts the region as if it were a week ago, and as it is: a report compares the two."""
    for moment in (now - _WEEK, now):
        _count(session, lead, moment)


def _count(session: Session, lead: Viewer, moment: datetime) -> None:
    kind = COUNT_INFLOW
    with unit_of_work(session), whole_database(session, WHY, Job):
        row = Job(
            kind=kind.name,
            region=lead.region,
            account_id=lead.account_id,
            arguments={},
            state=JobState.RUNNING,
            done=0,
            claims=1,
            fruitless_claims=0,
            submitted_at=moment,
            started_at=moment,
        )
        session.add(row)
        session.flush()
        plan = kind.plan(session, rows.to_record(row))
        row.total, row.frozen = plan.blocks, plan.frozen
        job = rows.to_record(row)
        contents = []
        for number in range(plan.blocks):
            content = kind.content(session, job, number)
            if kind.write is not None:
                kind.write(session, job, number, content)
            contents.append(content)
        row.result = dict(kind.finish(session, job, contents))
        row.done = plan.blocks
        end(session, row, JobState.DONE, moment)
