"""Groups of fields that the visibility table is put together from, under the names of bodies."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.domain.vocabulary import LOADS


def fields_of(*names: str | Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        found.update([name] if isinstance(name, str) else name)
    return frozenset(found)


ROW = fields_of("id", "version", "created_at", "updated_at")

# --- candidates -------------------------------------------------------------------------------
FILE = fields_of(
    ROW,
    ("reference", "region", "status", "paused_until", "waiting_since", "first_name"),
    ("owner_account_id", "not_reached", "closed_code", "closed_on", "goal", "manual_only"),
)
CONTACT = fields_of("contact_kind", "contact_value")
TRAVEL = fields_of("pc4", "travel_max_minutes", "travel_modes", "licences")
WISHES = fields_of("sectors", "sectors_never", "wants_start")
TIME = fields_of("adult", "current_hours", "hours_min", "hours_max", "blocked", "start_from")
PRACTICE = fields_of("rhythm", "work_skills", "language_speak", "language_read", "digital")
SUPPORT = fields_of("money", "home_base")
PAPERS = fields_of("credentials", "education", "occupations")
CARE = fields_of("guidance_need", "observed_on")

WHOLE_CANDIDATE = fields_of(
    FILE, CONTACT, TRAVEL, WISHES, TIME, PRACTICE, LOADS, SUPPORT, PAPERS, CARE
)

SHORTLIST_LINE = fields_of(
    "pseudonym", "hours_band", "start_period", "meets_needs", "credentials_asked"
)
"""All that a contractor sees of a person before consent. `meets_needs` is one sentence, the same
for everybody on the list; `credentials_asked` holds only what the vacancy asks for."""
SHORTLISTED = fields_of(
    ("version", "vacancy_id", "state", "is_copy", "opens_at", "drawn_on", "stands_until"),
    ("call_by", "meet_on", "meet_half", "asked_people", "lines"),
)
AFTER_CONSENT = fields_of(
    ("pseudonym", "hours_band", "start_month", "travel_fits", "meets_needs", "credentials_asked"),
    ("first_name", "guidance_band", "agreement_needed", "goal"),
    CONTACT,
)
"""What the candidate agreed to for one introduction: the goal and what has to be agreed only if
ticked, and the one way to be reached that they picked."""

# --- vacancies, programmes --------------------------------------------------------------------
PLACE = fields_of(
    ("reference", "contractor", "region", "sector", "places", "title", "employer_size"),
    ("occupation", "contract_type", "employer_of_record", "arrangement", "learning_level"),
    ("hours_min", "hours_max", "shifts", "day_starts_at", "site_pc4", "reachable_by"),
    LOADS,
    ("adaptable", "rhythm", "work_skills", "language_speak", "language_read", "digital"),
    ("education", "licences", "credentials", "credentials_taught", "guidance_hours", "buddies"),
    ("start_on", "flex_weeks", "contract_months", "wage_hour", "wage_hour_cents"),
)
WHOLE_VACANCY = fields_of(ROW, PLACE, "status", "organisation_id", "opened_on")

COURSE = fields_of(
    ("reference", "kind", "region", "title", "arrangement", "provider", "raises", "gives"),
    ("needs", "weeks", "hours_a_week", "starts_on", "seats", "evidence"),
)
WHOLE_PROGRAMME = fields_of(ROW, COURSE, "funding", "funding_sector", "is_active", "starts")

GROUP = fields_of(
    ("id", "programme_id", "programme", "title", "kind", "provider", "starts_on", "ends_on"),
    ("capacity", "booked", "free"),
)
WHOLE_GROUP = fields_of(GROUP, ROW, "funding_line_id", "seat_cents")
OWN_SEAT = fields_of(
    ("id", "candidate_id", "programme_id", "programme", "title", "kind", "provider", "weeks"),
    ("hours_a_week", "starts_on", "ends_on", "state", "asked_at", "answer_by", "wants_talk"),
    ("closed_on", "closed_code"),
)
"""A seat; that an offer was refused is no part of it."""
WHOLE_SEAT = fields_of(OWN_SEAT, ROW, "cohort_id", "standby_cohort_id")
LEARNED = fields_of(
    ROW,
    ("region", "name", "manifest_sha256", "is_synthetic", "state", "promoted_at", "tripped_code"),
    ("tripped_at", "learner", "cohort", "purpose", "outcome", "features", "rows", "base_rate"),
    ("metrics", "refused_code", "refused"),
)
"""An artefact, what it was learned on and what it was worth; nothing of anybody."""
LEARNED_STEP = fields_of(
    ("id", "version", "artefact_id", "step", "why", "state", "asked_by_name", "decided_by_name"),
    ("decided_at", "created_at"),
)
RULES_WRITTEN = fields_of(
    ("id", "version", "region", "name", "text", "base_id", "state", "effective_on"),
    ("council_advice", "council_on", "council_done", "not_asked_why"),
    ("author_id", "author_name", "second_name", "approved_at", "created_at", "updated_at"),
)
"""A version of a region's rules and what was decided about it; nothing of anybody else."""
RULES_STEP = fields_of("id", "rule_version_id", "step", "why", "text_sha256", "by_name", "at")
LEARNED_MONTH = fields_of("artefact_id", "month", "people", "drift", "calibration", "watched_at")
PREDICTED = fields_of(
    ("id", "candidate_id", "assessment_id", "on", "artefact", "is_synthetic", "outcome"),
    ("log_odds", "probability", "parts"),
)
"""What an artefact that serves said of one person; nobody who puts people in order has it."""
BUDGET = fields_of(
    ROW,
    ("name", "source", "from_sector", "to_sector", "budget_cents", "spent_cents"),
    ("left_cents", "until"),
)

