"""Public contracts and the account of each."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.files.columns_contract import CENTS_MAXIMUM
from matcher.reference.codes import load_codes

_KINDS = sorted(load_codes().list("contract_kinds").codes)
_PSO = sorted(load_codes().list("pso_levels").codes)
_PARTS = ("obligation", "credit")
_STATES = ("nothing_owed", "met", "running", "cure", "due")


def _cents(text: str, example: int, *, lowest: int = 0, **more: Any) -> Any:
    return described(whole(lowest, CENTS_MAXIMUM, **more), text, example=example, unit="cents")


def _day(text: str, example: str, **more: Any) -> Any:
    return described(fields.Date(**more), text, example=example, unit="day")


def _text(text: str, example: str, most: int = 200, **more: Any) -> Any:
    return described(
        fields.String(validate=validate.Length(min=1, max=most), **more), text, example=example
    )


def _columns(*, required: bool) -> dict[str, Any]:
    """The columns of a contract, as files have them."""
    return {
        "reference": _text("Your own key of it.", "O-2027-01", required=required),
        "contractor": _text("Who carries it out.", "Voorbeeld Wegen", required=required),
        "kind": described(
            fields.String(required=required, validate=validate.OneOf(_KINDS)),
            "Works, services or supplies.",
            example="works",
        ),
        "value_cents": _cents("Its value without VAT.", 30_000_000, required=required),
        "wage_cents": _cents("The wage sum in it.", 10_500_000, allow_none=True),
        "tendered_on": _day("Day of the tender.", "2027-01-15", allow_none=True),
        "awarded_on": _day("Day of the award.", "2027-02-15", allow_none=True),
        "start_on": _day("Its first day.", "2027-04-01", required=required),
        "end_on": _day("Its last day.", "2029-03-31", required=required),
        "pso_level": described(
            fields.String(allow_none=True, validate=validate.OneOf(_PSO)),
            "Step on the PSO ladder.",
            example="none",
        ),
        "pso_valid_until": _day("Last day of the certificate.", "2028-06-30", allow_none=True),
        "pso_holder": described(
            fields.String(allow_none=True, validate=validate.OneOf(["main", "sub"])),
            "Who holds the certificate.",
            example="main",
        ),
        "existing_staff_fte": described(
            fields.Float(allow_none=True, validate=validate.Range(min=0, max=100_000)),
            "Full-time jobs of people of the group who work there already.",
            example=1.5,
            unit="full-time jobs",
        ),
        "municipality": described(
            fields.String(allow_none=True, validate=validate.Length(max=60)),
            "Who tenders it, where it has values of its own in the region's rules.",
            example="voorbeeldstad",
        ),
    }


ContractCreate = Schema.from_dict(_columns(required=True), name="ContractCreate")
ContractCreate.__doc__ = "A new contract of the account's region; what it owes is posted at once."

Contract = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this contract.", example=2),
        "version": described(
            whole(), "Rises with every change; the ETag is made of it.", example=3
        ),
        "region": described(fields.String(), "The region whose rules hold.", example="demo"),
        **_columns(required=False),
        "created_at": described(
            Moment(),
            "When it was first kept.",
            example="2027-03-01T08:30:00Z",
            unit="moment in UTC",
        ),
        "updated_at": described(
            Moment(), "When it last changed.", example="2027-03-09T08:30:00Z", unit="moment in UTC"
        ),
    },
    name="Contract",
)
Contract.__doc__ = "A public contract, without VAT."

ContractPage = page_of("ContractPage", Contract, "contracts")


class ContractQuery(PageQuery):
    """Which contracts."""


AccountStep = Schema.from_dict(
    {
        "part": described(
            fields.String(validate=validate.OneOf(_PARTS)),
            "What is owed, or what counts.",
            example="credit",
        ),
        "rule": described(fields.String(), "The rule.", example="building_blocks"),
        "source": described(fields.String(), "Where the rule can be read.", example="A page"),
        "subject": described(
            fields.String(allow_none=True), "The contribution it is about.", example="I-001"
        ),
        "input": described(fields.Dict(), "What went in, by name.", example={"hours_week": 20}),
        "arithmetic": described(
            fields.String(),
            "How the cents came about; it can be computed again.",
            example="EUR 30000.00 × 20/36 × 6/12 = EUR 8333.33",
        ),
        "cents": _cents("What it comes to.", 833_333, lowest=-CENTS_MAXIMUM),
        "reason": described(
            fields.String(allow_none=True), "Why it counts nothing.", example="after_contract"
        ),
        "example": described(
            fields.Boolean(), "Whether no source was found for the rule.", example=False
        ),
    },
    name="AccountStep",
)
AccountStep.__doc__ = "One step of an account."

AccountLine = Schema.from_dict(
    {
        "kind": described(fields.String(), "Kind of contribution.", example="placement"),
        "count": described(whole(), "How many people or things.", example=4),
        "cents": _cents(
            "What they count for together; null while too few people are in it.",
            1_500_000,
            allow_none=True,
        ),
        "until": _day("The quarter that it goes to, null for all.", "2027-06-30", allow_none=True),
    },
    name="AccountLine",
)
AccountLine.__doc__ = "All contributions of one kind together, people merged."

FillPart = Schema.from_dict(
    {
        "kind": described(fields.String(), "Kind of contribution.", example="placement"),
        "people": described(whole(allow_none=True), "How many people.", example=1),
        "hours_week": described(
            whole(allow_none=True), "Hours a week of each.", example=24, unit="hours"
        ),
        "months": described(whole(allow_none=True), "Months of each.", example=9, unit="months"),
        "group": described(
            fields.String(allow_none=True), "The group of a table it counts with.", example=None
        ),
        "activity_hours": described(
            fields.Decimal(allow_none=True), "Hours of activity.", example=12.5, unit="hours"
        ),
        "invoice_cents": _cents("What is paid.", 250_000, allow_none=True),
        "arithmetic": described(
            fields.String(),
            "How one of it counts.",
            example="EUR 30000.00 × 24/36 × 9/12 = EUR 15000.00",
        ),
        "cents": _cents("What it comes to.", 1_500_000),
    },
    name="FillPart",
)
FillPart.__doc__ = "One part of a combination."

Combination = Schema.from_dict(
    {
        "way": described(
            fields.String(validate=validate.OneOf(["own", "shared", "other"])),
            "A part-week of one's own, somebody shared or lent, or no placement.",
            example="own",
        ),
        "cents": _cents("Exactly what is left.", 1_500_000),
        "parts": described(fields.List(fields.Nested(FillPart)), "Its parts.", example=[]),
    },
    name="Combination",
)
Combination.__doc__ = "What fills an account exactly."

AccountSettlement = Schema.from_dict(
    {
        "state": described(
            fields.String(validate=validate.OneOf(_STATES)), "Where it stands.", example="running"
        ),
        "shortfall_cents": _cents("What is left.", 1_500_000, allow_none=True),
        "cents": _cents("What the rules propose to ask.", 1_500_000, allow_none=True),
        "factor_percent": described(
            fields.Decimal(allow_none=True), "Times the shortfall.", example=100, unit="percent"
        ),
        "arithmetic": described(
            fields.String(allow_none=True),
            "How it came about.",
            example="EUR 15000.00 × 100/100 = EUR 15000.00",
        ),
        "cure_until": _day("Last day to make up for it.", "2029-06-29", allow_none=True),
        "effort_defence": described(
            fields.Boolean(allow_none=True), "Whether proven effort excuses it.", example=True
        ),
        "source": described(
            fields.String(allow_none=True), "Where the rule can be read.", example="A page"
        ),
    },
    name="AccountSettlement",
)
AccountSettlement.__doc__ = "What a shortfall would cost; two officers decide about it."

AccountForecast = Schema.from_dict(
    {
        "percent": described(
            fields.Decimal(allow_none=True),
            "How full at the end, at this pace.",
            example=80,
            unit="percent",
        ),
        "full_on": _day("When it is whole, at this pace.", "2028-05-01", allow_none=True),
    },
    name="AccountForecast",
)
AccountForecast.__doc__ = "Where an account ends at the pace so far."

Account = Schema.from_dict(
    {
        "contract": described(fields.String(), "The contract's reference.", example="O-2027-01"),
        "contractor": described(fields.String(), "Who carries it out.", example="Voorbeeld Wegen"),
        "region": described(fields.String(), "Whose rules hold.", example="demo"),
        "steps": described(
            fields.List(fields.Nested(AccountStep)),
            "Every step; for officers alone.",
            example=[],
        ),
        "lines": described(
            fields.List(fields.Nested(AccountLine)),
            "What counts by kind, people merged.",
            example=[],
        ),
        "obligation_cents": _cents("What is owed.", 1_500_000),
        "credited_cents": _cents("What counts, as far as the viewer sees it.", 833_333),
        "realised_cents": _cents("What was done by that day.", 833_333),
        "balance_cents": _cents("Owed less counted.", 666_667, lowest=-CENTS_MAXIMUM),
        "settlement": described(
            fields.Nested(AccountSettlement), "What a shortfall would cost.", example={}
        ),
        "forecast": described(
            fields.Nested(AccountForecast), "Where it ends at this pace.", example={}
        ),
        "fills": described(
            fields.List(fields.Nested(Combination)),
            "At most three ways to fill what is left exactly.",
            example=[],
        ),
        "on": _day("The day it was computed for.", "2027-03-01"),
        "rules_version": described(
            fields.String(), "The rules it was computed by.", example="demo 2026.3"
        ),
    },
    name="Account",
)
Account.__doc__ = "The social return account of one contract on one day."


class AccountQuery(Schema):
    """For which day."""

    on = _day("The day; default today.", "2027-03-01", load_default=None)
