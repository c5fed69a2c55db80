"""The one table of who may see which field: object kind x right x stage, default nothing.

Every serialiser of API, pages and exports goes through `show`; what stands nowhere in the table
is shown to nobody. Source: product.md section 2.6, with practice.md section 2 (rights instead of
roles) and section 7 (what contractors can infer).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.domain.access import Right
from matcher.services.visibility_contracts import CONTRACT_CELLS
from matcher.services.visibility_fields import (
    ADVICE_WORDS,
    AFTER_CONSENT,
    AGREED_FOR_FIRM,
    ALLOCATION_FIGURES,
    ASKED,
    ATTEMPTED,
    BROUGHT_IN,
    BUDGET,
    CALL,
    CHECK_RESULT,
    CONTACT,
    COUNTED,
    COURSE,
    FIGURES,
    FIRM_ANSWER,
    GROUP,
    HANDED_ON,
    JOB_AT_STAKE,
    LEARNED,
    LEARNED_MONTH,
    LEARNED_STEP,
    LOG,
    LOG_OPERATIONS,
    MATCHED,
    MATCHED_PLACE,
    NOTED,
    OWN_CHECK,
    OWN_PAIRED,
    OWN_PROPOSAL,
    OWN_SEAT,
    PAIRED,
    PLACE,
    PLACED_FOR_FIRM,
    POOLED,
    PREDICTED,
    REPORTED,
    REQUESTED,
    ROW,
    RULES_STEP,
    RULES_WRITTEN,
    SEATS_GO,
    SENT,
    SHORTLIST_LINE,
    SHORTLISTED,
    STANDS,
    STEP,
    WHOLE_AGREED,
    WHOLE_ALLOCATION,
    WHOLE_ANSWER,
    WHOLE_ASSESSMENT,
    WHOLE_CALL,
    WHOLE_CANDIDATE,
    WHOLE_CHECK,
    WHOLE_DECISION,
    WHOLE_GROUP,
    WHOLE_MATCH,
    WHOLE_PLACEMENT,
    WHOLE_PLAN,
    WHOLE_PROGRAMME,
    WHOLE_PROPOSAL,
    WHOLE_SCENARIO,
    WHOLE_SEAT,
    WHOLE_VACANCY,
    WORK,
    WORKS,
    fields_of,
)
from matcher.services.visibility_kinds import Kind, Stage
from matcher.services.visibility_writing import WRITABLE, writable_fields

__all__ = [
    "PUBLIC_FIELDS",
    "TABLE",
    "WRITABLE",
    "Kind",
    "Stage",
    "show",
    "visible_fields",
    "writable_fields",
]

_OWN_SELF = (Right.COACH, Right.LEAD)
_CENTRE = (Right.TRIAGER, Right.LEAD)
_OWN_ADVICE = (Right.COACH, Right.LEAD, Right.TRIAGER)

_Cells = dict[tuple[Right, Stage], frozenset[str]]


def _own(rights: Iterable[Right], fields: frozenset[str]) -> _Cells:
    return {(right, Stage.OWN): fields for right in rights}


_LEARNED_BY = (Right.LEAD, Right.OFFICER, Right.ANALYST, Right.ADMIN)
_EVERY_STAFF = (Right.COACH, Right.LEAD, Right.TRIAGER, Right.SERVICE_POINT)

TABLE: Mapping[Kind, _Cells] = {
    Kind.CANDIDATE: {
        **_own(_OWN_SELF, WHOLE_CANDIDATE),
        (Right.TRIAGER, Stage.OWN): WHOLE_CANDIDATE - CONTACT,
        (Right.SERVICE_POINT, Stage.OWN): fields_of(
            ("id", "version", "reference", "region", "status", "paused_until", "first_name"),
            ("sectors", "adult", "hours_min", "hours_max", "start_from", "licences"),
            ("credentials", "owner_account_id"),
        ),
        (Right.TRIAGER, Stage.WITH_PURPOSE): fields_of("id", "reference", "first_name", CONTACT),
        (Right.OFFICER, Stage.WITH_PURPOSE): fields_of("id", "reference", "first_name"),
        (Right.CANDIDATE, Stage.OWN): WHOLE_CANDIDATE - {"owner_account_id"},
        (Right.CONTRACTOR, Stage.SHORTLIST): SHORTLIST_LINE,
        (Right.CONTRACTOR, Stage.AFTER_CONSENT): AFTER_CONSENT,
        (Right.CONTRACTOR, Stage.AFTER_PLACEMENT): AFTER_CONSENT,
    },
    Kind.CANDIDATE_AUDIT: {
        (Right.COACH, Stage.OWN): fields_of("reference", "benefit"),
        (Right.OFFICER, Stage.WITH_PURPOSE): fields_of("reference", "benefit"),
        (Right.CANDIDATE, Stage.OWN): fields_of("reference", "benefit", "birth_year"),
    },
    Kind.COMMITMENT: _own(
        (*_OWN_ADVICE, Right.CANDIDATE),
        fields_of("id", "candidate_id", "hours_a_week", "until", "created_at"),
    ),
    Kind.INTAKE_DRAFT: {
        **_own(_OWN_SELF, fields_of(ROW, "candidate_id", "account_id", "card", "answers")),
        (Right.CANDIDATE, Stage.OWN): fields_of(ROW, "candidate_id", "card", "answers"),
    },
    Kind.VACANCY: {
        **_own((*_EVERY_STAFF, Right.OFFICER), fields_of(WHOLE_VACANCY, "fits_now", "fits_band")),
        (Right.ANALYST, Stage.OWN): WHOLE_VACANCY,
        (Right.CONTRACTOR, Stage.OWN): fields_of(WHOLE_VACANCY, "fits_band"),
        (Right.CANDIDATE, Stage.OWN): PLACE - {"employer_size", "guidance_hours", "buddies"},
    },
    Kind.CALL_REQUEST: {
        **_own((Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD), WHOLE_CALL),
        (Right.OFFICER, Stage.OWN): WHOLE_CALL - {"phone", "name"},
        (Right.CONTRACTOR, Stage.OWN): fields_of(CALL, "vacancy_id", "caller", "caller_phone"),
    },
    Kind.DISPLACEMENT_CHECK: {
        **_own((Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD), CHECK_RESULT),
        (Right.OFFICER, Stage.OWN): WHOLE_CHECK,
        (Right.CONTRACTOR, Stage.OWN): OWN_CHECK,
    },
    Kind.DISPLACEMENT_REPORT: _own((Right.OFFICER,), REPORTED),
    Kind.PROGRAMME: {
        **_own((*_EVERY_STAFF, Right.OFFICER, Right.ANALYST), WHOLE_PROGRAMME),
        (Right.CANDIDATE, Stage.OWN): COURSE,
    },
    Kind.ARRANGEMENT: {
        **_own(
            (*_EVERY_STAFF, Right.OFFICER, Right.ANALYST),
            fields_of(
                ROW,
                ("name", "region", "sectors", "firms", "provider", "target", "from", "until"),
                ("vacancies", "programmes", "contractors", "places"),
            ),
        ),
    },
    Kind.COHORT: {
        **_own((Right.TRIAGER, Right.LEAD, Right.OFFICER), WHOLE_GROUP),
        **_own((Right.COACH, Right.SERVICE_POINT, Right.ANALYST), fields_of(GROUP, "version")),
    },
    Kind.SEAT: {**_own(_OWN_ADVICE, WHOLE_SEAT), (Right.CANDIDATE, Stage.OWN): OWN_SEAT},
    # Who came when is for who guides, and for whose days they are.
    Kind.ATTENDANCE: _own(
        (*_OWN_ADVICE, Right.CANDIDATE), fields_of("seat_id", "on", "mark", "by_provider")
    ),
    Kind.ATTENDANCE_LINK: _own(_OWN_ADVICE, fields_of("cohort_id", "expires_at")),
    Kind.FUNDING_LINE: _own((Right.TRIAGER, Right.LEAD, Right.OFFICER, Right.ANALYST), BUDGET),
    Kind.ASSESSMENT: {
        **_own(_OWN_ADVICE, WHOLE_ASSESSMENT),
        (Right.SERVICE_POINT, Stage.OWN): fields_of(
            ("id", "reference", "candidate_id", "lane", "on", "rules_version", "artefact")
        ),
        (Right.CANDIDATE, Stage.OWN): ADVICE_WORDS,
    },
    Kind.ARTEFACT: _own(_LEARNED_BY, LEARNED),
    Kind.ARTEFACT_CHANGE: _own(_LEARNED_BY, LEARNED_STEP),
    Kind.ARTEFACT_MONTH: _own(_LEARNED_BY, LEARNED_MONTH),
    Kind.RULE_VERSION: _own((Right.OFFICER,), RULES_WRITTEN),
    Kind.RULE_VERSION_STEP: _own((Right.OFFICER,), RULES_STEP),
    Kind.PREDICTION: _own((*_OWN_SELF, Right.CANDIDATE), PREDICTED),
    Kind.MATCH: {
        **_own(_OWN_ADVICE, WHOLE_MATCH),
        (Right.SERVICE_POINT, Stage.OWN): fields_of(
            ("candidate", "vacancy", "candidate_id", "vacancy_id", "eligible", "certainty"),
            ("travel_minutes", "title", "contractor", "on", "rules_version"),
        ),
        (Right.ANALYST, Stage.OWN): fields_of(
            ("pseudonym", "vacancy", "rank", "eligible", "fit", "certainty", "on"),
            ("rules_version", "input_hash"),
        ),
        (Right.CANDIDATE, Stage.OWN): fields_of(
            ("vacancy", "vacancy_id", "travel_minutes", "gaps", "blockers", "title", "contractor"),
            ("on", "rules_version"),
        ),
    },
    Kind.PLAN: {
        **_own((*_OWN_ADVICE, Right.CANDIDATE), WHOLE_PLAN),
        (Right.SERVICE_POINT, Stage.OWN): fields_of(
            ("candidate", "candidate_id", "outcome", "vacancy", "vacancy_id", "place_on", "title"),
            ("on", "rules_version"),
        ),
    },
    Kind.ALLOCATION: _own(_OWN_ADVICE, WHOLE_ALLOCATION),
    Kind.ALLOCATION_SUMMARY: _own(_OWN_ADVICE, ALLOCATION_FIGURES),
    # The figures of a scenario name nobody; its proposals, and pairs decided beforehand, do.
    Kind.SCENARIO: _own((Right.TRIAGER, Right.LEAD, Right.OFFICER), WHOLE_SCENARIO),
    Kind.PROPOSAL: {
        **_own((Right.TRIAGER, Right.LEAD), WHOLE_PROPOSAL),
        (Right.CANDIDATE, Stage.OWN): OWN_PROPOSAL,
    },
    Kind.PAIR_CHOICE: {
        **_own((Right.TRIAGER, Right.LEAD), PAIRED),
        (Right.CANDIDATE, Stage.OWN): OWN_PAIRED,
    },
    Kind.SEAT_ORDER: _own((*_EVERY_STAFF, Right.OFFICER, Right.ANALYST), SEATS_GO),
    Kind.DECISION: {
        **_own((*_OWN_ADVICE, Right.CANDIDATE), WHOLE_DECISION),
        (Right.ANALYST, Stage.OWN): fields_of(
            ("id", "pseudonym", "subject", "suggested", "chosen", "accepted", "reason")
        ),
    },
    Kind.CONTACT_ATTEMPT: _own((*_OWN_ADVICE, Right.CANDIDATE), ATTEMPTED),
    Kind.ELSEWHERE: _own((*_OWN_ADVICE, Right.CANDIDATE), HANDED_ON),
    Kind.EVALUATION: _own((Right.TRIAGER, Right.LEAD, Right.OFFICER, Right.ANALYST), WORKS),
    Kind.PLACEMENT: {
        **_own((*_OWN_ADVICE, Right.CANDIDATE), WHOLE_PLACEMENT),
        **_own((Right.OFFICER, Right.SERVICE_POINT), JOB_AT_STAKE),
        (Right.CONTRACTOR, Stage.OWN): PLACED_FOR_FIRM,
    },
    Kind.PLACEMENT_EVENT: _own(
        (*_OWN_ADVICE, Right.CANDIDATE), fields_of("step", "result", "on", "by_right", "at")
    ),
    Kind.PLACEMENT_OUTCOME: {
        **_own((*_OWN_ADVICE, Right.CANDIDATE), WHOLE_ANSWER),
        (Right.CONTRACTOR, Stage.OWN): FIRM_ANSWER,
    },
    Kind.AGREEMENT: {
        **_own((*_OWN_ADVICE, Right.CANDIDATE), WHOLE_AGREED),
        (Right.CONTRACTOR, Stage.OWN): AGREED_FOR_FIRM,
    },
    Kind.ORGANISATION: {
        **_own(
            (*_EVERY_STAFF, Right.OFFICER, Right.ANALYST, Right.CONTRACTOR, Right.ADMIN),
            fields_of("id", "version", "name", "region", "size_fte", "kind"),
        ),
    },
    Kind.ACCOUNT: {
        (Right.ADMIN, Stage.OWN): fields_of(
            ROW,
            ("name", "rights", "region", "organisation_id", "email", "language", "is_active"),
            ("last_sign_in_at", "failed_sign_ins", "last_failed_at"),
            ("has_password", "has_second_factor"),
        ),
    },
    Kind.OWN_REQUEST: {
        **_own(_OWN_ADVICE, fields_of(ASKED, "handled_by")),
        (Right.CANDIDATE, Stage.OWN): ASKED,
    },
    # Staff write no note that the candidate may not read (practice.md section 7, 1).
    Kind.NOTE: {
        **_own(_OWN_ADVICE, fields_of(NOTED, "account_id")),
        (Right.CANDIDATE, Stage.OWN): NOTED,
    },
    Kind.AUDIT_ENTRY: {
        **_own((Right.OFFICER, Right.LEAD), LOG),
        # By number: figures about the work of single members of staff are nobody's.
        (Right.ANALYST, Stage.OWN): LOG - {"account"},
        (Right.ADMIN, Stage.OWN): LOG_OPERATIONS,
        (Right.CANDIDATE, Stage.OWN): fields_of("at", "right_used", "purpose", "action", "kind"),
    },
    Kind.INTRODUCTION: {
        **_own(
            _EVERY_STAFF,
            fields_of(STEP, ("candidate_id", "reference", "first_name", "wants_talk")),
        ),
        (Right.CONTRACTOR, Stage.OWN): fields_of(STEP, "person"),
    },
    Kind.REQUEST: _own(
        (Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD, Right.CONTRACTOR), REQUESTED
    ),
    Kind.SHORTLIST: _own(
        (Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD, Right.CONTRACTOR), SHORTLISTED
    ),
    Kind.SHORTLIST_LINE: _own(
        (Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD, Right.CONTRACTOR, Right.CANDIDATE),
        SHORTLIST_LINE,
    ),
    Kind.INTRODUCTION_EVENT: {
        **_own(_EVERY_STAFF, fields_of("step", "by_right", "account_id", "at")),
        **_own((Right.CONTRACTOR, Right.CANDIDATE), fields_of("step", "by_right", "at")),
    },
    # Who guides whom is for who divides the work; a candidate learns right and days.
    Kind.CASELOAD_CHANGE: {
        (Right.LEAD, Stage.OWN): fields_of(
            ("id", "kind", "candidate_id", "from_account_id", "to_account_id", "starts_on"),
            ("until", "ended_at", "decided_at"),
        ),
        **_own(
            (Right.COACH, Right.TRIAGER),
            fields_of("id", "kind", "candidate_id", "starts_on", "until", "ended_at"),
        ),
        (Right.CANDIDATE, Stage.OWN): fields_of(
            ("kind", "from_right", "to_right", "starts_on", "until", "ended_on")
        ),
    },
    Kind.MESSAGE: {
        # Whoever prints a letter sees what is in it, the link too.
        **_own(_OWN_ADVICE, fields_of(SENT, "candidate_id", "letter")),
        (Right.SERVICE_POINT, Stage.OWN): fields_of(SENT, "candidate_id"),
        (Right.ADMIN, Stage.OWN): fields_of(SENT, "account_id"),
    },
    # Figures about many; never what one person chose.
    Kind.BLIND_CHOICE: _own(
        (Right.LEAD, Right.OFFICER, Right.ANALYST), fields_of("lane", "count", "agreed")
    ),
    Kind.RIGHTS_CHANGE: {
        (Right.ADMIN, Stage.OWN): fields_of(
            (*ROW, "account_id", "wanted", "why", "state", "asked_by", "decided_by", "decided_at")
        ),
    },
    Kind.IMPORT_RUN: _own((Right.TRIAGER, Right.LEAD, Right.OFFICER), BROUGHT_IN),
    Kind.JOB: _own((*_EVERY_STAFF, Right.OFFICER, Right.ANALYST), WORK),
    Kind.REGION_MATCH: _own(_CENTRE, MATCHED),
    Kind.REGION_PLACE: _own(_CENTRE, MATCHED_PLACE),
    # The figures are of nobody; who stands behind them is for who decides in the centre.
    Kind.INFLOW_BOARD: _own((*_CENTRE, Right.OFFICER, Right.ANALYST), FIGURES),
    Kind.INFLOW_LINE: _own(_CENTRE, STANDS),
    # What stands in a file is seen by who sent it, and by the lead, until it goes.
    Kind.UPLOAD: _own(
        (Right.TRIAGER, Right.LEAD),
        fields_of(
            ROW,
            ("kind", "region", "name", "format", "row_count", "state", "columns", "report"),
            ("choices", "outcome", "job_id", "finished_at", "findings", "outcomes"),
        ),
    ),
    Kind.REMEMBERED_COLUMNS: _own((Right.TRIAGER, Right.LEAD), fields_of("mapping")),
    Kind.PROBABLE_DOUBLE: _own(
        (Right.TRIAGER, Right.LEAD),
        fields_of(ROW, ("candidate_id", "later_id", "state", "decided_at")),
    ),
    **CONTRACT_CELLS,
    **{
        kind: {(right, stage): fields for right in Right for stage in (Stage.PUBLIC, Stage.OWN)}
        for kind, fields in ((Kind.POOL, POOLED), (Kind.TALENT, COUNTED))
    },
}
"""Machine tokens carry the rights of their scopes, so they need no cells of their own."""

PUBLIC_FIELDS: Mapping[Kind, frozenset[str]] = {
    Kind.CALL_REQUEST: fields_of("due_at"),
    Kind.POOL: POOLED,
    Kind.TALENT: COUNTED,
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
