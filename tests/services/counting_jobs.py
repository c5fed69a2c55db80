"""A kind of job that counts: small, slow if asked, and with rows to write in each block."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Arrangement
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


def _write(session: Session, job: JobRecord, number: int, content: bytes) -> None:
    """A row that no constraint keeps from being there twice."""
    moment = job.submitted_at
    value = unpacked(content)["value"]
    name = f"block {number}"
    session.add(
        Arrangement(
            name=name, region=job.region, sectors=(), target=value,
            created_at=moment, updated_at=moment,
        )
    )  # fmt: skip


def _finish(session: Session, job: JobRecord, contents: Iterable[bytes]) -> dict[str, Any]:
    values = [unpacked(content)["value"] for content in contents]
    moment = job.submitted_at
    session.add(
        Arrangement(
            name=SHOWN, region=job.region, sectors=(), target=sum(values),
            created_at=moment, updated_at=moment,
        )
    )  # fmt: skip
    return {"values": values}


def _clear(session: Session, job: JobRecord) -> None:
    session.execute(scoped(delete(Arrangement), viewer_of(job), Arrangement))


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


def written(session: Session, viewer: Viewer) -> list[tuple[str, int | None]]:
    """What stands in the region of `viewer` now: by order of writing."""
    statement = select(Arrangement.name, Arrangement.target).order_by(Arrangement.id)
    return [(row[0], row[1]) for row in session.execute(scoped(statement, viewer, Arrangement))]
