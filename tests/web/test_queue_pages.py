"""The queue of the talent centre: what changed, one person on one screen, and deciding."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from matcher.services.vacancies import create_vacancy
from tests.services.introducing import PLACE, READY
from tests.services.opening import open_vacancy
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]


@pytest.fixture
def ann(app: Flask, at: datetime) -> int:
    """Somebody who can start, with one place that fits and one that a certificate keeps shut."""
    staff = operator("demo")
    with session_factory(engine_of(app))() as session:
        start = at.date() + timedelta(days=28)
        for title, change in (("Grondwerker", {}), ("Asfalt", {"credentials": ("vca_basic",)})):
            values = {**PLACE, "start_on": start, "title": title, "contractor": "Bouw", **change}
            place = create_vacancy(session, staff, values, now=at)
            open_vacancy(session, staff, place.id, expected_version=1, now=at)
        values = {**READY, "first_name": "Ann", "waiting_since": date(2026, 10, 1)}
        record = create_candidate(session, staff, values, now=at)
        assess_candidate(session, staff, record.id, on=at.date(), now=at)
        return record.id


@pytest.fixture
def triager(sign_in_as: SignInAs, ann: int) -> FlaskClient:
    return sign_in_as(Right.TRIAGER)


def chosen(text: str, at: datetime, **more: str) -> dict[str, str]:
    day = (at.date() + timedelta(days=30)).isoformat()
    wanted = {"chosen": "ready_now", "reason": "agrees", "review_on": day}
    return {**form_of(text, "review_on"), **wanted, **more}


def test_the_first_tab_is_what_changed_and_leads_to_the_person(triager: FlaskClient) -> None:
    text = triager.get("/mensen").text
    first = re.search(r'<ul class="lanes">\s*<li[^>]*><a href="([^"]+)"', text)
    assert first is not None
    assert first.group(1) == "/mensen/nieuw"
    changed = triager.get("/mensen/nieuw").text
    assert "<h1>1 nieuw mens.</h1>" in changed
    assert 'href="/mensen/1">Ann</a>' in changed


def test_one_screen_tells_who_waits_why_what_is_missing_and_which_places(
    triager: FlaskClient, ann: int
) -> None:
    text = triager.get(f"/mensen/{ann}").text
    for words in (
        "wacht 95 dagen",
        "Nu starten",
        "Waarom",
        "Grondwerker",
        "Eén stap van",
        "Asfalt",
    ):
        assert words in text, words
    for word in ("readiness", "gereedheid", "score", " van 100"):
        assert word not in text.lower()


def test_accepting_takes_a_lane_a_reason_and_a_day_and_can_be_taken_back(
    triager: FlaskClient, ann: int, at: datetime
) -> None:
    page = f"/mensen/{ann}"
    data = chosen(triager.get(page).text, at)
    assert triager.post(f"{page}/besluit", data={**data, "reason": ""}).status_code == 400
    answer = triager.post(f"{page}/besluit", data=data, follow_redirects=True)
    assert "Besloten: Nu starten" in answer.text
    undo = re.search(rf'action="({page}/besluit/\d+/terug)"', answer.text)
    assert undo is not None
    token = form_of(answer.text, "review_on")["csrf_token"]
    sent = {"csrf_token": token}
    back = triager.post(undo.group(1), data=sent, follow_redirects=True).text
    assert "Het besluit telt niet meer" in back
    assert 'class="undone"' in back


def test_the_second_of_two_triagers_sees_both_and_decides_again(
    triager: FlaskClient, sign_in_as: SignInAs, ann: int, at: datetime
) -> None:
    page = f"/mensen/{ann}"
    other = sign_in_as(Right.TRIAGER, name="ander")
    slow = chosen(other.get(page).text, at)
    assert (
        triager.post(f"{page}/besluit", data=chosen(triager.get(page).text, at)).status_code == 303
    )
    answer = other.post(f"{page}/besluit", data=slow)
    assert answer.status_code == 412
    assert "Iemand anders was u voor" in answer.text
    again = {**chosen(answer.text, at), "once": "anders-dan-net"}
    assert other.post(f"{page}/besluit", data=again).status_code == 303


def test_another_way_asks_who_helps_further_and_is_listed_until_back(
    triager: FlaskClient, ann: int, at: datetime
) -> None:
    page = f"/mensen/{ann}"
    data = chosen(triager.get(page).text, at, chosen="other_route")
    refused = triager.post(f"{page}/besluit", data=data)
    assert refused.status_code == 400
    assert "Kies wie verder helpt" in refused.text
    whole = {
        **data, "receiver": "school", "appointment_on": at.date().isoformat(),
        "text": "wil eerst de opleiding op school afmaken", "once": "tweede",
    }  # fmt: skip
    assert triager.post(f"{page}/besluit", data=whole).status_code == 303
    listed = triager.get("/mensen/elders").text
    assert "School of RMC" in listed
    assert "bevestiging uiterlijk" in listed
    sent = {"csrf_token": whole["csrf_token"]}
    assert triager.post("/mensen/elders/1/bevestigd", data=sent).status_code == 303
    assert "bevestigd op" in triager.get("/mensen/elders").text
    assert triager.post("/mensen/elders/1/terug", data=sent).headers["Location"] == page
    assert "Niemand is elders" in triager.get("/mensen/elders").text


def test_three_times_not_reached_says_so_with_the_days(triager: FlaskClient, ann: int) -> None:
    page = f"/mensen/{ann}"
    for number in range(3):
        data = {**form_of(triager.get(page).text, "next_on"), "once": f"keer-{number}"}
        answer = triager.post(f"{page}/gemist", data=data, follow_redirects=True)
    assert "3 van 3 keer niet bereikt" in answer.text
    assert "Er staat een brief klaar" in answer.text
    data = {**form_of(answer.text, "next_on"), "next_on": "1-1-2020"}
    assert triager.post(f"{page}/bereikt", data=data).status_code == 400


def test_a_pause_has_a_day_and_no_reason_and_ends_with_one_press(
    triager: FlaskClient, ann: int, at: datetime
) -> None:
    page = f"/mensen/{ann}"
    until = (at.date() + timedelta(days=9)).isoformat()
    data = {**form_of(triager.get(page).text, "paused_until"), "paused_until": until}
    paused = triager.post(f"{page}/pauze", data=data, follow_redirects=True).text
    assert "Er is een pauze tot" in paused
    data = {**form_of(paused, "paused_until"), "stop": "1"}
    assert (
        "De pauze is gestopt"
        in triager.post(f"{page}/pauze", data=data, follow_redirects=True).text
    )


@pytest.mark.parametrize("right", [Right.SERVICE_POINT, Right.OFFICER, Right.CONTRACTOR])
def test_who_does_not_triage_opens_none_of_it(sign_in_as: SignInAs, ann: int, right: Right) -> None:
    client = sign_in_as(right)
    for address in ("/mensen/nieuw", f"/mensen/{ann}", "/mensen/elders"):
        assert client.get(address).status_code in (403, 404)


def test_somebody_of_another_region_does_not_exist(sign_in_as: SignInAs, ann: int) -> None:
    client = sign_in_as(Right.TRIAGER, region="haaglanden")
    listed = client.get("/mensen/elders").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', listed)
    assert token is not None
    assert client.get(f"/mensen/{ann}").status_code == 404
    for step in ("gemist", "besluit", "pauze"):
        sent = {"csrf_token": token.group(1)}
        assert client.post(f"/mensen/{ann}/{step}", data=sent).status_code == 404


def test_many_are_decided_together_with_a_box_each_and_taken_back(
    triager: FlaskClient, ann: int, at: datetime
) -> None:
    assert "/mensen/samen/ready_now" in triager.get("/mensen?baan=ready_now").text
    page = triager.get("/mensen/samen/ready_now").text
    boxes = re.findall(r'<input type="checkbox" name="who"[^>]*value="([^"]+)"([^>]*)>', page)
    assert [more for _value, more in boxes] == [""]
    assert page.count('class="why"') == 1
    data = {**form_of(page, "review_on"), "reason": "agrees"}
    refused = triager.post("/mensen/samen/ready_now", data=data)
    assert refused.status_code == 400
    assert "Vink minstens één persoon aan" in refused.text
    data |= {"who": boxes[0][0], "once": "tweede"}
    done = triager.post("/mensen/samen/ready_now", data=data, follow_redirects=True)
    assert "1 besluit vastgelegd" in done.text
    assert "Niemand wacht hier op een besluit" in done.text
    late = triager.post("/mensen/samen/ready_now", data={**data, "once": "derde"})
    assert late.status_code == 412
    undo = form_of(done.text, "net")
    back = triager.post("/mensen/samen/terug", data=undo, follow_redirects=True).text
    assert "1 besluit teruggenomen" in back
    assert boxes[0][0] in back


QUERIES_MAXIMUM = 45


@pytest.mark.parametrize(
    "address",
    ["/mensen", "/mensen/nieuw", "/mensen/elders", "/mensen/samen/ready_now", "/mensen/1"],
)
def test_a_page_asks_the_database_a_bounded_number_of_times(
    app: Flask, triager: FlaskClient, at: datetime, address: str
) -> None:
    few = queries_of(app, triager, address)
    staff = operator("demo")
    with session_factory(engine_of(app))() as session:
        for number in range(20):
            values = {**READY, "reference": f"K-{number}", "waiting_since": date(2026, 11, 1)}
            record = create_candidate(session, staff, values, now=at)
            assess_candidate(session, staff, record.id, on=at.date(), now=at)
    many = queries_of(app, triager, address)
    assert many <= few + 2
    assert many <= QUERIES_MAXIMUM


def queries_of(app: Flask, client: FlaskClient, address: str) -> int:
    """How many statements one look takes, once everything that is kept is kept."""
    client.get(address)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = engine_of(app)
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
