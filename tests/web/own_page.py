"""A candidate on the own page, with a coach who knows them: link, code, and a client inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from matcher.domain.access import Right, Viewer
from matcher.services import assessments, links
from matcher.services.folded import folded_sentences
from tests.web.coach_at_work import CoachAtWork, coach_at_work, words_of
from tests.web.forms import form_of

WAY_OUT = "Dit helpt naast het werk: Kinderopvang en uren regelen."
"""A reason of the advice that tells how things are at home."""


def main_words(text: str) -> str:
    """The words of the main part of a page."""
    found = re.search(r"<main.*?</main>", text, re.S)
    assert found is not None
    return words_of(found[0])


def folded_words() -> list[str]:
    """What may not be read before the code was given."""
    return [*sorted(folded_sentences("nl")), WAY_OUT]


class OwnPage:
    """One candidate's client; `coach` is the coach at work, `code` what opens the fold again."""

    def __init__(self, coach: CoachAtWork, candidate_id: int) -> None:
        self.coach, self.candidate_id = coach, candidate_id
        with coach.session() as session:
            given = links.candidate_link(session, coach.viewer, candidate_id, now=coach.at)
        self.address, self.code = given.address_path, given.code
        self.client = coach.app.test_client()
        self.enter(self.client)

    def enter(self, client: FlaskClient) -> None:
        """Opens the link and gives the code."""
        page = client.get(self.address, follow_redirects=True)
        answer = client.post("/open", data={**form_of(page, "code"), "code": self.code})
        assert answer.status_code == 302, answer.text

    @property
    def viewer(self) -> Viewer:
        return Viewer(
            account_id=None,
            rights=frozenset({Right.CANDIDATE}),
            region="demo",
            candidate_id=self.candidate_id,
        )

    def get(self, address: str = "/mijn") -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    def send(self, address: str, holding: str, *, to: str | None = None, **changes: Any) -> Any:
        """Opens a page, changes its form that has the field `holding`, and sends it."""
        form = form_of(self.get(address), holding)
        form.update(changes)
        sent = {name: value for name, value in form.items() if value is not None}
        return self.client.post(to or address, data=sent)

    def tap(self, address: str, to: str, **sent: Any) -> Any:
        """Opens a page and presses one of its buttons."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(address))
        assert token is not None
        return self.client.post(to, data={"csrf_token": token[1], **sent})

    def open_fold(self) -> None:
        answer = self.send("/mijn/gegevens", "code", to="/mijn/gegevens/open", code=self.code)
        assert answer.status_code == 302, answer.text

    def advise(self, at: datetime | None = None) -> None:
        """The coach looks at the advice and the plan, which are kept."""
        coach, when = self.coach, at or self.coach.at
        with coach.session() as session:
            for compute in (assessments.assess_candidate, assessments.plan_candidate):
                compute(session, coach.viewer, self.candidate_id, on=when.date(), now=when)


@contextmanager
def own_page(new_database: Callable[[str], str], at: datetime, **values: Any) -> Iterator[OwnPage]:
    """Somebody of the small region on the own page."""
    with coach_at_work(new_database, at) as coach:
        yield OwnPage(coach, coach.add(**values))
