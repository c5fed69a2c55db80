"""The inflow board of a region, and where everybody stood when it was counted.

Revision 0018, after 0017. On PostgreSQL with row-level security, as in 0010: the figures name
nobody and are for whoever oversees a region, the lines behind them for its talent centre.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_IN_REGION = "region = (SELECT matcher_setting('matcher.region'))"

POLICIES = {
    "inflow_board": (
        f"(SELECT matcher_holds('triager', 'lead', 'officer', 'analyst')) AND {_IN_REGION}"
    ),
    "inflow_line": f"(SELECT matcher_holds('triager', 'lead')) AND {_IN_REGION}",
    "inflow_near": f"(SELECT matcher_holds('triager', 'lead')) AND {_IN_REGION}",
}


def upgrade() -> None:
    op.create_table(
        "inflow_board",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_inflow_board_job_id_job"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inflow_board")),
        sa.UniqueConstraint("job_id", name=op.f("uq_inflow_board_job_id")),
    )
    op.create_index("ix_inflow_board_region_id", "inflow_board", ["region", "id"])
    op.create_table(
        "inflow_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("stand", sa.String(length=60), nullable=False),
        sa.Column("week", sa.SmallInteger(), nullable=True),
        sa.Column("vacancy_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=80), nullable=True),
        sa.Column("start_level", sa.SmallInteger(), nullable=True),
        sa.Column("rhythm_age", sa.String(length=60), nullable=True),
        sa.Column("levels_age", sa.String(length=60), nullable=True),
        sa.Column("unknown", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("week BETWEEN 0 AND 52", name=op.f("ck_inflow_line_week")),
        sa.CheckConstraint(
            "start_level BETWEEN 0 AND 10000", name=op.f("ck_inflow_line_start_level")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_inflow_line_job_id_job"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_inflow_line_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancy.id"],
            name=op.f("fk_inflow_line_vacancy_id_vacancy"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.id"],
            name=op.f("fk_inflow_line_cohort_id_cohort"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inflow_line")),
    )
    op.create_index("ix_inflow_line_job_id_stand", "inflow_line", ["job_id", "stand", "week"])
    for column in ("candidate_id", "vacancy_id", "cohort_id"):
        op.create_index(op.f(f"ix_inflow_line_{column}"), "inflow_line", [column])
    op.create_table(
        "inflow_near",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("vacancy_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_inflow_near_job_id_job"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancy.id"],
            name=op.f("fk_inflow_near_vacancy_id_vacancy"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_inflow_near_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inflow_near")),
    )
    op.create_index(
        "ix_inflow_near_job_id_vacancy_id", "inflow_near", ["job_id", "vacancy_id"]
    )
    for column in ("candidate_id", "vacancy_id"):
        op.create_index(op.f(f"ix_inflow_near_{column}"), "inflow_near", [column])
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
    for table in ("inflow_near", "inflow_line", "inflow_board"):
        op.drop_table(table)