# --- advice -----------------------------------------------------------------------------------
ADVICE_WORDS = fields_of(
    ("id", "reference", "candidate_id", "lane", "reasons", "would_change", "ask_next"),
    ("programmes", "review_on", "on", "rules_version", "artefact", "places_now", "created_at"),
    ("reason_tones", "sector"),
)
WHOLE_ASSESSMENT = fields_of(
    ADVICE_WORDS,
    ("rule", "readiness", "readiness_low", "readiness_high", "readiness_without_money"),
    ("start_level", "known_share", "dimensions", "input_hash", "candidate_version"),
)
WHOLE_MATCH = fields_of(
    ("candidate", "vacancy", "candidate_id", "vacancy_id", "rank", "eligible", "fit"),
    ("travel_minutes", "travel_mode", "components", "gaps", "blockers", "certainty", "title"),
    ("contractor", "on", "rules_version", "input_hash"),
)
WHOLE_PLAN = fields_of(
    ("candidate", "candidate_id", "outcome", "vacancy", "vacancy_id", "weeks", "place_on"),
    ("steps", "stepped_start", "review_on", "beside", "reasons", "reasons_needed", "title"),
    ("on", "rules_version", "input_hash"),
)
WHOLE_ALLOCATION = fields_of(
    # A proposal, and the one that would take its place.
    ("candidate", "vacancy", "programme", "value", "guidance_guessed", "locked", "on"),
    ("margin", "exact", "runner_up", "instead"),
    # Who is left out, why, and the nearest way in.
    ("reason", "lane", "seat", "short_by", "blockers", "would_change"),
    # An empty vacancy, and how many people would fit with a demand let go.
    ("places", "site_hours_known", "people", "without_place", "would_fill"),
)
"""A row about a person or a vacancy in an allocation."""
ALLOCATION_FIGURES = fields_of(
    ("method", "lanes", "seed", "on", "places", "proposed", "seats_proposed", "objective", "bound"),
    ("gap", "pruned", "loss_at_most", "edges", "guidance_guessed", "locked", "floor", "seats"),
    ("one_more_place", "one_more_place_price", "one_more_seat", "one_more_seat_price", "unplaced"),
)
WHOLE_SCENARIO = fields_of(
    "id", "job_id", "region", "on", "choice", "input_hash", "result_hash", "figures", "made_at"
)
"""One allocation of a region: what it was asked, and figures that name nobody."""
OWN_PROPOSAL = fields_of("on", "vacancy", "programme", "starts_on", "state")
WHOLE_PROPOSAL = fields_of(
    ("id", "allocation_id", "candidate_id", "candidate", "first_name", "waiting_since", "lane"),
    ("vacancy_id", "programme_id", "starts_on", "value", "reason", "is_locked", "is_guessed"),
    ("margin", "runner_up_id", "runner_up", "instead_id", "short_by", "told", "state", "why"),
    ("decided_at", "introduction_id", "seat_id"),
)
PAIRED = fields_of(
    ("id", "candidate_id", "candidate", "vacancy_id", "vacancy", "decision", "why"),
    ("decided_by", "decided_at", "ended_at"),
)
OWN_PAIRED = fields_of("vacancy", "decision", "why", "decided_at", "ended_at")
SEATS_GO = fields_of("id", "order", "why", "price", "decided_at")
WHOLE_DECISION = fields_of(
    ("id", "candidate_id", "subject", "suggested", "chosen", "accepted", "reason", "text"),
    ("facts_checked", "decided_by", "decided_at", "assessment_id", "review_on", "undone_at"),
)

