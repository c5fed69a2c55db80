"""Versions of a region's rules, the steps of each, and the version a contract was opened under.

Revision 0027, after 0026. A version that was approved stays as it is, and steps are only added:
triggers refuse anything else, as they do for a ledger. On PostgreSQL with row-level security, as in
0010: officers reach those of their region; what holds is read by the service itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_CONDITION = (
    "((SELECT matcher_holds('officer')) AND region = (SELECT matcher_setting('matcher.region')))"
)
POLICIES = {"rule_version": _CONDITION, "rule_version_step": _CONDITION}
_APPROVED = sa.text("state = 'approved'")
_FINAL = (
    "id, region, name, text, base_id, state, effective_on, council_advice, council_on, "
    "council_done, not_asked_why, approved_at"
)
"""What a version keeps for ever; of who wrote and who approved it only that they are gone."""


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=op.f(f"fk_{table}_{column}_{target}"),
        ondelete=ondelete,
    )


def upgrade() -> None:
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            _words("rule_state", "draft", "advised", "offered", "approved", "withdrawn"),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("council_advice", sa.Text(), nullable=True),
        sa.Column("council_on", sa.Date(), nullable=True),
        sa.Column("council_done", sa.Text(), nullable=True),
        sa.Column("not_asked_why", sa.String(length=500), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("second_by <> author_id", name=op.f("ck_rule_version_two_people")),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR not_asked_why IS NOT NULL"
            " OR (council_advice IS NOT NULL"
            " AND council_on IS NOT NULL AND council_done IS NOT NULL)",
            name=op.f("ck_rule_version_council"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('offered', 'approved') OR (effective_on IS NOT NULL"
            " AND name IS NOT NULL)",
            name=op.f("ck_rule_version_effective"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_at IS NOT NULL",
            name=op.f("ck_rule_version_approved"),
        ),
        _key("rule_version", "base_id", "rule_version", "RESTRICT"),
        _key("rule_version", "author_id", "account", "SET NULL"),
        _key("rule_version", "second_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
    )
    op.create_index("ix_rule_version_region_state", "rule_version", ["region", "state"])
    for column in ("name", "effective_on"):
        op.create_index(
            f"uq_rule_version_region_{column}_approved",
            "rule_version",
            ["region", column],
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        )
    op.create_table(
        "rule_version_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("rule_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            _words(
                "rule_step",
                *("begin", "write", "advise", "offer", "return", "approve", "withdraw"),
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("rule_version_step", "rule_version_id", "rule_version", "CASCADE"),
        _key("rule_version_step", "account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version_step")),
    )
    op.create_index(
        "ix_rule_version_step_rule_version_id_id", "rule_version_step", ["rule_version_id", "id"]
    )
    _hold_ledger(False)
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("municipality", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("rule_version_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_contract_rule_version_id_rule_version"),
            "rule_version",
            ["rule_version_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    _hold_ledger(True)
    if op.get_bind().dialect.name != "postgresql":
        _keep_on_sqlite()
        return
    _keep_on_postgresql()
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY reach ON {table}"
            f" USING ((SELECT matcher_is_open('{table}')) OR {condition})"
        )


def _keep_on_sqlite() -> None:
    final = "BEGIN SELECT RAISE(ABORT, 'a version of the rules that was approved is final'); END"
    step = "BEGIN SELECT RAISE(ABORT, 'a step of a version of the rules is final'); END"
    op.execute(
        f"CREATE TRIGGER rule_version_is_final BEFORE UPDATE OF {_FINAL} ON rule_version"
        f" WHEN OLD.state = 'approved' {final}"
    )
    op.execute(
        "CREATE TRIGGER rule_version_people BEFORE UPDATE OF author_id, second_by ON rule_version"
        " WHEN OLD.state = 'approved' AND ("
        "(NEW.author_id IS NOT NULL AND NEW.author_id IS NOT OLD.author_id) OR "
        f"(NEW.second_by IS NOT NULL AND NEW.second_by IS NOT OLD.second_by)) {final}"
    )
    op.execute(
        "CREATE TRIGGER rule_version_stays BEFORE DELETE ON rule_version"
        f" WHEN OLD.state = 'approved' {final}"
    )
    op.execute(
        "CREATE TRIGGER rule_step_is_final BEFORE UPDATE OF id, region, rule_version_id, step,"
        f' why, text_sha256, "at" ON rule_version_step {step}'
    )
    op.execute(
        "CREATE TRIGGER rule_step_stays BEFORE DELETE ON rule_version_step"
        " WHEN EXISTS (SELECT 1 FROM rule_version"
        " WHERE rule_version.id = OLD.rule_version_id) "
        "BEGIN SELECT RAISE(ABORT, 'a step of a version of the rules is final'); END"
    )


def _keep_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_rule_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'a version of the rules that was approved is final'; END "
        "$$ LANGUAGE plpgsql"
    )
    refuse = "EXECUTE FUNCTION refuse_rule_change()"
    op.execute(
        f"CREATE TRIGGER rule_version_is_final BEFORE UPDATE OF {_FINAL} ON rule_version"
        f" FOR EACH ROW WHEN (OLD.state = 'approved') {refuse}"
    )
    op.execute(
        "CREATE TRIGGER rule_version_people BEFORE UPDATE OF author_id, second_by ON rule_version"
        " FOR EACH ROW WHEN (OLD.state = 'approved' AND ("
        "(NEW.author_id IS NOT NULL AND NEW.author_id IS DISTINCT FROM OLD.author_id) OR "
        "(NEW.second_by IS NOT NULL AND NEW.second_by IS DISTINCT FROM OLD.second_by)))"
        f" {refuse}"
    )
    op.execute(
        "CREATE TRIGGER rule_version_stays BEFORE DELETE ON rule_version"
        f" FOR EACH ROW WHEN (OLD.state = 'approved') {refuse}"
    )
    op.execute(
        "CREATE TRIGGER rule_step_is_final BEFORE UPDATE OF id, region, rule_version_id, step,"
        f' why, text_sha256, "at" ON rule_version_step FOR EACH ROW {refuse}'
    )
    # Steps that follow a version are removed by the database itself, one trigger deeper.
    op.execute(
        "CREATE TRIGGER rule_step_stays BEFORE DELETE ON rule_version_step"
        f" FOR EACH ROW WHEN (pg_trigger_depth() = 0) {refuse}"
    )


def _hold_ledger(stands: bool) -> None:
    """On SQLite a table is rebuilt under another name; the trigger of 0021 names this one."""
    if op.get_bind().dialect.name == "postgresql":
        return
    if not stands:
        op.execute("DROP TRIGGER ledger_stays")
        return
    op.execute(
        "CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger_entry "
        "WHEN EXISTS (SELECT 1 FROM contract WHERE contract.id = OLD.contract_id) "
        "BEGIN SELECT RAISE(ABORT, 'a line of a ledger is never removed'); END"
    )


def downgrade() -> None:
    _hold_ledger(False)
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_contract_rule_version_id_rule_version"), type_="foreignkey"
        )
        batch_op.drop_column("rule_version_id")
        batch_op.drop_column("municipality")
    _hold_ledger(True)
    op.drop_table("rule_version_step")
    op.drop_table("rule_version")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_rule_change()")
