"""A number that no row can have is not found, instead of failing in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import operator
from matcher.domain.errors import NotFound
from matcher.services import (
    accounts,
    assessments,
    call_requests,
    candidates,
    decisions,
    fits,
    intake,
    programmes,
    vacancies,
)

VIEWER = operator("demo")
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
ON = date(2027, 3, 1)

CALLS: dict[str, Callable[[Session, int], object]] = {
    "candidate": lambda s, n: candidates.get_candidate(s, VIEWER, n),
    "update": lambda s, n: candidates.update_candidate(
        s, VIEWER, n, {"rhythm": 1}, expected_version=1, now=NOW
    ),
    "commitments": lambda s, n: candidates.list_commitments(s, VIEWER, n),
    "draft": lambda s, n: intake.get_draft(s, VIEWER, n),
    "vacancy": lambda s, n: vacancies.get_vacancy(s, VIEWER, n),
    "fits": lambda s, n: fits.count_fits(s, VIEWER, n, on=ON),
    "programme": lambda s, n: programmes.get_programme(s, VIEWER, n),
    "call request": lambda s, n: call_requests.get_call_request(s, VIEWER, n),
    "advice": lambda s, n: assessments.get_advice(s, VIEWER, n),
    "matches": lambda s, n: assessments.match_candidate(s, VIEWER, n, on=ON, now=NOW),
    "decisions": lambda s, n: decisions.list_decisions(s, VIEWER, n),
    "account": lambda s, n: accounts.get_account(s, n),
}


@pytest.mark.parametrize("name", list(CALLS))
@pytest.mark.parametrize("number", [0, -1, 1, 2**31 - 1, 2**31, 2**63, 10**30])
def test_a_number_without_a_row_is_not_found(session: Session, name: str, number: int) -> None:
    with pytest.raises(NotFound):
        CALLS[name](session, number)
