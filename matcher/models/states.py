"""The states that rows go through; stored by value, labelled in ``data/codes`` and the pages."""

from __future__ import annotations

from enum import StrEnum


class CandidateStatus(StrEnum):
    """Whether somebody is on a caseload now; pausing is a date, not a status."""

    ACTIVE = "active"
    CLOSED = "closed"


class ClosingCode(StrEnum):
    """Why a file was closed (practice.md section 1); never a judgement, never a health reason."""

    STARTED_WORK = "started_work"
    LEARNING = "learning"
    MOVED = "moved"
    OWN_WISH = "own_wish"
    HANDED_OVER = "handed_over"
    NO_CONTACT = "no_contact"
    DIED = "died"


class ContactKind(StrEnum):
    """How somebody wants to be reached."""

    CALL = "call"
    SMS = "sms"
    MAIL = "mail"
    LETTER = "letter"
    VIA_COACH = "via_coach"


class VacancyStatus(StrEnum):
    """Drafts and withdrawn vacancies are never matched; filled ones no longer."""

    DRAFT = "draft"
    OPEN = "open"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"


class CallStatus(StrEnum):
    """A contractor's request to be called."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"


class CallOutcome(StrEnum):
    """What a call led to."""

    VACANCY_FILED = "vacancy_filed"
    CALL_AGAIN = "call_again"
    NO_ANSWER = "no_answer"
    NO_NEED = "no_need"


class DecisionSubject(StrEnum):
    """What a person decided about, after a suggestion."""

    LANE = "lane"
    PLACE = "place"
    PROGRAMME = "programme"
    PLAN = "plan"


class DecisionReason(StrEnum):
    """The one chip that accepting and departing both ask for (practice.md section 1)."""

    AGREES = "agrees"
    CANDIDATE_WISH = "candidate_wish"
    KNOWS_MORE = "knows_more"
    DATA_WRONG = "data_wrong"
    SAFETY = "safety"
    CAPACITY = "capacity"
    OTHER = "other"


class AdviceKind(StrEnum):
    """The kinds of computed advice that are kept and can be replayed."""

    ASSESSMENT = "assessment"
    MATCHES = "matches"
    PLAN = "plan"


class ImportKind(StrEnum):
    """What a file brought in."""

    CANDIDATES = "candidates"
    VACANCIES = "vacancies"
    PROGRAMMES = "programmes"
    PLACES = "places"


class RequestState(StrEnum):
    """How far a request with an ``Idempotency-Key`` came."""

    RUNNING = "running"
    FINISHED = "finished"
