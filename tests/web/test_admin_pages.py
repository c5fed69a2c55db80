"""The pages of admins: two decide, nothing changes before, and no candidate is to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.http.db import engine_of
from matcher.models import Account
from matcher.services.accounts import find_viewer
from matcher.services.candidates import create_candidate
from matcher.services.links import candidate_link
from matcher.services.rights_changes import list_open_changes
from tests.web.forms import Fields, form_of
from tests.web.signing_in import Place, is_in, place, try_password

LIST = "/beheer/accounts"


@pytest.fixture
def here(sqlite_url: str, at: datetime) -> Iterator[Place]:
    found = place(sqlite_url, at)
    yield found
    engine_of(found.app).dispose()


@pytest.fixture
def admins(here: Place) -> tuple[FlaskClient, FlaskClient]:
    """Two admins, each in a browser."""
    clients = []
    for name in ("ada", "bea"):
        here.account(name, "admin", email=f"{name}@example.org")
        client = here.client()
        assert try_password(client, name).status_code == 302
        clients.append(client)
    return clients[0], clients[1]


def row(here: Place, account_id: int) -> Account:
    with here.session() as session:
        found = session.get(Account, account_id)
        assert found is not None
        return found


def ask(client: FlaskClient, address: str, **typed: Any) -> Any:
    form = form_of(client.get(address), "why")
    return client.post(address, data={**form, "why": "Gaat iets anders doen", **typed})


def waiting(here: Place) -> list[int]:
    from matcher.domain.access import Right, Viewer

    with here.session() as session:
        admin = Viewer(account_id=None, rights=frozenset({Right.ADMIN}))
        return [change.id for change in list_open_changes(session, admin)]


def press(client: FlaskClient, change_id: int, button: str) -> Any:
    token = form_of(client.get(LIST), "csrf_token")["csrf_token"]
    address = f"/beheer/wijzigingen/{change_id}/{button}"
    return client.post(address, data={"csrf_token": token}, follow_redirects=True)


def buttons(page: str) -> set[str]:
    parser = Fields()
    parser.feed(page)
    return {action.rpartition("/")[2] for action in parser.actions if "wijzigingen" in action}


def test_one_asks_another_confirms_and_only_then_it_holds(
    here: Place, admins: tuple[FlaskClient, FlaskClient]
) -> None:
    ada, bea = admins
    coach_id = here.account("coach", "coach")
    coach = here.client()
    try_password(coach, "coach")

    asked = ask(ada, f"{LIST}/{coach_id}/wijzigen", rights=["coach", "lead"])

    assert asked.status_code == 303
    assert row(here, coach_id).rights == {"coach"}
    assert is_in(coach)
    (change,) = waiting(here)
    assert buttons(ada.get(LIST).text) == {"intrekken"}
    assert buttons(bea.get(LIST).text) == {"bevestigen", "weigeren"}
    page = bea.get(LIST).text
    assert "1 wijziging wacht op een tweede beheerder" in page
    assert "Gaat iets anders doen" in page
    assert "gevraagd door ada" in page

    refused = press(ada, change, "bevestigen")
    assert "Iemand anders beslist" in refused.text
    assert row(here, coach_id).rights == {"coach"}

    done = press(bea, change, "bevestigen")

    assert "Bevestigd" in done.text
    assert row(here, coach_id).rights == {"coach", "lead"}
    assert not is_in(coach)
    assert "bevestigd door bea" in bea.get(f"{LIST}/{coach_id}").text
    again = press(bea, change, "bevestigen")
    assert "Dit kan niet meer" in again.text


def test_no_means_that_nothing_changes_and_one_can_take_it_back(
    here: Place, admins: tuple[FlaskClient, FlaskClient]
) -> None:
    ada, bea = admins
    coach_id = here.account("coach", "coach")
    ask(ada, f"{LIST}/{coach_id}/wijzigen", state="closed")
    assert "Geweigerd" in press(bea, waiting(here)[0], "weigeren").text
    ask(ada, f"{LIST}/{coach_id}/wijzigen", region="haaglanden")
    assert "Iemand anders beslist" in press(bea, waiting(here)[0], "intrekken").text
    assert "Ingetrokken" in press(ada, waiting(here)[0], "intrekken").text
    assert waiting(here) == []
    after = row(here, coach_id)
    assert (after.is_active, after.region) == (True, "demo")


def test_a_new_account_is_invited_by_mail_and_no_admin_ever_sees_the_link(
    here: Place, admins: tuple[FlaskClient, FlaskClient]
) -> None:
    ada, bea = admins
    typed = {
        "name": "Nieuw@Example.org",
        "rights": ["coach"],
        "region": "demo",
        "email": "nieuw@example.org",
    }
    assert ask(ada, f"{LIST}/nieuw", **typed).status_code == 303
    assert here.messages() == []

    page = press(bea, waiting(here)[0], "bevestigen")

    (message,) = here.messages()
    secret = message.params["link"].rpartition("/")[2]
    assert secret not in page.text
    assert "nieuw@example.org" in page.text
    client = here.client()
    welcome = client.get(message.params["link"], follow_redirects=True)
    form = form_of(welcome, "password")
    client.post("/uitnodiging", data={**form, "password": "een lange eigen zin"})
    assert is_in(client)
    account_id = int(page.request.path.rpartition("/")[2])
    again = bea.post(
        f"{LIST}/{account_id}/uitnodigen",
        data=form_of(bea.get(f"{LIST}/{account_id}"), "csrf_token"),
        follow_redirects=True,
    )
    latest = here.messages()[-1]
    assert latest.template == "account_invitation"
    assert latest.params["link"].rpartition("/")[2] not in again.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Vul een naam in"),
        ({"rights": []}, "Kies waar het account voor is"),
        ({"rights": ["admin", "coach"]}, "gaan niet samen"),
        ({"region": ""}, "Kies een regio"),
        ({"rights": ["contractor"]}, "Vul het bedrijf in"),
        ({"email": ""}, "Daar gaat de uitnodiging heen"),
        ({"email": "geen adres"}, "Vul een e-mailadres in"),
        ({"why": ""}, "Schrijf in een paar woorden waarom"),
        ({"name": "ada"}, "Er is al een account met deze naam"),
    ],
)
def test_a_form_that_cannot_be_says_so_in_words_and_asks_nothing(
    here: Place, admins: tuple[FlaskClient, FlaskClient], typed: dict[str, Any], words: str
) -> None:
    good = {"name": "nieuw", "rights": ["coach"], "region": "demo", "email": "n@example.org"}
    answer = ask(admins[0], f"{LIST}/nieuw", **{**good, **typed})
    assert answer.status_code == 400
    assert words in answer.text
    assert waiting(here) == []


def test_nothing_changed_and_a_second_change_at_once_are_told(
    here: Place, admins: tuple[FlaskClient, FlaskClient]
) -> None:
    ada, bea = admins
    coach_id = here.account("coach", "coach")
    nothing = ask(ada, f"{LIST}/{coach_id}/wijzigen")
    assert nothing.status_code == 400
    assert "U hebt niets gewijzigd" in nothing.text
    ask(ada, f"{LIST}/{coach_id}/wijzigen", state="closed")
    second = ask(bea, f"{LIST}/{coach_id}/wijzigen", region="haaglanden")
    assert second.status_code == 400
    assert "wacht al een wijziging" in second.text


def test_with_one_admin_the_page_names_the_way_out(here: Place) -> None:
    here.account("ada", "admin")
    coach_id = here.account("coach", "coach")
    ada = here.client()
    try_password(ada, "ada")
    asked = ask(ada, f"{LIST}/{coach_id}/wijzigen", state="closed")
    page = ada.get(asked.headers["Location"]).text
    assert "Er is geen tweede beheerder" in page
    assert f"matcher users confirm {waiting(here)[0]}" in page


def test_what_is_posted_beyond_the_form_changes_nothing(
    here: Place, admins: tuple[FlaskClient, FlaskClient]
) -> None:
    ada, bea = admins
    coach_id = here.account("coach", "coach")
    before = row(here, coach_id)
    ask(
        ada,
        f"{LIST}/{coach_id}/wijzigen",
        rights=["coach", "lead"],
        password_hash="x",
        organisation_id="1",
        is_active="",
        issuer="https://evil.example.org",
        subject="1",
        asked_by="2",
        name="ander",
    )
    press(bea, waiting(here)[0], "bevestigen")
    after = row(here, coach_id)
    assert after.rights == {"coach", "lead"}
    for name in ("name", "password_hash", "organisation_id", "issuer", "subject", "is_active"):
        assert getattr(after, name) == getattr(before, name)


def test_admins_see_nothing_of_candidates(
    here: Place, admins: tuple[FlaskClient, FlaskClient], at: datetime
) -> None:
    coach_id = here.account("coach", "coach")
    with here.session() as session:
        coach = find_viewer(session, coach_id)
        assert coach is not None
        values = {"pc4": 3311, "first_name": "Kanarievogel"}
        person = create_candidate(session, coach, values, now=at)
        candidate_link(session, coach, person.id, now=at)
        names = {account.name for account in session.query(Account).all()}
    (own_view,) = [name for name in names if name.startswith("kandidaat-")]
    with here.session() as session:
        own_id = session.query(Account).filter_by(name=own_view).one().id
    ada = admins[0]
    for address in (LIST, f"{LIST}?stand=closed", f"{LIST}/{coach_id}", f"{LIST}/nieuw"):
        text = ada.get(address).text
        assert "Kanarievogel" not in text
        assert own_view not in text
        assert 'value="candidate"' not in text
    for address in (f"{LIST}/{own_id}", f"{LIST}/{own_id}/wijzigen", f"{LIST}/99999"):
        assert ada.get(address).status_code == 404
    for page in ("/vandaag", "/kandidaten", "/mensen", "/aanvragen", "/bedrijf"):
        assert ada.get(page).status_code == 403


@pytest.mark.parametrize("right", ["coach", "lead", "triager", "officer", "analyst", "contractor"])
def test_nobody_else_opens_these_pages(here: Place, right: str) -> None:
    account_id = here.account("iemand", right)
    client = here.client()
    try_password(client, "iemand")
    for address in (LIST, f"{LIST}/{account_id}", f"{LIST}/nieuw", f"{LIST}/{account_id}/wijzigen"):
        assert client.get(address).status_code == 403
    token = form_of(client.get("/account"), "csrf_token")
    for button in ("bevestigen", "weigeren", "intrekken"):
        assert client.post(f"/beheer/wijzigingen/1/{button}", data=token).status_code == 403
