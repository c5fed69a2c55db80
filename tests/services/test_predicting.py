"""In time and in numbers, or the rules go on alone; what can be asked for holds no money."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.reference.artefact_terms import load_artefact_terms
from matcher.scoring.predictor import Prediction, Predictor
from matcher.scoring.refusals import NotPredicted
from matcher.services import artefact_steps, artefacts, predicting
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from matcher.services.offered import NEVER_OFFERED, OFFERED, offered_answers
from matcher.services.predicting import InService, serve
from tests.services.conftest import TODAY, account_of
from tests.services.learned import serving

TERMS = load_artefact_terms(TODAY)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


class Strange(Predictor):
    """An artefact whose predictions are what a test wants."""

    def __init__(self, wanted: Any) -> None:
        self.wanted = wanted

    @property
    def names(self) -> tuple[str, ...]:
        return ("rhythm",)

    def predict(self, answers: Mapping[str, Any], as_of: date | None = None) -> Prediction:
        found = self.wanted()
        assert isinstance(found, Prediction)
        return found


def tripped(wanted: Any, times: int = 1) -> list[dict[int, str]]:
    artefact = InService(990 + times, "strange", True, Strange(wanted))
    profile = CandidateProfile("K-1", "demo", rhythm=3)
    return [serve([artefact], profile, TODAY).tripped for _ in range(times)]


class NotANumber(Prediction):
    @property
    def probability(self) -> float:
        return float("nan")


class Endless(Prediction):
    @property
    def probability(self) -> float:
        return float("inf")


@pytest.mark.parametrize(
    "prediction",
    [
        NotANumber(0, ()),
        Endless(0, ()),
        Prediction(float("nan"), ()),  # type: ignore[arg-type]  # what may never come out
        Prediction(float("inf"), ()),  # type: ignore[arg-type]
        Prediction(0, (("rhythm", 0.5),)),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_number_trips_the_breaker(prediction: Prediction) -> None:
    assert list(tripped(lambda: prediction)[0].values()) == ["not_finite"]


def test_an_artefact_that_fails_trips_the_breaker() -> None:
    def fail() -> Prediction:
        raise RuntimeError("what is this")

    assert list(tripped(fail)[0].values()) == ["fault"]


def test_one_answer_that_cannot_be_read_is_no_fault_of_the_artefact() -> None:
    def refuse() -> Prediction:
        raise NotPredicted("rhythm must be a number")

    assert tripped(refuse) == [{}]


def test_a_prediction_that_hangs_is_given_up_within_three_hundred_milliseconds() -> None:
    def hang() -> Prediction:
        time.sleep(2)
        return Prediction(0, ())

    began = time.perf_counter()
    assert list(tripped(hang)[0].values()) == ["gave_up"]
    assert TERMS.give_up_ms <= 250
    assert time.perf_counter() - began < 1, "long before it would have answered"


def test_slow_a_few_times_in_a_row_trips_and_slow_once_does_not() -> None:
    def slow() -> Prediction:
        time.sleep((TERMS.slow_ms + 10) / 1000)
        return Prediction(0, ())

    found = tripped(slow, TERMS.slow_in_a_row)
    assert [list(each.values()) for each in found] == [[]] * (TERMS.slow_in_a_row - 1) + [["slow"]]


def test_a_breaker_stays_tripped_for_everybody_until_somebody_tries_again(
    session: Session, coach: Viewer, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = serving(session, folder, now)
    calls = []

    def broken(self: Predictor, answers: Any, as_of: Any = None) -> Prediction:
        calls.append(1)
        return NotANumber(0, ())

    people = [
        create_candidate(session, coach, {"reference": f"K-{n}", "rhythm": 3}, now=now)
        for n in range(3)
    ]
    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "predict", broken)
        told = [
            assess_candidate(session, coach, each.id, on=TODAY, now=now).result["artefact"]
            for each in people
        ]
    assert (told, len(calls)) == ([None] * 3, 1), "the second one was not even asked"
    standing = artefacts.standing_of(session, "demo")
    assert (standing.state, standing.code, standing.is_broken) == ("tripped", "not_finite", True)

    lead = account_of(session, "lead", Right.LEAD)
    artefact_steps.try_again(session, lead, made.id, "mended", now=now)
    again = assess_candidate(session, coach, people[0].id, on=TODAY, now=now)
    assert again.result["artefact"] == "learned-1"


# --- what is offered ----------------------------------------------------------------------------


def test_nothing_that_may_never_count_is_offered() -> None:
    assert not NEVER_OFFERED & set(OFFERED)
    assert not [name for name in OFFERED if "money" in name or "debt" in name or "benefit" in name]
    profile = CandidateProfile("K-1", "demo")
    assert set(offered_answers(profile)) == set(OFFERED)


LEVEL = st.none() | st.integers(0, 4)


@given(
    rhythm=LEVEL,
    before=st.fixed_dictionaries({"money": LEVEL, "home_base": LEVEL}),
    after=st.fixed_dictionaries({"money": LEVEL, "home_base": LEVEL}),
    pc4=st.none() | st.integers(1000, 9999),
    adult=st.none() | st.booleans(),
)
def test_money_home_and_whereabouts_change_no_answer(
    rhythm: int | None,
    before: dict[str, int | None],
    after: dict[str, int | None],
    pc4: int | None,
    adult: bool | None,
) -> None:
    one = CandidateProfile("K-1", "demo", rhythm=rhythm, **before)  # type: ignore[arg-type]
    other = CandidateProfile("K-2", "haaglanden", pc4, rhythm=rhythm, adult=adult, **after)  # type: ignore[arg-type]
    assert offered_answers(one) == offered_answers(other)


def test_every_field_of_a_person_is_offered_or_left_out_on_purpose() -> None:
    derived = {"licences", "credentials", "sectors"}
    elsewhere = {
        *("travel_modes", "current_hours", "start_from", "occupations", "observed_on"),
        *derived,
    }
    known = {field.name for field in fields(CandidateProfile)}
    assert known == (set(OFFERED) & known) | (NEVER_OFFERED & known) | elsewhere
    assert predicting.SLOW == "slow"
