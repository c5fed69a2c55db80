"""Placements and what was answered about them, as far as each side may know."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.domain.follow_up import OutcomeSource
from matcher.models.states import PlacementState
from matcher.reference.codes import load_codes
from matcher.services.placement_checks import HOURS_MAXIMUM
from matcher.services.placements import CONTACTS, results_for

_STATES = [state.value for state in PlacementState]
_SOURCES = [source.value for source in OutcomeSource]


def _codes(name: str) -> Any:
    return validate.OneOf(list(load_codes().list(name).codes))


def _hours() -> Any:
    limits = validate.Range(0, HOURS_MAXIMUM, min_inclusive=False)
    return described(
        fields.Float(allow_none=True, validate=limits),
        "Hours a week; null is unknown.",
        example=24,
        unit="hours a week",
    )


def _contract() -> Any:
    return described(
        fields.String(allow_none=True, validate=_codes("job_contracts")),
        "The kind of contract; null is unknown.",
        example="temporary",
    )


def _details() -> dict[str, Any]:
    return {
        "hours_a_week": _hours(),
        "contract": _contract(),
        "contract_until": described(
            fields.Date(allow_none=True), "Its last day.", example="2027-09-30", unit="day"
        ),
        "first_pay_on": described(
            fields.Date(allow_none=True), "The first pay day.", example="2027-04-25", unit="day"
        ),
    }


def _starts_on(*, required: bool = False) -> Any:
    return described(
        fields.Date(required=required), "The first day of work.", example="2027-03-29", unit="day"
    )


class PlacementQuery(PageQuery):
    """Which placements."""

    candidate_id = described(
        whole(1, strict=False, load_default=None, data_key="candidateId"),
        "Only those of this candidate; finds nothing for contractors.",
        example=12,
    )
    vacancy_id = described(
        whole(1, strict=False, load_default=None, data_key="vacancyId"),
        "Only those at this vacancy.",
        example=7,
    )
    state = described(
        fields.String(load_default=None, validate=validate.OneOf(_STATES)),
        "Only those that came this far.",
        example="active",
    )


def _trial() -> dict[str, Any]:
    return {
        "trial": described(
            fields.Boolean(), "Whether it begins as a trial placement.", example=False
        ),
        "trial_until": described(
            fields.Date(allow_none=True),
            "Its last day; the usual length unless said.",
            example="2027-05-28",
            unit="day",
        ),
        "trial_reason": described(
            fields.String(allow_none=True, validate=_codes("trial_reasons")),
            "Why it is longer than usual, a code of trial_reasons.",
            example="hours_build_up",
        ),
        "intends_contract": described(
            fields.Boolean(), "That a contract is meant after it; a trial needs it.", example=True
        ),
    }


PlacementCreate = Schema.from_dict(
    {
        "candidate_id": described(whole(1, required=True), "Who starts.", example=12),
        "introduction_id": described(
            whole(1, allow_none=True),
            "The introduction in which both met; absent for work found otherwise.",
            example=3,
        ),
        "without_introduction": described(
            fields.String(allow_none=True, validate=_codes("no_introduction")),
            "Why there was none, a code of no_introduction; required without one.",
            example="own_found",
        ),
        **_trial(),
        "sector": described(
            fields.String(allow_none=True, validate=_codes("sectors")),
            "The sector of work found otherwise, SBI 2008.",
            example="F42",
        ),
        "starts_on": _starts_on(required=True),
        **_details(),
    },
    name="PlacementCreate",
)
PlacementCreate.__doc__ = "That somebody starts work, after an introduction or found otherwise."

AfterMeetingCreate = Schema.from_dict(
    {"starts_on": _starts_on(required=True), **_trial(), **_details()}, name="AfterMeetingCreate"
)
AfterMeetingCreate.__doc__ = "What both agreed after they met: a trial, or work."

AgreementCreate = Schema.from_dict(
    {"starts_on": _starts_on(required=True), **_details()}, name="AgreementCreate"
)
AgreementCreate.__doc__ = "The work that a trial becomes."

PlacementChange = Schema.from_dict(
    {"starts_on": _starts_on(), **_details()}, name="PlacementChange"
)
PlacementChange.__doc__ = "A change: only what is sent changes; the first day until it has come."

Placement = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this placement.", example=4),
        "version": described(
            whole(), "Rises with every change; the ETag is made of it.", example=2
        ),
        "candidate_id": described(whole(), "For staff: who it is.", example=12),
        "reference": described(
            fields.String(), "For staff: the candidate's reference.", example="K-0001"
        ),
        "first_name": described(
            fields.String(allow_none=True), "The candidate's first name.", example="Sam"
        ),
        "introduction_id": described(
            whole(allow_none=True), "For staff: what it followed.", example=3
        ),
        "vacancy_id": described(
            whole(allow_none=True), "The vacancy; null for work found otherwise.", example=7
        ),
        "vacancy": described(fields.String(allow_none=True), "Its reference.", example="V-017"),
        "title": described(
            fields.String(allow_none=True), "Its title.", example="Paver's assistant"
        ),
        "contractor": described(
            fields.String(allow_none=True),
            "For staff: the employer; null for work found otherwise.",
            example="Voorbeeld Wegen",
        ),
        "sector": described(
            fields.String(allow_none=True), "The sector; null is unknown.", example="F42"
        ),
        "arrangement": described(
            fields.String(allow_none=True),
            "For staff: the arrangement that the vacancy named.",
            example="Infra Talent",
        ),
        "state": described(
            fields.String(validate=validate.OneOf(_STATES)), "How far it is.", example="active"
        ),
        "starts_on": _starts_on(),
        **_details(),
        "without_introduction": described(
            fields.String(allow_none=True, validate=_codes("no_introduction")),
            "For staff: why there was no introduction.",
            example="own_found",
        ),
        "trial_from": described(
            fields.Date(allow_none=True),
            "The first day of the trial; null without one.",
            example="2027-03-29",
            unit="day",
        ),
        "trial_until": described(
            fields.Date(allow_none=True), "Its last day.", example="2027-05-28", unit="day"
        ),
        "trial_reason": described(
            fields.String(allow_none=True, validate=_codes("trial_reasons")),
            "For staff: why it is longer than usual.",
            example="hours_build_up",
        ),
        "intends_contract": described(
            fields.Boolean(allow_none=True), "That a contract is meant after it.", example=True
        ),
        "contract_id": described(
            whole(allow_none=True), "The public contract it counts for.", example=2
        ),
        "plan": described(
            fields.String(allow_none=True, validate=_codes("retender_plans")),
            "For staff: what becomes of it when that contract ends.",
            example="continue",
        ),
        "plan_due_on": described(
            fields.Date(allow_none=True), "For staff: by when.", example="2027-08-31", unit="day"
        ),
        "ended_on": described(
            fields.Date(allow_none=True),
            "The last day of work; null while it runs.",
            example="2027-08-31",
            unit="day",
        ),
        "ended_code": described(
            fields.String(allow_none=True, validate=_codes("placement_endings")),
            "For staff: how it ended, a code of placement_endings.",
            example="better_job",
        ),
        "created_at": described(
            Moment(), "When it was first kept.", example="2027-03-01T08:30:00Z", unit="UTC"
        ),
        "updated_at": described(
            Moment(), "When it last changed.", example="2027-03-09T08:30:00Z", unit="UTC"
        ),
    },
    name="Placement",
)
Placement.__doc__ = (
    "Somebody at work. An employer reads of its own placements what it knows anyhow, and never why "
    "somebody left."
)

PlacementPage = page_of("PlacementPage", Placement, "placements")


class PlacementEnding(Schema):
    """How a placement ended."""

    code = described(
        fields.String(required=True, validate=_codes("placement_endings")),
        "One of placement_endings; the employer never reads it.",
        example="better_job",
    )
    on = described(
        fields.Date(), "The last day of work; today unless said.", example="2027-08-31", unit="day"
    )


class ContactCreate(Schema):
    """How a moment of contact was."""

    step = described(
        fields.String(required=True, validate=validate.OneOf(list(CONTACTS))),
        "Which moment; `between` for one that nobody planned.",
        example="first_week",
    )
    result = described(
        fields.String(required=True, validate=validate.OneOf(list(results_for("coach")))),
        "How it was, a code of contact_results.",
        example="well",
    )


class OutcomeCreate(Schema):
    """What the caller says about one moment: an employer as employer, staff as coach."""

    months = described(
        whole(1, 120, required=True),
        "Months after the first day: 3, 6 or 12.",
        example=3,
        unit="months",
    )
    status = described(
        fields.String(required=True, validate=_codes("outcome_statuses")),
        "A code of outcome_statuses that the caller can give.",
        example="same_job",
    )
    hours_a_week = _hours()
    contract = _contract()
    reason = described(
        fields.String(validate=_codes("outcome_reasons")),
        "For staff, where answers contradict each other: with it this decides between them.",
        example="spoke_both",
    )


class OutcomeAnswer(Schema):
    """One answer. Employers read their own alone."""

    id = described(whole(required=True), "The key of this answer.", example=9)
    months = described(whole(), "Months after the first day.", example=3, unit="months")
    source = described(
        fields.String(validate=validate.OneOf(_SOURCES)), "Who said it.", example="candidate"
    )
    status = described(
        fields.String(validate=_codes("outcome_statuses")), "What was said.", example="same_job"
    )
    hours_a_week = _hours()
    contract = _contract()
    reason = described(
        fields.String(allow_none=True), "For staff: what a decision rests on.", example="spoke_both"
    )
    answered_on = described(
        fields.Date(), "The day of the answer.", example="2027-06-29", unit="day"
    )


class OutcomeMoment(Schema):
    """One question about a placement: open from `opens_on` to `closes_on`, unknown after that."""

    months = described(whole(), "Months after the first day.", example=3, unit="months")
    opens_on = described(
        fields.Date(), "From when it can be answered.", example="2027-06-15", unit="day"
    )
    due_on = described(fields.Date(), "The day it is about.", example="2027-06-29", unit="day")
    closes_on = described(
        fields.Date(), "The last day for an answer.", example="2027-07-29", unit="day"
    )
    state = described(
        fields.String(validate=validate.OneOf(["later", "open", "differs", "known", "unknown"])),
        "For staff: what the answers add up to; for employers `later`, `open` or `unknown`, or "
        "`known` once they answered.",
        example="known",
    )
    works = described(
        fields.Boolean(allow_none=True),
        "For staff: whether somebody works at that moment; null is unknown.",
        example=True,
    )
    answers = described(
        fields.List(fields.Nested(OutcomeAnswer)), "What was said, as far as shown.", example=[]
    )


class OutcomeList(Schema):
    """Every question about one placement."""

    items = described(
        fields.List(fields.Nested(OutcomeMoment), required=True),
        "The questions in their order.",
        example=[],
    )


class PlacementStep(Schema):
    """How far a placement is after a step; nothing about the person, for it may be kept."""

    id = described(whole(required=True), "The placement.", example=4)
    state = described(
        fields.String(required=True, validate=validate.OneOf(_STATES)),
        "How far it is now.",
        example="active",
    )
