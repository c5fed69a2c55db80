"""Which tables leave entries in the log, and which do not, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.models import (
    Account,
    ApiToken,
    Arrangement,
    Artefact,
    ArtefactChange,
    ArtefactMonth,
    Assessment,
    Attendance,
    AttendanceLink,
    AuditEntry,
    AuditHead,
    BlindChoice,
    BrowserSession,
    CallRequest,
    Candidate,
    CandidateAccount,
    CandidateAudit,
    CandidateNote,
    CaseloadChange,
    Cohort,
    Commitment,
    ContactAttempt,
    ContractContribution,
    Decision,
    DecisionUndo,
    Elsewhere,
    FundingLine,
    IdempotencyRecord,
    ImportRun,
    InflowBoard,
    InflowLine,
    InflowNear,
    InputSnapshot,
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
    OutcomeCount,
    OwnRequest,
    Place,
    Placement,
    PlacementEvent,
    PlacementOutcome,
    Plan,
    Prediction,
    ProbableDouble,
    Programme,
    ProgrammeStart,
    PublicContract,
    QueueVisit,
    RecoveryCode,
    RegionMatch,
    RememberedColumns,
    RightsChange,
    Seat,
    SettlementDecision,
    SignInLink,
    Tombstone,
    Upload,
    UploadBlock,
    Vacancy,
)
from matcher.models.base import Base
from matcher.models.states import AuditAction

RECORDED: Mapping[type[Base], AuditAction] = {
    Account: AuditAction.CREATE,
    ApiToken: AuditAction.CREATE,
    Arrangement: AuditAction.CREATE,
    Artefact: AuditAction.CREATE,
    ArtefactChange: AuditAction.DECIDE,
    Assessment: AuditAction.SUGGEST,
    Attendance: AuditAction.CREATE,
    AttendanceLink: AuditAction.CREATE,
    BrowserSession: AuditAction.SIGN_IN,
    CallRequest: AuditAction.CREATE,
    Candidate: AuditAction.CREATE,
    CandidateAccount: AuditAction.CREATE,
    CandidateAudit: AuditAction.CREATE,
    CandidateNote: AuditAction.CREATE,
    CaseloadChange: AuditAction.CREATE,
    Cohort: AuditAction.CREATE,
    Commitment: AuditAction.CREATE,
    ContactAttempt: AuditAction.CREATE,
    ContractContribution: AuditAction.CREATE,
    Decision: AuditAction.DECIDE,
    DecisionUndo: AuditAction.DECIDE,
    Elsewhere: AuditAction.CREATE,
    FundingLine: AuditAction.CREATE,
    ImportRun: AuditAction.OPERATE,
    Introduction: AuditAction.CREATE,
    Job: AuditAction.OPERATE,
    LedgerEntry: AuditAction.CREATE,
    MatchList: AuditAction.SUGGEST,
    Organisation: AuditAction.CREATE,
    OwnRequest: AuditAction.CREATE,
    Placement: AuditAction.CREATE,
    PlacementOutcome: AuditAction.CREATE,
    Plan: AuditAction.SUGGEST,
    Programme: AuditAction.CREATE,
    ProgrammeStart: AuditAction.CREATE,
    PublicContract: AuditAction.CREATE,
    RightsChange: AuditAction.CREATE,
    Seat: AuditAction.CREATE,
    SettlementDecision: AuditAction.DECIDE,
    SignInLink: AuditAction.CREATE,
    Upload: AuditAction.OPERATE,
    Vacancy: AuditAction.CREATE,
}
"""Tables whose every row that is added, changed or deleted leaves an entry, with the action of the
first; the kind of an entry is the name of its table."""

NOT_RECORDED: Mapping[type[Base], str] = {
    ArtefactMonth: "holds counts and distances that name nobody",
    AuditEntry: "is the log",
    AuditHead: "is the log",
    BlindChoice: "must not tell who chose: an entry would",
    IdempotencyRecord: "is noted with what the request did",
    InflowBoard: "is what a job counted, which is recorded",
    InflowLine: "is what a job counted, which is recorded",
    InflowNear: "is what a job counted, which is recorded",
    InputSnapshot: "is named by the advice that was computed on it",
    IntakeDraft: "is what is being typed; saving it changes the candidate, which is recorded",
    IntroductionEvent: "is a step of an introduction, which is recorded",
    IntroductionRefusal: "must not tell that somebody said no: an entry would, by its time alone",
    JobBlock: "is a part of a job, which is recorded",
    Message: "is a trail of its own, with the time of each state",
    OutcomeCount: "holds counts that name nobody; the erasures behind them are recorded",
    Prediction: "comes with an assessment, which is recorded; that of a shadow is seen by nobody",
    ProbableDouble: "is found by an import, and both files say that they were merged",
    PlacementEvent: "is a step of a placement with its time and right, shown with it",
    Place: "holds public data; the import that brought it is recorded",
    QueueVisit: "tells when somebody of staff was at work, and that is nobody's figure",
    RecoveryCode: "comes and goes with the second factor of the account, which is recorded",
    RegionMatch: "is what a job computed, which is recorded",
    RememberedColumns: "is what was chosen for an upload, which is recorded",
    Tombstone: "comes with an erasure, which is recorded",
    UploadBlock: "is a part of an upload, which is recorded",
}
"""Tables without entries, each with the reason; a new table has to be in one of the two."""

_SILENT = frozenset({"version", "created_at", "updated_at"})
_SILENT_BY_KIND: Mapping[type[Base], frozenset[str]] = {
    # Signing in leaves entries of its own.
    Account: frozenset({"last_sign_in_at", "last_failed_at", "failed_sign_ins", "totp_last_step"}),
    BrowserSession: frozenset({"seen_at", "second_factor_at", "money_open_until"}),
    SignInLink: frozenset({"failed", "used_at"}),
    # Each seat taken or given back is an entry of its own, with the person.
    Cohort: frozenset({"booked"}),
    FundingLine: frozenset({"spent_cents"}),
    # Who asked, who stopped it and when it ended are recorded; how it got there is not.
    Job: frozenset(
        {
            *("arguments", "frozen", "state", "total", "done", "slot", "worker", "lease_until"),
            *("claims", "fruitless_claims", "started_at", "result"),
        }
    ),
    # That it came, was confirmed and is done is recorded; what stands in it is not.
    Upload: frozenset({"columns", "report", "choices", "job_id", "outcome"}),
}


def silent_fields(table: type[Base]) -> frozenset[str]:
    """Columns whose change alone is no change worth an entry."""
    return _SILENT | _SILENT_BY_KIND.get(table, frozenset())
