"""Signing in where the database has a wall of its own: nobody is at work yet, and it works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from matcher.domain.access import Right, Viewer
from matcher.http.db import engine_of
from matcher.models import Organisation
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services.accounts import add_account, find_viewer, list_accounts
from matcher.services.candidates import create_candidate
from matcher.services.links import candidate_link
from matcher.services.rights_changes import list_open_changes
from tests.web.forms import form_of
from tests.web.signing_in import Place, is_in, place, try_password

AT = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def here(app_role: str) -> Iterator[Place]:
    found = place(app_role, AT)
    yield found
    engine_of(found.app).dispose()


def firms(here: Place) -> set[str]:
    with here.session() as session:
        return set(session.scalars(unscoped(select(Organisation.name), Organisation)))


def post(client: Any, address: str, holding: str, **typed: Any) -> Any:
    return client.post(address, data={**form_of(client.get(address), holding), **typed})


def test_the_operator_adds_a_contractor_who_comes_in_with_a_link_by_mail(here: Place) -> None:
    with here.session() as session:
        add_account(
            session,
            name="firma",
            password=None,
            rights=["contractor"],
            region="demo",
            organisation="Straatwerk",
            email="firma@example.org",
            now=AT,
        )
    client = here.client()
    post(client, "/aanmelden/stuur-een-link", "name", name="firma@example.org")
    (message,) = here.messages()
    page = client.get(message.params["link"], follow_redirects=True)
    client.post("/aanmelden/link", data=form_of(page, "csrf_token"))
    assert is_in(client)


def test_a_candidate_comes_in_with_link_and_code(here: Place) -> None:
    coach_id = here.account("coach", "coach")
    with here.session() as session:
        coach = find_viewer(session, coach_id)
        assert coach is not None
        act_as(session, Actor(coach, AT, Right.COACH))
        mine = create_candidate(session, coach, {"pc4": 3311}, now=AT)
        given = candidate_link(session, coach, mine.id, now=AT)
    client = here.client()
    client.get(given.address_path)
    wrong = f"{(int(given.code) + 1) % 10**6:06}"
    assert post(client, "/open", "code", code=wrong).status_code == 400
    assert post(client, "/open", "code", code=given.code).status_code == 302
    assert is_in(client)


def test_two_admins_make_an_account_for_a_firm_and_move_it(here: Place) -> None:
    clients = []
    for name in ("ada", "bea"):
        here.account(name, "admin")
        clients.append(here.client())
        try_password(clients[-1], name)
    ada, bea = clients
    admin = Viewer(account_id=None, rights=frozenset({Right.ADMIN}))

    def confirm() -> None:
        with here.session() as session:
            (change,) = list_open_changes(session, admin)
        token = form_of(bea.get("/beheer/accounts"), "csrf_token")
        answer = bea.post(f"/beheer/wijzigingen/{change.id}/bevestigen", data=token)
        assert "/beheer/accounts/" in answer.headers["Location"]

    new = {"name": "firma", "rights": ["contractor"], "region": "demo", "organisation": "Noord"}
    more = {"email": "firma@example.org", "why": "Doet mee in het project"}
    assert post(ada, "/beheer/accounts/nieuw", "why", **new, **more).status_code == 303
    confirm()
    assert firms(here) == {"Noord"}
    with here.session() as session:
        (account_id,) = [
            record.id for record in list_accounts(session, admin) if record.name == "firma"
        ]
    address = f"/beheer/accounts/{account_id}/wijzigen"
    assert post(ada, address, "why", organisation="Zuid", why="Overgenomen").status_code == 303
    confirm()
    assert firms(here) == {"Noord", "Zuid"}
    assert [message.template for message in here.messages()] == [
        "account_invitation",
        "account_changed",
    ]
