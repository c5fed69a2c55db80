"""Work that takes longer than a request: asking for it, how far it is, and what came of it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import Hundredths, Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.models.states import JobFailure, JobState
from matcher.services.job_kinds import KINDS

_KINDS = list(KINDS)
_MOMENT = "moment in UTC"


class JobQuery(PageQuery):
    """Which jobs."""

    kind = described(
        fields.String(load_default=None, allow_none=False, validate=validate.OneOf(_KINDS)),
        "Only jobs of this kind.",
        example="match_region",
    )


class JobCreate(Schema):
    """What to work on."""

    kind = described(
        fields.String(required=True, validate=validate.OneOf(_KINDS)),
        "The kind of job.",
        example="match_region",
    )
    arguments = described(
        fields.Dict(keys=fields.String(), load_default=dict),
        "What this kind of job takes; `match_region` takes nothing, `allocate_region` a `floor`.",
        example={},
    )


class JobChange(Schema):
    """The one thing that can be changed about a job."""

    state = described(
        fields.String(required=True, validate=validate.OneOf([JobState.CANCELLED.value])),
        "Stops the job: at once when nobody works on it, else after the part at hand.",
        example="cancelled",
    )


class Job(Schema):
    """One job and how far it is."""

    id = described(whole(required=True), "The key of this job.", example=8)
    kind = described(fields.String(required=True), "The kind of job.", example="match_region")
    region = described(fields.String(), "The region that it is about.", example="demo")
    arguments = described(fields.Dict(), "What it was asked with.", example={})
    state = described(
        fields.String(validate=validate.OneOf([state.value for state in JobState])),
        "Where it stands; `done`, `failed` and `cancelled` are the ends.",
        example="running",
    )
    failure = described(
        fields.String(
            allow_none=True, validate=validate.OneOf([each.value for each in JobFailure])
        ),
        "Why it failed: the work was refused, had a fault, or ended every worker.",
        example="fault",
    )
    total = described(
        whole(allow_none=True), "Parts in all; null until planned.", example=40, unit="parts"
    )
    done = described(whole(), "Parts that are in.", example=12, unit="parts")
    cancel_asked_at = described(
        Moment(allow_none=True),
        "When somebody asked to stop it.",
        example="2027-03-01T08:31:00Z",
        unit=_MOMENT,
    )
    submitted_at = described(
        Moment(), "When it was asked for.", example="2027-03-01T08:30:00Z", unit=_MOMENT
    )
    started_at = described(
        Moment(allow_none=True),
        "When work on it began.",
        example="2027-03-01T08:30:01Z",
        unit=_MOMENT,
    )
    finished_at = described(
        Moment(allow_none=True), "When it ended.", example="2027-03-01T08:30:09Z", unit=_MOMENT
    )
    result = described(
        fields.Dict(allow_none=True),
        "Counts of what came of it; null until it is done.",
        example={"people": 400, "without": 26},
    )


JobPage = page_of("JobPage", Job, "jobs")


class JobMatch(Schema):
    """One of the best places of somebody."""

    candidate_id = described(whole(), "The candidate.", example=12)
    candidate = described(fields.String(), "The candidate's reference.", example="K-0001")
    vacancy_id = described(whole(), "The vacancy.", example=7)
    vacancy = described(fields.String(), "The reference of the vacancy.", example="V-017")
    rank = described(whole(1), "Equal fit is equal rank: 1, 2, 2, 4.", example=1)
    fit = described(Hundredths(), "How well it fits, 0 to 100.", example=81.25, unit="points")


JobMatchPage = page_of("JobMatchPage", JobMatch, "best places")


class JobPlace(Schema):
    """One vacancy of the result."""

    vacancy_id = described(whole(), "The vacancy.", example=7)
    vacancy = described(fields.String(), "Its reference.", example="V-017")
    title = described(fields.String(allow_none=True), "Its title.", example="Paver's assistant")
    contractor = described(fields.String(), "Its contractor.", example="Voorbeeld Wegen")
    places = described(whole(), "How many places it has.", example=2, unit="places")
    fits = described(whole(), "How many people fit.", example=14, unit="people")
    first = described(
        whole(), "For how many of them no place fits better.", example=3, unit="people"
    )


JobPlacePage = page_of("JobPlacePage", JobPlace, "vacancies")
