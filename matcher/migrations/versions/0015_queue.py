"""The queue: attempts to reach somebody, hand-overs elsewhere, visits, undone decisions, reviews.

Revision 0015, after 0014. On PostgreSQL with row-level security, as in 0010: all of it is reached
with the person. When somebody of staff looked is no row of a person, and shown to nobody else.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REGION = "(SELECT matcher_setting('matcher.region'))"
_OWNERS = "ANY ((SELECT matcher_list('matcher.owners')::integer[])::integer[])"
_COVERED = "ANY ((SELECT matcher_list('matcher.covered')::integer[])::integer[])"
_OWN_FILE = "candidate_id = (SELECT matcher_setting('matcher.candidate')::integer)"


def _with_the_person(table: str, *region_wide: str) -> str:
    # Names of our own tables only: nothing in a policy comes from outside.
    caseload = (
        f"EXISTS (SELECT 1 FROM candidate person WHERE person.id = {table}.candidate_id"  # nosec B608
        f" AND person.region = {_REGION} AND (person.owner_account_id IS NULL"
        f" OR person.owner_account_id = {_OWNERS} OR person.id = {_COVERED}))"
    )
    held = ", ".join(f"'{right}'" for right in region_wide)
    return (
        f"((SELECT matcher_holds('coach')) AND {caseload})"
        f" OR ((SELECT matcher_holds({held})) AND region = {_REGION})"
        f" OR ((SELECT matcher_holds('candidate')) AND {_OWN_FILE})"
    )


POLICIES = {
    "contact_attempt": _with_the_person("contact_attempt", "lead", "triager"),
    "elsewhere": _with_the_person("elsewhere", "lead", "triager"),
    "decision_undo": _with_the_person("decision_undo", "lead", "triager", "analyst"),
}
NEW_ON = {
    "candidate": ("created_at", "updated_at", "paused_until", "observed_on"),
    "seat": ("updated_at",),
}
"""Columns by which the changes since a visit are found."""


def upgrade() -> None:
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_contact_attempt_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"],
            ["account.id"],
            name=op.f("fk_contact_attempt_noted_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(
        "ix_contact_attempt_candidate_id_id", "contact_attempt", ["candidate_id", "id"]
    )
    op.create_table(
        "decision_undo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_decision_undo_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_decision_undo_decision_id_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_undo")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_decision_undo_decision_id")),
    )
    op.create_index(op.f("ix_decision_undo_candidate_id"), "decision_undo", ["candidate_id"])
    op.create_table(
        "elsewhere",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column(
            "receiver",
            sa.Enum(
                "school",
                "day_activities",
                "wmo",
                "debt_office",
                "other",
                name="receiver_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("appointment_on", sa.Date(), nullable=False),
        sa.Column("confirm_by", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("confirm_by >= appointment_on", name=op.f("ck_elsewhere_dates")),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_elsewhere_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_elsewhere_decision_id_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elsewhere")),
    )
    op.create_index(op.f("ix_elsewhere_candidate_id"), "elsewhere", ["candidate_id"])
    op.create_index(op.f("ix_elsewhere_decision_id"), "elsewhere", ["decision_id"])
    op.create_index("ix_elsewhere_region_confirm_by", "elsewhere", ["region", "confirm_by"])
    op.create_index(
        "uq_elsewhere_candidate_id_standing",
        "elsewhere",
        ["candidate_id"],
        unique=True,
        sqlite_where=sa.text("back_on IS NULL"),
        postgresql_where=sa.text("back_on IS NULL"),
    )
    op.create_table(
        "queue_visit",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_queue_visit_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_queue_visit")),
    )
    # Added in place: a table made anew would lose the trigger that keeps decisions final.
    op.add_column("decision", sa.Column("review_on", sa.Date(), nullable=True))
    for table, columns in NEW_ON.items():
        for column in columns:
            op.create_index(f"ix_{table}_region_{column}", table, ["region", column])
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY reach ON {table}"
            f" USING ((SELECT matcher_is_open('{table}')) OR {condition})"
        )


def downgrade() -> None:
    for table, columns in NEW_ON.items():
        for column in columns:
            op.drop_index(f"ix_{table}_region_{column}", table_name=table)
    op.drop_column("decision", "review_on")
    for table in ("queue_visit", "elsewhere", "decision_undo", "contact_attempt"):
        op.drop_table(table)
