"""Which organisations are the municipality itself, another public body, or take work back.

Revision 0032, after 0031. Empty for every other one: a firm of which nobody said anything.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


_KINDS = "kind IN ('municipality', 'public', 'insourcer')"


def upgrade() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(op.f("ck_organisation_organisation_kind"), _KINDS)


def downgrade() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint(op.f("ck_organisation_organisation_kind"), type_="check")
        batch_op.drop_column("kind")
