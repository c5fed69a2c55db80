"""A kind of job that counts: small, slow if asked, and with rows to write in each block."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import CallRequest
from matcher.models.states import CallStatus
from matcher.repositories.jobs import JobRecord
from matcher.repositories.scope import scoped
from matcher.services.jobs import JobKind, Plan, earlier_blocks, packed, unpacked, viewer_of

SHOWN = "all"


def _accept(_session: Session, _viewer: Viewer, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"blocks": int(given["blocks"]), "pause": float(given.get("pause", 0))}


def _plan(_session: Session, job: JobRecord) -> Plan:
    return Plan(job.arguments["blocks"], {"first": 7})


def _work(session: Session, job: JobRecord, number: int) -> bytes:
    time.sleep(job.arguments["pause"])
    before = [unpacked(content)["value"] for content in earlier_blocks(session, job)]
    return packed({"value": job.frozen["first"] + sum(before) % 97 + number})


def _row(job: JobRecord, name: str, value: int) -> CallRequest:
    """A row that no constraint keeps from being there twice."""
    moment = job.submitted_at
    return CallRequest(
        region=job.region, name=name, phone="0", work=str(value), status=CallStatus.NEW,
        due_at=moment, created_at=moment, updated_at=moment,
    )  # fmt: skip


def _write(session: Session, job: JobRecord, number: int, content: bytes) -> None:
    session.add(_row(job, f"block {number}", unpacked(content)["value"]))


def _finish(session: Session, job: JobRecord, contents: Iterable[bytes]) -> dict[str, Any]:
    values = [unpacked(content)["value"] for content in contents]
    session.add(_row(job, SHOWN, sum(values)))
    return {"values": values}


def _clear(session: Session, job: JobRecord) -> None:
    session.execute(scoped(delete(CallRequest), viewer_of(job), CallRequest))


COUNTING = JobKind(
    name="counting",
    rights=(Right.TRIAGER, Right.LEAD),
    accept=_accept,
    plan=_plan,
    work=_work,
    write=_write,
    finish=_finish,
    clear=_clear,
)


def written(session: Session, viewer: Viewer) -> list[tuple[str, int]]:
    """What stands in the region of `viewer` now: by order of writing."""
    statement = select(CallRequest.name, CallRequest.work).order_by(CallRequest.id)
    found = session.execute(scoped(statement, viewer, CallRequest))
    return [(name, int(value)) for name, value in found]
