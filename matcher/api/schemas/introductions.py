"""Introductions of candidates to contractors, as far as each side may know of them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.models.request_states import HalfDay
from matcher.models.states import ContactKind
from matcher.reference.codes import load_codes
from matcher.services.introduction_views import Status
from matcher.services.introductions import ending_codes

_STATES = [status.value for status in Status]
_BANDS = list(load_codes().list("guidance_bands").codes)


class IntroductionQuery(PageQuery):
    """Which introductions."""

    candidate_id = described(
        whole(1, strict=False, load_default=None, data_key="candidateId"),
        "Only those of this candidate; finds nothing for contractors.",
        example=12,
    )
    vacancy_id = described(
        whole(1, strict=False, load_default=None, data_key="vacancyId"),
        "Only those for this vacancy.",
        example=7,
    )


class IntroductionCreate(Schema):
    """Whom to ask for which vacancy."""

    candidate_id = described(whole(1, required=True), "The candidate to ask.", example=12)
    vacancy_id = described(whole(1, required=True), "The open vacancy.", example=7)


class EndingCreate(Schema):
    """Why the contractor does not go on."""

    code = described(
        fields.String(required=True, validate=validate.OneOf(ending_codes())),
        "One of the codes; there is no text about a person.",
        example="chose_other",
    )


class PersonShown(Schema):
    """What the candidate agreed to show for this one introduction, as it was then."""

    pseudonym = described(fields.String(), "Good for this vacancy only.", example="P-7FQ2M9XA")
    first_name = described(fields.String(allow_none=True), "The first name.", example="Sam")
    contact_kind = described(
        fields.String(validate=validate.OneOf([kind.value for kind in ContactKind])),
        "The one way to be reached that the candidate picked.",
        example="via_coach",
    )
    contact_value = described(
        fields.String(allow_none=True), "The number or address for it.", example="06 12 34 56 78"
    )
    hours_band = described(
        fields.List(whole(0, 168), allow_none=True),
        "Lowest and highest of the band of hours; null is unknown.",
        example=[24, 31],
        unit="hours a week",
    )
    start_month = described(
        fields.String(allow_none=True), "The first month it can begin.", example="2027-04"
    )
    travel_fits = described(
        fields.Boolean(allow_none=True), "Whether the journey fits; null is unknown.", example=True
    )
    meets_needs = described(
        fields.Boolean(), "Fits what is asked: the same for everybody shown.", example=True
    )
    credentials_asked = described(
        fields.List(fields.String()),
        "Of the papers and licences that the vacancy asks for, those held.",
        example=["vca_basic"],
    )
    guidance_band = described(
        fields.String(allow_none=True, validate=validate.OneOf(_BANDS)),
        "The band of guidance needed; null is unknown.",
        example="2-4",
        unit="hours a week",
    )
    agreement_needed = described(
        fields.List(fields.String()),
        "Demands about which something has to be agreed, as far as the candidate ticked them.",
        example=["lift"],
    )
    goal = described(
        fields.String(allow_none=True),
        "What the candidate wants to reach; absent unless ticked.",
        example="A diploma as a paver.",
    )


class Introduction(Schema):
    """How far an introduction is. A no, no answer and somebody who is not available any more are
    one and the same: `waiting` to the end of `answer_by`, `not_available` after it."""

    id = described(whole(required=True), "The key of this introduction.", example=3)
    vacancy_id = described(whole(), "The vacancy.", example=7)
    vacancy = described(fields.String(), "The reference of the vacancy.", example="V-017")
    title = described(fields.String(allow_none=True), "Its title.", example="Paver's assistant")
    sector = described(fields.String(), "Its sector.", example="F42")
    contractor = described(fields.String(), "Its contractor.", example="Voorbeeld Wegen")
    pseudonym = described(
        fields.String(), "Of the candidate, for this vacancy only.", example="P-7FQ2M9XA"
    )
    status = described(
        fields.String(validate=validate.OneOf(_STATES)), "How far it is.", example="waiting"
    )
    invited_on = described(
        fields.Date(), "The day the candidate was asked.", example="2027-03-01", unit="day"
    )
    answer_by = described(
        fields.Date(), "The last day for an answer.", example="2027-03-15", unit="day"
    )
    meet_on = described(
        fields.Date(allow_none=True),
        "The day of a half-day on site; null for any other introduction.",
        example="2027-03-18",
        unit="day",
    )
    meet_half = described(
        fields.Enum(HalfDay, by_value=True, allow_none=True),
        "Which half of that day.",
        example="morning",
    )
    ended = described(
        fields.String(allow_none=True),
        "How it ended, a code of introduction_endings; null while it runs.",
        example="chose_other",
    )
    person = described(
        fields.Nested(PersonShown),
        "For contractors: in a list the first name after a yes; read by its key, all that the "
        "candidate agreed to. Empty before a yes and after the end.",
        example={},
    )
    candidate_id = described(
        whole(allow_none=True), "For staff: the candidate; null once erased.", example=12
    )
    reference = described(
        fields.String(allow_none=True), "For staff: the candidate's reference.", example="K-0001"
    )
    first_name = described(
        fields.String(allow_none=True), "For staff: the candidate's first name.", example="Sam"
    )
    wants_talk = described(
        fields.Boolean(),
        "For staff: asked to talk first, which says nothing about the answer.",
        example=False,
    )


IntroductionPage = page_of("IntroductionPage", Introduction, "introductions")


class IntroductionStep(Schema):
    """How far an introduction is after a step; nothing about the person, for it may be kept."""

    id = described(whole(required=True), "The introduction.", example=3)
    status = described(
        fields.String(required=True, validate=validate.OneOf(_STATES)),
        "How far it is now.",
        example="met",
    )
