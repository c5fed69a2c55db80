"""Candidates: what may be sent, and what is answered to those who may see it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, Text, column_fields, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.domain.vocabulary import Lane
from matcher.files.columns_candidate import CANDIDATE_COLUMNS
from matcher.models.states import CandidateStatus, ClosingCode, ContactKind

_BODY_COLUMNS = tuple(
    column for column in CANDIDATE_COLUMNS if column.name not in ("region", "wants_start")
)
"""The region of a candidate is that of the account: nobody files people elsewhere. When somebody
wants to start is their own word, which nobody else sets (practice.md section 7, 1)."""


def _person(**options: Any) -> dict[str, fields.Field[Any]]:
    return {
        "first_name": described(
            Text(60, allow_none=True, **options),
            "First name, for the people who work with this person; never a surname.",
            example="Sam",
        ),
        "contact_kind": described(
            fields.String(
                allow_none=True, validate=validate.OneOf([kind.value for kind in ContactKind])
            ),
            "How this person wants to be reached.",
            example="sms",
        ),
        "contact_value": described(
            fields.String(allow_none=True, validate=validate.Length(max=120), **options),
            "The number or address for it; none for a letter or by way of the coach.",
            example="06 12345678",
        ),
        "goal": described(
            Text(200, allow_none=True, **options),
            "What this person wants to reach, in their own words.",
            example="A steady job outdoors.",
        ),
    }


CandidateCreate = Schema.from_dict(
    {**column_fields(_BODY_COLUMNS), **_person()}, name="CandidateCreate"
)
CandidateCreate.__doc__ = (
    "A new candidate. Everything may be left out: unknown is an answer. Without a reference one "
    "is drawn."
)

CandidateChange = Schema.from_dict(
    {
        **column_fields(column for column in _BODY_COLUMNS if column.name != "reference"),
        **_person(),
        "status": described(
            fields.String(validate=validate.OneOf([status.value for status in CandidateStatus])),
            "`closed` ends the work with this person and needs `closed_code`; `active` takes it "
            "up again. Sent on its own.",
            example="closed",
        ),
        "closed_code": described(
            fields.String(validate=validate.OneOf([code.value for code in ClosingCode])),
            "Why the work ends; only with status `closed`.",
            example="started_work",
        ),
    },
    name="CandidateChange",
)
CandidateChange.__doc__ = (
    "A change of a candidate: only what is sent changes, null makes unknown again."
)

Candidate = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this candidate here.", example=12),
        "version": described(
            whole(), "Rises with every change; the ETag is made of it.", example=3
        ),
        **column_fields(CANDIDATE_COLUMNS),
        "status": described(
            fields.String(), "Whether somebody works with this person now.", example="active"
        ),
        "closed_code": described(
            fields.String(allow_none=True), "Why the work ended.", example="started_work"
        ),
        "closed_on": described(
            fields.Date(allow_none=True), "The day it ended.", example="2027-03-09", unit="day"
        ),
        **_person(),
        "owner_account_id": described(
            whole(allow_none=True), "The account of the coach who is owner.", example=4
        ),
        "not_reached": described(
            whole(),
            "Attempts since the last contact; after three a letter goes out.",
            example=0,
            unit="attempts",
        ),
        "manual_only": described(
            fields.Boolean(),
            "Objected to automated suggestions: nothing is computed, a person advises.",
            example=False,
        ),
        "created_at": described(
            Moment(),
            "When it was first kept.",
            example="2027-03-09T08:30:00Z",
            unit="moment in UTC",
        ),
        "updated_at": described(
            Moment(), "When it last changed.", example="2027-03-09T08:30:00Z", unit="moment in UTC"
        ),
    },
    name="Candidate",
)
Candidate.__doc__ = (
    "A candidate, with the fields that your rights cover. A level that is null is unknown."
)

CandidatePage = page_of("CandidatePage", Candidate, "candidates, longest waiting first")


class CandidateQuery(PageQuery):
    """Which candidates."""

    caseload = described(
        fields.String(load_default="own", validate=validate.OneOf(["own", "region"])),
        "`own` narrows the list for coaches to their own people; `region` gives all in reach.",
        example="region",
    )
    status = described(
        fields.String(
            load_default=CandidateStatus.ACTIVE.value,
            validate=validate.OneOf([*(status.value for status in CandidateStatus), "any"]),
        ),
        "Only people with this status; `any` for everybody.",
        example="active",
    )
    lane = described(
        fields.String(
            load_default=None,
            allow_none=False,
            validate=validate.OneOf([lane.value for lane in Lane]),
        ),
        "Only people whose latest assessment gave this lane. Readiness is no filter and no order.",
        example="ready_now",
    )
    reference = described(
        Text(200, load_default=None, allow_none=False),
        "Only the person with this reference.",
        example="K-0001",
    )