# --- accounts of social return -----------------------------------------------------------------
OWN_CONTRACT = fields_of(
    ROW,
    ("reference", "contractor", "organisation_id", "region", "kind", "value_cents", "wage_cents"),
    ("tendered_on", "awarded_on", "start_on", "end_on", "pso_level", "pso_valid_until"),
    ("pso_holder", "existing_staff_fte", "municipality"),
)
DECLARED = fields_of(
    ROW,
    ("contract_id", "contract", "reference", "kind", "start_on", "end_on", "hours_week"),
    ("activity_hours", "invoice_cents", "declared_at", "withdrawn_at", "check"),
)
"""What a firm reads of what it declared itself; whom it was about stays with who rules on it."""
WHOLE_CONTRIBUTION = fields_of(
    DECLARED, ("contractor", "firm_id", "person", "group", "age", "permanent")
)
SHARED = fields_of(
    ROW,
    ("contract_id", "contract", "giver_id", "giver", "organisation_id", "taker", "part", "state"),
    ("asked_at", "answered_at", "ended_at"),
)
OWN_SAMPLE = fields_of(
    ("contribution_id", "ground", "rate", "seed", "number", "state", "due_on", "verdict"),
    ("corrected", "why", "decided_at"),
)
"""The check of a declaration that was drawn, for the firm: once it stands, what was found."""
WHOLE_SAMPLE = fields_of(
    (*OWN_SAMPLE - {"decided_at"}, *ROW, "contract_id", "first_by", "first_at", "second_by"),
    ("second_at",),
)
WHOLE_LEDGER_LINE = fields_of(
    ("id", "contract_id", "part", "rule", "subject", "cents", "is_contra", "source", "is_example"),
    ("reason", "arithmetic", "given", "on", "rules_version", "posted_at"),
)
WHOLE_SETTLEMENT = fields_of(
    ("id", "contract_id", "shortfall_cents", "cents", "choice", "why", "state", "first_by"),
    ("first_at", "second_by", "second_at"),
)
ACCOUNT_FIGURES = fields_of(
    ("contract", "contractor", "region", "obligation_cents", "credited_cents", "realised_cents"),
    ("balance_cents", "lines", "settlement", "forecast", "fills", "on", "rules_version"),
)

# --- the rest ---------------------------------------------------------------------------------
PLACED_FOR_FIRM = fields_of(
    ("id", "vacancy_id", "vacancy", "title", "sector", "first_name", "state", "starts_on"),
    ("hours_a_week", "contract", "contract_until", "trial_from", "trial_until"),
    ("intends_contract", "contract_id", "ended_on"),
)
"""What an employer reads of somebody at work there; never why somebody left."""
WHOLE_PLACEMENT = fields_of(
    PLACED_FOR_FIRM,
    ROW,
    ("candidate_id", "reference", "contractor", "arrangement", "first_pay_on", "ended_code"),
    ("introduction_id", "without_introduction", "trial_reason", "plan"),
    ("plan_due_on", "plan_owner_id", "plan_consented_at"),
)
JOB_AT_STAKE = fields_of(
    ("id", "pseudonym", "state", "starts_on", "contract_id", "plan", "plan_due_on"),
    ("plan_owner_id",),
)
"""A job on a public contract that ends, for who looks at jobs and never at whose they are."""
AGREED_FOR_FIRM = fields_of("introduction_id", "placement_id", "shown_sides", "organisation_id")
"""What an employer reads of *Onze afspraken*; of the sides an allowlist alone."""
WHOLE_AGREED = fields_of(
    ROW,
    ("introduction_id", "placement_id", "organisation_id", "candidate_id", "fund_pays", "head"),
    ("sides", "open_sides"),
)
FIRM_ANSWER = fields_of(("id", "months", "status", "hours_a_week", "source", "answered_on"))
WHOLE_ANSWER = fields_of(FIRM_ANSWER, "contract", "reason")

