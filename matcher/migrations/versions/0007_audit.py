"""Who did what, who stands in for whom, and what was erased.

Revision 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


SQLITE_GUARDS = (
    """
    CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'an entry of the log is never changed'); END
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
    WHEN OLD.position >= COALESCE((SELECT min(first_position) FROM audit_head), 0)
    BEGIN SELECT RAISE(ABORT, 'an entry of the log is kept until its term ends'); END
    """,
    """
    CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'the head of the log stays'); END
    """,
)
POSTGRESQL_GUARDS = (
    """
    CREATE FUNCTION audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' THEN
            IF OLD.position < (SELECT min(first_position) FROM audit_head) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the log is only added to: % of % is refused', TG_OP, TG_TABLE_NAME;
    END
    $$
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_log_stays()
    """,
    """
    CREATE TRIGGER audit_entry_is_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_stays()
    """,
    """
    CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_log_stays()
    """,
)
"""Entries go only from the front, after the head has moved past them: retention is the one road."""


def upgrade() -> None:
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("goal", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column("manual_only", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_table(
        "caseload_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hand_over",
                "stand_in",
                name="caseload_change_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("from_account_id", sa.Integer(), nullable=True),
        sa.Column("to_account_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= starts_on", name=op.f("ck_caseload_change_dates")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_caseload_change_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_caseload_change_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id"],
            ["account.id"],
            name=op.f("fk_caseload_change_from_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"],
            ["account.id"],
            name=op.f("fk_caseload_change_to_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload_change")),
    )
    op.create_index(
        op.f("ix_caseload_change_candidate_id"), "caseload_change", ["candidate_id"], unique=False
    )
    op.create_index(
        op.f("ix_caseload_change_from_account_id"),
        "caseload_change",
        ["from_account_id"],
        unique=False,
    )
    op.create_index(
        "ix_caseload_change_to_until", "caseload_change", ["to_account_id", "until"], unique=False
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("right_used", sa.String(length=60), nullable=True),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "read",
                "list",
                "create",
                "change",
                "erase",
                "suggest",
                "decide",
                "export",
                "consent",
                "sign_in",
                "operate",
                name="audit_action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=60), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("versions", sa.String(length=300), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_entry_position")),
    )
    op.create_index(
        "ix_audit_entry_candidate", "audit_entry", ["candidate_id", "position"], unique=False
    )
    op.create_index("ix_audit_entry_region_at", "audit_entry", ["region", "at"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_position", sa.Integer(), nullable=False),
        sa.Column("before_first_hash", sa.String(length=64), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "blind_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column(
            "chosen",
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
            nullable=False,
        ),
        sa.Column(
            "suggested",
            sa.Enum(
                "ready_now",
                "ready_with_support",
                "pre_placement",
                "other_route",
                "not_enough_known",
                name="suggested_lane",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_blind_choice_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_blind_choice_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_choice")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_blind_choice_assessment_id")),
    )
    op.create_index(
        op.f("ix_blind_choice_candidate_id"), "blind_choice", ["candidate_id"], unique=False
    )
    op.create_index("ix_blind_choice_region_at", "blind_choice", ["region", "at"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("subject_hash", name=op.f("uq_tombstone_subject_hash")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS if is_sqlite else POSTGRESQL_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("tombstone")
    op.drop_table("blind_choice")
    # Their triggers go with the tables.
    op.drop_table("audit_entry")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_stays()")
    op.drop_table("caseload_change")
    with op.batch_alter_table("candidate") as batch_op:
        batch_op.drop_column("manual_only")
        batch_op.drop_column("goal")
