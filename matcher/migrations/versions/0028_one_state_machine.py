"""Keys of the steps from invitation to end, trials, and why there was no introduction.

Revision 0028, after 0027. The policies of the four tables stand: new columns change nothing of who
reaches a row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_EVENTS = ("introduction", "placement")
_TRIAL = (
    ("without_introduction", sa.String(length=60)),
    ("trial_from", sa.Date()),
    ("trial_until", sa.Date()),
    ("trial_reason", sa.String(length=60)),
    ("intends_contract", sa.Boolean()),
)


def upgrade() -> None:
    for subject in _EVENTS:
        with op.batch_alter_table(f"{subject}_event") as batch_op:
            batch_op.add_column(sa.Column("key", sa.String(length=64), nullable=True))
            batch_op.create_unique_constraint(
                op.f(f"uq_{subject}_event_{subject}_id_key"), [f"{subject}_id", "key"]
            )
    with op.batch_alter_table("introduction_refusal") as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=64), nullable=True))
    with op.batch_alter_table("placement") as batch_op:
        for name, kind in _TRIAL:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_placement_trial"), sa.text("trial_until >= trial_from")
        )
    # Every placement without an introduction was work that somebody found otherwise.
    op.execute(
        "UPDATE placement SET without_introduction = 'own_found'"
        " WHERE introduction_id IS NULL AND organisation_id IS NULL"
    )
    op.execute("UPDATE placement SET trial_from = starts_on WHERE state = 'trial'")


def downgrade() -> None:
    with op.batch_alter_table("placement") as batch_op:
        batch_op.drop_constraint(op.f("ck_placement_trial"), type_="check")
        for name, _kind in reversed(_TRIAL):
            batch_op.drop_column(name)
    with op.batch_alter_table("introduction_refusal") as batch_op:
        batch_op.drop_column("key")
    for subject in reversed(_EVENTS):
        with op.batch_alter_table(f"{subject}_event") as batch_op:
            batch_op.drop_constraint(
                op.f(f"uq_{subject}_event_{subject}_id_key"), type_="unique"
            )
            batch_op.drop_column("key")
