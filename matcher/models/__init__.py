"""Typed tables, one file an entity; importing this package maps them all."""

from matcher.models.account import Account
from matcher.models.api_token import ApiToken
from matcher.models.arrangement import Arrangement
from matcher.models.assessment import Assessment
from matcher.models.base import Base
from matcher.models.call_request import CallRequest
from matcher.models.candidate import Candidate
from matcher.models.candidate_audit import CandidateAudit
from matcher.models.commitment import Commitment
from matcher.models.decision import Decision
from matcher.models.idempotency_record import IdempotencyRecord
from matcher.models.import_run import ImportRun
from matcher.models.input_snapshot import InputSnapshot
from matcher.models.intake_draft import IntakeDraft
from matcher.models.match_list import MatchList
from matcher.models.organisation import Organisation
from matcher.models.place import Place
from matcher.models.plan import Plan
from matcher.models.programme import Programme, ProgrammeStart
from matcher.models.vacancy import Vacancy

__all__ = [
    "Account",
    "ApiToken",
    "Arrangement",
    "Assessment",
    "Base",
    "CallRequest",
    "Candidate",
    "CandidateAudit",
    "Commitment",
    "Decision",
    "IdempotencyRecord",
    "ImportRun",
    "InputSnapshot",
    "IntakeDraft",
    "MatchList",
    "Organisation",
    "Place",
    "Plan",
    "Programme",
    "ProgrammeStart",
    "Vacancy",
]
