"""What the stateless twins of the command line take: rows exactly as files have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from matcher.api.fields import Day, column_fields, described, nested_list, whole
from matcher.api.schemas.advice import DAY
from matcher.api.schemas.allocations import AllocationRow, Explanation
from matcher.api.schemas.assessments import AssessmentRow
from matcher.api.schemas.matches import MatchRow
from matcher.api.schemas.plans import PlanRow
from matcher.domain.allocating import DEFAULT_LANES, Method, SeatOrder
from matcher.domain.vocabulary import Lane
from matcher.files.columns_candidate import CANDIDATE_FILE_COLUMNS
from matcher.files.columns_pairs import PAIR_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.messages import say
from matcher.files.records import (
    Parsed,
    parse_candidate,
    parse_pair,
    parse_programme,
    parse_vacancy,
)
from matcher.http.language import current_language

CANDIDATES_MAXIMUM = 1_000
ROWS_MAXIMUM = 5_000
PAIRS_MAXIMUM = 250_000
ALLOCATED_PAIRS_MAXIMUM = 50_000
"""What one request takes; more goes through the command line, which shows how far it is. What one
more place adds asks for many allocations, so fewer are taken there."""

CandidateRow = Schema.from_dict(
    column_fields(CANDIDATE_FILE_COLUMNS, required=("reference", "region")), name="CandidateRow"
)
CandidateRow.__doc__ = (
    "A candidate as a row of a candidates file. What is null or left out is unknown. benefit and "
    "birth_year are split off at once: no score reads them (P-4)."
)

VacancyRow = Schema.from_dict(
    column_fields(
        VACANCY_COLUMNS, required=("reference", "contractor", "region", "sector", "places")
    ),
    name="VacancyRow",
)
VacancyRow.__doc__ = (
    "A vacancy as a row of a vacancies file. A field for money, benefit, age, gender, origin or "
    "health is refused by name."
)

ProgrammeRow = Schema.from_dict(
    column_fields(PROGRAMME_COLUMNS, required=("reference", "kind")), name="ProgrammeRow"
)
ProgrammeRow.__doc__ = "A programme as a row of a programmes file. It never asks for a money level."


DecidedPairRow = Schema.from_dict(
    column_fields(PAIR_COLUMNS, required=("candidate", "vacancy", "decision")),
    name="DecidedPairRow",
)
DecidedPairRow.__doc__ = "A pair that people decided about, as a row of a file of decided pairs."


class Rows(fields.List[Any]):
    """Rows read by the parser of the files, so that both mean the same (P-10).

    Each is a value of the domain; `reference` gives its reference, which must be unique.
    """

    def __init__(
        self,
        schema: type[Schema],
        parse: Callable[..., Parsed[Any]],
        reference: Callable[[Any], str],
        *,
        maximum: int = ROWS_MAXIMUM,
        **options: Any,
    ) -> None:
        super().__init__(fields.Nested(schema), **options)
        self.metadata = {**self.metadata, "maxItems": maximum}
        self.maximum = maximum
        self.parse = parse
        self.reference = reference

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("must be a list of rows")
        if len(value) > self.maximum:
            raise ValidationError(
                f"holds {len(value)} rows, at most {self.maximum} are taken here; "
                "use the command line for more"
            )
        language = current_language()
        found: list[Any] = []
        wrong: dict[int, Any] = {}
        first: dict[str, int] = {}
        for index, row in enumerate(value):
            if not isinstance(row, dict):
                wrong[index] = [say("not_an_object", language)]
                continue
            parsed = self.parse(row, lang=language)
            if parsed.value is None:
                wrong[index] = _messages(parsed)
                continue
            reference = self.reference(parsed.value)
            if first.setdefault(reference, index) != index:
                wrong[index] = {
                    "reference": [f"is that of [{first[reference]}] already; each must differ"]
                }
            found.append(parsed.value)
        if wrong:
            raise ValidationError(wrong)
        return found


def _messages(parsed: Parsed[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in parsed.problems:
        found.setdefault(problem.where, []).append(problem.why)
    return found


def _candidates() -> Rows:
    return described(
        Rows(
            CandidateRow,
            parse_candidate,
            lambda parts: parts[0].reference,
            maximum=CANDIDATES_MAXIMUM,
            required=True,
        ),
        "The candidates, in the order in which rows come back.",
        example=[{"reference": "K-0001", "region": "demo", "rhythm": 3}],
    )


def _vacancies(**options: Any) -> Rows:
    return described(
        Rows(VacancyRow, parse_vacancy, lambda vacancy: vacancy.reference, **options),
        "The vacancies.",
        example=[
            {
                "reference": "V-017",
                "contractor": "Voorbeeld Wegen",
                "region": "demo",
                "sector": "F42",
                "places": 2,
            }
        ],
    )


def _programmes() -> Rows:
    return described(
        Rows(
            ProgrammeRow,
            parse_programme,
            lambda programme: programme.reference,
            load_default=None,
            allow_none=True,
        ),
        "The programmes; without them the shipped catalogue is used.",
        example=[{"reference": "P-01", "kind": "werkfit", "raises": ["rhythm:+1"], "weeks": 12}],
    )


def _on() -> Day:
    return described(
        Day(load_default=None, allow_none=True),
        "The day to compute for; today in Europe/Amsterdam when left out.",
        example="2027-03-09",
        unit=DAY,
    )


class Preview(Schema):
    """Rows of candidates, and of vacancies where there are any."""

    pairs_maximum = PAIRS_MAXIMUM

    @validates_schema
    def refuse_too_many_pairs(self, data: Mapping[str, Any], **_: Any) -> None:
        """Keeps one request from holding a server for minutes."""
        pairs = len(data["candidates"]) * len(data["vacancies"] or ())
        if pairs > self.pairs_maximum:
            too_many = (
                f"make {pairs} pairs with the candidates, at most {self.pairs_maximum} are taken "
                "here; use the command line for more"
            )
            raise ValidationError({"vacancies": [too_many]})


class AssessmentsPreview(Preview):
    """What `matcher assess` takes."""

    candidates = _candidates()
    vacancies = _vacancies(load_default=None, allow_none=True)
    programmes = _programmes()
    on = _on()


class MatchesPreview(Preview):
    """What `matcher match` takes."""

    candidates = _candidates()
    vacancies = _vacancies(required=True)
    top = described(
        whole(1, ROWS_MAXIMUM, load_default=None, allow_none=True),
        "At most so many vacancies a candidate; all when left out.",
        example=5,
        unit="vacancies",
    )
    all = described(
        fields.Boolean(load_default=False, truthy={True}, falsy={False}),
        "Whether blocked pairs are written too.",
        example=False,
    )
    on = _on()


class PlansPreview(Preview):
    """What `matcher plan` takes."""

    candidates = _candidates()
    vacancies = _vacancies(required=True)
    programmes = _programmes()
    on = _on()


class AllocationsPreview(Preview):
    """What `matcher allocate` takes."""

    pairs_maximum = ALLOCATED_PAIRS_MAXIMUM

    candidates = _candidates()
    vacancies = _vacancies(required=True)
    programmes = _programmes()
    pairs = described(
        Rows(
            DecidedPairRow,
            parse_pair,
            lambda pair: " with ".join(pair.key),
            load_default=(),
        ),
        "Pairs that people decided about beforehand.",
        example=[{"candidate": "K-0001", "vacancy": "V-017", "decision": "locked"}],
    )
    method = described(
        fields.String(
            validate=validate.OneOf([method.value for method in Method]),
            load_default=Method.OPTIMAL.value,
        ),
        "The optimum, or one of the two ways that people use by hand.",
        example="optimal",
    )
    lanes = described(
        fields.List(
            fields.String(validate=validate.OneOf([lane.value for lane in Lane])),
            load_default=[lane.value for lane in DEFAULT_LANES],
        ),
        "Who can be placed; others compete for seats.",
        example=["ready_now", "ready_with_support"],
    )
    floor = described(
        fields.Float(validate=validate.Range(0, 1), load_default=0.0),
        "Each quarter by start level gets at least this share of the places it could fill.",
        example=0.2,
        unit="share",
    )
    seats = described(
        fields.String(
            validate=validate.OneOf([order.value for order in SeatOrder]),
            load_default=SeatOrder.WAITING.value,
        ),
        "Seats alone go by days waited, or to where they open the best fit.",
        example="waiting",
    )
    seed = described(
        whole(load_default=0),
        "Decides between allocations of equal value and waiting time.",
        example=0,
    )
    on = _on()


class LeftOut(Schema):
    """A candidate left out of matches and plans."""

    reference = described(fields.String(required=True), "The candidate.", example="K-0001")
    paused_until = described(
        Day(required=True),
        "Until when; the only reason ever given.",
        example="2027-04-01",
        unit=DAY,
    )


class AssessmentRows(Schema):
    """A row for each candidate, in their order."""

    items = described(nested_list(AssessmentRow, required=True), "The rows.", example=[])


class MatchRows(Schema):
    """The ranked vacancies of each candidate, in the order of the candidates."""

    items = described(nested_list(MatchRow, required=True), "The rows.", example=[])
    left_out = described(
        nested_list(LeftOut, required=True), "Candidates who are paused on that day.", example=[]
    )


class AllocationRows(Schema):
    """The proposals, in the order of the candidates' references, with what is to be known."""

    items = described(nested_list(AllocationRow, required=True), "The rows.", example=[])
    summary = described(
        fields.Dict(keys=fields.String(), required=True),
        "What was possible, why somebody got no place, and what one more place or seat would add, "
        "as in F.summary.json.",
        example={"objective": 812_300, "gap": 0.0},
    )
    explanation = described(
        fields.Nested(Explanation, required=True),
        "Why it is so, as in F.explained.json.",
        example={"proposals": []},
    )
    left_out = described(
        nested_list(LeftOut, required=True), "Candidates who are paused on that day.", example=[]
    )


class PlanRows(Schema):
    """A plan for each candidate, in their order."""

    items = described(nested_list(PlanRow, required=True), "The rows.", example=[])
    left_out = described(
        nested_list(LeftOut, required=True), "Candidates who are paused on that day.", example=[]
    )
