"""Decision days of programmes and arrangements, and links for calendars.

Revision 0022, after 0021. On PostgreSQL with row-level security, as in 0010: what is decided about
programmes is reached by whoever plans or reports in the region. A calendar link is of an account,
and shown to nobody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_IN_REGION = "region = (SELECT matcher_setting('matcher.region'))"
_READS = "(SELECT matcher_holds('triager', 'lead', 'officer', 'analyst'))"
_OPEN = sa.text("verdict IS NULL")


def upgrade() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("arrangement_id", sa.Integer(), nullable=True),
        sa.Column("decide_on", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "go_on",
                "change",
                "stop",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(programme_id IS NULL) <> (arrangement_id IS NULL)",
            name=op.f("ck_evaluation_subject"),
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_evaluation_decided")
        ),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangement.id"],
            name=op.f("fk_evaluation_arrangement_id_arrangement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_evaluation_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_evaluation_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    op.create_index(op.f("ix_evaluation_arrangement_id"), "evaluation", ["arrangement_id"])
    op.create_index(op.f("ix_evaluation_programme_id"), "evaluation", ["programme_id"])
    op.create_index("ix_evaluation_region_decide_on", "evaluation", ["region", "decide_on"])
    for subject in ("programme_id", "arrangement_id"):
        op.create_index(
            f"uq_evaluation_{subject}_open",
            "evaluation",
            [subject],
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_calendar_link_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_link_secret_hash")),
    )
    op.create_index(op.f("ix_calendar_link_account_id"), "calendar_link", ["account_id"])
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE evaluation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE evaluation FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY reach ON evaluation"
        f" USING ((SELECT matcher_is_open('evaluation')) OR ({_READS} AND {_IN_REGION}))"
    )


def downgrade() -> None:
    op.drop_table("calendar_link")
    op.drop_table("evaluation")
