"""Assessments as rows of contract.md section 3."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Day, Hundredths, Moment, described, nested_list, whole
from matcher.api.schemas.advice import DAY, POINTS, on_field, rules_version_field, texts


class Dimension(Schema):
    """One dimension of readiness; the contributions add up to readiness exactly (P-9)."""

    name = described(fields.String(required=True), "What it is about.", example="rhythm")
    level = described(
        fields.Raw(allow_none=True),
        "What is there: a level, hours, km, or an ability for each demand; null is unknown.",
        example=2,
        unit="level, hours a week or km",
    )
    need = described(
        fields.Raw(),
        "What the work of the sector asks, in the same unit.",
        example=3,
        unit="level, hours a week or km",
    )
    weight = described(whole(), "The most that it can contribute.", example=24, unit=POINTS)
    contribution = described(
        Hundredths(required=True),
        "What it contributes, with what is unknown at half.",
        example=16.0,
        unit=POINTS,
    )
    low = described(
        Hundredths(), "The same with what is unknown at nothing.", example=16.0, unit=POINTS
    )
    high = described(
        Hundredths(), "The same with what is unknown in full.", example=16.0, unit=POINTS
    )
    gap = described(whole(), "Steps short among what is known.", example=1, unit="steps")
    known = described(fields.Boolean(), "Whether all that counts is known.", example=True)
    reason = described(
        fields.String(required=True),
        "Why, in a sentence.",
        example="You came on about half of the days. Building a steady rhythm first helps.",
    )


class Question(Schema):
    """One question worth asking next."""

    field = described(fields.String(required=True), "The field it fills.", example="lift")
    question = described(
        fields.String(required=True),
        "The question in words.",
        example="How long can you lift, up to 15 kilos?",
    )
    narrows = described(
        Hundredths(), "How much an answer can narrow the range.", example=2.0, unit=POINTS
    )
    changes_lane = described(
        fields.Boolean(), "Whether an answer can change the lane.", example=True
    )
    on_the_spot = described(
        fields.Boolean(), "Whether it can be answered now, without trying out.", example=True
    )


class AssessmentRow(Schema):
    """Readiness, lane and reasons of one candidate. It is advice: people decide."""

    reference = described(fields.String(), "The candidate's reference.", example="K-0001")
    lane = described(
        fields.String(required=True),
        "What now, in a code of the list lanes.",
        example="ready_with_support",
    )
    rule = described(whole(), "The lane rule that fired, the first of five that holds.", example=3)
    readiness = described(
        Hundredths(),
        "Readiness with what is unknown at half. A detail under the words, never a verdict: "
        "nothing sorts or filters by it.",
        example=68.5,
        unit=POINTS,
    )
    readiness_low = described(
        Hundredths(), "The same with what is unknown at nothing.", example=60.5, unit=POINTS
    )
    readiness_high = described(
        Hundredths(), "The same with what is unknown in full.", example=76.5, unit=POINTS
    )
    readiness_without_money = described(
        Hundredths(), "Readiness without money, rescaled to 100.", example=71.0, unit=POINTS
    )
    start_level = described(
        Hundredths(),
        "Readiness without money, home and direction, rescaled to 100; comparisons use it.",
        example=70.25,
        unit=POINTS,
    )
    known_share = described(
        Hundredths(), "Known weight over all weight, from 0 to 1.", example=0.84, unit="share"
    )
    places_now = described(
        whole(allow_none=True),
        "Places of the vacancies that fit today; 0 while paused, null without vacancies.",
        example=14,
        unit="places",
    )
    dimensions = described(
        nested_list(Dimension), "Readiness by dimension.", example=[{"name": "rhythm"}]
    )
    reasons = texts(
        "Why, in three sentences at most: what is there, what is missing, the way out.",
        ["You came on almost all agreed days in the last 4 weeks."],
    )
    reason_tones = texts(
        "How each reason is drawn: ok fits, near is one step short, ask is not known, no blocks.",
        ["ok"],
    )
    would_change = described(
        fields.String(),
        "The one thing that would change it most.",
        example="One step up in rhythm makes it: start with support.",
    )
    ask_next = described(
        nested_list(Question),
        "Two questions at most that are most worth asking.",
        example=[{"field": "lift", "question": "How long can you lift, up to 15 kilos?"}],
    )
    programmes = texts("References of the programmes to begin with.", ["P-01"])
    sector = described(
        fields.String(allow_none=True),
        "The wanted sector that the contributions belong to; null without a wish.",
        example="F42",
    )
    review_on = described(
        Day(), "The day to look again at the latest.", example="2027-04-06", unit=DAY
    )
    on = on_field()
    rules_version = rules_version_field()
    artefact = described(
        fields.String(allow_none=True),
        "The learned artefact that predicted beside the rules; null where the rules speak alone. "
        "It changes no lane and no number here.",
        example="region-2027-logistic",
    )


class KeptAssessment(AssessmentRow):
    """An assessment as it is kept; it replays to the same result."""

    id = described(whole(required=True), "The key of this assessment.", example=31)
    candidate_id = described(whole(), "The candidate.", example=12)
    candidate_version = described(
        whole(), "The version of the candidate that was assessed.", example=3
    )
    input_hash = described(
        fields.String(), "SHA-256 of everything that went in.", example="9f86d081884c7d65"
    )
    created_at = described(
        Moment(), "When it was computed.", example="2027-03-09T08:30:00Z", unit="moment in UTC"
    )


class AssessmentList(Schema):
    """The assessments of a candidate, latest first."""

    items = described(nested_list(KeptAssessment, required=True), "The assessments.", example=[])
