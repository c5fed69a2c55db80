"""Public contracts, contributions, the ledger of each account and the decisions about a shortfall.

Revision 0021, after 0020. Lines of a ledger are only added: triggers refuse any change, and any
removal but with the whole contract. On PostgreSQL with row-level security, as in 0010: officers and
analysts reach a region, a firm what belongs to its own contracts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_IN_REGION = "region = (SELECT matcher_setting('matcher.region'))"
_OF_FIRM = "organisation_id = (SELECT matcher_setting('matcher.organisation')::integer)"
_REGION_WIDE = f"((SELECT matcher_holds('officer', 'analyst')) AND {_IN_REGION})"
_CENTS = 2**53 - 1


def _of_own_contract(table: str) -> str:
    # Names of our own tables only: nothing in a policy comes from outside.
    return (
        "((SELECT matcher_holds('contractor')) AND EXISTS (SELECT 1 FROM contract"  # nosec B608
        f" WHERE contract.id = {table}.contract_id AND contract.{_OF_FIRM}))"
    )


POLICIES = {
    "contract": f"{_REGION_WIDE} OR ((SELECT matcher_holds('contractor')) AND {_OF_FIRM})",
    "contribution": f"{_REGION_WIDE} OR {_of_own_contract('contribution')}",
    "ledger_entry": _REGION_WIDE,
    "settlement_decision": f"{_REGION_WIDE} OR {_of_own_contract('settlement_decision')}",
}


def _within(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f'"{column}" BETWEEN 0 AND {_CENTS}', name=op.f(f"ck_{table}_{column}")
    )


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _contract_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["contract_id"],
        ["contract.id"],
        name=op.f(f"fk_{table}_contract_id_contract"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=False),
        sa.Column("wage_cents", sa.BigInteger(), nullable=True),
        sa.Column("tendered_on", sa.Date(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("pso_level", sa.String(length=60), nullable=True),
        sa.Column("pso_valid_until", sa.Date(), nullable=True),
        sa.Column("pso_holder", sa.String(length=60), nullable=True),
        sa.Column("existing_staff_fte", sa.Float(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _within("contract", "value_cents"),
        _within("contract", "wage_cents"),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_contract_dates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contract_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("region", "reference", name=op.f("uq_contract_region_reference")),
    )
    op.create_index(op.f("ix_contract_organisation_id"), "contract", ["organisation_id"])
    op.create_index("ix_contract_region_end_on", "contract", ["region", "end_on"])
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("of_person", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("hours_week", sa.Float(), nullable=True),
        sa.Column("activity_hours", sa.Float(), nullable=True),
        sa.Column("invoice_cents", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _within("contribution", "invoice_cents"),
        _contract_key("contribution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint(
            "contract_id", "reference", name=op.f("uq_contribution_contract_id_reference")
        ),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("part", _words("ledger_part", "obligation", "credit"), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("is_contra", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("arithmetic", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rules_version", sa.String(length=200), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        _contract_key("ledger_entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_contract_id_id", "ledger_entry", ["contract_id", "id"])
    op.create_table(
        "settlement_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("shortfall_cents", sa.BigInteger(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column(
            "choice", _words("settlement_choice", "ask", "excuse", "agree"), nullable=False
        ),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column(
            "state", _words("settlement_vote", "asked", "confirmed", "refused"), nullable=False
        ),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "second_by <> first_by", name=op.f("ck_settlement_decision_two_people")
        ),
        _within("settlement_decision", "shortfall_cents"),
        _within("settlement_decision", "cents"),
        _contract_key("settlement_decision"),
        sa.ForeignKeyConstraint(
            ["first_by"],
            ["account.id"],
            name=op.f("fk_settlement_decision_first_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["second_by"],
            ["account.id"],
            name=op.f("fk_settlement_decision_second_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_decision")),
    )
    op.create_index(
        "ix_settlement_decision_contract_id_id", "settlement_decision", ["contract_id", "id"]
    )
    op.create_index(
        "uq_settlement_decision_contract_id_asked",
        "settlement_decision",
        ["contract_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    if op.get_bind().dialect.name != "postgresql":
        _only_add_on_sqlite()
        return
    _only_add_on_postgresql()
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY reach ON {table}"
            f" USING ((SELECT matcher_is_open('{table}')) OR {condition})"
        )


_FINAL = (
    "id, region, contract_id, part, rule, subject, cents, is_contra, source, is_example, reason, "
    '"on", rules_version, posted_at'
)
"""What a line of the ledger keeps for ever. Its two sealed texts may be sealed with a new key."""


def _only_add_on_sqlite() -> None:
    op.execute(
        f"CREATE TRIGGER ledger_is_final BEFORE UPDATE OF {_FINAL} ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT, 'a line of a ledger is never changed'); END"
    )
    # A contract that is removed is gone before its lines follow.
    op.execute(
        "CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger_entry "
        "WHEN EXISTS (SELECT 1 FROM contract WHERE contract.id = OLD.contract_id) "
        "BEGIN SELECT RAISE(ABORT, 'a line of a ledger is never removed'); END"
    )


def _only_add_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'a line of a ledger is never changed or removed'; END "
        "$$ LANGUAGE plpgsql"
    )
    op.execute(
        f"CREATE TRIGGER ledger_is_final BEFORE UPDATE OF {_FINAL} ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
    )
    # Lines that follow a contract are removed by the database itself, one trigger deeper.
    op.execute(
        "CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger_entry "
        "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_ledger_change()"
    )


def downgrade() -> None:
    for table in ("settlement_decision", "ledger_entry", "contribution", "contract"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_ledger_change()")
