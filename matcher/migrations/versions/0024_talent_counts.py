"""What anybody may read of the people of a region, one counting a week.

Revision 0024, after 0023. Without row-level security: the counts are of 10 people and more,
rounded, and meant for everybody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talent_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.CheckConstraint(
            '"number" BETWEEN 1 AND 1000000', name=op.f("ck_talent_count_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talent_count")),
        sa.UniqueConstraint("region", "number", name=op.f("uq_talent_count_region_number")),
    )


def downgrade() -> None:
    op.drop_table("talent_count")
