"""Nothing about money, benefit, refusals, goal, notes or contact reaches a contractor's bytes.

One thousand people are assessed; then all of that is changed for every one of them, guidance within
its band too, and they are assessed again. Whatever a contractor can fetch stays the same: status,
length, body, headers, exports and errors, in pages and API. Clock, tokens and numbers are fixed.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.demo.region import generate
from matcher.domain.access import Right, Viewer
from matcher.http.db import engine_of
from matcher.http.permissions import permission_of
from matcher.models import (
    Account,
    Assessment,
    Candidate,
    CandidateAudit,
    CandidateNote,
    Introduction,
    IntroductionRefusal,
    Organisation,
    OwnRequest,
    Vacancy,
)
from matcher.models.database import make_engine, session_factory
from matcher.models.states import IntroductionState, VacancyStatus
from matcher.repositories import candidates, vacancies
from matcher.repositories.scope import unscoped
from matcher.services import introductions
from matcher.services.decisions import record_decision
from matcher.services.inputs import region_inputs
from matcher.services.introductions import NotPossible
from tests.api.opening import EVERY
from tests.conftest import KINDS
from tests.privacy.conftest import as_app_role
from tests.privacy.crawl import MISSING, address_of, fills, rules
from tests.privacy.world import NOW, STAMPS, TODAY, Person, World, client_of, token_of
from tests.storage.rows import ADVICE

PEOPLE = 1_000
SEED = 7
BANDS: dict[float, tuple[float, ...]] = {1: (0, 1), 3: (2, 3, 4), 7: (5, 6, 8), 12: (9, 12, 30)}
"""Hours of guidance that count alike (contract.md section 2)."""

_EXPIRES = re.compile(r"; Expires=[^;]+")
"""With the header Date all in an answer that the clock of the machine decides."""

Answer = tuple[str, str, int, int, tuple[tuple[str, str], ...], bytes]


def populate(session: Session, count: int = PEOPLE) -> World:
    """A region of many people, one firm with all its places, and introductions at every step."""
    drawn = generate(SEED, TODAY, candidates=count, vacancies=12, lessons=False)
    firm = Organisation(name="Firma Een", region="demo", size_fte=60, **STAMPS)
    session.add(firm)
    session.flush()
    account = Account(
        name="contractor", rights=frozenset({Right.CONTRACTOR}), region="demo",
        organisation_id=firm.id, language="nl", is_active=True, failed_sign_ins=0, **STAMPS,
    )  # fmt: skip
    coach = Account(
        name="coach", rights=frozenset({Right.COACH}), region="demo", language="nl",
        is_active=True, failed_sign_ins=0, **STAMPS,
    )  # fmt: skip
    session.add_all([account, coach])
    session.flush()
    for profile in drawn.vacancies:
        place = replace(profile, contractor=firm.name, places=9)
        session.add(vacancies.new_row(place, firm, status=VacancyStatus.OPEN, now=NOW))
    rows = [candidates.new_row(each, now=NOW, owner=coach.id) for each in drawn.candidates]
    session.add_all(rows)
    session.flush()
    session.add_all(
        CandidateAudit(
            region="demo", reference=each.reference, benefit=each.benefit,
            birth_year=each.birth_year,
        )
        for each in drawn.audit
    )  # fmt: skip
    for row in rows:
        row.first_name, row.goal = f"Naam{row.id}", "Buiten werken"
        row.contact_kind, row.contact_value = "sms", "06 12345678"
    session.commit()
    advise_everybody(session)

    world = World(accounts={"contractor": Viewer(account.id, frozenset(), "demo", firm.id)})
    guide = Viewer(coach.id, frozenset({Right.COACH}), "demo")
    places = session.scalars(unscoped(select(Vacancy.id), Vacancy)).all()
    world.ids = {who: {"vacancy_id": places[0]} for who in ("contractor", "rival")}
    world.ids["contractor"]["call_id"] = MISSING
    world.ids["region"] = {"programme_id": MISSING}
    world.ids["admin"] = {"change_id": MISSING}
    shares: list[tuple[str, ...] | None] = [(), ("contact", "goal"), None, (), None]
    names = iter(("ann", "dee", "eve", "bas", "cor"))
    for row in rows:
        number = _invited(session, guide, row.id, places)
        if number is None:
            continue
        said = shares.pop(0)
        if said is not None:
            own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=row.id)
            introductions.answer(session, own, number, "yes", said, now=NOW)
        name = next(names)
        ids = dict.fromkeys(("candidate_id", "own_request_id"), row.id)
        world.people[name] = Person(name, row.id, 0, {**ids, "introduction_id": number})
        if not shares:
            break
    assert len(world.people) == 5
    return world


def _invited(session: Session, guide: Viewer, number: int, places: Any) -> int | None:
    record_decision(
        session, guide, number, subject="lane", chosen="ready_now", reason="agrees", now=NOW
    )
    for place in places:
        try:
            return introductions.invite(session, guide, number, place, now=NOW).id
        except NotPossible:
            continue
    return None


def advise_everybody(session: Session) -> int:
    """Keeps the lane that the rules give each person now: what others can notice of an advice."""
    advisor = region_inputs(session, "demo", on=TODAY, language="nl").advisor
    people = session.scalars(unscoped(select(Candidate), Candidate)).all()
    for row in people:
        lane = advisor.lane(candidates.to_profile(row))
        session.add(
            Assessment(
                region=row.region, candidate_id=row.id, **ADVICE, lane=lane, rule=2, readiness=1,
                start_level=1,
            )
        )  # fmt: skip
    session.commit()
    return len(people)


def change_what_is_hidden(session: Session) -> int:
    """Another value for everything that no contractor may learn, for everybody."""
    draw = Random(SEED)  # noqa: S311 - test data, no secret
    people = session.scalars(unscoped(select(Candidate), Candidate)).all()
    for row in people:
        others = [level for level in (None, 0, 1, 2, 3, 4) if level != row.money]
        row.money = draw.choice(others)
        if row.guidance_need is not None:
            row.guidance_need = draw.choice(BANDS[row.guidance_need])
        row.goal = f"Iets anders {draw.random()}"
        row.contact_kind, row.contact_value = "mail", f"{draw.random()}@voorbeeld.example"
        about: dict[str, Any] = {"region": row.region, "candidate_id": row.id}
        note = f"Notitie {draw.random()}"
        session.add(CandidateNote(**about, kind="coach", text=note, created_at=NOW))
        session.add(
            OwnRequest(**about, kind="addition", text=note, state="open", due_on=TODAY, **STAMPS)
        )
    waits = select(Introduction).where(Introduction.state == IntroductionState.INVITED)
    for asked in session.scalars(unscoped(waits, Introduction)):
        session.add(
            IntroductionRefusal(candidate_id=asked.candidate_id, introduction_id=asked.id, at=NOW)
        )
    for audit in session.scalars(unscoped(select(CandidateAudit), CandidateAudit)):
        audit.benefit = draw.choice(["p_wet", "ww", "none"])
        audit.birth_year = draw.randint(1950, 2008)
    session.commit()
    return advise_everybody(session)


def pause_everybody(session: Session) -> int:
    """Nobody can start for the time being: then nobody fits."""
    people = session.scalars(unscoped(select(Candidate), Candidate)).all()
    for row in people:
        row.paused_until = TODAY + timedelta(days=30)
    session.commit()
    return len(people)


def everything(app: Flask, client: FlaskClient, world: World) -> Iterator[Answer]:
    """Every answer that a contractor can get, errors among them."""
    headers = {"X-Request-ID": "0" * 32, "X-CSRFToken": token_of(app), "If-Match": '"v99"'}
    for method in ("GET", "POST", "PATCH"):
        for rule in rules(app, method):
            if rule.endpoint in ("health.metrics", "account.leave", "account.leave_quickly"):
                continue
            permission = permission_of(app.view_functions[rule.endpoint], method) or frozenset()
            if method != "GET" and Right.CONTRACTOR not in permission:
                continue
            for arguments in fills(world, rule):
                address = address_of(app, rule, arguments)
                more: dict[str, Any] = {"json": {}} if "/api/" in address else {"data": {}}
                more = {} if method == "GET" else more
                yield answer_to(client, method, address, headers, **more)
    yield from at_work(client, headers)
    yield from at_the_list(client, headers)


def answer_to(
    client: FlaskClient, method: str, address: str, headers: Mapping[str, str], **more: Any
) -> Answer:
    """One answer as it is compared: all of it that does not hang on the clock of the machine."""
    answer = client.open(address, method=method, headers=headers, **more)
    kept = tuple(
        (name, _EXPIRES.sub("", value))
        for name, value in sorted(answer.headers.items())
        if name != "Date"
    )
    return method, address, answer.status_code, len(answer.data), kept, answer.data


TRIED: tuple[dict[str, Any], ...] = (
    {"lift": "none"}, {"lift": "much"}, {"rhythm": 4}, {"rhythm": 1, "work_skills": 1},
    {"guidance_hours": 2}, {"guidance_hours": 4}, {"guidance_hours": 12},
    {"hours_min": 12, "hours_max": 16}, {"hours_min": 36, "hours_max": 40},
    {"employer_size": 5}, {"employer_size": 300}, {"licences": ["C"]},
    {"credentials": ["forklift", "first_aid"]}, {"language_speak": 4, "language_read": 4},
)  # fmt: skip
"""What a contractor changes about a place, one after the other, to find out who drops out."""


def at_work(client: FlaskClient, headers: Mapping[str, str]) -> Iterator[Answer]:
    """A contractor files a place, opens it, and turns at what it asks, looking each time."""
    body = {
        "reference": "V-tried", "title": "Hulp in het groen", "sector": "F42", "places": 3,
        "site_pc4": 3316, "start_on": "2027-03-29", "flex_weeks": 8, "hours_min": 20,
        "hours_max": 40, "guidance_hours": 20, "employer_size": 60,
    }  # fmt: skip
    sent = {**headers, "Idempotency-Key": "tried"}
    made = answer_to(client, "POST", "/api/v1/vacancies", sent, json=body)
    yield made
    vacancy = json.loads(made[5])
    place, version = f"/api/v1/vacancies/{vacancy['id']}", vacancy["version"]
    sent = {**headers, "Idempotency-Key": "answered"}
    asked = f"{place}/displacement-check"
    yield answer_to(client, "POST", asked, sent, json={"answers": EVERY, "reasons": {}})
    yield answer_to(client, "GET", asked, headers)
    for change in ({"status": "open"}, *TRIED, {"status": "withdrawn"}):
        based = {**headers, "If-Match": f'"v{version}"'}
        changed = answer_to(client, "PATCH", place, based, json=change)
        assert changed[2] == 200, (change, changed[5])
        yield changed
        version = json.loads(changed[5])["version"]
        page = f"/mijn-plekken/{vacancy['id']}"
        for address in (f"{place}/fit-counts", page, f"{page}/wijzigen", "/mijn-plekken"):
            yield answer_to(client, "GET", address, headers)


def at_the_list(client: FlaskClient, headers: Mapping[str, str]) -> Iterator[Answer]:
    """A contractor asks who fits, edits, reloads, copies and meets them for half a day."""
    body = {
        "reference": "V-list", "title": "Hulp op de werf", "sector": "N81", "places": 2,
        "site_pc4": 3316, "start_on": "2027-03-29", "flex_weeks": 8, "hours_max": 40,
        "guidance_hours": 40, "employer_size": 60, "lift": "some",
    }  # fmt: skip

    def sent(name: str) -> dict[str, str]:
        return {**headers, "Idempotency-Key": name}

    def opened(number: int, version: int) -> Iterator[Answer]:
        place = f"/api/v1/vacancies/{number}"
        asked = f"{place}/displacement-check"
        answers = {"answers": EVERY, "reasons": {}}
        yield answer_to(client, "POST", asked, sent(f"check-{number}"), json=answers)
        based = {**headers, "If-Match": f'"v{version}"'}
        yield answer_to(client, "PATCH", place, based, json={"status": "open"})

    made = answer_to(client, "POST", "/api/v1/vacancies", sent("list"), json=body)
    number = json.loads(made[5])["id"]
    place, page = f"/api/v1/vacancies/{number}", f"/mijn-plekken/{number}/wie-past"
    yield from opened(number, 1)
    drawn = answer_to(client, "GET", f"{place}/shortlist", headers)
    yield drawn
    based = {**headers, "If-Match": '"v2"'}
    for change in ({"lift": "none"}, {"lift": "much"}, {"rhythm": 4}, {"employer_size": 5}):
        refused = answer_to(client, "PATCH", place, based, json=change)
        assert refused[2] == 409
        yield refused
        yield answer_to(client, "GET", page, headers)
    copied = answer_to(client, "POST", f"{place}/copies", sent("copy"))
    yield copied
    copy = json.loads(copied[5])["id"]
    yield from opened(copy, 1)
    yield answer_to(client, "GET", f"/api/v1/vacancies/{copy}/shortlist", headers)
    half = {"meet_on": str(TODAY + timedelta(days=7)), "half": "morning"}
    met = answer_to(client, "POST", f"{place}/half-days", sent("half"), json=half)
    yield met
    for address in (f"{place}/shortlist", page, "/kennismaken", "/api/v1/introductions",
                    "/api/v1/requests", f"/mijn-plekken/{copy}/wie-past"):  # fmt: skip
        yield answer_to(client, "GET", address, headers)


def fixed(patch: pytest.MonkeyPatch) -> None:
    """Form tokens without a clock, and once-only tokens without chance."""
    patch.setattr(TimestampSigner, "get_timestamp", lambda _self: 1_800_000_000)
    patch.setattr("matcher.web.forms.secrets.token_urlsafe", lambda _size=None: "once")
    patch.setattr("matcher.services.shortlists.new_seed", lambda: "seed")


@dataclass(frozen=True)
class Region:
    """A populated database, and copies of it to change."""

    url: URL
    world: World
    patch: pytest.MonkeyPatch

    def copy(self, name: str) -> str:
        """The address of a copy of the database, for its owner."""
        if self.url.get_backend_name() == "sqlite":
            path = Path(self.url.database or "")
            copy = path.with_name(f"{path.stem}_{name}.sqlite3")
            shutil.copy(path, copy)
            return f"sqlite:///{copy}"
        copied = f"{self.url.database}_{name}"
        server = make_engine(self.url.set(database="postgres").render_as_string(False))
        with server.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text(f"CREATE DATABASE {copied} TEMPLATE {self.url.database}")
            )
        server.dispose()
        return self.url.set(database=copied).render_as_string(False)

    def fetched(self, name: str, change: Callable[[Session], int] | None = None) -> list[Answer]:
        """What the contractor fetches from a copy, after `change`."""
        url = self.copy(name)
        owner = make_engine(url)
        with session_factory(owner)() as session:
            if change is not None:
                assert change(session) >= PEOPLE
        owner.dispose()
        url = as_app_role(url) if url.startswith("postgresql") else url
        app = create_app({"DATABASE_URL": url, "CLOCK": lambda: NOW, "LOG_LEVEL": "CRITICAL"})
        with session_factory(engine_of(app))() as session:
            account = self.world.accounts["contractor"].account_id
            self.patch.setattr("matcher.services.sessions.secrets.token_urlsafe", lambda _n: "s")
            copies = itertools.count(1)
            self.patch.setattr(
                "matcher.services.shortlists.new_reference", lambda _kind: f"V-copy-{next(copies)}"
            )
            client = client_of(app, session, account)
        found = list(everything(app, client, self.world))
        engine_of(app).dispose()
        return found


@pytest.fixture(scope="module", params=KINDS)
def region(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Region]:
    with pytest.MonkeyPatch.context() as patch:
        fixed(patch)
        url = new_database(request.param)
        engine = make_engine(url)
        with session_factory(engine)() as session:
            world = populate(session)
            if request.param == "sqlite":
                session.connection().execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
        yield Region(make_url(url), world, patch)


@pytest.fixture(scope="module")
def before(region: Region) -> list[Answer]:
    return region.fetched("before")


def test_what_is_hidden_changes_no_byte_that_a_contractor_can_fetch(
    region: Region, before: list[Answer]
) -> None:
    after = region.fetched("hidden", change_what_is_hidden)

    assert [answer[:2] for answer in before] == [answer[:2] for answer in after]
    lists = [answer[5] for answer in before if answer[1].endswith("/shortlist")]
    assert any(b'"pseudonym"' in body for body in lists), "people are on a list"
    assert any(b'"asked_people":6' in body for body in lists), "and were asked to come"
    for first, second in zip(before, after, strict=True):
        assert first == second, first[:2]


def test_the_same_crawl_notices_a_change_that_a_contractor_may_notice(
    region: Region, before: list[Answer]
) -> None:
    after = region.fetched("shown", pause_everybody)

    different = {first[1] for first, second in zip(before, after, strict=True) if first != second}
    assert any("/mijn-plekken" in address for address in different)
    assert len({answer[1] for answer in before if answer[2] == 200}) > 20
    counted = {answer[5] for answer in before if answer[1].endswith("/fit-counts")}
    assert len(counted) >= 3, "what a place asks changes how many fit"
    assert {answer[2] for answer in before} >= {200, 302, 400, 403, 404}
    shown = b"".join(answer[5] for answer in before)
    assert shown.count(b"Naam") > 0, "introductions are among what was fetched"
