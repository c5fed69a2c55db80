"""The weekly allocation of a region: scenarios, their proposals, and what people decide."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import Day, Moment, described, nested_list, whole
from matcher.api.schemas.advice import DAY
from matcher.api.schemas.decisions import REASONS
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.domain.allocating import SeatOrder
from matcher.domain.decided_pairs import PairDecision
from matcher.domain.vocabulary import Lane
from matcher.models.states import ProposalState
from matcher.repositories.weekly import Sort
from matcher.services.weekly_decisions import ACCEPT

_MOMENT = "moment in UTC"
_STATES = [state.value for state in ProposalState]
_HUNDREDTHS = "hundredths of a point"
_PAIRS = [PairDecision.LOCKED.value, PairDecision.FORBIDDEN.value]


class ScenarioCreate(Schema):
    """What another scenario is asked."""

    floor = described(
        fields.Integer(
            strict=True,
            load_default=0,
            validate=validate.Range(0, 100),
        ),
        "The least share of the places that each group by start level could fill alone.",
        example=50,
        unit="percent",
    )


class HelpLine(Schema):
    """What one more place or seat would do, found by allocating again with it."""

    kind = described(
        fields.String(validate=validate.OneOf(["place", "seat"])),
        "A place at a vacancy, or a seat in the next group of a programme.",
        example="seat",
    )
    reference = described(
        fields.String(), "The reference of the vacancy or programme.", example="P-01"
    )
    people = described(whole(), "How many people it helps.", example=3, unit="people")
    new = described(
        whole(), "How many of them get a place at work who have none.", example=1, unit="people"
    )
    better = described(whole(), "How many get a place that fits better.", example=2, unit="people")
    worse = described(whole(), "How many get one that fits less.", example=0, unit="people")
    could = described(
        whole(), "How many people without a place could use it.", example=4, unit="people"
    )
    value = described(whole(), "What the sum of fits gains.", example=8_800, unit=_HUNDREDTHS)


class ScenarioFigures(Schema):
    """A scenario in figures, which name nobody."""

    people = described(whole(), "Who took part.", example=294, unit="people")
    places = described(whole(), "Places that were left.", example=163, unit="places")
    proposed = described(whole(), "Proposals of a place.", example=108, unit="people")
    seats_proposed = described(whole(), "Proposals of a seat alone.", example=98, unit="people")
    objective = described(whole(), "The sum of fits.", example=919_650, unit=_HUNDREDTHS)
    gap = described(
        fields.Float(), "The share that may be missing to the optimum.", example=0, unit="share"
    )
    helps = described(nested_list(HelpLine), "What one more would help, most first.", example=[])


class Scenario(Schema):
    """One allocation of the region; it places nobody."""

    id = described(whole(required=True), "The key of this allocation.", example=4)
    job_id = described(whole(), "The job that made it.", example=8)
    on = described(Day(), "The day that it is for.", example="2027-03-08", unit=DAY)
    floor = described(whole(0, 100), "The floor that was asked.", example=0, unit="percent")
    seats = described(
        fields.String(validate=validate.OneOf([order.value for order in SeatOrder])),
        "How seats alone went; an officer switches this.",
        example="waiting",
    )
    input_hash = described(
        fields.String(), "Equal for equal inputs.", example="a61fbff0278fd2bfb769756e22efcc6c"
    )
    result_hash = described(
        fields.String(), "Equal for equal results.", example="35665b82e021892f49bb36cfca354414"
    )
    made_at = described(
        Moment(), "When it was asked for.", example="2027-03-08T07:00:00Z", unit=_MOMENT
    )
    figures = described(fields.Nested(ScenarioFigures), "What came of it.", example={})


ScenarioPage = page_of("AllocationPage", Scenario, "allocations")


class ProposalQuery(PageQuery):
    """Which lines of an allocation."""

    sort = described(
        fields.String(
            load_default=None,
            allow_none=False,
            validate=validate.OneOf([sort.value for sort in Sort]),
        ),
        "Only lines of this sort; without it everything that is proposed.",
        example="places",
    )
    state = described(
        fields.String(load_default=None, allow_none=False, validate=validate.OneOf(_STATES)),
        "Only lines that stand so.",
        example="open",
    )


class Proposal(Schema):
    """One person in an allocation: a proposal, or why there is none."""

    id = described(whole(required=True), "The key of this line.", example=31)
    allocation_id = described(whole(), "The allocation.", example=4)
    candidate_id = described(whole(), "The candidate.", example=12)
    candidate = described(fields.String(), "The candidate's reference.", example="K-0001")
    lane = described(
        fields.String(validate=validate.OneOf([lane.value for lane in Lane])),
        "The lane that counted: decided by a person, else suggested.",
        example="ready_now",
    )
    vacancy_id = described(
        whole(1, allow_none=True), "The vacancy; null for a seat alone.", example=7
    )
    programme_id = described(
        whole(1, allow_none=True), "The programme whose seat is given out.", example=None
    )
    starts_on = described(
        Day(allow_none=True), "The first day of that group.", example="2027-03-15", unit=DAY
    )
    value = described(whole(), "The fit; 0 for a seat alone.", example=7_450, unit=_HUNDREDTHS)
    reason = described(
        fields.String(allow_none=True),
        "Why there is no place: lane, no_place_fits or places_taken.",
        example=None,
    )
    is_locked = described(fields.Boolean(), "Whether people locked the pair.", example=False)
    is_guessed = described(
        fields.Boolean(), "Whether the cautious guidance default counts.", example=False
    )
    margin = described(
        whole(allow_none=True),
        "By how much the value can fall before another allocation is better.",
        example=150,
        unit=_HUNDREDTHS,
    )
    runner_up = described(
        fields.String(allow_none=True), "Who would take the place otherwise.", example="K-0002"
    )
    instead_id = described(
        whole(1, allow_none=True), "The vacancy where the candidate would go instead.", example=9
    )
    short_by = described(
        whole(allow_none=True),
        "How much fit is missing for the nearest place.",
        example=None,
        unit=_HUNDREDTHS,
    )
    state = described(
        fields.String(validate=validate.OneOf(_STATES)), "What was decided.", example="open"
    )
    why = described(
        fields.String(allow_none=True, validate=validate.OneOf(REASONS)),
        "The reason of that decision.",
        example=None,
    )
    decided_at = described(
        Moment(allow_none=True), "When.", example="2027-03-08T08:00:00Z", unit=_MOMENT
    )
    introduction_id = described(
        whole(1, allow_none=True), "The introduction that followed.", example=None
    )
    seat_id = described(whole(1, allow_none=True), "The seat that was offered.", example=None)


ProposalPage = page_of("ProposalPage", Proposal, "lines")


class ProposalDecide(Schema):
    """What a person decides about one proposal."""

    proposal_id = described(whole(1, required=True), "The line.", example=31)
    decision = described(
        fields.String(
            required=True, validate=validate.OneOf([ACCEPT, *(r for r in REASONS if r != "agrees")])
        ),
        "`accept`, or the reason to decide otherwise.",
        example="accept",
    )


class PairCreate(Schema):
    """Two who stay together, or are kept apart, from the next allocation on."""

    candidate_id = described(whole(1, required=True), "The candidate.", example=12)
    vacancy_id = described(whole(1, required=True), "The vacancy.", example=7)
    decision = described(
        fields.String(required=True, validate=validate.OneOf(_PAIRS)),
        "`locked` stays a proposal; `forbidden` is never proposed.",
        example="locked",
    )
    why = described(
        fields.String(required=True, validate=validate.OneOf(REASONS)),
        "The one reason.",
        example="knows_more",
    )


class Pair(Schema):
    """A pair that people decided about beforehand."""

    id = described(whole(required=True), "The key of this decision.", example=2)
    candidate_id = described(whole(), "The candidate.", example=12)
    candidate = described(fields.String(), "The candidate's reference.", example="K-0001")
    vacancy_id = described(whole(), "The vacancy.", example=7)
    vacancy = described(fields.String(), "The vacancy's reference.", example="V-017")
    decision = described(
        fields.String(validate=validate.OneOf(_PAIRS)), "Locked or forbidden.", example="locked"
    )
    why = described(
        fields.String(validate=validate.OneOf(REASONS)), "The reason.", example="knows_more"
    )
    decided_by = described(
        whole(1, allow_none=True), "Who decided; null for the operator.", example=3
    )
    decided_at = described(Moment(), "When.", example="2027-03-08T08:00:00Z", unit=_MOMENT)


class PairList(Schema):
    """The pairs that count in the next allocation."""

    items = described(nested_list(Pair, required=True), "The pairs, newest first.", example=[])