WORKS = fields_of(
    ("subject", "programme_id", "arrangement_id", "name", "detail", "decide_on", "verdict"),
    ("reason", "decided_on", "figures", "others", "progress", "version"),
)
"""What a programme or an arrangement led to, counted, and what was decided; nobody by name."""

CALL = fields_of(ROW, ("name", "phone", "work", "people", "wanted_when", "status", "due_at"))
WHOLE_CALL = fields_of(
    CALL,
    ("organisation_id", "vacancy_id", "region", "handled_by", "handled_at", "outcome"),
)

REQUESTED = fields_of(
    ("key", "kind", "version", "state", "organisation_id", "work", "people", "wanted_when"),
    ("due_at", "vacancy_id", "created_at", "updated_at"),
)
CHECK_RESULT = fields_of(ROW, ("vacancy_id", "title", "contractor", "moment", "state"), "due_on")
OWN_CHECK = fields_of(
    CHECK_RESULT,
    ("organisation_id", "answers", "reasons", "flags", "questions_dated", "answered_at"),
    ("decided_at", "why"),
)
WHOLE_CHECK = fields_of(OWN_CHECK, "answered_by", "decided_by")
"""What a firm answered about displacement: for itself and the officer; others see the result."""

REPORTED = fields_of(
    ROW,
    ("region", "work", "place", "signs", "happened", "reach", "state", "due_on", "why"),
    ("decided_by", "decided_at"),
)

ASKED = fields_of(
    ("id", "version", "candidate_id", "kind", "field", "text", "state", "due_on", "answer"),
    ("handled_at", "created_at"),
)
NOTED = fields_of("id", "candidate_id", "kind", "field", "beside_id", "text", "created_at")

LOG_OPERATIONS = fields_of(
    ("id", "at", "account_id", "account", "right_used", "purpose", "action", "kind", "object_id"),
    ("region", "fields", "count", "request_id"),
)
LOG = fields_of(LOG_OPERATIONS, "candidate_id", "query", "versions")

STEP = fields_of(
    ("id", "vacancy_id", "vacancy", "title", "sector", "contractor", "pseudonym", "status"),
    ("invited_on", "answer_by", "ended", "meet_on", "meet_half"),
)
"""How far an introduction is; what a candidate answered is no part of it."""

SENT = fields_of(
    ("id", "template", "channel", "language", "state", "attempts", "created_at"),
    ("next_try_at", "sent_at"),
)
"""How a message fared; never to which address, and never what its link holds."""

ATTEMPTED = fields_of("candidate_id", "on", "reached", "next_on")
"""An attempt to reach somebody; by whom is in the log alone, for it is no figure about anybody."""
HANDED_ON = fields_of(
    ("id", "version", "candidate_id", "decision_id", "receiver", "appointment_on"),
    ("confirm_by", "confirmed_on", "back_on"),
)
WORK = fields_of(
    ("id", "kind", "region", "arguments", "state", "failure", "total", "done"),
    ("cancel_asked_at", "submitted_at", "started_at", "finished_at", "result"),
)
"""A job, as whoever asked for it follows it."""

BROUGHT_IN = fields_of(
    ("id", "kind", "region", "created", "changed", "unchanged", "refused", "problems"),
    ("finished_at", "account_id"),
)
"""What an import did; counts and the rows that were refused."""

MATCHED = fields_of("candidate_id", "candidate", "vacancy_id", "vacancy", "rank", "fit")
MATCHED_PLACE = fields_of("vacancy_id", "vacancy", "title", "contractor", "places", "fits", "first")
"""A vacancy of such a result: how many fit is a number, of nobody in particular."""
FIGURES = fields_of("on", "counted_at", "figures")
STANDS = fields_of(
    ("candidate_id", "reference", "first_name", "waiting_since", "stand", "week", "cause"),
    ("vacancy_id", "title", "sector", "contractor", "cohort_id", "programme", "ends_on"),
    ("start_level", "rhythm_age", "levels_age", "unknown"),
)
"""Where somebody stands towards the open places: for who decides in the talent centre."""
POOLED = fields_of("sector", "label", "count", "as_of")
COUNTED = fields_of("region", "as_of", "until", "can_start", "wanted", "soon", "own")
"""What anybody may read of a region: rounded, and nothing that tells of fewer than 10 people."""
