"""One record to one domain value and back: the parser that files and the API share.

A record is a mapping from column name to what a cell or a JSON field holds. Every problem in it is
reported at once; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, Generic, TypeVar

from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.decided_pairs import DecidedPair, PairDecision
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.files.cells import is_empty
from matcher.files.columns import Column, Kind
from matcher.files.columns_candidate import AUDIT_COLUMNS, CANDIDATE_BY_NAME, CANDIDATE_COLUMNS
from matcher.files.columns_contract import (
    CONTRACT_BY_NAME,
    CONTRACT_COLUMNS,
    CONTRIBUTION_BY_NAME,
    CONTRIBUTION_COLUMNS,
)
from matcher.files.columns_pairs import PAIR_BY_NAME
from matcher.files.columns_programme import PROGRAMME_BY_NAME, PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_BY_NAME, VACANCY_COLUMNS
from matcher.files.guards import forbidden_need, shown_name
from matcher.files.messages import NEED_SUBJECTS_NL, CellError, say

T = TypeVar("T")

CandidateParts = tuple[CandidateProfile, AuditAttributes]
"""A candidate as scoring may see it, and apart from it what scoring may never see (P-4)."""


Met = dict[tuple[str, str], Any]
"""Values by column and text of the cells of one table that were read already."""
MET_MAXIMUM = 50_000
"""Texts kept at most: a table with more distinct ones is read cell by cell from there on."""
_NOT_MET: Final = object()
_REPEATED: Final = frozenset(
    {
        Kind.CODE,
        Kind.WORD,
        Kind.SCALE,
        Kind.WHOLE,
        Kind.NUMBER,
        Kind.BOOLEAN,
        Kind.DATE,
        Kind.TIME,
        Kind.CODES,
        Kind.ORDERED_CODES,
    }
)
"""Columns in which few texts stand in many rows; their values cannot be changed by a reader."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """The value of one record, or every reason why there is none."""

    value: T | None
    problems: tuple[Problem, ...] = ()

    def unwrap(self) -> T:
        """The value; raises `InvalidInput` with all problems when there is none."""
        if self.value is None or self.problems:
            raise InvalidInput(self.problems)
        return self.value


def read_fields(
    columns: Mapping[str, Column],
    record: Mapping[str, object],
    *,
    row: int | None = None,
    lang: str = "en",
    met: Met | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Domain values by field name of the fields that `record` names, and what is wrong with them.

    Fields that `record` does not name are left out, so that a change of a few fields can be read
    too; a name that is no column is a problem that names the nearest one. `met` are the cells of
    the same table that were read before.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in record.items():
        column = columns.get(name)
        if column is None:
            problems.append(unknown_field(name, columns, row=row, lang=lang))
            continue
        try:
            if column.required and is_empty(raw):
                raise CellError("required")
            values[column.field_name] = _read(column, raw, met)
        except CellError as refused:
            problems.append(refused.problem(name, row, lang))
    low, high = values.get("hours_min"), values.get("hours_max")
    if low is not None and high is not None and low > high:
        problems.append(CellError("hours_order").problem("hours_min", row, lang))
    first, last = values.get("start_on"), values.get("end_on")
    if first is not None and last is not None and last < first:
        problems.append(CellError("dates_order").problem("end_on", row, lang))
    return values, problems


def _read(column: Column, raw: object, met: Met | None) -> Any:
    """The value of a cell; the same text in the same column is read once a table."""
    if met is None or type(raw) is not str or column.kind not in _REPEATED:
        return column.read(raw)
    key = (column.name, raw)
    value = met.get(key, _NOT_MET)
    if value is _NOT_MET:
        value = column.read(raw)
        if len(met) < MET_MAXIMUM:
            met[key] = value
    return value


def unknown_field(
    name: str, columns: Mapping[str, Column], *, row: int | None, lang: str
) -> Problem:
    """What is said of a field that does not exist."""
    near = get_close_matches(name[:60].casefold(), list(columns), n=2, cutoff=0.6)
    code = "unknown_field" if near else "unknown_field_far"
    return Problem(shown_name(name), say(code, lang, nearest=", ".join(near)), row)


def _parse(
    columns: Mapping[str, Column],
    record: Mapping[str, object],
    row: int | None,
    lang: str,
    met: Met | None,
    make: Callable[[dict[str, Any]], T],
) -> Parsed[T]:
    values, problems = read_fields(columns, record, row=row, lang=lang, met=met)
    for column in columns.values():
        if column.required and column.name not in record:
            problems.append(CellError("required").problem(column.name, row, lang))
    if problems:
        order = {name: index for index, name in enumerate(columns)}
        problems.sort(key=lambda problem: order.get(problem.where, len(order)))
        return Parsed(None, tuple(problems))
    return Parsed(make(values))


def parse_candidate(
    record: Mapping[str, object],
    *,
    row: int | None = None,
    lang: str = "en",
    met: Met | None = None,
) -> Parsed[CandidateParts]:
    """A candidate's profile, and apart from it the attributes that only the audit may read."""
    return _parse(CANDIDATE_BY_NAME, record, row, lang, met, _candidate)


