"""Bringing a candidate and a contractor together: every step needs the step before it.

invited -> accepted (the candidate says yes) -> introduced (they met) -> closed. Consent is asked
each time anew. What a candidate answers, nobody else learns unless it is a yes: a no, no answer and
somebody who is not available any more look the same to everybody, until and from the same moment
(product specification 2.5, practice section 7, 11). What is read of it: ``introduction_views`` and
``introduction_lists``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.domain.transitions import State, Step, listed, right_for, rights_of
from matcher.models import (
    Candidate,
    Introduction,
    IntroductionRefusal,
    Vacancy,
)
from matcher.models.states import ConsentAnswer, IntroductionState
from matcher.reference.codes import load_codes
from matcher.reference.introductions import load_introduction_terms
from matcher.repositories import candidates, vacancies
from matcher.repositories import introductions as rows
from matcher.repositories.introductions import NOT_AVAILABLE, IntroductionRecord
from matcher.services.calendar import day_of, start_of
from matcher.services.candidates import new_reference
from matcher.services.choices import choice
from matcher.services.introduction_checks import NotPossible, Pair, why_not
from matcher.services.introduction_preview import choices_of, pair_of, shown_of
from matcher.services.introduction_steps import NOTED, check_needs, may_take
from matcher.services.outbox import (
    is_mail_address,
    receiver_of_account,
    receiver_of_candidate,
    send,
)
from matcher.services.transactions import unit_of_work

INVITERS = rights_of(Step.INVITE)
ENDERS = rights_of(Step.TALK)
"""Staff who may say for a candidate that they are no longer available after a yes."""
MEETERS = rights_of(Step.MEET)

_UNIT = timedelta(days=1)


class _Answer(StrEnum):
    """What can be answered to an invitation."""

    YES = ConsentAnswer.YES.value
    NO = ConsentAnswer.NO.value
    ASK_COACH = ConsentAnswer.ASK_COACH.value


_STEPS = {
    _Answer.YES: Step.CONSENT,
    _Answer.NO: Step.REFUSE,
    _Answer.ASK_COACH: Step.ASK_COACH,
}


def invite(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    vacancy_id: int,
    *,
    key: str | None = None,
    now: datetime,
) -> IntroductionRecord:
    """Asks a candidate in reach whether they want to meet the contractor of an open vacancy.

    NotPossible when the pair, the lane or the places do not allow it. The contractor sees a
    pseudonym and until when an answer can come. Each step here takes a `key`: the same one again
    changes nothing, and gives what the first gave.
    """
    with unit_of_work(session):
        candidate, vacancy = _pair_in_reach(session, viewer, candidate_id, vacancy_id, lock=True)
        earlier = rows.invited_under(session, viewer, key)
        if earlier is not None:
            if (earlier.candidate_id, earlier.vacancy_id) != (candidate.id, vacancy.id):
                raise NotPossible("key_used")
            return rows.to_record(earlier)
        line, right = listed(State.NEW, Step.INVITE, viewer.rights)
        check_needs(session, line, candidate, vacancy, None, now)
        on = day_of(now)
        last_day = on + load_introduction_terms(on).answer_within
        row = Introduction(
            region=vacancy.region,
            candidate_id=candidate.id,
            vacancy_id=vacancy.id,
            organisation_id=vacancy.organisation_id,
            pseudonym=new_reference("P"),
            state=IntroductionState.INVITED,
            answer=None,
            answered_at=None,
            invited_by=viewer.account_id,
            invited_at=now,
            expires_at=start_of(last_day + _UNIT),
            shares=(),
            shown={},
            asked_coach_at=None,
            talked_at=None,
            closed_at=None,
            closed_code=None,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        rows.add_event(session, row, NOTED[Step.INVITE], right, viewer, now, key=key)
        tell_candidate(session, candidate, f"introduction:{row.id}:invited", now)
        session.flush()
        return rows.to_record(row)


def why_not_invite(
    session: Session, viewer: Viewer, candidate_id: int, vacancy_id: int, *, now: datetime
) -> str | None:
    """The code of what stands in the way of inviting (see `NotPossible`), None when nothing."""
    candidate, vacancy = _pair_in_reach(session, viewer, candidate_id, vacancy_id, lock=False)
    line, _right = listed(State.NEW, Step.INVITE, viewer.rights)
    return why_not(session, line, Pair(candidate, vacancy, None, now))


def _pair_in_reach(
    session: Session, viewer: Viewer, candidate_id: int, vacancy_id: int, *, lock: bool
) -> tuple[Candidate, Vacancy]:
    if not viewer.has(*INVITERS):
        raise Forbidden("only staff who work with candidates invite them")
    candidate = candidates.get_row(session, viewer, candidate_id)
    return candidate, vacancies.get_row(session, viewer, vacancy_id, for_update=lock)


# --- the candidate's own steps ------------------------------------------------------------------


def answer(
    session: Session,
    viewer: Viewer,
    introduction_id: int,
    given: str,
    shares: Sequence[str] = (),
    *,
    key: str | None = None,
    now: datetime,
) -> None:
    """The candidate says ``yes``, ``no`` or ``ask_coach``; yes and no are given once.

    `shares` are codes of `introduction_preview.Choices.codes`, for a yes only: what the employer
    may see beyond the minimum. NotPossible ``answered`` after a yes or no, ``over`` once expired,
    and for a yes also when the place is gone meanwhile. Asking the coach leaves both open.
    """
    said = choice(_Answer, "answer", given)
    with unit_of_work(session):
        row, vacancy = rows.locked(session, viewer, introduction_id)
        candidate = _own(session, viewer, row)
        step = _STEPS[said]
        taken = may_take(session, viewer, row, step, key=key, now=now)
        if taken is None:
            return
        if step is Step.CONSENT:
            _check_shares(session, candidate, vacancy, shares, now)
            check_needs(session, taken[0], candidate, vacancy, row, now)
            _accept(session, viewer, row, vacancy, candidate, shares, key, now)
        elif step is Step.ASK_COACH:
            if row.asked_coach_at is not None:
                raise NotPossible("answered")
            row.asked_coach_at = now
            row.updated_at = now
        else:
            _refuse(session, row, candidate, key, now)
        session.flush()


def _own(session: Session, viewer: Viewer, row: Introduction) -> Candidate:
    candidate = rows.candidate_of(session, row)
    if not viewer.has(Right.CANDIDATE) or candidate is None or candidate.id != viewer.candidate_id:
        raise Forbidden("only the candidate answers, in the own view")
    return candidate


def _check_shares(
    session: Session,
    candidate: Candidate,
    vacancy: Vacancy,
    shares: Sequence[str],
    now: datetime,
) -> None:
    pair = pair_of(session, candidate, vacancy, on=day_of(now))
    if set(shares) - set(choices_of(candidate, pair).codes):
        raise InvalidInput([Problem("shares", "holds something that cannot be chosen here")])


def _accept(
    session: Session,
    viewer: Viewer,
    row: Introduction,
    vacancy: Vacancy,
    candidate: Candidate,
    shares: Sequence[str],
    key: str | None,
    now: datetime,
) -> None:
    on = day_of(now)
    pair = pair_of(session, candidate, vacancy, on=on)
    row.state = IntroductionState.ACCEPTED
    row.answer = ConsentAnswer.YES
    row.answered_at = now
    row.shares = tuple(dict.fromkeys(shares))
    row.shown = shown_of(candidate, vacancy, pair, shares, pseudonym=row.pseudonym, on=on)
    row.updated_at = now
    rows.add_event(session, row, NOTED[Step.CONSENT], Right.CANDIDATE, viewer, now, key=key)
    for account in rows.contractor_accounts(session, row.organisation_id):
        if is_mail_address(account.email):
            send(
                session,
                template="something_ready",
                to=receiver_of_account(account),
                dedupe_key=f"introduction:{row.id}:accepted:account:{account.id}",
                params={"link": "/"},
                now=now,
            )


def _refuse(
    session: Session, row: Introduction, candidate: Candidate, key: str | None, now: datetime
) -> None:
    # The introduction itself is not touched: see `IntroductionRefusal`.
    session.add(
        IntroductionRefusal(candidate_id=candidate.id, introduction_id=row.id, at=now, key=key)
    )


def withdraw(
    session: Session,
    viewer: Viewer,
    introduction_id: int,
    *,
    key: str | None = None,
    now: datetime,
) -> None:
    """Ends it for the candidate: the contractor sees nothing of them any more.

    The candidate can do so at every step; before an answer it is a no. Staff can do so for a
    candidate after a yes, when they hear it by telephone.
    """
    with unit_of_work(session):
        row, _vacancy = rows.locked(session, viewer, introduction_id)
        if viewer.has(Right.CANDIDATE):
            candidate = _own(session, viewer, row)
            if row.state is IntroductionState.INVITED:
                if may_take(session, viewer, row, Step.REFUSE, key=key, now=now) is not None:
                    _refuse(session, row, candidate, key, now)
                    session.flush()
                return
        taken = may_take(session, viewer, row, Step.WITHDRAW, key=key, now=now)
        if taken is None:
            return
        row.answer = ConsentAnswer.WITHDRAWN
        _close(session, viewer, row, NOT_AVAILABLE, taken[1], key, now)


# --- the contractor's and the coach's steps -----------------------------------------------------


def mark_met(
    session: Session,
    viewer: Viewer,
    introduction_id: int,
    *,
    key: str | None = None,
    now: datetime,
) -> None:
    """The contractor met the candidate: one place of the vacancy is kept for them."""
    with unit_of_work(session):
        row, vacancy = rows.locked(session, viewer, introduction_id)
        taken = may_take(session, viewer, row, Step.MEET, key=key, now=now)
        if taken is None:
            return
        line, right = taken
        check_needs(session, line, rows.candidate_of(session, row), vacancy, row, now)
        row.state = IntroductionState.INTRODUCED
        row.updated_at = now
        rows.add_event(session, row, NOTED[Step.MEET], right, viewer, now, key=key)
        session.flush()


def end(
    session: Session,
    viewer: Viewer,
    introduction_id: int,
    code: str,
    *,
    key: str | None = None,
    now: datetime,
) -> None:
    """The contractor ends it after a yes, with one of the codes; a kept place is free again.

    `code` is one of ``introduction_endings`` that a contractor gives; there is no free text about
    a person.
    """
    with unit_of_work(session):
        row, _vacancy = rows.locked(session, viewer, introduction_id)
        right_for(Step.STOP, viewer.rights)
        if code not in ending_codes():
            words = ", ".join(ending_codes())
            raise InvalidInput([Problem("code", f"must be one of {words}")])
        taken = may_take(session, viewer, row, Step.STOP, key=key, now=now)
        if taken is None:
            return
        candidate = rows.candidate_of(session, row)
        _close(session, viewer, row, code, taken[1], key, now)
        if candidate is not None:
            tell_candidate(session, candidate, f"introduction:{row.id}:ended", now)


def ending_codes() -> tuple[str, ...]:
    """The codes of ``introduction_endings`` that a contractor can choose."""
    codes = load_codes().list("introduction_endings").codes.values()
    return tuple(code.code for code in codes if code.attributes["given_by"] == "contractor")


def mark_talked(
    session: Session,
    viewer: Viewer,
    introduction_id: int,
    *,
    key: str | None = None,
    now: datetime,
) -> None:
    """The coach talked with a candidate who asked for it; answering is still theirs."""
    with unit_of_work(session):
        row, _vacancy = rows.locked(session, viewer, introduction_id)
        taken = may_take(session, viewer, row, Step.TALK, key=key, now=now)
        if taken is None:
            return
        if row.asked_coach_at is None or row.talked_at is not None:
            raise NotPossible("over")
        row.talked_at = now
        row.updated_at = now
        rows.add_event(session, row, NOTED[Step.TALK], taken[1], viewer, now, key=key)
        session.flush()


# --- shared -------------------------------------------------------------------------------------


def _close(
    session: Session,
    viewer: Viewer,
    row: Introduction,
    code: str,
    right: Right,
    key: str | None,
    now: datetime,
) -> None:
    row.state = IntroductionState.CLOSED
    row.closed_code, row.closed_at = code, now
    row.shares, row.shown = (), {}
    row.updated_at = now
    rows.add_event(session, row, NOTED[Step.STOP], right, viewer, now, key=key)
    session.flush()


def tell_candidate(session: Session, candidate: Candidate, key: str, now: datetime) -> None:
    """Says, in the way that a candidate chose, that something waits for them."""
    send(
        session,
        template="candidate_ready",
        to=receiver_of_candidate(candidate),
        dedupe_key=key,
        now=now,
    )
