"""Calls that the centre makes about an open place, beside those that firms ask for.

Revision 0026, after 0025. One call about a place is open at a time. The policy of ``call_request``
stands: the new column changes nothing of who reaches a row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_OPEN = sa.text("vacancy_id IS NOT NULL AND status <> 'done'")


def upgrade() -> None:
    with op.batch_alter_table("call_request") as batch_op:
        batch_op.add_column(sa.Column("vacancy_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_call_request_vacancy_id_vacancy"),
            "vacancy",
            ["vacancy_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_index(op.f("ix_call_request_vacancy_id"), "call_request", ["vacancy_id"])
    op.create_index(
        "uq_call_request_vacancy_id_open",
        "call_request",
        ["vacancy_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    # Without the column a call about a place would read as one that a firm asked for.
    op.execute("DELETE FROM call_request WHERE vacancy_id IS NOT NULL")
    op.drop_index("uq_call_request_vacancy_id_open", table_name="call_request")
    op.drop_index(op.f("ix_call_request_vacancy_id"), table_name="call_request")
    with op.batch_alter_table("call_request") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_call_request_vacancy_id_vacancy"), type_="foreignkey"
        )
        batch_op.drop_column("vacancy_id")
