"""The one table of who may see which field: object kind x right x stage, default nothing.

Every serialiser of API, pages and exports goes through `show`; what stands nowhere in the table
is shown to nobody. Source: product.md section 2.6, with practice.md section 2 (rights instead of
roles) and section 7 (what contractors can infer).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from matcher.domain.access import Right
from matcher.domain.vocabulary import LOADS


class Kind(StrEnum):
    """The kinds of record that can be shown."""

    CANDIDATE = "candidate"
    CANDIDATE_AUDIT = "candidate_audit"
    COMMITMENT = "commitment"
    INTAKE_DRAFT = "intake_draft"
    VACANCY = "vacancy"
    CALL_REQUEST = "call_request"
    PROGRAMME = "programme"
    ARRANGEMENT = "arrangement"
    ASSESSMENT = "assessment"
    MATCH = "match"
    PLAN = "plan"
    DECISION = "decision"
    ORGANISATION = "organisation"
    ACCOUNT = "account"
    POOL = "pool"
    INTRODUCTION = "introduction"
    AUDIT_ENTRY = "audit_entry"
    OWN_REQUEST = "own_request"
    NOTE = "note"


class Stage(StrEnum):
    """How near the viewer stands to the record.

    `OWN` is staff at work on their region, a contractor on the own organisation's objects and a
    candidate on the own file; the others are the steps by which a contractor meets a candidate.
    """

    PUBLIC = "public"
    SHORTLIST = "shortlist"
    AFTER_CONSENT = "after_consent"
    AFTER_PLACEMENT = "after_placement"
    OWN = "own"


def _fields(*names: str | Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        found.update([name] if isinstance(name, str) else name)
    return frozenset(found)


_ROW = _fields("id", "version", "created_at", "updated_at")

# --- candidates -------------------------------------------------------------------------------
_FILE = _fields(
    _ROW,
    ("reference", "region", "status", "paused_until", "waiting_since", "first_name"),
    ("owner_account_id", "not_reached", "closed_code", "closed_on", "goal", "manual_only"),
)
_CONTACT = _fields("contact_kind", "contact_value")
_TRAVEL = _fields("pc4", "travel_max_minutes", "travel_modes", "licences")
_WISHES = _fields("sectors", "sectors_never", "wants_start")
_TIME = _fields("adult", "current_hours", "hours_min", "hours_max", "blocked", "start_from")
_PRACTICE = _fields("rhythm", "work_skills", "language_speak", "language_read", "digital")
_SUPPORT = _fields("money", "home_base")
_PAPERS = _fields("credentials", "education", "occupations")
_CARE = _fields("guidance_need", "observed_on")

_WHOLE_CANDIDATE = _fields(
    _FILE, _CONTACT, _TRAVEL, _WISHES, _TIME, _PRACTICE, LOADS, _SUPPORT, _PAPERS, _CARE
)

_SHORTLIST_LINE = _fields(
    "pseudonym", "hours_band", "start_month", "travel_fits", "meets_needs", "credentials_asked"
)
"""All that a contractor sees of a person before consent. `meets_needs` is one sentence, the same
for everybody on the list; `credentials_asked` holds only what the vacancy asks for."""
_AFTER_CONSENT = _fields(
    _SHORTLIST_LINE, "first_name", _CONTACT, "guidance_band", "agreement_needed", "goal"
)
"""What the candidate agreed to for one introduction: the goal and what has to be agreed only if
ticked, and the one way to be reached that they picked."""

# --- vacancies, programmes --------------------------------------------------------------------
_PLACE = _fields(
    ("reference", "contractor", "region", "sector", "places", "title", "employer_size"),
    ("occupation", "contract_type", "employer_of_record", "arrangement", "learning_level"),
    ("hours_min", "hours_max", "shifts", "day_starts_at", "site_pc4", "reachable_by"),
    LOADS,
    ("adaptable", "rhythm", "work_skills", "language_speak", "language_read", "digital"),
    ("education", "licences", "credentials", "credentials_taught", "guidance_hours", "buddies"),
    ("start_on", "flex_weeks", "contract_months", "wage_hour", "wage_hour_cents"),
)
_WHOLE_VACANCY = _fields(_ROW, _PLACE, "status", "organisation_id", "opened_on")

_COURSE = _fields(
    ("reference", "kind", "region", "title", "arrangement", "provider", "raises", "gives"),
    ("needs", "weeks", "hours_a_week", "starts_on", "seats", "evidence"),
)
_WHOLE_PROGRAMME = _fields(_ROW, _COURSE, "funding", "funding_sector", "is_active", "starts")

# --- advice -----------------------------------------------------------------------------------
_ADVICE_WORDS = _fields(
    ("id", "reference", "candidate_id", "lane", "reasons", "would_change", "ask_next"),
    ("programmes", "review_on", "on", "rules_version", "artefact", "places_now", "created_at"),
    ("reason_tones", "sector"),
)
_WHOLE_ASSESSMENT = _fields(
    _ADVICE_WORDS,
    ("rule", "readiness", "readiness_low", "readiness_high", "readiness_without_money"),
    ("start_level", "known_share", "dimensions", "input_hash", "candidate_version"),
)
_WHOLE_MATCH = _fields(
    ("candidate", "vacancy", "candidate_id", "vacancy_id", "rank", "eligible", "fit"),
    ("travel_minutes", "travel_mode", "components", "gaps", "blockers", "certainty", "title"),
    ("contractor", "on", "rules_version", "input_hash"),
)
_WHOLE_PLAN = _fields(
    ("candidate", "candidate_id", "outcome", "vacancy", "vacancy_id", "weeks", "place_on"),
    ("steps", "stepped_start", "review_on", "beside", "reasons", "reasons_needed", "title"),
    ("on", "rules_version", "input_hash"),
)
_WHOLE_DECISION = _fields(
    ("id", "candidate_id", "subject", "suggested", "chosen", "accepted", "reason", "text"),
    ("facts_checked", "decided_by", "decided_at", "assessment_id"),
)

# --- the rest ---------------------------------------------------------------------------------
_CALL = _fields(_ROW, ("name", "phone", "work", "people", "wanted_when", "status", "due_at"))
_WHOLE_CALL = _fields(_CALL, "organisation_id", "region", "handled_by", "handled_at", "outcome")

_ASKED = _fields(
    ("id", "version", "candidate_id", "kind", "field", "text", "state", "due_on", "answer"),
    ("handled_at", "created_at"),
)
_NOTED = _fields("id", "candidate_id", "kind", "field", "beside_id", "text", "created_at")

_LOG_OPERATIONS = _fields(
    ("id", "at", "account_id", "account", "right_used", "purpose", "action", "kind", "object_id"),
    ("region", "fields", "count", "request_id"),
)
_LOG = _fields(_LOG_OPERATIONS, "candidate_id", "query", "versions")

_STEP = _fields(
    ("id", "vacancy_id", "vacancy", "title", "sector", "contractor", "pseudonym", "status"),
    ("invited_on", "answer_by", "ended"),
)
"""How far an introduction is; what a candidate answered is no part of it."""

_OWN_SELF = (Right.COACH, Right.LEAD)
_OWN_ADVICE = (Right.COACH, Right.LEAD, Right.TRIAGER)

_Cells = dict[tuple[Right, Stage], frozenset[str]]


def _own(rights: Iterable[Right], fields: frozenset[str]) -> _Cells:
    return {(right, Stage.OWN): fields for right in rights}


_EVERY_STAFF = (Right.COACH, Right.LEAD, Right.TRIAGER, Right.SERVICE_POINT)

TABLE: Mapping[Kind, _Cells] = {
    Kind.CANDIDATE: {
        **_own(_OWN_SELF, _WHOLE_CANDIDATE),
        (Right.TRIAGER, Stage.OWN): _WHOLE_CANDIDATE - _CONTACT,
        (Right.SERVICE_POINT, Stage.OWN): _fields(
            ("id", "version", "reference", "region", "status", "paused_until", "first_name"),
            ("sectors", "adult", "hours_min", "hours_max", "start_from", "licences"),
            ("credentials", "owner_account_id"),
        ),
        (Right.CANDIDATE, Stage.OWN): _WHOLE_CANDIDATE - {"owner_account_id"},
        (Right.CONTRACTOR, Stage.SHORTLIST): _SHORTLIST_LINE,
        (Right.CONTRACTOR, Stage.AFTER_CONSENT): _AFTER_CONSENT,
        (Right.CONTRACTOR, Stage.AFTER_PLACEMENT): _AFTER_CONSENT,
    },
    Kind.CANDIDATE_AUDIT: {
        (Right.COACH, Stage.OWN): _fields("reference", "benefit"),
        (Right.CANDIDATE, Stage.OWN): _fields("reference", "benefit", "birth_year"),
    },
    Kind.COMMITMENT: _own(
        (*_OWN_ADVICE, Right.CANDIDATE),
        _fields("id", "candidate_id", "hours_a_week", "until", "created_at"),
    ),
    Kind.INTAKE_DRAFT: {
        **_own(_OWN_SELF, _fields(_ROW, "candidate_id", "account_id", "card", "answers")),
        (Right.CANDIDATE, Stage.OWN): _fields(_ROW, "candidate_id", "card", "answers"),
    },
    Kind.VACANCY: {
        **_own((*_EVERY_STAFF, Right.OFFICER), _fields(_WHOLE_VACANCY, "fits_now", "fits_band")),
        (Right.ANALYST, Stage.OWN): _WHOLE_VACANCY,
        (Right.CONTRACTOR, Stage.OWN): _fields(_WHOLE_VACANCY, "fits_band"),
        (Right.CANDIDATE, Stage.OWN): _PLACE - {"employer_size", "guidance_hours", "buddies"},
    },
    Kind.CALL_REQUEST: {
        **_own((Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD), _WHOLE_CALL),
        (Right.OFFICER, Stage.OWN): _WHOLE_CALL - {"phone", "name"},
        (Right.CONTRACTOR, Stage.OWN): _CALL,
    },
    Kind.PROGRAMME: {
        **_own((*_EVERY_STAFF, Right.OFFICER, Right.ANALYST), _WHOLE_PROGRAMME),
        (Right.CANDIDATE, Stage.OWN): _COURSE,
    },
    Kind.ARRANGEMENT: {
        **_own(
            (*_EVERY_STAFF, Right.OFFICER, Right.ANALYST),
            _fields(_ROW, ("name", "region", "sectors", "target", "from", "until")),
        ),
    },
    Kind.ASSESSMENT: {
        **_own(_OWN_ADVICE, _WHOLE_ASSESSMENT),
        (Right.SERVICE_POINT, Stage.OWN): _fields(
            ("id", "reference", "candidate_id", "lane", "on", "rules_version", "artefact")
        ),
        (Right.CANDIDATE, Stage.OWN): _ADVICE_WORDS,
    },
    Kind.MATCH: {
        **_own(_OWN_ADVICE, _WHOLE_MATCH),
        (Right.SERVICE_POINT, Stage.OWN): _fields(
            ("candidate", "vacancy", "candidate_id", "vacancy_id", "eligible", "certainty"),
            ("travel_minutes", "title", "contractor", "on", "rules_version"),
        ),
        (Right.ANALYST, Stage.OWN): _fields(
            ("pseudonym", "vacancy", "rank", "eligible", "fit", "certainty", "on"),
            ("rules_version", "input_hash"),
        ),
        (Right.CANDIDATE, Stage.OWN): _fields(
            ("vacancy", "vacancy_id", "travel_minutes", "gaps", "blockers", "title", "contractor"),
            ("on", "rules_version"),
        ),
    },
    Kind.PLAN: {
        **_own((*_OWN_ADVICE, Right.CANDIDATE), _WHOLE_PLAN),
        (Right.SERVICE_POINT, Stage.OWN): _fields(
            ("candidate", "candidate_id", "outcome", "vacancy", "vacancy_id", "place_on", "title"),
            ("on", "rules_version"),
        ),
    },
    Kind.DECISION: {
        **_own((*_OWN_ADVICE, Right.CANDIDATE), _WHOLE_DECISION),
        (Right.ANALYST, Stage.OWN): _fields(
            ("id", "pseudonym", "subject", "suggested", "chosen", "accepted", "reason")
        ),
    },
    Kind.ORGANISATION: {
        **_own(
            (*_EVERY_STAFF, Right.OFFICER, Right.ANALYST, Right.CONTRACTOR, Right.ADMIN),
            _fields("id", "version", "name", "region", "size_fte"),
        ),
    },
    Kind.ACCOUNT: {
        (Right.ADMIN, Stage.OWN): _fields(
            _ROW,
            ("name", "rights", "region", "organisation_id", "email", "language", "is_active"),
            ("last_sign_in_at", "failed_sign_ins", "last_failed_at"),
            ("has_password", "has_second_factor"),
        ),
    },
    Kind.OWN_REQUEST: {
        **_own(_OWN_ADVICE, _fields(_ASKED, "handled_by")),
        (Right.CANDIDATE, Stage.OWN): _ASKED,
    },
    # Staff write no note that the candidate may not read (practice.md section 7, 1).
    Kind.NOTE: {
        **_own(_OWN_ADVICE, _fields(_NOTED, "account_id")),
        (Right.CANDIDATE, Stage.OWN): _NOTED,
    },
    Kind.AUDIT_ENTRY: {
        **_own((Right.OFFICER, Right.LEAD), _LOG),
        # By number: figures about the work of single members of staff are nobody's.
        (Right.ANALYST, Stage.OWN): _LOG - {"account"},
        (Right.ADMIN, Stage.OWN): _LOG_OPERATIONS,
        (Right.CANDIDATE, Stage.OWN): _fields("at", "right_used", "purpose", "action", "kind"),
    },
    Kind.INTRODUCTION: {
        **_own(
            _EVERY_STAFF,
            _fields(_STEP, ("candidate_id", "reference", "first_name", "wants_talk")),
        ),
        (Right.CONTRACTOR, Stage.OWN): _fields(_STEP, "person"),
    },
    Kind.POOL: {
        (right, stage): _fields("sector", "label", "count", "as_of")
        for right in Right
        for stage in (Stage.PUBLIC, Stage.OWN)
    },
}
"""Machine tokens carry the rights of their scopes, so they need no cells of their own."""

PUBLIC_FIELDS: Mapping[Kind, frozenset[str]] = {
    Kind.CALL_REQUEST: _fields("due_at"),
    Kind.POOL: _fields("sector", "label", "count", "as_of"),
}
"""What a visitor without any right may see, at stage `public`."""


def visible_fields(
    kind: Kind | str, rights: Iterable[Right | str], stage: Stage | str = Stage.OWN
) -> frozenset[str]:
    """Names of the fields of `kind` that somebody holding `rights` may see at `stage`.

    Rights add up. An unknown kind, right or stage raises ValueError: a misspelt one must not
    pass for a permission.
    """
    cells = TABLE[Kind(kind)]
    at = Stage(stage)
    found = PUBLIC_FIELDS.get(Kind(kind), frozenset()) if at is Stage.PUBLIC else frozenset()
    for right in rights:
        found |= cells.get((Right(right), at), frozenset())
    return found


def show(
    kind: Kind | str,
    record: Mapping[str, Any],
    rights: Iterable[Right | str],
    stage: Stage | str = Stage.OWN,
) -> dict[str, Any]:
    """The part of `record` that may be shown, in the order of `record`."""
    allowed = visible_fields(kind, rights, stage)
    return {name: value for name, value in record.items() if name in allowed}


# --- who may write ------------------------------------------------------------------------------
_COACH_WRITES = _fields(
    ("first_name", "paused_until", "waiting_since", "goal"),
    (_CONTACT | _TRAVEL | _TIME | _PRACTICE | _SUPPORT | _PAPERS | _CARE),
    ("sectors", "sectors_never"),
    LOADS,
)

WRITABLE: Mapping[Kind, Mapping[Right, frozenset[str]]] = {
    Kind.CANDIDATE: {
        Right.COACH: _COACH_WRITES,
        Right.LEAD: _COACH_WRITES,
        Right.TRIAGER: _fields("rhythm", "work_skills", "paused_until", "observed_on"),
        Right.CANDIDATE: _fields(_WISHES, "first_name", _CONTACT, "paused_until", "goal"),
    },
    Kind.VACANCY: {
        Right.CONTRACTOR: _PLACE - {"region", "contractor"},
        Right.SERVICE_POINT: _PLACE,
        Right.TRIAGER: _PLACE,
        Right.LEAD: _PLACE,
    },
    Kind.PROGRAMME: {
        Right.TRIAGER: _fields(_COURSE, "funding", "funding_sector", "is_active"),
        Right.LEAD: _fields(_COURSE, "funding", "funding_sector", "is_active"),
        Right.OFFICER: _fields(_COURSE, "funding", "funding_sector", "is_active"),
    },
}
"""What each right may change. `wants_start` is the candidate's own word: no member of staff can
set it (practice.md section 7, 1); a file may bring it, for it is then the candidate's answer."""


def writable_fields(kind: Kind | str, rights: Iterable[Right | str]) -> frozenset[str]:
    """Names of the fields of `kind` that somebody holding `rights` may set or change.

    Whoever may write anything of a new record also gives it its `reference`; that never changes.
    """
    cells = WRITABLE.get(Kind(kind), {})
    found: frozenset[str] = frozenset()
    for right in rights:
        found |= cells.get(Right(right), frozenset())
    return found
