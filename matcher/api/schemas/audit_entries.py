"""Entries of the log, and how they are searched."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import Day, Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.domain.access import Right
from matcher.models.states import AuditAction

_ACTIONS = [action.value for action in AuditAction]
_RIGHTS = [right.value for right in Right]


class AuditEntryQuery(PageQuery):
    """Which entries; every filter that is given has to hold."""

    candidate_id = described(
        whole(1, strict=False, load_default=None, data_key="candidateId"),
        "Only what was done with the data of this person.",
        example=12,
    )
    account_id = described(
        whole(1, strict=False, load_default=None, data_key="accountId"),
        "Only what this account did.",
        example=4,
    )
    right = described(
        fields.String(load_default=None, allow_none=False, validate=validate.OneOf(_RIGHTS)),
        "Only what was done by this right.",
        example="coach",
    )
    action = described(
        fields.String(load_default=None, allow_none=False, validate=validate.OneOf(_ACTIONS)),
        "Only entries of this action.",
        example="read",
    )
    since = described(
        Day(load_default=None, allow_none=False),
        "Only from this day in Amsterdam on.",
        example="2027-03-01",
    )
    until = described(
        Day(load_default=None, allow_none=False),
        "Only to the end of this day in Amsterdam.",
        example="2027-03-31",
    )


class AuditEntry(Schema):
    """One entry: who, by which right, why, what and when; never what a file holds."""

    id = described(whole(required=True), "The position in the chain, without a gap.", example=310)
    at = described(
        Moment(required=True), "When.", example="2027-03-09T08:30:00Z", unit="moment in UTC"
    )
    account_id = described(
        whole(allow_none=True), "The account; null is the operator or the service.", example=4
    )
    account = described(
        fields.String(allow_none=True), "The name of the account, as it is now.", example="coach"
    )
    right_used = described(
        fields.String(allow_none=True), "The right that opened the door.", example="coach"
    )
    purpose = described(fields.String(), "What for, as a code.", example="guidance")
    action = described(
        fields.String(validate=validate.OneOf(_ACTIONS)), "What was done.", example="read"
    )
    kind = described(fields.String(), "What it was done with.", example="candidate")
    object_id = described(whole(allow_none=True), "The key of that.", example=12)
    candidate_id = described(
        whole(allow_none=True),
        "Whose data it was; null for a list and for what is about nobody.",
        example=12,
    )
    region = described(fields.String(allow_none=True), "The region.", example="demo")
    fields_named = described(
        fields.List(fields.String(), attribute="fields", data_key="fields"),
        "Names of the fields that changed.",
        example=["hours_max"],
    )
    query = described(
        fields.String(allow_none=True), "The filters of a list, as codes.", example="lane=ready_now"
    )
    count = described(
        whole(allow_none=True), "How many were shown or changed.", example=12, unit="items"
    )
    versions = described(
        fields.String(allow_none=True),
        "Rules, artefact and program of a suggestion or of a decision on one.",
        example="rules=demo 2027-01;artefact=none;program=0.1",
    )
    request_id = described(
        fields.String(allow_none=True), "The request that it was part of.", example="9f2c1d7e"
    )


AuditEntryPage = page_of("AuditEntryPage", AuditEntry, "entries")
