"""A person with something in every sealed column, and what a thief of the database would read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from matcher.domain.access import operator
from matcher.domain.vocabulary import LOADS
from matcher.models import (
    Account,
    Agreement,
    Allocation,
    AllocationLine,
    Artefact,
    Assessment,
    Candidate,
    CandidateAudit,
    CandidateNote,
    ContractContribution,
    ContributionCheck,
    DisplacementCheck,
    IdempotencyRecord,
    IntakeDraft,
    Introduction,
    Job,
    LedgerEntry,
    Message,
    OwnRequest,
    Placement,
    Prediction,
    ProbableDouble,
    PublicContract,
    RememberedColumns,
    Vacancy,
)
from matcher.models.database import make_engine
from matcher.models.sealing import sealed_columns
from matcher.models.states import (
    Channel,
    ImportKind,
    IntroductionState,
    MessageState,
    NoteKind,
    OwnRequestKind,
    OwnRequestState,
    RequestState,
)
from matcher.repositories.scope import unscoped
from matcher.services.assessments import assess_candidate, plan_candidate
from matcher.services.candidates import create_candidate
from matcher.services.vacancies import create_vacancy
from tests.storage.rows import block_of, report_of, upload_of

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
OPERATOR = operator("demo")
CANARY = "Kanarie-7Q"
"""Stands in every sealed text."""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def fill(session: Session) -> int:
    """Something in every sealed column; the number of the candidate."""
    moments = {"created_at": NOW, "updated_at": NOW}
    person = create_candidate(
        session,
        OPERATOR,
        {
            "reference": "K-1",
            "contact_kind": "mail",
            "contact_value": f"{CANARY}@example.org",
            "rhythm": 3,
            "work_skills": 2,
            "money": 1,
            "home_base": 2,
            **dict.fromkeys(LOADS, 1),
        },
        now=NOW,
    )
    assess_candidate(session, OPERATOR, person.id, on=date(2027, 3, 1), now=NOW)
    plan_candidate(session, OPERATOR, person.id, on=date(2027, 3, 1), now=NOW)
    place = create_vacancy(
        session, OPERATOR, {"contractor": "Firm", "sector": "F42", "places": 1}, now=NOW
    )
    own = {"region": "demo", "candidate_id": person.id}
    account = Account(
        name="coach",
        rights=frozenset({"coach"}),
        region="demo",
        language="nl",
        is_active=True,
        failed_sign_ins=0,
        totp_secret=CANARY,
        **moments,
    )
    session.scalars(unscoped(select(Candidate), Candidate)).one().goal = CANARY
    artefact = Artefact(
        region="demo", name="a", manifest_sha256="h", manifest={}, is_synthetic=True,
        state="shadow", **moments,
    )  # fmt: skip
    session.add(artefact)
    session.flush()
    placement = Placement(**own, state="agreed", starts_on=NOW.date(), **moments)
    session.add(placement)
    session.flush()
    session.add(
        Prediction(
            **own,
            assessment_id=session.scalar(unscoped(select(Assessment.id), Assessment)),
            artefact_id=artefact.id,
            on=NOW.date(),
            is_shown=True,
            answers={"lift": CANARY},
            result={"parts": [CANARY]},
            created_at=NOW,
        )
    )
    session.add_all(
        [
            account,
            CandidateAudit(region="demo", reference="K-1", benefit=CANARY, birth_year=1987),
            CandidateNote(**own, kind=NoteKind.COACH, text=CANARY, created_at=NOW),
            OwnRequest(
                **own,
                kind=OwnRequestKind.ADDITION,
                text=CANARY,
                answer=CANARY,
                state=OwnRequestState.OPEN,
                due_on=NOW.date(),
                **moments,
            ),
            IntakeDraft(**own, card="work", answers={"lift": CANARY}, **moments),
            IdempotencyRecord(
                key="k",
                route="r",
                actor="1",
                request_hash="0" * 64,
                state=RequestState.FINISHED,
                body=CANARY,
                created_at=NOW,
            ),
            Introduction(
                **own,
                vacancy_id=place.id,
                organisation_id=session.scalar(unscoped(select(Vacancy.organisation_id), Vacancy)),
                pseudonym="P-1",
                state=IntroductionState.INVITED,
                invited_at=NOW,
                expires_at=NOW + timedelta(days=14),
                shares=(),
                shown={"hours_band": CANARY},
                **moments,
            ),
            Agreement(
                **own,
                placement_id=placement.id,
                fund_pays=False,
                open_sides=(),
                head={"next_step": CANARY},
                sides={"candidate": {"codes": [], "text": CANARY}},
                **moments,
            ),
            DisplacementCheck(
                region="demo",
                organisation_id=place.organisation_id,
                vacancy_id=place.id,
                moment="before",
                state="approved",
                answers={},
                reasons={"d1": CANARY},
                flags=("d1",),
                questions_dated=NOW.date(),
                why=CANARY,
                **moments,
            ),
            report_of("demo", NOW, place=CANARY, reach=CANARY, why=CANARY, state="other"),
            RememberedColumns(
                region="demo",
                kind=ImportKind.CANDIDATES,
                header_hash="h",
                mapping={CANARY: None},
                used_at=NOW,
            ),
            ProbableDouble(
                **own, later_id=person.id, state="open", undo={"money": CANARY}, **moments
            ),
            upload := upload_of(
                "demo",
                NOW,
                name=CANARY,
                columns=[CANARY],
                report={"money": CANARY},
                choices={"off": [CANARY]},
            ),
            Message(
                dedupe_key="m",
                template="ready",
                channel=Channel.MAIL,
                language="nl",
                recipient=CANARY,
                params={"link": CANARY},
                state=MessageState.QUEUED,
                attempts=0,
                created_at=NOW,
                next_try_at=NOW,
            ),
        ]
    )
    session.flush()
    contract = PublicContract(
        region="demo",
        reference="O-1",
        organisation_id=session.scalar(unscoped(select(Vacancy.organisation_id), Vacancy)),
        kind="works",
        value_cents=1,
        start_on=NOW.date(),
        end_on=NOW.date(),
        **moments,
    )
    session.add(contract)
    session.flush()
    of_contract = {"region": "demo", "contract_id": contract.id}
    done = ContractContribution(
        **of_contract, reference="I-1", kind="placement", of_person={"group": CANARY}, **moments
    )
    session.add(done)
    session.flush()
    session.add_all(
        [
            ContributionCheck(
                **of_contract,
                contribution_id=done.id,
                ground="first",
                rate=1,
                seed="s",
                number=0,
                state="asked",
                corrected={"hours_week": [CANARY, CANARY]},
                why=CANARY,
                **moments,
            ),
            LedgerEntry(
                **of_contract,
                part="credit",
                rule="building_blocks",
                cents=1,
                is_contra=False,
                source="S",
                is_example=False,
                arithmetic=CANARY,
                given={"group": CANARY},
                on=NOW.date(),
                rules_version="1",
                posted_at=NOW,
            ),
        ]
    )
    job = Job(
        kind="allocate_region", region="demo", arguments={}, frozen={}, state="done", done=0,
        claims=0, fruitless_claims=0, submitted_at=NOW,
    )  # fmt: skip
    session.add(job)
    session.flush()
    allocation = Allocation(
        job_id=job.id, region="demo", on=NOW.date(), choice={}, input_hash="0" * 64,
        result_hash="0" * 64, figures={}, made_at=NOW,
    )  # fmt: skip
    session.add(allocation)
    session.flush()
    session.add(
        AllocationLine(
            **own,
            allocation_id=allocation.id,
            lane="ready_now",
            value=0,
            is_locked=False,
            is_guessed=False,
            told={"lift": CANARY},
            state="open",
        )
    )
    of_block = {"rows": [CANARY], "findings": {"lift": CANARY}, "outcomes": [CANARY]}
    session.add(block_of(upload, **of_block))
    session.commit()
    return person.id


def dump(engine: Engine) -> str:
    """The whole database as whoever steals it reads it, with its files where there are files."""
    with engine.connect() as connection:
        shown = [
            str(tuple(row))
            for table in inspect(engine).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608  own names
        ]
    if engine.dialect.name == "sqlite":
        path = Path(str(make_url(str(engine.url)).database))
        for file in path.parent.glob(f"{path.name}*"):
            shown.append(file.read_bytes().decode("latin-1"))
    return "\n".join(shown)


def raw(engine: Engine) -> dict[tuple[str, str], list[Any]]:
    """What stands in each sealed column."""
    with engine.connect() as connection:
        return {
            (table, column): list(connection.scalars(text(f'SELECT "{column}" FROM "{table}"')))  # noqa: S608  own names
            for table, column, _use in sealed_columns()
        }
