"""The public contract that a job counts for, and the plan for when that contract ends.

Revision 0035, after 0034. The policy of ``placement`` stands: new columns change nothing of who
reaches a row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("contract_id", sa.Integer()),
    ("pseudonym", sa.String(length=20)),
    ("plan", sa.String(length=60)),
    ("plan_due_on", sa.Date()),
    ("plan_owner_id", sa.Integer()),
    ("plan_consented_at", sa.DateTime(timezone=True)),
)
_KEYS = (("contract_id", "contract"), ("plan_owner_id", "account"))


def upgrade() -> None:
    with op.batch_alter_table("placement") as batch_op:
        for name, kind in _COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name, table in _KEYS:
            batch_op.create_foreign_key(
                op.f(f"fk_placement_{name}_{table}"), table, [name], ["id"], ondelete="SET NULL"
            )
        batch_op.create_unique_constraint(op.f("uq_placement_pseudonym"), ["pseudonym"])
    op.create_index(op.f("ix_placement_contract_id"), "placement", ["contract_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_placement_contract_id"), table_name="placement")
    with op.batch_alter_table("placement") as batch_op:
        batch_op.drop_constraint(op.f("uq_placement_pseudonym"), type_="unique")
        for name, table in _KEYS:
            batch_op.drop_constraint(op.f(f"fk_placement_{name}_{table}"), type_="foreignkey")
        for name, _kind in reversed(_COLUMNS):
            batch_op.drop_column(name)
