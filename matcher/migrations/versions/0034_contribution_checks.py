"""What firms declare themselves, and what was drawn for each and found by who looked at it.

Revision 0034, after 0033. On PostgreSQL with row-level security, as in 0021: reached like the
contract.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_CONDITION = (
    "((SELECT matcher_holds('officer', 'analyst'))"
    " AND region = (SELECT matcher_setting('matcher.region')))"
    " OR ((SELECT matcher_holds('contractor')) AND EXISTS (SELECT 1 FROM contract"
    " WHERE contract.id = contribution_check.contract_id AND contract.organisation_id"
    " = (SELECT matcher_setting('matcher.organisation')::integer)))"
)
POLICIES = {"contribution_check": _CONDITION}


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _account_key(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["account.id"],
        name=op.f(f"fk_contribution_check_{column}_account"),
        ondelete="SET NULL",
    )


def upgrade() -> None:
    op.add_column("contribution", sa.Column("declared_at", sa.DateTime(timezone=True)))
    op.add_column("contribution", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.create_table(
        "contribution_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column(
            "ground", _words("ground", "first", "sample", "light", "unused"), nullable=False
        ),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _words("sample_state", "skipped", "asked", "proposed", "closed"),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "verdict",
            _words("check_verdict", "in_order", "corrected", "not_shown", "withdrawn"),
            nullable=True,
        ),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_contribution_check_two_people")),
        sa.CheckConstraint('"rate" BETWEEN 0 AND 10000', name=op.f("ck_contribution_check_rate")),
        sa.CheckConstraint(
            '"number" BETWEEN 0 AND 9999', name=op.f("ck_contribution_check_number")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contribution_check_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_check_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        _account_key("first_by"),
        _account_key("second_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_check")),
        sa.UniqueConstraint(
            "contribution_id", name=op.f("uq_contribution_check_contribution_id")
        ),
    )
    op.create_index(
        op.f("ix_contribution_check_contract_id"), "contribution_check", ["contract_id"]
    )
    op.create_index(
        "ix_contribution_check_region_state", "contribution_check", ["region", "state", "due_on"]
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY reach ON {table}"
            f" USING ((SELECT matcher_is_open('{table}')) OR {condition})"
        )


def downgrade() -> None:
    op.drop_table("contribution_check")
    # What a firm took back would count again without the column.
    op.execute("DELETE FROM contribution WHERE withdrawn_at IS NOT NULL")
    op.drop_column("contribution", "withdrawn_at")
    op.drop_column("contribution", "declared_at")
