"""Allocations as rows and figures of contract.md section 3, and what is said about them."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Day, described, nested_list, whole
from matcher.api.schemas.advice import DAY, on_field

HUNDREDTHS = "hundredths of a point"


def _reference(what: str, example: str) -> fields.String:
    return described(fields.String(allow_none=True), f"The reference of {what}.", example=example)


class AllocationRow(Schema):
    """Who is proposed for which place, or for a seat alone; a person decides."""

    candidate = described(fields.String(), "The candidate's reference.", example="K-0001")
    vacancy = _reference("the vacancy; null for a seat alone", "V-017")
    programme = _reference("the programme whose seat is given out", "P-01")
    value = described(whole(), "The fit; 0 for a seat alone.", example=7450, unit=HUNDREDTHS)
    guidance_guessed = described(
        fields.Boolean(),
        "Whether the guidance needed is unknown and the cautious default counts.",
        example=False,
    )
    locked = described(
        fields.Boolean(), "Whether people settled the pair beforehand.", example=False
    )
    on = on_field()


class PairBeside(Schema):
    """A pair that was not chosen."""

    candidate = described(fields.String(), "The candidate's reference.", example="K-0002")
    vacancy = described(fields.String(), "The vacancy's reference.", example="V-017")
    programme = _reference("the programme that leads to it", "P-01")
    value = described(whole(), "The fit.", example=7300, unit=HUNDREDTHS)


class ExplainedProposal(Schema):
    """One proposal of a place beside the best that was not chosen."""

    candidate = described(fields.String(), "The candidate's reference.", example="K-0001")
    vacancy = described(fields.String(), "The vacancy's reference.", example="V-017")
    programme = _reference("the programme that leads to it", "P-01")
    value = described(whole(), "The fit.", example=7450, unit=HUNDREDTHS)
    locked = described(fields.Boolean(), "Whether it was settled beforehand.", example=False)
    guidance_guessed = described(
        fields.Boolean(), "Whether the cautious guidance default counts.", example=False
    )
    margin = described(
        whole(allow_none=True),
        "By how much the value can fall before another allocation is better; null when it was "
        "settled beforehand or the method is not the optimum.",
        example=150,
        unit=HUNDREDTHS,
    )
    exact = described(
        fields.Boolean(allow_none=True),
        "Whether the margin is exact; otherwise it is no less than the true one.",
        example=True,
    )
    runner_up = described(
        fields.Nested(PairBeside, allow_none=True),
        "Who would take the place otherwise; null when it would stay empty.",
        example=None,
    )
    instead = described(
        fields.Nested(PairBeside, allow_none=True),
        "Where the candidate would go otherwise; null when nowhere.",
        example=None,
    )


class Barrier(Schema):
    """One thing in the way of a pair."""

    code = described(
        fields.String(), "A blocker's code, ask_first, site_hours or decided.", example="credential"
    )
    subject = described(fields.String(), "What it is about.", example="vca_basic")
    closed_by = described(
        fields.String(allow_none=True), "What would close it.", example="Get the basic VCA."
    )


class LaneChange(Schema):
    """One level, or one answer, that would give a lane with places."""

    field = described(fields.String(), "The field.", example="rhythm")
    value = described(fields.Raw(), "Its new value.", example=3)
    lane = described(fields.String(), "The lane that it gives.", example="ready_with_support")
    is_answer = described(
        fields.Boolean(), "Whether it is not known yet, so that asking is what helps.", example=True
    )


class LeftOutOfPlaces(Schema):
    """Somebody without a place: why, and the nearest way in."""

    candidate = described(fields.String(), "The candidate's reference.", example="K-0003")
    reason = described(
        fields.String(), "lane, no_place_fits or places_taken.", example="places_taken"
    )
    lane = described(fields.String(), "The lane.", example="ready_now")
    seat = _reference("the programme they get a seat of", "P-01")
    programme = _reference("the programme to begin with", "P-01")
    vacancy = _reference("the vacancy that comes nearest", "V-017")
    short_by = described(
        whole(allow_none=True),
        "How much fit is missing for that place; null where hours, seats or floors decide.",
        example=120,
        unit=HUNDREDTHS,
    )
    blockers = described(
        nested_list(Barrier), "What is in the way at the vacancy that comes nearest.", example=[]
    )
    would_change = described(
        fields.Nested(LaneChange, allow_none=True), "What would give another lane.", example=None
    )


class WayToFill(Schema):
    """One demand let go."""

    demand = described(fields.String(), "The demand.", example="credential")
    subject = described(fields.String(), "What it is about.", example="vca_basic")
    people = described(whole(), "How many people would fit then.", example=12, unit="people")
    without_place = described(whole(), "How many of them have no place.", example=5, unit="people")


class EmptyVacancy(Schema):
    """A vacancy that nobody is proposed for, and what would fill it."""

    vacancy = described(fields.String(), "The vacancy's reference.", example="V-020")
    places = described(whole(), "Its places.", example=2, unit="places")
    site_hours_known = described(
        fields.Boolean(), "Whether its guidance hours or buddies are known.", example=True
    )
    people = described(whole(), "How many people fit now.", example=0, unit="people")
    without_place = described(whole(), "How many of them have no place.", example=0, unit="people")
    would_fill = described(
        nested_list(WayToFill), "Each demand that lets more people fit, let go.", example=[]
    )


class Explanation(Schema):
    """Why the allocation is as it is."""

    on = described(Day(), "The day that it is for.", example="2027-03-09", unit=DAY)
    proposals = described(nested_list(ExplainedProposal), "The proposals of places.", example=[])
    left_out = described(nested_list(LeftOutOfPlaces), "Everybody without a place.", example=[])
    empty_vacancies = described(
        nested_list(EmptyVacancy), "Vacancies that nobody is proposed for.", example=[]
    )
