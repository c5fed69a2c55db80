"""Whatever is sent, the answer is a row or a problem document: never a fault, never a trace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.application import create_app
from matcher.domain.access import STAFF, Right
from matcher.files.columns import Column
from matcher.files.columns_candidate import CANDIDATE_FILE_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.http.db import current_session, engine_of
from matcher.services.accounts import add_account, create_token
from tests.api.conftest import NOW, Caller
from tests.api.rows import CANDIDATE, PROGRAMME, VACANCY

FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "|", "F42|N81", "2027-01-01", "9999-12-31", "0000-01-01", "=1+1", "07:30"]
    )
    | st.sampled_from([-1, 0, 1, 4, 5, 40, 180, 500, 1e308, 2**63, "NaN", "\u202e", "😀", "much"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def names_of(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


def row_like(known: list[str], valid: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A valid row with a few fields turned into anything, or anything at all."""
    names = st.sampled_from(known) | st.text(max_size=10)
    changes = st.dictionaries(names, ANYTHING, max_size=4)
    return changes.map(lambda change: {**valid, **change}) | ANYTHING


DECISION = ["subject", "suggested", "chosen", "reason", "text", "facts_checked", "assessment_id"]

BODIES = st.fixed_dictionaries(
    {},
    optional={
        "candidates": st.lists(row_like(names_of(CANDIDATE_FILE_COLUMNS), CANDIDATE), max_size=3)
        | ANYTHING,
        "vacancies": st.lists(row_like(names_of(VACANCY_COLUMNS), VACANCY), max_size=3) | ANYTHING,
        "programmes": st.lists(row_like(names_of(PROGRAMME_COLUMNS), PROGRAMME), max_size=3)
        | ANYTHING,
        "on": st.dates().map(str) | ANYTHING,
        "top": ANYTHING,
        "all": ANYTHING,
    },
)
"""Every part may be missing, well formed, nearly so, or nothing of the kind."""


@pytest.fixture(scope="module")
def machine(new_database: Callable[[str], str]) -> Iterator[Caller]:
    """A caller with every right of staff, on a database of its own."""
    app = create_app(
        {
            "DATABASE_URL": new_database("sqlite"),
            "CLOCK": lambda: NOW,
            "LOG_LEVEL": "CRITICAL",
            # A fault must show as the answer that it gives, not as an exception in the test.
            "PROPAGATE_EXCEPTIONS": False,
        }
    )
    rights = sorted(right.value for right in STAFF | {Right.OFFICER})
    with app.app_context():
        session = current_session()
        account = add_account(
            session, name="machine", password=None, rights=rights, region="demo", now=NOW
        )
        _, secret = create_token(
            session, account.id, title="fuzz", scopes=rights, lifetime=timedelta(days=1), now=NOW
        )
    yield Caller(app, secret)
    engine_of(app).dispose()


def send(machine: Caller, path: str, body: Any, method: str = "POST") -> Any:
    """Sends `body` as JSON with all that Python can write into it, NaN and Infinity too."""
    return machine.call(
        method,
        path,
        data=json.dumps(body),
        headers={"Content-Type": "application/json", "If-Match": '"v1"'},
    )


def assert_sound(answer: Any, success: int = 200) -> None:
    text = answer.get_data(as_text=True)
    assert answer.status_code in (success, 400, 403, 404, 409, 412, 413), text
    assert "Traceback" not in text
    if answer.status_code == success:
        assert answer.content_type == "application/json"
        return
    assert answer.content_type == "application/problem+json"
    if answer.status_code == 400:
        assert all(
            problem["field"] and problem["message"] for problem in answer.get_json()["errors"]
        )


@pytest.mark.parametrize("kind", ["assessments", "matches", "plans", "allocations"])
def test_no_body_makes_a_preview_fall_over(machine: Caller, kind: str) -> None:
    @FUZZ
    @given(BODIES)
    def check(body: dict[str, Any]) -> None:
        assert_sound(send(machine, f"/previews/{kind}", body))

    check()


@FUZZ
@given(raw=st.binary(max_size=300))
def test_no_bytes_make_a_preview_fall_over(machine: Caller, raw: bytes) -> None:
    answer = machine.call(
        "POST", "/previews/plans", data=raw, headers={"Content-Type": "application/json"}
    )

    assert_sound(answer)


