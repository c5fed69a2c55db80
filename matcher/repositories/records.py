"""What the repositories hand out: frozen values, so that no caller can change a row by accident.

`as_mapping` gives the flat names of the visibility table; every serialiser passes it to
``matcher.services.visibility.show``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from matcher.domain.access import Right
from matcher.domain.candidate import CandidateProfile
from matcher.domain.displacement import OrganisationKind
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane
from matcher.models.states import (
    AdviceKind,
    CallOutcome,
    CallStatus,
    CandidateStatus,
    ClosingCode,
    ContactKind,
    DecisionReason,
    DecisionSubject,
    VacancyStatus,
)

T = TypeVar("T")


class Record:
    """A frozen dataclass that can be shown field by field."""

    __slots__ = ()

    def as_mapping(self) -> dict[str, Any]:
        """Every field by name; a nested profile is laid flat."""
        flat: dict[str, Any] = {}
        for item in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, item.name)
            if isinstance(value, CandidateProfile | VacancyProfile | Programme):
                flat.update({part.name: getattr(value, part.name) for part in fields(value)})
            else:
                flat[item.name] = value
        return flat


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; `next_cursor` is None on the last page."""

    items: tuple[T, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CandidateRecord(Record):
    """A candidate as kept; `version` is what ETag and ``If-Match`` speak of."""

    id: int
    version: int
    profile: CandidateProfile
    status: CandidateStatus
    first_name: str | None
    contact_kind: ContactKind | None
    contact_value: str | None
    owner_account_id: int | None
    goal: str | None
    manual_only: bool
    not_reached: int
    closed_code: ClosingCode | None
    closed_on: date | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CommitmentRecord(Record):
    """Hours a week spent outside this system, until and including a day; never what they are."""

    id: int
    candidate_id: int
    hours_a_week: float
    until: date
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DraftRecord(Record):
    """Answers of one card that are not yet part of the profile; the JSON is the form's own."""

    id: int
    version: int
    candidate_id: int | None
    account_id: int | None
    card: str
    answers: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class VacancyRecord(Record):
    """A vacancy as kept; only an open one is matched."""

    id: int
    version: int
    profile: VacancyProfile
    status: VacancyStatus
    organisation_id: int
    opened_on: date | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CallRequestRecord(Record):
    """Somebody who wants to be called about work at their firm, and what came of it."""

    id: int
    version: int
    region: str
    organisation_id: int | None
    vacancy_id: int | None
    name: str
    phone: str
    work: str
    people: int | None
    wanted_when: str | None
    status: CallStatus
    due_at: datetime
    handled_by: int | None
    handled_at: datetime | None
    outcome: CallOutcome | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ProgrammeRecord(Record):
    """A programme as kept; `starts` are its dated starts with their own number of seats."""

    id: int
    version: int
    programme: Programme
    is_active: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ArrangementRecord(Record):
    """Firms, a school and a region that work towards one target between two dates."""

    id: int
    version: int
    name: str
    region: str
    sectors: tuple[str, ...]
    firms: tuple[str, ...]
    provider: str | None
    target: int | None
    starts_on: date | None
    until: date | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AdviceRecord(Record):
    """One computed advice that is kept: `result` holds the rows of contract.md section 3.

    `result` is one row for an assessment or plan, a list of rows for matches. `input_hash` is
    the SHA-256 of everything that went in: profile, vacancies, programmes, places, rules, date
    and language.
    """

    id: int
    kind: AdviceKind
    candidate_id: int
    candidate_version: int
    region: str
    on: date
    language: str
    lane: Lane | None
    rules_slug: str
    rules_version: str
    input_hash: str
    result: Any
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRecord(Record):
    """What a person decided after a suggestion; never changed afterwards."""

    id: int
    candidate_id: int
    assessment_id: int | None
    subject: DecisionSubject
    suggested: str | None
    chosen: str
    accepted: bool
    reason: DecisionReason
    text: str | None
    facts_checked: tuple[str, ...]
    decided_by: int | None
    decided_at: datetime
    review_on: date | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrganisationRecord(Record):
    """A contractor, a talent centre, a provider."""

    id: int
    version: int
    name: str
    region: str
    size_fte: float | None
    kind: OrganisationKind | None


@dataclass(frozen=True, slots=True)
class AccountRecord(Record):
    """An account without its secrets."""

    id: int
    version: int
    name: str
    rights: frozenset[Right]
    region: str | None
    organisation_id: int | None
    email: str | None
    phone: str | None
    language: str
    is_active: bool
    has_password: bool
    has_second_factor: bool
    failed_sign_ins: int
    last_failed_at: datetime | None
    last_sign_in_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRecord(Record):
    """An API token as it can be listed: only the prefix of the secret is kept readable."""

    id: int
    account_id: int
    prefix: str
    title: str
    scopes: frozenset[Right]
    expires_at: datetime
    revoked_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One line of *Vandaag*: one thing to do for one person.

    `why` is a code: ``answers`` (came in since the advice), ``returns`` (a pause ends),
    ``unreached`` (three attempts), ``elsewhere`` (arrival not confirmed), ``review``,
    ``draft``, ``missing`` or ``new``; `due_on` is the day it
    counts from and `detail` the card or the missing answers.
    """

    why: str
    candidate_id: int | None
    reference: str | None
    first_name: str | None
    due_on: date
    draft_id: int | None = None
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextReview:
    """What the newest advice says comes next; without a lane, an own choice is asked first."""

    lane: Lane | None
    review_on: date | None


@dataclass(frozen=True, slots=True)
class CentreLine:
    """One person in the talent centre's list; without readiness, which nothing sorts by.

    With `asks_first` the advice is left out until whoever looks has chosen a lane themselves.
    """

    candidate_id: int
    reference: str
    first_name: str | None
    lane: Lane | None
    manual_only: bool
    asks_first: bool
    waiting_days: int | None
    missing: tuple[str, ...]
    not_reached: int
    paused_until: date | None
    review_on: date | None
    near: tuple[str, str] | None = None
    """The open place that one thing keeps shut, and what that is, in words."""
    decided: Lane | None = None
    """The lane that a person decided on."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or on a dry run would do; `problems` name each refused row."""

    kind: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: Sequence[Any] = field(default_factory=tuple)
    warnings: Sequence[Any] = field(default_factory=tuple)
    dry_run: bool = False
