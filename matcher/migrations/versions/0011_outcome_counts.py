"""How files ended, counted before they are erased.

Revision 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcome_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "closed_code",
            sa.Enum(
                "started_work",
                "learning",
                "moved",
                "own_wish",
                "handed_over",
                "no_contact",
                "died",
                name="closing_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "lane",
            sa.Enum(
                "ready_now",
                "ready_with_support",
                "pre_placement",
                "other_route",
                "not_enough_known",
                name="lane",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint('"people" BETWEEN 5 AND 1000000', name=op.f("ck_outcome_count_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_count")),
        sa.UniqueConstraint(
            "region",
            "month",
            "closed_code",
            "lane",
            name=op.f("uq_outcome_count_region_month_closed_code_lane"),
        ),
    )


def downgrade() -> None:
    op.drop_table("outcome_count")
