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


class CheckMoment(StrEnum):
    """When the questions about displacement are asked."""

    BEFORE = "before"
    """Before a place opens."""
    AFTER = "after"
    """Half a year after somebody started there."""


class CheckState(StrEnum):
    """How far a displacement check is; only the second and fourth let a place open."""

    ASKED = "asked"
    CLEAR = "clear"
    """Answered, and nothing to look at."""
    WAITING = "waiting"
    """An officer looks at it; silence is no approval."""
    APPROVED = "approved"
    HELD = "held"
    """Not as it stands; other answers may follow."""


class ReportState(StrEnum):
    """How far a report of displacement is, and what an officer made of it."""

    NEW = "new"
    ASKED = "asked"
    """The officer asked the firm or who reported it, and waits."""
    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    OTHER = "other"
    """It is about something that somebody else looks at."""


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


class ProposalState(StrEnum):
    """What a person decided about a line of an allocation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DEPARTED = "departed"
    """Somebody decided otherwise, with a reason."""


class ReceiverKind(StrEnum):
    """Who takes somebody further along another route (practice section 3)."""

    SCHOOL = "school"
    DAY_ACTIVITIES = "day_activities"
    WMO = "wmo"
    DEBT_OFFICE = "debt_office"
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


class UploadState(StrEnum):
    """How far a file that somebody sent is; the last one is for good."""

    COLUMNS = "columns"
    """Somebody says which column fills what."""
    CHECKING = "checking"
    CHECKED = "checked"
    """Somebody decides about the proposals and confirms."""
    IMPORTING = "importing"
    DONE = "done"


class DoubleState(StrEnum):
    """What became of two files that may be of one person."""

    OPEN = "open"
    MERGED = "merged"
    APART = "apart"
    """Somebody looked: they are two people."""


class RequestState(StrEnum):
    """How far a request with an ``Idempotency-Key`` came."""

    RUNNING = "running"
    FINISHED = "finished"


class LinkKind(StrEnum):
    """What a link in a message lets somebody do."""

    INVITATION = "invitation"
    SIGN_IN = "sign_in"
    CANDIDATE = "candidate"


class SignInMethod(StrEnum):
    """How a browser session began."""

    PASSWORD = "password"  # noqa: S105  the name of a method, not a password
    MAIL_LINK = "mail_link"
    LINK_AND_CODE = "link_and_code"
    SINGLE_SIGN_ON = "single_sign_on"


class ChangeState(StrEnum):
    """How far something that two people decide came."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class CaseloadChangeKind(StrEnum):
    """For good, or until a date."""

    HAND_OVER = "hand_over"
    STAND_IN = "stand_in"


class Channel(StrEnum):
    """By which road a message goes."""

    MAIL = "mail"
    SMS = "sms"
    LETTER = "letter"


class MessageState(StrEnum):
    """A message waits, went out once, or was called off."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    """Refused for good by the receiving side; somebody has to choose another road."""
    CANCELLED = "cancelled"


class OwnRequestKind(StrEnum):
    """What a candidate asks about the own file."""

    CORRECTION = "correction"
    ADDITION = "addition"
    OBJECTION = "objection"
    """Against automated suggestions: from then on only a person says what to do."""
    PERSON = "person"
    """A person looks at the advice again, within ten working days."""
    DELETION = "deletion"


class OwnRequestState(StrEnum):
    """How far staff came with it."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class NoteKind(StrEnum):
    """Whose words a note holds."""

    COACH = "coach"
    CANDIDATE = "candidate"


class IntroductionState(StrEnum):
    """How far an introduction came. No refusal is among them: see ``Introduction``."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    INTRODUCED = "introduced"
    CLOSED = "closed"


class ConsentAnswer(StrEnum):
    """What the candidate answered; only a yes is ever shown to anybody else."""

    YES = "yes"
    NO = "no"
    ASK_COACH = "ask_coach"
    WITHDRAWN = "withdrawn"


class SeatState(StrEnum):
    """How far somebody is with a programme; a seat is held from the offer on."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    ATTENDING = "attending"
    FINISHED = "finished"
    LEFT = "left"
    NOT_TAKEN = "not_taken"
    """An offer that was refused or that passed: the two are one."""


class PlacementState(StrEnum):
    """How far a placement is; it follows an introduction in which both said yes."""

    TRIAL = "trial"
    """At work to try it, before anything was agreed for longer."""
    AGREED = "agreed"
    ACTIVE = "active"
    ENDED = "ended"


class Verdict(StrEnum):
    """What was decided about a programme or an arrangement on its day."""

    GO_ON = "go_on"
    CHANGE = "change"
    STOP = "stop"


class AuditAction(StrEnum):
    """What was done; the log holds no content."""

    READ = "read"
    LIST = "list"
    CREATE = "create"
    CHANGE = "change"
    ERASE = "erase"
    SUGGEST = "suggest"
    DECIDE = "decide"
    EXPORT = "export"
    CONSENT = "consent"
    SIGN_IN = "sign_in"
    OPERATE = "operate"


class JobState(StrEnum):
    """How far a job is; the last three are for good."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobFailure(StrEnum):
    """Why a job failed; never the text of an error, which may repeat what stood in the data."""

    REFUSED = "refused"
    """The work itself said no: what it needs is not there any more."""
    FAULT = "fault"
    """An error that nobody foresaw."""
    WORKERS_LOST = "workers_lost"
    """One worker after another ended in the middle of it without getting on."""


class ArtefactState(StrEnum):
    """How far a learned artefact came; of one region at most one is promoted."""

    REGISTERED = "registered"
    SHADOW = "shadow"
    """It predicts, what it predicts is kept, and nobody sees it."""
    PROMOTED = "promoted"
    RETIRED = "retired"


class ArtefactStep(StrEnum):
    """What people do with an artefact."""

    SHADOW = "shadow"
    PROMOTE = "promote"
    """Two people do this."""
    ROLL_BACK = "roll_back"
    """Back to what was promoted before, or to the rules alone; one person, at once."""
    TRY_AGAIN = "try_again"
    """Opens a breaker that tripped."""
    RETIRE = "retire"


class LedgerPart(StrEnum):
    """Which side of an account a line of its ledger belongs to."""

    OBLIGATION = "obligation"
    CREDIT = "credit"


class RuleState(StrEnum):
    """How far a version of a region's rules came; whether it holds now follows from its day."""

    DRAFT = "draft"
    ADVISED = "advised"
    """The advice of the client council is recorded, or why it was not asked."""
    OFFERED = "offered"
    """It waits for a second person."""
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class RuleStep(StrEnum):
    """What people do with a version of the rules."""

    BEGIN = "begin"
    WRITE = "write"
    ADVISE = "advise"
    OFFER = "offer"
    RETURN = "return"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


class SettlementChoice(StrEnum):
    """What is done about a shortfall after the cure period."""

    ASK = "ask"
    """The amount of the rules is asked."""
    EXCUSE = "excuse"
    """Nothing is asked: the contractor showed the effort made."""
    AGREE = "agree"
    """Nothing is asked now: it is filled later, as agreed in writing."""


class SettlementVote(StrEnum):
    """How far a settlement is between the two officers."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
