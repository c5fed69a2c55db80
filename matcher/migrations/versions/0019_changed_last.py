"""An index in the order of what changed last, with all that the queue asks of it.

Revision 0019, after 0018.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_candidate_changed",
        "candidate",
        ["region", "status", "updated_at", "id", "created_at"],
    )
    op.drop_index("ix_candidate_region_updated_at", table_name="candidate")


def downgrade() -> None:
    op.create_index("ix_candidate_region_updated_at", "candidate", ["region", "updated_at"])
    op.drop_index("ix_candidate_changed", table_name="candidate")
