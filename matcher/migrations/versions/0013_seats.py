"""Groups of programmes, seats, attendance, the provider's link and money for seats.

Revision 0013, after 0012. On PostgreSQL with row-level security, as in 0010: seats and attendance
are reached with the person, groups and their links by staff of the region, money by whoever plans.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REGION = "(SELECT matcher_setting('matcher.region'))"
_OWNERS = "ANY ((SELECT matcher_list('matcher.owners')::integer[])::integer[])"
_COVERED = "ANY ((SELECT matcher_list('matcher.covered')::integer[])::integer[])"
_IN_REGION = f"region = {_REGION}"
_OWN_FILE = "candidate_id = (SELECT matcher_setting('matcher.candidate')::integer)"


def _with_the_person(table: str) -> str:
    # Names of our own tables only: nothing in a policy comes from outside.
    caseload = (
        f"EXISTS (SELECT 1 FROM candidate person WHERE person.id = {table}.candidate_id"  # nosec B608
        f" AND person.region = {_REGION} AND (person.owner_account_id IS NULL"
        f" OR person.owner_account_id = {_OWNERS} OR person.id = {_COVERED}))"
    )
    return (
        f"((SELECT matcher_holds('coach')) AND {caseload})"
        f" OR ((SELECT matcher_holds('lead', 'triager')) AND {_IN_REGION})"
        f" OR ((SELECT matcher_holds('candidate')) AND {_OWN_FILE})"
    )


def _in_region(*rights: str) -> str:
    held = ", ".join(f"'{right}'" for right in rights)
    return f"(SELECT matcher_holds({held})) AND {_IN_REGION}"


POLICIES = {
    "funding_line": _in_region("triager", "lead", "officer", "analyst"),
    "cohort": _in_region("coach", "triager", "service_point", "lead", "officer", "analyst"),
    "attendance_link": _in_region("coach", "triager", "lead"),
    "seat": _with_the_person("seat"),
    "attendance": _with_the_person("attendance"),
}


def upgrade() -> None:
    op.create_table(
        "funding_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("from_sector", sa.String(length=60), nullable=True),
        sa.Column("to_sector", sa.String(length=60), nullable=True),
        sa.Column("budget_cents", sa.Integer(), nullable=False),
        sa.Column("spent_cents", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"budget_cents" BETWEEN 0 AND 2000000000', name=op.f("ck_funding_line_budget_cents")
        ),
        sa.CheckConstraint(
            "spent_cents >= 0 AND spent_cents <= budget_cents",
            name=op.f("ck_funding_line_spent_cents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_line")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_funding_line_region_name")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("funding_line_id", sa.Integer(), nullable=True),
        sa.Column("seat_cents", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"capacity" BETWEEN 0 AND 100000', name=op.f("ck_cohort_capacity")),
        sa.CheckConstraint(
            '"seat_cents" BETWEEN 0 AND 2000000000', name=op.f("ck_cohort_seat_cents")
        ),
        sa.CheckConstraint("booked >= 0 AND booked <= capacity", name=op.f("ck_cohort_booked")),
        sa.ForeignKeyConstraint(
            ["funding_line_id"],
            ["funding_line.id"],
            name=op.f("fk_cohort_funding_line_id_funding_line"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_cohort_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint(
            "programme_id", "starts_on", name=op.f("uq_cohort_programme_id_starts_on")
        ),
    )
    op.create_index(op.f("ix_cohort_funding_line_id"), "cohort", ["funding_line_id"], unique=False)
    op.create_index("ix_cohort_region_starts_on", "cohort", ["region", "starts_on"], unique=False)
    op.create_table(
        "attendance_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.id"],
            name=op.f("fk_attendance_link_cohort_id_cohort"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["account.id"],
            name=op.f("fk_attendance_link_created_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_attendance_link_secret_hash")),
    )
    op.create_index(
        op.f("ix_attendance_link_cohort_id"), "attendance_link", ["cohort_id"], unique=False
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("standby_cohort_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "booked",
                "attending",
                "finished",
                "left",
                "not_taken",
                name="seat_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("wants_talk", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_code", sa.String(length=60), nullable=True),
        sa.Column("funding_line_id", sa.Integer(), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cohort_id IS NOT NULL OR state = 'waiting' OR state = 'left'",
            name=op.f("ck_seat_group"),
        ),
        sa.CheckConstraint('"cents" BETWEEN 0 AND 2000000000', name=op.f("ck_seat_cents")),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_seat_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_seat_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["funding_line_id"],
            ["funding_line.id"],
            name=op.f("fk_seat_funding_line_id_funding_line"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_seat_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["standby_cohort_id"],
            ["cohort.id"],
            name=op.f("fk_seat_standby_cohort_id_cohort"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index(op.f("ix_seat_candidate_id"), "seat", ["candidate_id"], unique=False)
    op.create_index("ix_seat_cohort_id_state", "seat", ["cohort_id", "state"], unique=False)
    op.create_index(op.f("ix_seat_funding_line_id"), "seat", ["funding_line_id"], unique=False)
    op.create_index("ix_seat_programme_id_state", "seat", ["programme_id", "state"], unique=False)
    op.create_index(op.f("ix_seat_standby_cohort_id"), "seat", ["standby_cohort_id"], unique=False)
    op.create_index(
        "uq_seat_candidate_id_programme_id_open",
        "seat",
        ["candidate_id", "programme_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'offered', 'booked', 'attending')"),
        postgresql_where=sa.text("state IN ('waiting', 'offered', 'booked', 'attending')"),
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "came",
                "agreed",
                "missed",
                name="attendance_mark",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_provider", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_attendance_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_attendance_seat_id_seat"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("seat_id", "on", name=op.f("uq_attendance_seat_id_on")),
    )
    op.create_index(
        "ix_attendance_candidate_id_on", "attendance", ["candidate_id", "on"], unique=False
    )
    with op.batch_alter_table("arrangement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("firms", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("provider", sa.String(length=200), nullable=True))
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
    for table in ("attendance", "seat", "attendance_link", "cohort", "funding_line"):
        op.drop_table(table)
    with op.batch_alter_table("arrangement", schema=None) as batch_op:
        batch_op.drop_column("provider")
        batch_op.drop_column("firms")
