"""Plans as rows of contract.md section 3, and what-if."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Day, described, nested_list, whole
from matcher.api.schemas.advice import DAY, on_field, rules_version_field, texts
from matcher.api.schemas.assessments import AssessmentRow


class PlanStep(Schema):
    """One programme of a plan."""

    programme = described(
        fields.String(required=True), "The programme's reference.", example="P-01"
    )
    title = described(fields.String(), "What people call it.", example="Work-fit group infra")
    starts_on = described(Day(required=True), "The first day.", example="2027-03-15", unit=DAY)
    ends_on = described(Day(required=True), "The last day.", example="2027-06-06", unit=DAY)
    hours_a_week = described(
        fields.Float(), "Hours that it takes.", example=20, unit="hours a week"
    )
    raises = described(
        fields.Dict(keys=fields.String(), values=fields.Integer()),
        "Levels and abilities that it raises, with the steps.",
        example={"rhythm": 1},
        unit="steps",
    )
    gives = texts("Credentials, licences and travel modes that it gives.", ["vca_basic"])
    unlocks = texts("References of the vacancies that open once it is done.", ["V-017"])
    alongside = described(
        fields.Boolean(),
        "Whether it runs beside the plan and moves no date, as money support does (P-3).",
        example=False,
    )
    reasons_needed = texts(
        "What makes the step big, so that a person must give a reason.", ["hours_step"]
    )


class SteppedStart(Schema):
    """Hours a week from a day on."""

    from_on = described(Day(required=True), "From this day.", example="2027-06-07", unit=DAY)
    hours = described(fields.Float(required=True), "Hours a week.", example=24, unit="hours a week")


class PlanRow(Schema):
    """The sequence of programmes that opens the best place soonest."""

    candidate = described(fields.String(), "The candidate's reference.", example="K-0001")
    outcome = described(
        fields.String(required=True),
        "place, or other_route when nothing opens within the horizon.",
        example="place",
    )
    vacancy = described(
        fields.String(allow_none=True), "The reference of the place.", example="V-017"
    )
    vacancy_id = described(whole(), "The vacancy's key here, when it is kept.", example=7)
    title = described(
        fields.String(allow_none=True), "The title of the vacancy.", example="Ground worker"
    )
    weeks = described(
        whole(allow_none=True),
        "Weeks until the place can start, rounded up.",
        example=12,
        unit="weeks",
    )
    place_on = described(
        Day(allow_none=True), "The first day at the place.", example="2027-06-07", unit=DAY
    )
    steps = described(
        nested_list(PlanStep),
        "The programmes in order.",
        example=[{"programme": "P-01", "starts_on": "2027-03-15", "ends_on": "2027-06-06"}],
    )
    stepped_start = described(
        nested_list(SteppedStart),
        "Hours that grow, where the vacancy allows it.",
        example=[{"from_on": "2027-06-07", "hours": 24}],
    )
    reasons_needed = texts(
        "What makes the place itself a big step: hours_step or new_demands.", ["new_demands"]
    )
    reasons = texts("What to know of the plan, in sentences.", ["That is a big step."])
    review_on = described(
        Day(), "The day to look again at the latest.", example="2027-04-06", unit=DAY
    )
    on = on_field()
    rules_version = rules_version_field()


class WhatIfStep(Schema):
    """One chosen programme in time."""

    programme = described(
        fields.String(required=True), "The programme's reference.", example="P-01"
    )
    title = described(fields.String(), "What people call it.", example="Work-fit group infra")
    starts_on = described(Day(required=True), "The first day.", example="2027-03-15", unit=DAY)
    ends_on = described(Day(required=True), "The last day.", example="2027-06-06", unit=DAY)


class WhatIf(Schema):
    """What changes and programmes would open. Nothing of it is kept."""

    before = described(
        fields.Nested(AssessmentRow, required=True),
        "The assessment now.",
        example={"lane": "pre_placement"},
    )
    after = described(
        fields.Nested(AssessmentRow, required=True),
        "The assessment after the changes, with the programmes done.",
        example={"lane": "ready_with_support"},
    )
    steps = described(
        nested_list(WhatIfStep, required=True),
        "The programmes in time.",
        example=[{"programme": "P-01", "starts_on": "2027-03-15", "ends_on": "2027-06-06"}],
    )
    ready_on = described(
        Day(required=True), "The day on which all of it is done.", example="2027-06-07", unit=DAY
    )
    weeks = described(whole(required=True), "Weeks until then.", example=12, unit="weeks")
    opens = texts("References of the vacancies closed now and open then.", ["V-017"])
    closes = texts("References of the vacancies open now and closed then.", [])
    places = described(
        whole(required=True), "Places over the vacancies that open.", example=14, unit="places"
    )
    clashes = texts("References of chosen programmes that fit in no hours or dates.", [])


class Trajectory(PlanRow):
    """The plan of a candidate."""

    candidate_id = described(whole(), "The candidate.", example=12)
    input_hash = described(
        fields.String(), "SHA-256 of everything that went in.", example="9f86d081884c7d65"
    )