def _candidate(values: dict[str, Any]) -> CandidateParts:
    audit = {column.field_name: values.pop(column.field_name, None) for column in AUDIT_COLUMNS}
    return CandidateProfile(**values), AuditAttributes(values["reference"], **audit)


def parse_vacancy(
    record: Mapping[str, object],
    *,
    row: int | None = None,
    lang: str = "en",
    met: Met | None = None,
) -> Parsed[VacancyProfile]:
    """A vacancy; a field for money, benefit, age, gender, origin or health is refused by name."""
    never = forbidden_needs(record, row=row, lang=lang)
    if never:
        return Parsed(None, never)
    return _parse(VACANCY_BY_NAME, record, row, lang, met, lambda values: VacancyProfile(**values))


def forbidden_needs(
    names: Mapping[str, object] | Sequence[str], *, row: int | None = None, lang: str = "en"
) -> tuple[Problem, ...]:
    """A problem for each name that asks what a vacancy may never ask."""
    found = []
    for name in names:
        subject = None if name in VACANCY_BY_NAME else forbidden_need(name)
        if subject is not None:
            facts = {"subject": subject, "subject_nl": NEED_SUBJECTS_NL[subject]}
            found.append(Problem(shown_name(name), say("never_a_need", lang, **facts), row))
    return tuple(found)


def parse_programme(
    record: Mapping[str, object],
    *,
    row: int | None = None,
    lang: str = "en",
    met: Met | None = None,
) -> Parsed[Programme]:
    """A programme of the catalogue; one that asks for a money level is refused (P-3)."""
    return _parse(PROGRAMME_BY_NAME, record, row, lang, met, lambda values: Programme(**values))


def parse_pair(
    record: Mapping[str, object],
    *,
    row: int | None = None,
    lang: str = "en",
    met: Met | None = None,
) -> Parsed[DecidedPair]:
    """A pair that people decided about before an allocation."""
    return _parse(PAIR_BY_NAME, record, row, lang, met, _pair)


def _pair(values: dict[str, Any]) -> DecidedPair:
    return DecidedPair(**{**values, "decision": PairDecision(values["decision"])})


def parse_contract(
    record: Mapping[str, object],
    *,
    row: int | None = None,
    lang: str = "en",
    met: Met | None = None,
) -> Parsed[Contract]:
    """A public contract."""
    return _parse(CONTRACT_BY_NAME, record, row, lang, met, lambda values: Contract(**values))


def parse_contribution(
    record: Mapping[str, object],
    *,
    row: int | None = None,
    lang: str = "en",
    met: Met | None = None,
) -> Parsed[Contribution]:
    """Something done for a contract."""
    return _parse(
        CONTRIBUTION_BY_NAME, record, row, lang, met, lambda values: Contribution(**values)
    )


def _record(columns: Sequence[Column], value: object) -> dict[str, Any]:
    return {column.name: column.write(getattr(value, column.field_name)) for column in columns}


def candidate_record(
    profile: CandidateProfile, audit: AuditAttributes | None = None
) -> dict[str, Any]:
    """A candidate by column name, as JSON holds it; with `audit` also what scoring never reads."""
    record = _record(CANDIDATE_COLUMNS, profile)
    if audit is not None:
        record.update(_record(AUDIT_COLUMNS, audit))
    return record


def vacancy_record(vacancy: VacancyProfile) -> dict[str, Any]:
    """A vacancy by column name, as JSON holds it."""
    return _record(VACANCY_COLUMNS, vacancy)


def programme_record(programme: Programme) -> dict[str, Any]:
    """A programme by column name, as JSON holds it."""
    return _record(PROGRAMME_COLUMNS, programme)


def contract_record(contract: Contract) -> dict[str, Any]:
    """A contract by column name, as JSON holds it."""
    return _record(CONTRACT_COLUMNS, contract)


def contribution_record(contribution: Contribution) -> dict[str, Any]:
    """A contribution by column name, as JSON holds it."""
    return _record(CONTRIBUTION_COLUMNS, contribution)
