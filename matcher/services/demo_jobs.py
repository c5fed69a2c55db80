"""Jobs of the demo region, done at once instead of by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Job
from matcher.models.states import JobState
from matcher.models.wall import whole_database
from matcher.repositories import jobs as rows
from matcher.services.jobs import WHY, JobKind, end
from matcher.services.transactions import unit_of_work


def done_at_once(
    session: Session, viewer: Viewer, kind: JobKind, given: Mapping[str, Any], moment: datetime
) -> int:
    """Asks for a job and does it, as if that were at `moment`; its number."""
    with unit_of_work(session), whole_database(session, WHY, Job):
        row = Job(
            kind=kind.name,
            region=viewer.region,
            account_id=viewer.account_id,
            arguments=dict(kind.accept(session, viewer, given)),
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
        return row.id
