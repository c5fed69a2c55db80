"""Signing in with a link by e-mail, and taking up an invitation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.http.db import engine_of
from matcher.services.accounts import set_active, set_password
from matcher.services.mail_links import Invitation, invite
from tests.web.forms import form_of
from tests.web.signing_in import PASSWORD, Place, is_in, place, try_password


@pytest.fixture
def here(sqlite_url: str, at: datetime) -> Iterator[Place]:
    found = place(sqlite_url, at)
    yield found
    engine_of(found.app).dispose()


def ask(client: FlaskClient, name: str) -> Any:
    address = "/aanmelden/stuur-een-link"
    return client.post(address, data={**form_of(client.get(address), "name"), "name": name})


def press(client: FlaskClient, address: str) -> Any:
    """Opens a link and presses the button of its page."""
    page = client.get(address, follow_redirects=True)
    if page.status_code != 200:
        return page
    return client.post("/aanmelden/link", data=form_of(page, "csrf_token"))


def accept(client: FlaskClient, given: Invitation, **typed: str) -> Any:
    page = client.get(given.address_path, follow_redirects=True)
    if page.status_code != 200:
        return page
    holding = "without" if "without" in typed else "password"
    return client.post("/uitnodiging", data={**form_of(page, holding), **typed})


def invited(here: Place, account_id: int) -> Invitation:
    with here.session() as session:
        return invite(session, account_id, created_by=None, now=here.moment)


@pytest.mark.parametrize("asked", ["firma", "Uitvoerder@Example.org", " firma "])
def test_a_link_by_mail_lets_in_by_name_or_address(here: Place, asked: str) -> None:
    here.account("firma", "contractor", email="uitvoerder@example.org")
    client = here.client()

    assert ask(client, asked).headers["Location"] == "/aanmelden/link-gevraagd"

    (message,) = here.messages()
    assert (message.template, message.recipient) == ("sign_in_link", "uitvoerder@example.org")
    page = client.get(message.params["link"], follow_redirects=True)
    assert "Aanmelden als firma" in page.text
    assert message.params["link"].rpartition("/")[2] not in page.text
    assert press(client, message.params["link"]).status_code == 302
    assert is_in(client)


def test_the_answer_is_the_same_whether_there_is_an_account_or_not(here: Place) -> None:
    here.account("firma", "contractor", email="firma@example.org")
    here.account("zonder", "contractor")
    closed = here.account("dicht", "contractor", email="dicht@example.org")
    with here.session() as session:
        set_active(session, closed, False, now=here.moment)

    answers = set()
    for name in ("firma", "zonder", "dicht", "niemand", "niemand@example.org", "%", "'; --"):
        client = here.client()
        answer = ask(client, name)
        page = client.get("/aanmelden/link-gevraagd")
        answers.add((answer.status_code, answer.headers["Location"], answer.text, page.text))

    assert len(answers) == 1
    assert [message.recipient for message in here.messages()] == ["firma@example.org"]


def test_a_link_works_once_a_quarter_of_an_hour_and_opening_it_uses_nothing_up(
    here: Place,
) -> None:
    here.account("firma", "contractor", email="firma@example.org")
    ask(here.client(), "firma")
    link = here.messages()[0].params["link"]

    for scanner in (here.client(), here.client()):
        assert scanner.get(link, follow_redirects=True).status_code == 200
        assert not is_in(scanner)
    here.wait(minutes=14)
    assert press(here.client(), link).status_code == 302
    again = here.client()
    assert press(again, link).status_code == 404
    assert not is_in(again)

    ask(here.client(), "firma")
    late = here.messages()[1].params["link"]
    here.wait(minutes=16)
    assert press(here.client(), late).status_code == 404


def test_using_one_link_ends_the_others_and_nobody_can_fill_a_mailbox(here: Place) -> None:
    here.account("firma", "contractor", email="firma@example.org")
    for _ in range(8):
        ask(here.client(), "firma")
    links = [message.params["link"] for message in here.messages()]
    assert len(links) == 3
    assert press(here.client(), links[2]).status_code == 302
    assert [press(here.client(), link).status_code for link in links] == [404, 404, 404]


def test_a_new_password_ends_the_links_that_were_sent_before(here: Place) -> None:
    account_id = here.account("firma", "contractor", email="firma@example.org")
    ask(here.client(), "firma")
    with here.session() as session:
        set_password(session, account_id, "een andere lange zin", now=here.moment)
    assert press(here.client(), here.messages()[0].params["link"]).status_code == 404


def test_a_button_without_a_form_token_uses_nothing_up(here: Place) -> None:
    here.account("firma", "contractor", email="firma@example.org")
    ask(here.client(), "firma")
    link = here.messages()[0].params["link"]
    forged = here.client()
    forged.get(link)
    assert forged.post("/aanmelden/link").status_code == 403
    assert press(here.client(), link).status_code == 302


def test_staff_with_a_link_still_show_the_second_step(sqlite_url: str, at: datetime) -> None:
    strict = place(sqlite_url, at, SECOND_FACTOR_REQUIRED=True)
    strict.account("coach", "coach", email="coach@example.org")
    client = strict.client()
    ask(client, "coach")
    answer = press(client, strict.messages()[0].params["link"])
    assert answer.headers["Location"] == "/tweede-stap"
    assert not is_in(client)
    engine_of(strict.app).dispose()


def test_an_invitation_lets_somebody_choose_a_password_once(here: Place) -> None:
    account_id = here.account("nieuw", "coach", password=None, email="nieuw@example.org")
    given = invited(here, account_id)
    (message,) = here.messages()
    assert (message.template, message.params["link"]) == (
        "account_invitation",
        given.address_path,
    )
    client = here.client()

    short = accept(client, given, password="te kort")
    assert short.status_code == 400
    assert "12 tot 200 tekens" in short.text
    assert accept(client, given, password=PASSWORD).status_code == 302
    assert is_in(client)

    assert accept(here.client(), given, password=PASSWORD).status_code == 404
    assert try_password(here.client(), "nieuw").status_code == 302


def test_only_a_contractor_with_mail_can_do_without_a_password(here: Place) -> None:
    firm = here.account("firma", "contractor", password=None, email="firma@example.org")
    coach = here.account("coach", "coach", password=None, email="coach@example.org")
    alone = here.account("los", "contractor", password=None)

    client = here.client()
    assert accept(client, invited(here, firm), without="1").status_code == 302
    assert is_in(client)
    for account_id in (coach, alone):
        client = here.client()
        given = invited(here, account_id)
        page = client.get(given.address_path, follow_redirects=True)
        assert "Verder zonder wachtwoord" not in page.text
        form = form_of(page, "password")
        refused = client.post("/uitnodiging", data={**form, "without": "1", "password": ""})
        assert refused.status_code == 400
        assert not is_in(client)


def test_an_invitation_lasts_a_week_and_a_new_one_ends_the_one_before(here: Place) -> None:
    account_id = here.account("nieuw", "coach", password=None)
    first = invited(here, account_id)
    second = invited(here, account_id)
    assert not second.is_mailed
    assert here.messages() == []
    assert accept(here.client(), first, password=PASSWORD).status_code == 404
    here.wait(days=6, hours=23)
    assert accept(here.client(), second, password=PASSWORD).status_code == 302
    third = invited(here, account_id)
    here.wait(days=7, minutes=1)
    assert accept(here.client(), third, password=PASSWORD).status_code == 404


def test_a_link_of_one_kind_is_none_of_another(here: Place) -> None:
    account_id = here.account("firma", "contractor", email="firma@example.org")
    invitation = invited(here, account_id).address_path.rpartition("/")[2]
    ask(here.client(), "firma")
    link = here.messages()[-1].params["link"].rpartition("/")[2]
    for address in (f"/aanmelden/link/{invitation}", f"/uitnodiging/{link}", f"/open/{link}"):
        assert here.client().get(address, follow_redirects=True).status_code == 404
