"""The kinds of record that can be shown, and how near a viewer stands to one."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of record that can be shown."""

    CANDIDATE = "candidate"
    CANDIDATE_AUDIT = "candidate_audit"
    COMMITMENT = "commitment"
    INTAKE_DRAFT = "intake_draft"
    VACANCY = "vacancy"
    CALL_REQUEST = "call_request"
    DISPLACEMENT_CHECK = "displacement_check"
    PROGRAMME = "programme"
    ARRANGEMENT = "arrangement"
    COHORT = "cohort"
    SEAT = "seat"
    ATTENDANCE = "attendance"
    ATTENDANCE_LINK = "attendance_link"
    FUNDING_LINE = "funding_line"
    ARTEFACT = "artefact"
    ARTEFACT_CHANGE = "artefact_change"
    ARTEFACT_MONTH = "artefact_month"
    RULE_VERSION = "rule_version"
    RULE_VERSION_STEP = "rule_version_step"
    ASSESSMENT = "assessment"
    PREDICTION = "prediction"
    MATCH = "match"
    PLAN = "plan"
    ALLOCATION = "allocation"
    ALLOCATION_SUMMARY = "allocation_summary"
    SCENARIO = "scenario"
    PROPOSAL = "proposal"
    PAIR_CHOICE = "pair_choice"
    SEAT_ORDER = "seat_order"
    DECISION = "decision"
    EVALUATION = "evaluation"
    PLACEMENT = "placement"
    PLACEMENT_EVENT = "placement_event"
    PLACEMENT_OUTCOME = "placement_outcome"
    AGREEMENT = "agreement"
    CONTACT_ATTEMPT = "contact_attempt"
    ELSEWHERE = "elsewhere"
    ORGANISATION = "organisation"
    ACCOUNT = "account"
    POOL = "pool"
    TALENT = "talent"
    INTRODUCTION = "introduction"
    REQUEST = "request"
    SHORTLIST = "shortlist"
    SHORTLIST_LINE = "shortlist_line"
    AUDIT_ENTRY = "audit_entry"
    OWN_REQUEST = "own_request"
    NOTE = "note"
    CASELOAD_CHANGE = "caseload_change"
    INTRODUCTION_EVENT = "introduction_event"
    MESSAGE = "message"
    BLIND_CHOICE = "blind_choice"
    RIGHTS_CHANGE = "rights_change"
    IMPORT_RUN = "import_run"
    JOB = "job"
    REGION_MATCH = "region_match"
    REGION_PLACE = "region_place"
    INFLOW_BOARD = "inflow_board"
    INFLOW_LINE = "inflow_line"
    UPLOAD = "upload"
    REMEMBERED_COLUMNS = "remembered_columns"
    PROBABLE_DOUBLE = "probable_double"
    CONTRACT = "contract"
    CONTRIBUTION = "contribution"
    LEDGER_ENTRY = "ledger_entry"
    SETTLEMENT_DECISION = "settlement_decision"
    SOCIAL_RETURN_ACCOUNT = "social_return_account"


class Stage(StrEnum):
    """How near the viewer stands to the record.

    `OWN` is staff at work on their region, a contractor on the own organisation's objects and a
    candidate on the own file. `WITH_PURPOSE` is what staff see of a record after naming a purpose,
    which is logged (``matcher.services.purposes``). The others are the steps by which a contractor
    meets a candidate.
    """

    PUBLIC = "public"
    SHORTLIST = "shortlist"
    AFTER_CONSENT = "after_consent"
    AFTER_PLACEMENT = "after_placement"
    OWN = "own"
    WITH_PURPOSE = "with_purpose"
