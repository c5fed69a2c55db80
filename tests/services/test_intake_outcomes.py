"""What an intake led to: as of its day, and unknown stays unknown."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.services import outcomes, placements
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import get_candidate, update_candidate
from matcher.services.intake_outcomes import IntakeOutcome, intake_outcomes
from tests.services.introducing import person_of
from tests.services.placing import placed
from tests.services.seating import number_of

LATER = timedelta(days=1)


def test_an_intake_holds_what_was_known_that_day_and_what_was_answered_since(
    session: Session, coach: Viewer, now: datetime, on: date
) -> None:
    ann, bas, cor = (person_of(session, coach, now) for _ in range(3))
    for person in (ann, bas):
        assess_candidate(session, coach, number_of(person), on=on, now=now)
    version = get_candidate(session, coach, number_of(ann)).version
    update_candidate(
        session,
        coach,
        number_of(ann),
        {"rhythm": 1},
        expected_version=version,
        now=now + LATER,
    )
    assess_candidate(session, coach, number_of(ann), on=on + LATER, now=now + LATER)
    start = on + 7 * LATER
    before = placed(session, coach, ann, now, starts_on=on - 30 * LATER)
    placements.end(session, coach, before, "other", now=now)
    number = placed(session, coach, ann, now, starts_on=start)
    for months, day in ((3, date(2027, 6, 8)), (6, date(2027, 9, 8))):
        at = datetime.combine(day, now.timetz())
        if months == 3:
            outcomes.answer(session, coach, number, months, "same_job", now=at)
        outcomes.answer(
            session, ann, number, months, "not_working" if months == 3 else "same_job", now=at
        )

    found = {one.candidate_id: one for one in intake_outcomes(session, "demo", on=date(2027, 9, 8))}
    assert set(found) == {number_of(ann), number_of(bas)}, "cor was never assessed"
    assert number_of(cor) not in found
    first: IntakeOutcome = found[number_of(ann)]
    assert (first.intake_on, first.profile["rhythm"]) == (on, 4), "as of the day, not as of now"
    assert first.placed_on == start, "a start before the intake is none of its outcomes"
    assert first.works == {3: None, 6: True, 12: None}, "answers that contradict are unknown"
    assert found[number_of(bas)].placed_on is None
    assert set(found[number_of(bas)].works.values()) == {None}
    assert list(intake_outcomes(session, "haaglanden", on=on)) == []
