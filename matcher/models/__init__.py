"""Typed tables, one file an entity; importing this package maps them all."""

from matcher.models.account import Account, CandidateAccount
from matcher.models.agreement import Agreement
from matcher.models.allocation import Allocation, AllocationLine, PairChoice, SeatOrderChoice
from matcher.models.api_token import ApiToken
from matcher.models.arrangement import Arrangement
from matcher.models.artefact import Artefact, ArtefactChange, ArtefactMonth
from matcher.models.assessment import Assessment
from matcher.models.audit_entry import AuditEntry, AuditHead
from matcher.models.base import Base
from matcher.models.blind_choice import BlindChoice
from matcher.models.browser_session import BrowserSession
from matcher.models.calendar_link import CalendarLink
from matcher.models.call_request import CallRequest
from matcher.models.candidate import Candidate
from matcher.models.candidate_audit import CandidateAudit
from matcher.models.caseload_change import CaseloadChange
from matcher.models.commitment import Commitment
from matcher.models.contact_attempt import ContactAttempt
from matcher.models.contract import (
    ContractContribution,
    LedgerEntry,
    PublicContract,
    SettlementDecision,
)
from matcher.models.contract_share import ContractShare
from matcher.models.contribution_check import ContributionCheck
from matcher.models.decision import Decision, DecisionUndo
from matcher.models.displacement_check import DisplacementCheck
from matcher.models.displacement_report import DisplacementReport
from matcher.models.elsewhere import Elsewhere
from matcher.models.evaluation import Evaluation
from matcher.models.funding_line import FundingLine
from matcher.models.idempotency_record import IdempotencyRecord
from matcher.models.import_run import ImportRun
from matcher.models.inflow import InflowBoard, InflowLine, InflowNear
from matcher.models.input_snapshot import InputSnapshot
from matcher.models.intake_draft import IntakeDraft
from matcher.models.introduction import Introduction, IntroductionEvent, IntroductionRefusal
from matcher.models.job import Job, JobBlock
from matcher.models.match_list import MatchList
from matcher.models.message import Message
from matcher.models.organisation import Organisation
from matcher.models.outcome_count import OutcomeCount
from matcher.models.own_request import CandidateNote, OwnRequest
from matcher.models.place import Place
from matcher.models.placement import Placement, PlacementEvent, PlacementOutcome
from matcher.models.plan import Plan
from matcher.models.prediction import Prediction
from matcher.models.probable_double import ProbableDouble
from matcher.models.programme import Programme, ProgrammeStart
from matcher.models.queue_visit import QueueVisit
from matcher.models.recovery_code import RecoveryCode
from matcher.models.region_match import RegionMatch
from matcher.models.rights_change import RightsChange
from matcher.models.rule_version import RuleVersion, RuleVersionStep
from matcher.models.seat import Attendance, AttendanceLink, Cohort, Seat
from matcher.models.shortlist import Shortlist, ShortlistLine
from matcher.models.sign_in_link import SignInLink
from matcher.models.talent_count import TalentCount
from matcher.models.tombstone import Tombstone
from matcher.models.upload import RememberedColumns, Upload, UploadBlock
from matcher.models.vacancy import Vacancy

__all__ = [
    "Account",
    "Agreement",
    "Allocation",
    "AllocationLine",
    "ApiToken",
    "Arrangement",
    "Artefact",
    "ArtefactChange",
    "ArtefactMonth",
    "Assessment",
    "Attendance",
    "AttendanceLink",
    "AuditEntry",
    "AuditHead",
    "Base",
    "BlindChoice",
    "BrowserSession",
    "CalendarLink",
    "CallRequest",
    "Candidate",
    "CandidateAccount",
    "CandidateAudit",
    "CandidateNote",
    "CaseloadChange",
    "Cohort",
    "Commitment",
    "ContactAttempt",
    "ContractContribution",
    "ContractShare",
    "ContributionCheck",
    "Decision",
    "DecisionUndo",
    "DisplacementCheck",
    "DisplacementReport",
    "Elsewhere",
    "Evaluation",
    "FundingLine",
    "IdempotencyRecord",
    "ImportRun",
    "InflowBoard",
    "InflowLine",
    "InflowNear",
    "InputSnapshot",
    "IntakeDraft",
    "Introduction",
    "IntroductionEvent",
    "IntroductionRefusal",
    "Job",
    "JobBlock",
    "LedgerEntry",
    "MatchList",
    "Message",
    "Organisation",
    "OutcomeCount",
    "OwnRequest",
    "PairChoice",
    "Place",
    "Placement",
    "PlacementEvent",
    "PlacementOutcome",
    "Plan",
    "Prediction",
    "ProbableDouble",
    "Programme",
    "ProgrammeStart",
    "PublicContract",
    "QueueVisit",
    "RecoveryCode",
    "RegionMatch",
    "RememberedColumns",
    "RightsChange",
    "RuleVersion",
    "RuleVersionStep",
    "Seat",
    "SeatOrderChoice",
    "SettlementDecision",
    "Shortlist",
    "ShortlistLine",
    "SignInLink",
    "TalentCount",
    "Tombstone",
    "Upload",
    "UploadBlock",
    "Vacancy",
]
