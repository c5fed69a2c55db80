"""Row-level security on PostgreSQL: a transaction finds and writes what its viewer may reach.

Revision 0010, after 0009. The settings of a transaction say who is at work (``matcher.rights`` and
so on) and which tables stand open to the service itself (``matcher.open``); without them every
policy is false or NULL, and so nothing is there. On SQLite nothing changes.

Scalar sub-selects keep the settings from being read anew for every row.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FUNCTIONS = {
    "matcher_setting(text)": """
        CREATE FUNCTION matcher_setting(name text) RETURNS text
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN nullif(current_setting(name, true), '')
    """,
    "matcher_list(text)": """
        CREATE FUNCTION matcher_list(name text) RETURNS text[]
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN string_to_array(nullif(current_setting(name, true), ''), ',')
    """,
    "matcher_is_open(text)": """
        CREATE FUNCTION matcher_is_open(name text) RETURNS boolean
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN coalesce(
            string_to_array(nullif(current_setting('matcher.open', true), ''), ',')
            && ARRAY['*', name], false)
    """,
    "matcher_holds(text[])": """
        CREATE FUNCTION matcher_holds(VARIADIC rights text[]) RETURNS boolean
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN coalesce(
            string_to_array(nullif(current_setting('matcher.rights', true), ''), ',')
            && rights, false)
    """,
}

_REGION = "(SELECT matcher_setting('matcher.region'))"
_ACCOUNT = "(SELECT matcher_setting('matcher.account')::integer)"
_ORGANISATION = "(SELECT matcher_setting('matcher.organisation')::integer)"
_CANDIDATE = "(SELECT matcher_setting('matcher.candidate')::integer)"
_OWNERS = "ANY ((SELECT matcher_list('matcher.owners')::integer[])::integer[])"
_COVERED = "ANY ((SELECT matcher_list('matcher.covered')::integer[])::integer[])"

IN_REGION = f"region = {_REGION}"
OF_ORGANISATION = f"organisation_id = {_ORGANISATION}"
OWN_FILE = f"candidate_id = {_CANDIDATE}"


def _is_on_caseload(person: str) -> str:
    return (
        f"{person}.region = {_REGION} AND ({person}.owner_account_id IS NULL"
        f" OR {person}.owner_account_id = {_OWNERS} OR {person}.id = {_COVERED})"
    )


def _on_caseload(table: str) -> str:
    # Names of our own tables only: nothing in a policy comes from outside.
    return (
        f"EXISTS (SELECT 1 FROM candidate person WHERE person.id = {table}.candidate_id"  # nosec B608
        f" AND {_is_on_caseload('person')})"
    )


def _through_introduction(condition: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM introduction WHERE"  # nosec B608
        f" introduction.id = introduction_event.introduction_id AND {condition})"
    )


_SAME_PERSON = (
    "SELECT 1 FROM candidate person WHERE person.region = candidate_audit.region"
    " AND person.reference = candidate_audit.reference"
)
_OWN_DRAFT = f"({IN_REGION} AND candidate_id IS NULL AND account_id = {_OWNERS})"
_IN_OWN_VIEW = (
    "(coalesce(right_used, '') = 'candidate' AND action IN ('read', 'list', 'export', 'sign_in'))"
)
_IS_OPERATION = "action IN ('sign_in', 'operate', 'create', 'change', 'erase')"
_REGION_STAFF = ("triager", "service_point", "lead")
_REGION_WIDE = ("coach", *_REGION_STAFF, "officer", "analyst")


def _case_staff(table: str) -> dict[str, tuple[str, ...]]:
    return {_on_caseload(table): ("coach",), IN_REGION: _REGION_STAFF}


def _advisers(table: str, *others: str) -> dict[str, tuple[str, ...]]:
    """Coaches by caseload, lead and triager by region, `others` by region too."""
    return {_on_caseload(table): ("coach",), IN_REGION: ("lead", "triager", *others)}


_OWN: dict[str, tuple[str, ...]] = {OWN_FILE: ("candidate",)}

# Which rows of each table whom: the same as RULES of the repositories, in the words of SQL.
POLICIES: dict[str, dict[str, tuple[str, ...]]] = {
    "candidate": {
        _is_on_caseload("candidate"): ("coach",),
        IN_REGION: _REGION_STAFF,
        f"id = {_CANDIDATE}": ("candidate",),
    },
    "candidate_audit": {
        f"EXISTS ({_SAME_PERSON} AND {_is_on_caseload('person')})": ("coach",),
        f"EXISTS ({_SAME_PERSON} AND person.id = {_CANDIDATE})": ("candidate",),
        IN_REGION: ("analyst",),
    },
    "intake_draft": {
        _OWN_DRAFT: ("coach", "lead"),
        _on_caseload("intake_draft"): ("coach",),
        f"{IN_REGION} AND candidate_id IS NOT NULL": ("lead",),
        **_OWN,
    },
    "commitment": {**_advisers("commitment"), **_OWN},
    "assessment": {
        _on_caseload("assessment"): ("coach",),
        IN_REGION: (*_REGION_STAFF, "analyst"),
        **_OWN,
    },
    "match_list": {
        _on_caseload("match_list"): ("coach",),
        IN_REGION: (*_REGION_STAFF, "analyst"),
        **_OWN,
    },
    "plan": {**_case_staff("plan"), **_OWN},
    "decision": {**_advisers("decision", "analyst"), **_OWN},
    "caseload_change": {
        **_advisers("caseload_change"),
        f"{IN_REGION} AND candidate_id IS NULL"
        f" AND (from_account_id = {_ACCOUNT} OR to_account_id = {_ACCOUNT})": ("coach",),
        **_OWN,
    },
    "own_request": {**_advisers("own_request"), **_OWN},
    "candidate_note": {**_advisers("candidate_note"), **_OWN},
    "blind_choice": _advisers("blind_choice", "analyst"),
    "introduction": {
        **_case_staff("introduction"),
        OF_ORGANISATION: ("contractor",),
        **_OWN,
    },
    "introduction_event": {
        IN_REGION: _REGION_STAFF,
        _through_introduction(_on_caseload("introduction")): ("coach",),
        _through_introduction(f"introduction.{OF_ORGANISATION}"): ("contractor",),
        _through_introduction(f"introduction.{OWN_FILE}"): ("candidate",),
    },
    "introduction_refusal": _OWN,
    "audit_entry": {
        f"{IN_REGION} AND NOT {_IN_OWN_VIEW}": ("lead", "officer", "analyst"),
        f"candidate_id IS NULL AND {_IS_OPERATION} AND NOT {_IN_OWN_VIEW}": ("admin",),
        **_OWN,
    },
    "message": {
        _on_caseload("message"): ("coach",),
        f"{IN_REGION} AND candidate_id IS NOT NULL": _REGION_STAFF,
        "candidate_id IS NULL": ("admin",),
    },
    "vacancy": {IN_REGION: _REGION_WIDE, OF_ORGANISATION: ("contractor",)},
    "organisation": {IN_REGION: _REGION_WIDE, f"id = {_ORGANISATION}": ("contractor",)},
    "call_request": {
        IN_REGION: (*_REGION_STAFF, "officer"),
        OF_ORGANISATION: ("contractor",),
    },
    "programme": {IN_REGION: _REGION_WIDE},
    "arrangement": {IN_REGION: _REGION_WIDE},
    "import_run": {IN_REGION: ("triager", "lead", "officer")},
}


def _condition(table: str, ways: dict[str, tuple[str, ...]]) -> str:
    parts = [f"(SELECT matcher_is_open('{table}'))"]
    for condition, rights in ways.items():
        held = ", ".join(f"'{right}'" for right in rights)
        parts.append(f"((SELECT matcher_holds({held})) AND {condition})")
    return " OR ".join(parts)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for body in FUNCTIONS.values():
        op.execute(body)
    for table, ways in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY reach ON {table} USING ({_condition(table, ways)})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in reversed(POLICIES):
        op.execute(f"DROP POLICY reach ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature}")
