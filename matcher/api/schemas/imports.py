"""Imports: what may be sent about a file, and what is answered."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.models.states import UploadState
from matcher.services.uploads import KINDS

_KINDS = validate.OneOf([kind.value for kind in KINDS])
_TEXT_MAXIMUM = 200


class ImportQuery(Schema):
    """What a file holds, and how it is called; of a multipart body the file's own name counts."""

    kind = described(
        fields.String(required=True, validate=_KINDS),
        "What stands in the file.",
        example="candidates",
    )
    name = described(
        fields.String(load_default=None, validate=validate.Length(1, _TEXT_MAXIMUM)),
        "The name of the file, for a body that is the file itself.",
        example="monday.csv",
    )


class ImportColumn(Schema):
    """One column of the file."""

    header = described(fields.String(), "Its header, in lower case.", example="uren per week")
    target = described(
        fields.String(allow_none=True), "What it fills; null is left out.", example="hours_max"
    )
    why = described(
        fields.String(),
        "Why: same_name, like_name, content, swapped, doubted, remembered, unknown, taken, never "
        "or chosen.",
        example="same_name",
    )
    fit = described(
        whole(allow_none=True),
        "How many of a hundred filled cells can be read so; null without any.",
        example=98,
        unit="percent",
    )
    other = described(
        fields.String(allow_none=True),
        "The header it seems swapped with, or the code of what is never asked.",
        example="postcode",
    )


class ImportRow(Schema):
    """One thing found in one row."""

    row = described(whole(), "The row, counting the header as 1.", example=7)
    column = described(fields.String(), "The header of the column.", example="mobiel")
    target = described(fields.String(), "What the column fills.", example="phone")
    code = described(fields.String(), "What is wrong, as a code.", example="phone_lost")
    why = described(
        fields.String(),
        "What is wrong, and the way out.",
        example="is a phone number of which the spreadsheet dropped digits; ask for it again",
    )
    shown = described(
        fields.String(),
        "What stands there, shortened; never a number of a person.",
        example="6,12E+08",
    )
    fix = described(
        fields.String(allow_none=True),
        "The kind of proposal; null when nothing can be proposed and the row is refused.",
        example="leave_out",
    )
    proposed = described(
        fields.String(allow_none=True),
        "What takes its place; null leaves the answer out.",
        example="0612345678",
    )
    group = described(
        fields.String(),
        "The group of proposals that is decided on together.",
        example="phone:phone_lost:leave_out",
    )


class ImportCounts(Schema):
    """Rows by what becomes, or became, of them."""

    fine = described(whole(), "Rows that can go in as they are.", example=1600, unit="rows")
    fixable = described(whole(), "Rows that go in with a proposal.", example=334, unit="rows")
    left_out = described(whole(), "Rows whose proposal is not taken over.", example=0, unit="rows")
    refused = described(whole(), "Rows that cannot go in.", example=66, unit="rows")


class ImportOutcome(Schema):
    """What became of the rows."""

    created = described(
        whole(), "Rows that brought somebody or something new.", example=1900, unit="rows"
    )
    changed = described(whole(), "Rows that changed what was there.", example=30, unit="rows")
    unchanged = described(whole(), "Rows that said what was known.", example=4, unit="rows")
    left_out = described(whole(), "Rows whose proposal was not taken over.", example=0, unit="rows")
    refused = described(whole(), "Rows that could not go in.", example=66, unit="rows")
    doubles = described(whole(), "Pairs that may be of one person.", example=2, unit="pairs")


class ImportGroup(Schema):
    """Proposals that are decided on together."""

    group = described(fields.String(), "Its name.", example="phone:phone_lost:leave_out")
    target = described(fields.String(), "What the column fills.", example="phone")
    code = described(fields.String(), "What is wrong, as a code.", example="phone_lost")
    fix = described(fields.String(allow_none=True), "The kind of proposal.", example="leave_out")
    count = described(whole(), "In how many rows.", example=312, unit="rows")


class Import(Schema):
    """One file and where its import stands."""

    id = described(whole(), "The key of the import.", example=3)
    kind = described(fields.String(), "What stands in the file.", example="candidates")
    region = described(fields.String(), "The region it is for.", example="demo")
    name = described(fields.String(), "The name of the file.", example="monday.csv")
    format = described(fields.String(), "csv, xlsx, json or vum.", example="csv")
    row_count = described(whole(), "Rows under the header.", example=2000, unit="rows")
    state = described(
        fields.String(validate=validate.OneOf([state.value for state in UploadState])),
        "columns and checked wait for somebody; checking and importing are at work.",
        example="checked",
    )
    columns = described(
        fields.List(fields.Nested(ImportColumn)), "What each column fills.", example=[]
    )
    counts = described(
        fields.Nested(ImportCounts, allow_none=True),
        "What the dry run found; null before it.",
        example=None,
    )
    groups = described(fields.List(fields.Nested(ImportGroup)), "Proposals by kind.", example=[])
    outcome = described(
        fields.Nested(ImportOutcome, allow_none=True),
        "What became of the rows; null until it is done.",
        example=None,
    )
    job_id = described(whole(allow_none=True), "The job that checks or imports it.", example=12)
    created_at = described(Moment(), "When it came in.", example="2027-03-01T08:30:00Z")
    finished_at = described(
        Moment(allow_none=True), "When it was done.", example="2027-03-01T08:31:00Z"
    )


ImportPage = page_of("ImportPage", Import, "imports")


class ImportListQuery(PageQuery):
    """Which page of imports."""


class ImportChange(Schema):
    """Columns, or which proposals are taken over; one of both."""

    columns = described(
        fields.Dict(
            keys=fields.String(validate=validate.Length(1, _TEXT_MAXIMUM)),
            values=fields.String(allow_none=True, validate=validate.Length(1, _TEXT_MAXIMUM)),
        ),
        "By header what it fills, null to leave it out; a header not named stays as it is.",
        example={"uren per week": "hours_max"},
    )
    leave_out_groups = described(
        fields.List(fields.String(validate=validate.Length(1, _TEXT_MAXIMUM))),
        "Groups of proposals that are not taken over; all others are.",
        example=["phone:phone_lost:leave_out"],
    )
    leave_out_rows = described(
        fields.Dict(
            keys=fields.String(validate=validate.Length(1, _TEXT_MAXIMUM)),
            values=fields.List(whole()),
        ),
        "Single rows by group whose proposal is not taken over.",
        example={"phone:phone_lost:leave_out": [7]},
    )


class FindingQuery(Schema):
    """Which findings."""

    group = described(
        fields.String(required=True, validate=validate.Length(1, _TEXT_MAXIMUM)),
        "The group of findings.",
        example="phone:phone_lost:leave_out",
    )
    from_row = described(
        whole(strict=False, data_key="fromRow", load_default=0),
        "The first row.",
        example=0,
    )


class FindingPage(Schema):
    """Findings of one group in the order of the rows."""

    items = described(fields.List(fields.Nested(ImportRow)), "The findings.", example=[])
    next_row = described(
        whole(allow_none=True), "The `fromRow` of the next page; null on the last.", example=None
    )


class ResultQuery(Schema):
    """In which format."""

    format = described(
        fields.String(load_default="csv", validate=validate.OneOf(["csv", "xlsx"])),
        "csv (with semicolons) or xlsx.",
        example="csv",
    )
