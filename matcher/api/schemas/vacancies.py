"""Vacancies: what may be sent, and what is answered to those who may see it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from matcher.api.fields import Code, Moment, column_fields, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.records import forbidden_needs
from matcher.http.language import current_language
from matcher.models.states import VacancyStatus


class VacancyBody(Schema):
    """A body about a vacancy, which can ask no more of people than a file can."""

    @pre_load
    def refuse_needs_that_cannot_be(self, data: Any, **_: Any) -> Any:
        """Names a field for money, benefit, age, gender, origin or health as what it is."""
        problems = forbidden_needs(list(data), lang=current_language())
        if problems:
            raise ValidationError({problem.where: [problem.why] for problem in problems})
        return data


VacancyCreate = VacancyBody.from_dict(
    column_fields(VACANCY_COLUMNS, required=("sector", "places")), name="VacancyCreate"
)
VacancyCreate.__doc__ = (
    "A new vacancy, kept as a draft. A contractor's own account fills in contractor and region. "
    "There is no field for money, benefit, age, gender, origin or health, and none is accepted."
)

VacancyChange = VacancyBody.from_dict(
    {
        **column_fields(
            column
            for column in VACANCY_COLUMNS
            if column.name not in ("reference", "contractor", "region")
        ),
        "status": described(
            fields.String(
                validate=validate.OneOf(
                    [status.value for status in VacancyStatus if status is not VacancyStatus.DRAFT]
                )
            ),
            "`open` lets it be matched, `filled` and `withdrawn` end that. Sent on its own.",
            example="open",
        ),
    },
    name="VacancyChange",
)
VacancyChange.__doc__ = "A change of a vacancy: only what is sent changes, null makes unknown."

Vacancy = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this vacancy here.", example=7),
        "version": described(
            whole(), "Rises with every change; the ETag is made of it.", example=3
        ),
        **column_fields(VACANCY_COLUMNS),
        "status": described(
            fields.String(),
            "draft, open, filled or withdrawn; only open ones are matched.",
            example="open",
        ),
        "organisation_id": described(whole(), "The contractor's key here.", example=2),
        "opened_on": described(
            fields.Date(allow_none=True), "The day it was opened.", example="2027-03-01", unit="day"
        ),
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
    name="Vacancy",
)
Vacancy.__doc__ = "A vacancy, with the fields that your rights cover. Null is unknown."

VacancyPage = page_of("VacancyPage", Vacancy, "vacancies")


class VacancyQuery(PageQuery):
    """Which vacancies."""

    status = described(
        fields.String(
            load_default=None,
            allow_none=False,
            validate=validate.OneOf([status.value for status in VacancyStatus]),
        ),
        "Only vacancies with this status.",
        example="open",
    )
    sector = described(
        Code("sectors", load_default=None, allow_none=False),
        "Only vacancies in this sector.",
        example="F42",
    )


class FitCount(Schema):
    """How many people fit a vacancy now."""

    vacancy_id = described(whole(required=True), "The vacancy.", example=7)
    fits_band = described(
        fields.String(required=True),
        "How many people of the region fit now: under_3, 3_9, 10_24 or 25_up, so that nobody can "
        "be told apart.",
        example="3_9",
        unit="people",
    )
    fits_now = described(
        whole(),
        "The number itself; absent for contractors.",
        example=6,
        unit="people",
    )
    on = described(
        fields.Date(required=True), "The day of the count.", example="2027-03-09", unit="day"
    )
