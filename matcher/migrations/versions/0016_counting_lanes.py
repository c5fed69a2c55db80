"""Indexes that answer how many people are in each lane without reading their advice.

Revision 0016, after 0015.
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_assessment_candidate_lane", "assessment", ["candidate_id", "id", "lane"])
    op.create_index(
        "ix_candidate_region_status_manual", "candidate", ["region", "status", "manual_only", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_candidate_region_status_manual", table_name="candidate")
    op.drop_index("ix_assessment_candidate_lane", table_name="assessment")
