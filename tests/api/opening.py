"""Answering the displacement questions of a place over the interface, with nothing to look at."""

from __future__ import annotations

from tests.api.conftest import Caller

SMALL = {"d1": "no", "d2": "no", "d3": "no", "d4": "no"}
EVERY = {**SMALL, "d7": "none"}


def answer_without_risk(caller: Caller, vacancy_id: int) -> None:
    answer = caller.post(f"/vacancies/{vacancy_id}/displacement-check", {"answers": EVERY})
    assert answer.status_code == 201, answer.get_data(as_text=True)