def test_no_body_makes_a_seat_fall_over(machine: Caller) -> None:
    person = send(machine, "/candidates", {"reference": "K-seat", "rhythm": 3}).get_json()["id"]
    days = ["2027-03-08", "9999-12-31", "0001-01-01"]
    starts = ["2027-03-08", "2100-12-31"]
    course = {"reference": "P-seat", "kind": "werkfit", "weeks": 260, "starts_on": starts}
    made = send(machine, "/programmes", course)
    path = f"/programmes/{made.get_json()['id']}/seats"
    valid = {"candidate_id": person, "state": "booked", "starts_on": "2027-03-08"}
    names = ["candidate_id", "state", "starts_on"]

    @FUZZ
    @given(row_like(names, valid), st.sampled_from(days))
    def check(body: Any, day: str) -> None:
        assert_sound(send(machine, path, body), success=201)
        assert_sound(send(machine, path, {**valid, "starts_on": day}), success=201)
        assert machine.get(path).status_code == 200

    check()


@pytest.mark.parametrize(
    ("path", "known", "valid"),
    [
        ("/candidates", names_of(CANDIDATE_FILE_COLUMNS), {"rhythm": 3}),
        (
            "/vacancies",
            names_of(VACANCY_COLUMNS),
            {"contractor": "Firma", "sector": "F42", "places": 2},
        ),
        ("/programmes", names_of(PROGRAMME_COLUMNS), {"reference": "P", "kind": "werkfit"}),
        (
            "/arrangements",
            ["name", "sectors", "firms", "provider", "target", "from", "until"],
            {"name": "A", "sectors": ["F42"], "target": 5},
        ),
    ],
)
def test_no_body_makes_filing_or_changing_fall_over(
    machine: Caller, path: str, known: list[str], valid: dict[str, Any]
) -> None:
    made = send(machine, path, valid)
    assert made.status_code == 201, made.get_data(as_text=True)
    one = f"{path}/{made.get_json()['id']}"

    @FUZZ
    @given(row_like(known, valid), row_like(known, {}))
    def check(new: Any, change: Any) -> None:
        assert_sound(send(machine, path, new), success=201)
        assert_sound(send(machine, one, change, "PATCH"))
        # What was let in can be read back.
        assert machine.get(one).status_code == 200

    check()


def test_no_body_makes_a_request_or_a_half_day_fall_over(machine: Caller) -> None:
    place = send(machine, "/vacancies", {"contractor": "Firma", "sector": "F42", "places": 2})
    path = f"/vacancies/{place.get_json()['id']}"
    call = {"name": "Jan", "phone": "0612345678", "work": "paving", "people": 2}
    half = {"meet_on": "2027-03-08", "half": "morning"}

    @FUZZ
    @given(row_like(list(call), call), row_like(list(half), half), st.text(max_size=12))
    def check(asked: Any, meeting: Any, key: str) -> None:
        assert_sound(send(machine, "/requests", asked), success=201)
        assert_sound(send(machine, f"{path}/half-days", meeting), success=201)
        assert_sound(send(machine, f"{path}/copies", meeting), success=201)
        assert_sound(machine.get(f"{path}/shortlist"))
        if key.isalnum():
            assert_sound(machine.get(f"/requests/{key}"))

    check()


@FUZZ
@given(body=row_like(DECISION, {"subject": "lane", "chosen": "ready_now", "reason": "agrees"}))
def test_no_body_makes_a_decision_or_a_trial_fall_over(machine: Caller, body: Any) -> None:
    person = machine.get("/candidates", query_string={"caseload": "region", "limit": 1})
    items = person.get_json()["items"] or [send(machine, "/candidates", {}).get_json()]
    path = f"/candidates/{items[0]['id']}"

    assert_sound(send(machine, f"{path}/decisions", body), success=201)
    assert_sound(send(machine, f"{path}/what-if", {"changes": body}))
    assert_sound(send(machine, f"{path}/assessments", body), success=201)


@FUZZ
@given(
    path=st.sampled_from(
        ["/candidates", "/vacancies", "/programmes", "/candidates/1/matches", "/requests"]
    ),
    query=st.dictionaries(
        st.sampled_from(
            [
                "limit",
                "cursor",
                "lane",
                "status",
                "sector",
                "reference",
                "on",
                "top",
                "kind",
                "state",
            ]
        )
        | st.text(max_size=6),
        st.text(max_size=12) | st.integers().map(str),
        max_size=3,
    ),
)
def test_no_query_makes_a_list_fall_over(machine: Caller, path: str, query: dict[str, str]) -> None:
    assert_sound(machine.get(path, query_string=query))
