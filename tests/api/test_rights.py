"""Who may call what, as a table, and which fields each right sees."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from matcher.domain.access import Right
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.services.accounts import add_account
from matcher.services.sessions import begin_session
from matcher.services.visibility import Kind, visible_fields
from tests.api.conftest import BASE, Caller, CallerOf
from tests.api.rows import CANDIDATE, VACANCY
from tests.api.test_candidates import NEW, filed, opened_vacancy

C, T, S, L = Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD
K, OF, A, AD = Right.CONTRACTOR, Right.OFFICER, Right.ANALYST, Right.ADMIN

EVERYBODY = None
CASE = {C, T, S, L}
ADVICE = {C, T, L}

ROUTES: list[tuple[str, str, set[Right] | None]] = [
    ("GET", "/candidates", CASE),
    ("POST", "/candidates", {C, L}),
    ("GET", "/candidates/{candidate_id}", CASE),
    ("PATCH", "/candidates/{candidate_id}", ADVICE),
    ("GET", "/candidates/{candidate_id}/assessments", CASE),
    ("POST", "/candidates/{candidate_id}/assessments", ADVICE),
    ("GET", "/candidates/{candidate_id}/assessments/{assessment_id}", CASE),
    ("GET", "/candidates/{candidate_id}/matches", CASE),
    ("GET", "/candidates/{candidate_id}/trajectory", CASE),
    ("POST", "/candidates/{candidate_id}/what-if", ADVICE),
    ("GET", "/candidates/{candidate_id}/decisions", ADVICE),
    ("POST", "/candidates/{candidate_id}/decisions", ADVICE),
    ("GET", "/vacancies", CASE | {K, OF, A}),
    ("POST", "/vacancies", {K, T, S, L}),
    ("GET", "/vacancies/{vacancy_id}", CASE | {K, OF, A}),
    ("PATCH", "/vacancies/{vacancy_id}", {K, T, S, L}),
    ("GET", "/vacancies/{vacancy_id}/fit-counts", CASE | {K, OF}),
    ("GET", "/vacancies/{vacancy_id}/displacement-check", {K, T, S, L, OF}),
    ("POST", "/vacancies/{vacancy_id}/displacement-check", {K, T, S, L}),
    ("GET", "/vacancies/{vacancy_id}/shortlist", {K, T, S, L}),
    ("GET", "/requests", {K, T, S, L}),
    ("POST", "/requests", {K, T, S, L}),
    ("GET", "/requests/{request_key}", {K, T, S, L}),
    ("POST", "/vacancies/{vacancy_id}/copies", {K, T, S, L}),
    ("POST", "/vacancies/{vacancy_id}/half-days", {K}),
    ("GET", "/programmes", CASE | {OF, A}),
    ("POST", "/programmes", {T, L, OF}),
    ("GET", "/programmes/{programme_id}", CASE | {OF, A}),
    ("PATCH", "/programmes/{programme_id}", {T, L, OF}),
    ("GET", "/programmes/{programme_id}/seats", CASE | {OF, A}),
    ("POST", "/programmes/{programme_id}/seats", ADVICE),
    ("GET", "/programmes/{programme_id}/seats/{seat_id}/attendance", ADVICE),
    ("POST", "/programmes/{programme_id}/seats/{seat_id}/attendance", ADVICE),
    ("GET", "/probable-doubles", {T, L}),
    ("GET", "/probable-doubles/{double_id}", {T, L}),
    ("PATCH", "/probable-doubles/{double_id}", {T, L}),
    ("GET", "/arrangements", CASE | {OF, A}),
    ("POST", "/arrangements", {T, L, OF}),
    ("GET", "/arrangements/{arrangement_id}", CASE | {OF, A}),
    ("PATCH", "/arrangements/{arrangement_id}", {T, L, OF}),
    ("POST", "/previews/assessments", ADVICE),
    ("POST", "/previews/matches", ADVICE),
    ("POST", "/previews/plans", ADVICE),
    ("POST", "/previews/allocations", ADVICE),
    ("GET", "/audit-entries", {OF, L, A, AD}),
    ("GET", "/introductions", CASE | {K}),
    ("POST", "/introductions", CASE),
    ("GET", "/introductions/{introduction_id}", CASE | {K}),
    ("POST", "/introductions/{introduction_id}/meetings", {K}),
    ("POST", "/introductions/{introduction_id}/endings", {K}),
    ("POST", "/introductions/{introduction_id}/withdrawals", ADVICE),
    ("POST", "/introductions/{introduction_id}/talks", ADVICE),
    ("POST", "/introductions/{introduction_id}/placements", ADVICE | {K}),
    ("GET", "/placements", ADVICE | {K}),
    ("POST", "/placements", ADVICE),
    ("GET", "/placements/{placement_id}", ADVICE | {K}),
    ("PATCH", "/placements/{placement_id}", ADVICE),
    ("POST", "/placements/{placement_id}/starts", ADVICE | {K}),
    ("POST", "/placements/{placement_id}/agreements", ADVICE | {K}),
    ("POST", "/placements/{placement_id}/endings", ADVICE),
    ("POST", "/placements/{placement_id}/contacts", ADVICE),
    ("GET", "/placements/{placement_id}/outcomes", ADVICE | {K}),
    ("POST", "/placements/{placement_id}/outcomes", ADVICE | {K}),
    ("GET", "/artefacts", {L, OF, A, AD}),
    ("GET", "/artefacts/{artefact_id}", {L, OF, A, AD}),
    ("GET", "/artefacts/{artefact_id}/months", {L, OF, A, AD}),
    ("GET", "/artefacts/{artefact_id}/promotions", {L, OF, A, AD}),
    ("POST", "/artefacts/{artefact_id}/promotions", {L, OF, A}),
    ("POST", "/artefacts/{artefact_id}/roll-backs", {L, OF, A, AD}),
    ("GET", "/contracts", {K, OF, A}),
    ("POST", "/contracts", {OF}),
    ("GET", "/contracts/{contract_id}", {K, OF, A}),
    ("GET", "/contracts/{contract_id}/account", {K, OF, A}),
    ("GET", "/contracts/{contract_id}/contributions", {K, OF}),
    ("POST", "/contracts/{contract_id}/contributions", {K}),
    ("GET", "/contracts/{contract_id}/contributions/{contribution_id}", {K, OF}),
    ("POST", "/contracts/{contract_id}/contributions/{contribution_id}/endings", {K}),
    ("GET", "/jobs", CASE | {OF, A}),
    ("POST", "/jobs", {T, L}),
    ("GET", "/jobs/{job_id}", CASE | {OF, A}),
    ("PATCH", "/jobs/{job_id}", CASE | {OF, A}),
    ("GET", "/jobs/{job_id}/matches", {T, L}),
    ("GET", "/jobs/{job_id}/places", {T, L}),
    ("GET", "/allocations", {T, L, OF}),
    ("POST", "/allocations", {T, L}),
    ("GET", "/allocations/{allocation_id}", {T, L, OF}),
    ("GET", "/allocations/{allocation_id}/proposals", {T, L}),
    ("POST", "/allocations/{allocation_id}/decisions", {T, L}),
    ("GET", "/pair-choices", {T, L}),
    ("POST", "/pair-choices", {T, L}),
    ("GET", "/imports", {T, L}),
    ("POST", "/imports", {T, L}),
    ("GET", "/imports/{import_id}", {T, L}),
    ("PATCH", "/imports/{import_id}", {T, L}),
    ("GET", "/imports/{import_id}/findings", {T, L}),
    ("POST", "/imports/{import_id}/confirmation", {T, L}),
    ("GET", "/imports/{import_id}/result", {T, L}),
    ("GET", "/codes", EVERYBODY),
    ("GET", "/codes/{name}", EVERYBODY),
    ("GET", "/regions", EVERYBODY),
    ("GET", "/regions/{slug}", EVERYBODY),
    ("GET", "/sectors", EVERYBODY),
    ("GET", "/sectors/{code}", EVERYBODY),
    ("GET", "/sectors/{code}/pool", EVERYBODY),
    ("GET", "/rule-sets", EVERYBODY),
    ("GET", "/rule-sets/{slug}", EVERYBODY),
    ("GET", "/rule-sets/{slug}/versions", EVERYBODY),
    ("GET", "/rule-sets/{slug}/versions/{rule_version}", EVERYBODY),
]


def address(path: str) -> str:
    """The path with keys that no row has."""
    keys = (
        *("candidate", "assessment", "vacancy", "programme", "introduction", "arrangement"),
        *("job", "import", "contract", "placement", "allocation", "artefact", "contribution"),
        *("seat", "double"),
    )
    for name in (f"{key}_id" for key in keys):
        path = path.replace(f"{{{name}}}", "987654321")
    return (
        path.replace("{name}", "nothing")
        .replace("{slug}", "nothing")
        .replace("{code}", "Z99")
        .replace("{rule_version}", "7")
    )


def test_the_table_covers_every_operation(visitor: Caller) -> None:
    document = visitor.get("/openapi.json").get_json()
    documented = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in ("get", "post", "patch", "put", "delete")
        if method in item
    }

    assert {(method, path) for method, path, _ in ROUTES} == documented


def test_each_right_opens_exactly_its_routes(caller_of: CallerOf, visitor: Caller) -> None:
    callers = {right: caller_of(right, firm="Firma" if right is K else None) for right in Right}

    wrong = []
    for method, path, allowed in ROUTES:
        for right, caller in callers.items():
            status = caller.call(
                method, address(path), json={}, headers={"If-Match": '"v1"'}
            ).status_code
            opened = status not in (401, 403)
            if opened is not (allowed is EVERYBODY or right in allowed):
                wrong.append((method, path, right.value, status))
        status = visitor.call(method, address(path), json={}).status_code
        if (status == 401) is (allowed is EVERYBODY):
            wrong.append((method, path, "visitor", status))

    assert not wrong


def test_the_document_names_the_same_rights(visitor: Caller) -> None:
    document = visitor.get("/openapi.json").get_json()

    for method, path, allowed in ROUTES:
        operation = document["paths"][path][method.lower()]
        assert set(operation.get("x-rights", [])) == {right.value for right in allowed or ()}


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5_000, "é"])
def test_a_token_that_is_not_valid_opens_nothing(app: Flask, token: str) -> None:
    answer = Caller(app).get("/candidates", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


def shown_keys(kind: Kind, *rights: Right) -> set[str]:
    """The fields of a record that the visibility table shows, as bodies name them."""
    return set(visible_fields(kind, rights)) - {
        # The table also names what is worked out beside a record, and the cents behind a wage.
        *("fits_now", "fits_band", "wage_hour_cents"),
        # Kinds of result share a cell: these belong to the list around the rows.
        *("starts", "beside"),
    }


@pytest.mark.parametrize("right", [C, T, S, L])
def test_a_candidate_shows_exactly_what_the_table_says(
    coach: Caller, caller_of: CallerOf, right: Right
) -> None:
    made = filed(coach)
    caller = coach if right is C else caller_of(right)
    expected = shown_keys(Kind.CANDIDATE, right)

    assert set(caller.get(f"/candidates/{made['id']}").get_json()) == expected
    (item,) = caller.get("/candidates", query_string={"caseload": "region"}).get_json()["items"]
    assert set(item) == expected


@pytest.mark.parametrize("right", [C, T, S, L])
def test_advice_shows_exactly_what_the_table_says(
    coach: Caller, caller_of: CallerOf, right: Right
) -> None:
    opened_vacancy(caller_of(L))
    made = filed(coach)
    path = f"/candidates/{made['id']}"
    coach.post(f"{path}/assessments")
    caller = coach if right is C else caller_of(right)

    (assessment,) = caller.get(f"{path}/assessments").get_json()["items"]
    (match,) = caller.get(f"{path}/matches").get_json()["items"]
    plan = caller.get(f"{path}/trajectory").get_json()

    assert set(assessment) == shown_keys(Kind.ASSESSMENT, right)
    assert set(match) <= shown_keys(Kind.MATCH, right)
    assert set(plan) <= shown_keys(Kind.PLAN, right)
    assert ("readiness" in assessment) is (right is not S)
    assert ("fit" in match) is (right is not S)


@pytest.mark.parametrize("right", [C, T, S, L, OF, A, K])
def test_a_vacancy_shows_exactly_what_the_table_says(caller_of: CallerOf, right: Right) -> None:
    made = opened_vacancy(caller_of(K, firm="Firma"), contractor="Firma")
    caller = caller_of(right, firm="Firma" if right is K else None)

    found = caller.get(f"/vacancies/{made['id']}").get_json()

    assert set(found) == shown_keys(Kind.VACANCY, right)


def test_a_colleagues_candidate_answers_as_one_that_does_not_exist(
    coach: Caller, caller_of: CallerOf
) -> None:
    made = filed(coach)
    colleague = caller_of(C)

    for method, path, allowed in ROUTES:
        if "{candidate_id}" not in path or (allowed is not None and C not in allowed):
            continue
        answers = []
        for number in (made["id"], 987654321):
            path_to = path.replace("{candidate_id}", str(number)).replace("{assessment_id}", "1")
            answer = colleague.call(method, path_to, json={}, headers={"If-Match": '"v1"'})
            body = answer.get_json()
            answers.append((answer.status_code, {**body, "request_id": None}))
        assert answers[0] == answers[1], path
    assert colleague.get("/candidates?caseload=region").get_json()["items"] == []


def test_rights_on_one_account_add_up(coach: Caller, caller_of: CallerOf) -> None:
    made = filed(coach)

    both = caller_of(S, C).get(f"/candidates/{made['id']}").get_json()

    assert set(both) == shown_keys(Kind.CANDIDATE, S, C)


def test_previews_show_the_rows_whole_to_those_who_may_ask(caller_of: CallerOf) -> None:
    body = {"candidates": [CANDIDATE], "vacancies": [VACANCY], "on": "2027-03-01"}

    for right in ADVICE:
        answer = caller_of(right).post("/previews/matches", body).get_json()
        assert {"rank", "fit", "components", "gaps", "blockers"} <= set(answer["items"][0])


def browser(app: Flask, *rights: Right) -> tuple[Any, str]:
    """A person's signed-in session as a test client, and its form token."""
    with app.app_context():
        account = add_account(
            current_session(),
            name="person",
            password=None,
            rights=[right.value for right in rights],
            region="demo",
            now=now(),
        )
        secret = begin_session(current_session(), account.id, "password", now=now())
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(
            {
                "_user_id": secret,
                "_fresh": True,
                "csrf_token": "raw",
            }
        )
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("raw")
    return client, token


def test_a_person_uses_the_session_of_the_pages_with_the_form_token(app: Flask) -> None:
    client, token = browser(app, C)

    assert client.get(f"{BASE}/candidates").status_code == 200
    assert client.post(f"{BASE}/candidates", json=NEW).status_code == 403
    forged = client.post(f"{BASE}/candidates", json=NEW, headers={"X-CSRFToken": "forged"})
    assert forged.status_code == 403
    assert forged.content_type == "application/problem+json"
    made = client.post(f"{BASE}/candidates", json=NEW, headers={"X-CSRFToken": token})
    assert made.status_code == 201
