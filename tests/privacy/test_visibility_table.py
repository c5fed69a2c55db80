"""Every column of every scoped table stands in the visibility table, or is never shown: why."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.domain.access import Right
from matcher.models import (
    Agreement,
    Allocation,
    AllocationLine,
    Arrangement,
    Artefact,
    ArtefactChange,
    ArtefactMonth,
    Assessment,
    Attendance,
    AttendanceLink,
    AuditEntry,
    Base,
    BlindChoice,
    CallRequest,
    Candidate,
    CandidateAudit,
    CandidateNote,
    CaseloadChange,
    Cohort,
    Commitment,
    ContactAttempt,
    ContractContribution,
    ContractShare,
    ContributionCheck,
    Decision,
    DecisionUndo,
    DisplacementCheck,
    DisplacementReport,
    Elsewhere,
    Evaluation,
    FundingLine,
    ImportRun,
    InflowBoard,
    InflowLine,
    InflowNear,
    IntakeDraft,
    Introduction,
    IntroductionEvent,
    IntroductionRefusal,
    Job,
    JobBlock,
    LedgerEntry,
    MatchList,
    Message,
    Organisation,
    OwnRequest,
    PairChoice,
    Placement,
    PlacementEvent,
    PlacementOutcome,
    Plan,
    Prediction,
    ProbableDouble,
    Programme,
    PublicContract,
    RegionMatch,
    RememberedColumns,
    RuleVersion,
    RuleVersionStep,
    Seat,
    SeatOrderChoice,
    SettlementDecision,
    Shortlist,
    ShortlistLine,
    Upload,
    UploadBlock,
    Vacancy,
)
from matcher.models.base import Scoped
from matcher.services.visibility import PUBLIC_FIELDS, TABLE, Kind

KIND_OF: dict[type[Scoped], Kind] = {
    Allocation: Kind.SCENARIO,
    AllocationLine: Kind.PROPOSAL,
    PairChoice: Kind.PAIR_CHOICE,
    SeatOrderChoice: Kind.SEAT_ORDER,
    Arrangement: Kind.ARRANGEMENT,
    Artefact: Kind.ARTEFACT,
    ArtefactChange: Kind.ARTEFACT_CHANGE,
    ArtefactMonth: Kind.ARTEFACT_MONTH,
    Assessment: Kind.ASSESSMENT,
    Attendance: Kind.ATTENDANCE,
    AttendanceLink: Kind.ATTENDANCE_LINK,
    AuditEntry: Kind.AUDIT_ENTRY,
    BlindChoice: Kind.BLIND_CHOICE,
    CallRequest: Kind.CALL_REQUEST,
    Candidate: Kind.CANDIDATE,
    CandidateAudit: Kind.CANDIDATE_AUDIT,
    CandidateNote: Kind.NOTE,
    CaseloadChange: Kind.CASELOAD_CHANGE,
    Cohort: Kind.COHORT,
    Commitment: Kind.COMMITMENT,
    ContactAttempt: Kind.CONTACT_ATTEMPT,
    Decision: Kind.DECISION,
    DecisionUndo: Kind.DECISION,
    DisplacementCheck: Kind.DISPLACEMENT_CHECK,
    DisplacementReport: Kind.DISPLACEMENT_REPORT,
    Elsewhere: Kind.ELSEWHERE,
    Evaluation: Kind.EVALUATION,
    FundingLine: Kind.FUNDING_LINE,
    ImportRun: Kind.IMPORT_RUN,
    IntakeDraft: Kind.INTAKE_DRAFT,
    Introduction: Kind.INTRODUCTION,
    IntroductionEvent: Kind.INTRODUCTION_EVENT,
    IntroductionRefusal: Kind.INTRODUCTION,
    Job: Kind.JOB,
    JobBlock: Kind.JOB,
    MatchList: Kind.MATCH,
    Message: Kind.MESSAGE,
    Organisation: Kind.ORGANISATION,
    OwnRequest: Kind.OWN_REQUEST,
    Placement: Kind.PLACEMENT,
    Agreement: Kind.AGREEMENT,
    PlacementEvent: Kind.PLACEMENT_EVENT,
    PlacementOutcome: Kind.PLACEMENT_OUTCOME,
    Plan: Kind.PLAN,
    Prediction: Kind.PREDICTION,
    ProbableDouble: Kind.PROBABLE_DOUBLE,
    Programme: Kind.PROGRAMME,
    InflowBoard: Kind.INFLOW_BOARD,
    InflowLine: Kind.INFLOW_LINE,
    InflowNear: Kind.INFLOW_LINE,
    RegionMatch: Kind.REGION_MATCH,
    Seat: Kind.SEAT,
    RememberedColumns: Kind.REMEMBERED_COLUMNS,
    Upload: Kind.UPLOAD,
    UploadBlock: Kind.UPLOAD,
    Vacancy: Kind.VACANCY,
    PublicContract: Kind.CONTRACT,
    ContractContribution: Kind.CONTRIBUTION,
    ContributionCheck: Kind.CONTRIBUTION_CHECK,
    ContractShare: Kind.CONTRACT_SHARE,
    LedgerEntry: Kind.LEDGER_ENTRY,
    SettlementDecision: Kind.SETTLEMENT_DECISION,
    RuleVersion: Kind.RULE_VERSION,
    RuleVersionStep: Kind.RULE_VERSION_STEP,
    Shortlist: Kind.SHORTLIST,
    ShortlistLine: Kind.SHORTLIST_LINE,
}

SHOWN_AS = {
    (DecisionUndo, "decision_id"): "id",
    (Arrangement, "starts_on"): "from",
    (Artefact, "manifest"): "metrics",
    (ArtefactChange, "asked_by"): "asked_by_name",
    (ArtefactChange, "decided_by"): "decided_by_name",
    (RuleVersion, "second_by"): "second_name",
    (RuleVersionStep, "account_id"): "by_name",
    (Prediction, "result"): "probability",
    (AuditEntry, "position"): "id",
    (CaseloadChange, "from_account_id"): "from_right",
    (Introduction, "state"): "status",
    (Shortlist, "drawn_at"): "drawn_on",
    (ShortlistLine, "hours_from"): "hours_band",
    (ShortlistLine, "hours_to"): "hours_band",
    (ShortlistLine, "start"): "start_period",
    (Introduction, "invited_at"): "invited_on",
    (Introduction, "expires_at"): "answer_by",
    (Introduction, "shown"): "person",
    (Introduction, "closed_code"): "ended",
    (Introduction, "organisation_id"): "contractor",
    (Placement, "organisation_id"): "contractor",
    (PlacementOutcome, "at"): "answered_on",
    (Evaluation, "decided_at"): "decided_on",
    (BlindChoice, "chosen"): "agreed",
    (BlindChoice, "suggested"): "lane",
    (Assessment, "result"): "reasons",
    (MatchList, "result"): "components",
    (Plan, "result"): "steps",
    (MatchList, "eligible"): "eligible",
}
"""Columns that are shown under another name, or as the parts that a result is made of."""

ROW = "which row it is and when it changed: for the program, not for people"
WHERE = "the region is that of the viewer; nobody sees another one's"
REPLAY = "kept to compute the same advice again; what was computed is shown instead"
OWN_ANSWER = "only the candidate is shown it, in the own view, as an answer and not as a field"
HELD = "how the work is divided among workers: for the program, not for people"
NEVER: dict[str, str] = {
    **dict.fromkeys(("id", "version", "created_at", "updated_at"), ROW),
    "region": WHERE,
    **dict.fromkeys(("language", "rules_slug", "rules_hash", "vacancies_hash"), REPLAY),
    **dict.fromkeys(("programmes_hash", "places_hash", "candidate_input"), REPLAY),
    **dict.fromkeys(("program", "options"), REPLAY),
    "content_hash": "tells whether an import changed anything",
    "dedupe_key": "keeps a message from going out twice",
    "claimed_until": "keeps two senders from taking the same message",
    "recipient": "an address stands with the person, and is emptied here once it was used",
    "params": "holds the secret part of a link until it is sent",
    "file_hash": "tells whether the same file came before",
    "previous_hash": "the chain of the log; checked, not read",
    "entry_hash": "the chain of the log; checked, not read",
}
NEVER_HERE: dict[tuple[type[Scoped], str], str] = {
    **dict.fromkeys(
        ((model, "key") for model in (IntroductionEvent, IntroductionRefusal, PlacementEvent)),
        "the hash of a request, to know it again; it says nothing to anybody",
    ),
    (Introduction, "answer"): OWN_ANSWER,
    (Introduction, "answered_at"): OWN_ANSWER,
    (Introduction, "asked_coach_at"): "the coach sees that somebody wants to talk, not since when",
    (Introduction, "talked_at"): "the coach sees that somebody wants to talk, not since when",
    (Introduction, "closed_at"): "a moment would tell a refusal from an expiry",
    (Introduction, "shares"): OWN_ANSWER,
    (Introduction, "invited_by"): "by right, in the steps; never by name",
    (Shortlist, "organisation_id"): "the list stands with its vacancy, and that with its firm",
    (Shortlist, "copy_of_id"): "that it is a copy is shown; of which one the firm knows",
    (Shortlist, "demands_hash"): "tells whether what a place asks would change",
    (Shortlist, "seed"): "whoever knew it could draw again",
    (Shortlist, "asked_at"): "from when it is shown, and until when, is what counts",
    (Shortlist, "met_asked_at"): "that people were asked, and for which day, is shown",
    (ShortlistLine, "candidate_id"): "a line names nobody; whoever it is reads it in the own copy",
    (ShortlistLine, "organisation_id"): "the lines stand under their list",
    (ShortlistLine, "shortlist_id"): "the lines stand under their list",
    (ShortlistLine, "position"): "the lines stand in their order",
    (IntroductionRefusal, "introduction_id"): OWN_ANSWER,
    (IntroductionRefusal, "at"): OWN_ANSWER,
    (CaseloadChange, "decided_by"): "the log knows; figures about single members of staff do not",
    (IntroductionEvent, "introduction_id"): "the steps stand under their introduction",
    (BlindChoice, "candidate_id"): "only figures about many are shown",
    (BlindChoice, "assessment_id"): "only figures about many are shown",
    (BlindChoice, "at"): "only figures about many are shown",
    (PublicContract, "rule_version_id"): "the account names the version it goes by",
    (Prediction, "artefact_id"): "by name",
    (Prediction, "is_shown"): "of what is not shown there is nothing to see",
    (Prediction, "answers"): REPLAY,
    (Job, "account_id"): "who works how is nobody's figure; the log knows who asked",
    **dict.fromkeys(
        ((Job, name) for name in ("frozen", "slot", "request_hash", "worker", "lease_until")), HELD
    ),
    **dict.fromkeys(((Job, name) for name in ("claims", "fruitless_claims")), HELD),
    **dict.fromkeys(((JobBlock, name) for name in ("job_id", "number", "content")), HELD),
    (ContactAttempt, "noted_by"): "the log knows; figures about single members of staff do not",
    (ContactAttempt, "at"): "which day it was counts, not when somebody noted it",
    (Evaluation, "decided_by"): "an officer, by right; the log knows who",
    (PlacementEvent, "candidate_id"): "the steps stand under their placement",
    (PlacementEvent, "placement_id"): "the steps stand under their placement",
    (PlacementEvent, "account_id"): "the log knows; figures about single members of staff do not",
    (PlacementOutcome, "candidate_id"): "the answers stand under their placement",
    (PlacementOutcome, "placement_id"): "the answers stand under their placement",
    (PlacementOutcome, "account_id"): "by source; never by name",
    (Seat, "funding_line_id"): "who pays for the group is shown with the group",
    (Seat, "cents"): "what a seat costs is shown with the group, never beside a person",
    (Attendance, "candidate_id"): "the days stand with the seat, and the seat with its person",
    (Attendance, "at"): "which day it was counts, not when somebody noted it",
    (AttendanceLink, "secret_hash"): "is only compared",
    (AttendanceLink, "created_by"): "the log knows; figures about single members of staff do not",
    (AttendanceLink, "created_at"): "whether one works now is shown, and until when",
    (AttendanceLink, "revoked_at"): "whether one works now is shown, and until when",
    (Upload, "account_id"): "who works how is nobody's figure; the log knows who sent it",
    (UploadBlock, "upload_id"): "the rows stand under their upload",
    **dict.fromkeys(((UploadBlock, n) for n in ("number", "first_row", "last_row")), HELD),
    (UploadBlock, "rows"): "given back in the result file, with what became of each",
    (RememberedColumns, "kind"): "decides to which files it applies",
    (RememberedColumns, "header_hash"): "decides to which files it applies",
    (RememberedColumns, "used_at"): "decides when it ends",
    (ProbableDouble, "undo"): "kept to take a merge apart again; the file shows what it got",
    (ProbableDouble, "decided_by"): "the log knows; figures about single members of staff do not",
    (RegionMatch, "job_id"): "the rows stand under their job",
    **dict.fromkeys(
        ((table, "job_id") for table in (InflowBoard, InflowLine, InflowNear)),
        "the rows stand under the job that counted them",
    ),
    (AllocationLine, "decided_by"): "the log knows; figures about single members of staff do not",
    (PairChoice, "ended_by"): "the log knows; figures about single members of staff do not",
    (SeatOrderChoice, "decided_by"): "the log knows who switched",
    (MatchList, "candidate_version"): REPLAY,
    (Plan, "candidate_version"): REPLAY,
}

SCOPED = sorted(KIND_OF, key=lambda model: model.__name__)


def held(model: type[Any]) -> set[str]:
    """The fields of a table; a sealed column stands for those it holds."""
    found: set[str] = set()
    for attribute in model.__mapper__.column_attrs:
        column = attribute.columns[0]
        found.update(column.info.get("holds", (attribute.key,)))
    return found


def shown(kind: Kind) -> set[str]:
    fields = set(PUBLIC_FIELDS.get(kind, ()))
    return fields.union(*TABLE[kind].values())


def test_every_scoped_table_has_a_kind_and_every_kind_a_row() -> None:
    scoped = {m.class_ for m in Base.registry.mappers if issubclass(m.class_, Scoped)}
    assert set(KIND_OF) == scoped
    assert set(TABLE) == set(Kind)


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_every_column_is_shown_to_somebody_or_never_with_a_reason(model: type[Any]) -> None:
    visible = shown(KIND_OF[model])
    undecided = {
        name
        for name in held(model)
        if name not in visible
        and SHOWN_AS.get((model, name)) not in visible
        and name not in NEVER
        and (model, name) not in NEVER_HERE
    }
    assert undecided == set()


def test_what_is_never_shown_stands_in_no_cell() -> None:
    for model, name in NEVER_HERE:
        assert name not in shown(KIND_OF[model]), (model, name)
        assert name in held(model), (model, name)
    assert {name for _model, name in SHOWN_AS} | set(NEVER) <= set().union(*map(held, KIND_OF))
    secret = {"params", "recipient", "dedupe_key", "previous_hash", "entry_hash", "candidate_input"}
    for kind in Kind:
        assert not secret & shown(kind), kind


def test_a_contractor_sees_of_people_only_what_these_lines_say() -> None:
    seen = {
        (kind, stage): fields
        for kind in (*KIND_OF.values(), Kind.POOL)
        for (right, stage), fields in TABLE[kind].items()
        if right is Right.CONTRACTOR
    }
    about_people = {
        key: fields
        for key, fields in seen.items()
        # The reference of a contribution is the firm's own key of what it declared itself.
        if key[0] not in (Kind.VACANCY, Kind.POOL, Kind.CONTRACT, Kind.CONTRIBUTION)
    }
    words = {name for fields in about_people.values() for name in fields}
    forbidden = {
        *("money", "home_base", "benefit", "birth_year", "lane", "readiness", "fit", "rank"),
        *("candidate_id", "reference", "pc4", "rhythm", "work_skills", "guidance_need", "text"),
        *("answer", "blocked", "waiting_since", "not_reached", "lift", "stand", "account_id"),
    }
    assert not words & forbidden
