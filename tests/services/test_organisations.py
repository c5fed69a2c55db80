"""What kind an organisation is: an officer says so, D6 follows from it, and no score reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.displacement import OrganisationKind
from matcher.domain.errors import Forbidden, InvalidInput, NotFound, Stale
from matcher.models import Assessment, MatchList, Organisation, Plan
from matcher.repositories.scope import unscoped
from matcher.services.assessments import assess_candidate, match_candidate, plan_candidate
from matcher.services.candidates import create_candidate
from matcher.services.displacement import answer_check, questions_of
from matcher.services.organisations import list_organisations, mark_organisation
from matcher.services.vacancies import create_vacancy
from tests.services.opening import open_vacancy
from tests.services.test_fits import PLACE, READY

OFFICER = Viewer(None, frozenset({Right.OFFICER}), "demo")
KINDS = (None, *OrganisationKind)


def marked(session: Session, firm: Viewer, kind: str | None, now: datetime) -> None:
    [found] = [each for each in list_organisations(session, OFFICER)
               if each.id == firm.organisation_id]  # fmt: skip
    mark_organisation(session, OFFICER, found.id, kind, expected_version=found.version, now=now)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("size", "council"), [(7, False), (49, False), (50, True), (None, True)])
def test_work_taken_back_is_asked_of_public_bodies_and_insourcers_alone(
    session: Session,
    contractor: Viewer,
    now: datetime,
    on: date,
    kind: OrganisationKind | None,
    size: float | None,
    council: bool,
) -> None:
    marked(session, contractor, kind, now)
    values: dict[str, Any] = {"sector": "F42", "places": 1, "employer_size": size}
    number = create_vacancy(session, contractor, values, now=now).id

    asked = [each.code for each in questions_of(session, contractor, number, on=on)]

    wanted = ["d1", "d2", "d3", "d4"]
    wanted += ["d6"] if kind is not None else []
    wanted += ["d7"] if council else []
    assert asked == wanted
    answers = {code: "yes" if code == "d7" else "no" for code in asked}
    if kind is None:
        with pytest.raises(InvalidInput):
            answer_check(session, contractor, number, {**answers, "d6": "no"}, {}, now=now)
    else:
        why = {"d6": "Twaalf mensen; zij komen bij ons in dienst"}
        check = answer_check(session, contractor, number, {**answers, "d6": "yes"}, why, now=now)
        assert check.flags == ("d6",)


def test_an_officer_of_the_region_marks_an_organisation_once_a_version(
    session: Session, contractor: Viewer, coach: Viewer, now: datetime
) -> None:
    number = contractor.organisation_id or 0
    elsewhere = Viewer(None, frozenset({Right.OFFICER}), "haaglanden")
    for right in Right:
        if right is not Right.OFFICER:
            viewer = Viewer(coach.account_id, frozenset({right}), "demo", number, candidate_id=1)
            with pytest.raises(Forbidden):
                list_organisations(session, viewer)
            with pytest.raises(Forbidden):
                mark_organisation(session, viewer, number, None, expected_version=1, now=now)
    with pytest.raises(NotFound):
        mark_organisation(session, elsewhere, number, "public", expected_version=1, now=now)
    assert list_organisations(session, elsewhere) == []
    with pytest.raises(InvalidInput):
        mark_organisation(session, OFFICER, number, "bank", expected_version=1, now=now)

    mark_organisation(session, OFFICER, number, "municipality", expected_version=1, now=now)

    with pytest.raises(Stale):
        mark_organisation(session, OFFICER, number, "public", expected_version=1, now=now)
    [found] = list_organisations(session, OFFICER)
    assert (found.kind, found.version) == (OrganisationKind.MUNICIPALITY, 2)
    mark_organisation(session, OFFICER, number, "", expected_version=2, now=now)
    [found] = list_organisations(session, OFFICER)
    assert found.kind is None


def test_an_employer_being_public_or_private_changes_no_score_lane_or_rank(
    session: Session, coach: Viewer, contractor: Viewer, rival: Viewer, now: datetime, on: date
) -> None:
    for firm, title in ((contractor, "een"), (rival, "twee")):
        place = create_vacancy(session, firm, {**PLACE, "title": title}, now=now)
        open_vacancy(session, firm, place.id, expected_version=1, now=now)
    person = create_candidate(session, coach, {**READY, "reference": "K-1"}, now=now)
    results = []
    for kind in KINDS:
        marked(session, contractor, kind, now)
        session.commit()
        for work in (assess_candidate, match_candidate, plan_candidate):
            work(session, coach, person.id, on=on, now=now)
        found = []
        for table in (Assessment, MatchList, Plan):
            newest = select(table).order_by(table.id.desc()).limit(1)
            row = session.scalars(unscoped(newest, table)).one()
            found.append((row.result, row.input_hash))
        results.append(found)
    assert all(found == results[0] for found in results)


def test_the_kinds_of_the_list_are_those_that_are_kept(session: Session, now: datetime) -> None:
    from matcher.reference.codes import load_codes

    assert set(load_codes().list("organisation_kinds").codes) == set(OrganisationKind)
    row = Organisation(name="Gemeente", region="demo", kind="municipality", created_at=now,
                       updated_at=now)  # fmt: skip
    session.add(row)
    session.flush()
    session.refresh(row)
    assert row.kind is OrganisationKind.MUNICIPALITY
