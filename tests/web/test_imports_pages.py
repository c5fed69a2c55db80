"""The pages on which files come in, without scripts: few actions, clear refusals, a way back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.models.states import JobState
from matcher.services import job_runs
from matcher.services.job_kinds import KINDS
from tests.files.messy import VALID_BSN, messy_people
from tests.web.conftest import AT
from tests.web.forms import form_of

SignIn = Callable[..., FlaskClient]
PEOPLE = "klantnummer;roepnaam;mobiel;postcode\nK-1;Jan;6,12E+08;3311\nK-2;Noor;0612345678;3312\n"


def work(app: Flask) -> None:
    assert job_runs.run_one(session_factory(engine_of(app)), "w", lambda: AT, KINDS) is (
        JobState.DONE
    )


class Walk:
    """Somebody who fills in forms and presses the main button; counts what they do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.actions = 0
        self.answer: Any = None

    def open(self, address: str) -> Walk:
        self.actions += 1
        self.answer = self.client.get(address)
        return self

    def press(self, field: str, **values: Any) -> Walk:
        """Sends the form of the page that has `field`, with `values` in it."""
        self.actions += 1
        form = form_of(self.answer, field)
        address = self.answer.request.path
        self.answer = self.client.post(
            address, data={**form, **values}, follow_redirects=True,
            content_type="multipart/form-data",
        )  # fmt: skip
        return self

    @property
    def text(self) -> str:
        found: str = self.answer.get_data(as_text=True)
        return found


def send(client: FlaskClient, data: bytes, name: str = "mensen.csv") -> Walk:
    walk = Walk(client).open("/inlezen")
    walk.actions += 1  # choosing the file
    return walk.press("csrf_token", kind="candidates", file=(io.BytesIO(data), name))


def all_groups(walk: Walk) -> dict[str, Any]:
    return {"groep": re.findall(r'name="groep" value="([^"]+)"', walk.text)}


def test_two_thousand_messy_rows_are_in_after_five_actions(app: Flask, sign_in_as: SignIn) -> None:
    walk = send(sign_in_as(Right.TRIAGER), messy_people(2000).data)
    assert "lijkt verwisseld met ‘uren per week’" in walk.text
    assert "vragen we nooit: geslacht" in walk.text
    walk.press("kolom-0")
    assert "cijfers wegliet" in walk.text
    assert VALID_BSN not in walk.text
    walk.press("csrf_token", **all_groups(walk))
    assert "wacht op zijn beurt" in walk.text
    assert walk.actions == 5
    work(app)

    done = walk.client.get(walk.answer.request.path)
    assert "rijen zijn binnen" in done.get_data(as_text=True)
    result = walk.client.get(f"{walk.answer.request.path}/uitkomst.csv")
    assert len(result.get_data(as_text=True).splitlines()) == 2001
    assert VALID_BSN not in result.get_data(as_text=True)


def test_headers_that_were_chosen_before_go_straight_to_the_check(sign_in_as: SignIn) -> None:
    client = sign_in_as(Right.TRIAGER)
    send(client, PEOPLE.encode()).press("kolom-0")

    again = send(client, PEOPLE.replace("K-", "L-").encode())

    assert again.answer.request.path.endswith("/controle")


def test_the_same_file_leads_to_the_one_that_is_there(sign_in_as: SignIn) -> None:
    client = sign_in_as(Right.LEAD)
    first = send(client, PEOPLE.encode())
    again = send(client, PEOPLE.encode())

    assert "was al binnen" in again.text
    assert again.answer.request.path == first.answer.request.path


def test_a_box_that_is_unticked_keeps_its_rows_out(app: Flask, sign_in_as: SignIn) -> None:
    walk = send(sign_in_as(Right.TRIAGER), PEOPLE.encode()).press("kolom-0")
    assert "2 mensen kunnen erin." in walk.text

    walk.press("csrf_token", groep=[])
    work(app)

    done = walk.client.get(walk.answer.request.path).get_data(as_text=True)
    assert "1 rij is binnen" in done
    assert "door u weggelaten" in done


def test_one_row_can_be_left_out_by_itself(sign_in_as: SignIn) -> None:
    walk = send(sign_in_as(Right.TRIAGER), PEOPLE.encode()).press("kolom-0")
    [group] = all_groups(walk)["groep"]
    address = f"{walk.answer.request.path}/rijen?voorstel={group}"
    rows = walk.client.get(address)
    assert "Rij 2" in rows.get_data(as_text=True)

    form = {"csrf_token": form_of(rows, "csrf_token")["csrf_token"]}
    after = walk.client.post(address, data=form, follow_redirects=True).get_data(as_text=True)

    assert "1 mens kan erin." in after
    assert "1 laat u weg." in after


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "mensen.csv", "Dit bestand is leeg"),
        (b"PK\x03\x04", "mensen.xlsx", "beschadigd"),
        (b"a;b\n", "mensen.csv", "staan geen rijen"),
        (b"x", "mensen.pdf", "eindigt op .csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "mensen.xlsx", "beveiligde Excel"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    sign_in_as: SignIn, data: bytes, name: str, words: str
) -> None:
    walk = send(sign_in_as(Right.TRIAGER), data, name)

    assert walk.answer.status_code == 400
    assert words in walk.text
    assert "Er is een probleem" in walk.text


def test_two_columns_that_fill_the_same_are_named(sign_in_as: SignIn) -> None:
    walk = send(sign_in_as(Right.TRIAGER), PEOPLE.encode())

    walk.press("kolom-0", **{"kolom-1": "reference"})

    assert walk.answer.status_code == 400
    assert "vullen hetzelfde in" in walk.text


def test_doubles_are_merged_and_taken_apart_again(app: Flask, sign_in_as: SignIn) -> None:
    client = sign_in_as(Right.TRIAGER)
    for reference, hours in (("K-1", ""), ("K-2", "24")):
        text = f"klantnummer;roepnaam;postcode;uren\n{reference};Zoë;3311;{hours}\n"
        walk = send(client, text.encode())
        if walk.answer.request.path.endswith("/kolommen"):
            walk.press("kolom-0")
        walk.press("csrf_token")
        work(app)
    page = client.get("/dubbelen")
    assert "1 keer lijkt iemand dubbel" in page.get_data(as_text=True)
    assert "aan met: meeste uren" in page.get_data(as_text=True)
    form = {"csrf_token": form_of(page, "csrf_token")["csrf_token"]}

    merged = client.post("/dubbelen/1/samen", data=form, follow_redirects=True)
    undone = client.post("/dubbelen/1/terug", data=form, follow_redirects=True)

    assert "Niemand lijkt dubbel." in merged.get_data(as_text=True)
    assert "Teruggedraaid" in undone.get_data(as_text=True)
    assert "1 keer lijkt iemand dubbel" in client.get("/dubbelen").get_data(as_text=True)
