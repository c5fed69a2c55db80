"""What anybody reports about displacement without an account.

Revision 0031, after 0030. On PostgreSQL with row-level security, as in 0010: reached by the officers
of the region, and written by the service for whoever reports.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_CONDITION = (
    "((SELECT matcher_holds('officer')) AND region = (SELECT matcher_setting('matcher.region')))"
)
POLICIES = {"displacement_report": _CONDITION}


def upgrade() -> None:
    op.create_table(
        "displacement_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("work", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("signs", sa.Text(), nullable=False),
        sa.Column("happened", sa.String(length=40), nullable=False),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                *("new", "asked", "founded", "unfounded", "other"),
                name="report_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_displacement_report_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_displacement_report")),
    )
    op.create_index(
        "ix_displacement_report_region_state", "displacement_report", ["region", "state", "due_on"]
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
    op.drop_table("displacement_report")
