"""Candidates, what is asked of them, and apart from it the group audit.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("pc4", sa.SmallInteger(), nullable=True),
        sa.Column("travel_max_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("travel_modes", sa.Text(), nullable=True),
        sa.Column("licences", sa.Text(), nullable=False),
        sa.Column("sectors", sa.Text(), nullable=False),
        sa.Column("sectors_never", sa.Text(), nullable=False),
        sa.Column("wants_start", sa.String(length=60), nullable=True),
        sa.Column("adult", sa.Boolean(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("current_hours", sa.Float(), nullable=True),
        sa.Column("hours_min", sa.Float(), nullable=True),
        sa.Column("hours_max", sa.Float(), nullable=True),
        sa.Column("blocked", sa.Text(), nullable=False),
        sa.Column("start_from", sa.Date(), nullable=True),
        sa.Column("rhythm", sa.SmallInteger(), nullable=True),
        sa.Column("work_skills", sa.SmallInteger(), nullable=True),
        sa.Column("money", sa.SmallInteger(), nullable=True),
        sa.Column("language_speak", sa.SmallInteger(), nullable=True),
        sa.Column("language_read", sa.SmallInteger(), nullable=True),
        sa.Column("home_base", sa.SmallInteger(), nullable=True),
        sa.Column("digital", sa.SmallInteger(), nullable=True),
        sa.Column("lift", sa.SmallInteger(), nullable=True),
        sa.Column("stand", sa.SmallInteger(), nullable=True),
        sa.Column("walk", sa.SmallInteger(), nullable=True),
        sa.Column("bend", sa.SmallInteger(), nullable=True),
        sa.Column("outdoor", sa.SmallInteger(), nullable=True),
        sa.Column("height", sa.SmallInteger(), nullable=True),
        sa.Column("pace", sa.SmallInteger(), nullable=True),
        sa.Column("interruptions", sa.SmallInteger(), nullable=True),
        sa.Column("group", sa.SmallInteger(), nullable=True),
        sa.Column("alone", sa.SmallInteger(), nullable=True),
        sa.Column("customers", sa.SmallInteger(), nullable=True),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("education", sa.SmallInteger(), nullable=True),
        sa.Column("occupations", sa.Text(), nullable=False),
        sa.Column("guidance_need", sa.Float(), nullable=True),
        sa.Column("observed_on", sa.Date(), nullable=True),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("first_name", sa.String(length=60), nullable=True),
        sa.Column(
            "contact_kind",
            sa.Enum(
                "call",
                "sms",
                "mail",
                "letter",
                "via_coach",
                name="contact_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("contact_value", sa.String(length=120), nullable=True),
        sa.Column("owner_account_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "closed",
                name="candidate_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "closed_code",
            sa.Enum(
                "started_work",
                "learning",
                "moved",
                "own_wish",
                "handed_over",
                "no_contact",
                "died",
                name="closing_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("not_reached", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"alone" BETWEEN 0 AND 2', name=op.f("ck_candidate_alone")),
        sa.CheckConstraint('"bend" BETWEEN 0 AND 2', name=op.f("ck_candidate_bend")),
        sa.CheckConstraint(
            '"current_hours" BETWEEN 0 AND 40', name=op.f("ck_candidate_current_hours")
        ),
        sa.CheckConstraint('"customers" BETWEEN 0 AND 2', name=op.f("ck_candidate_customers")),
        sa.CheckConstraint('"digital" BETWEEN 0 AND 2', name=op.f("ck_candidate_digital")),
        sa.CheckConstraint('"education" BETWEEN 1 AND 6', name=op.f("ck_candidate_education")),
        sa.CheckConstraint('"group" BETWEEN 0 AND 2', name=op.f("ck_candidate_group")),
        sa.CheckConstraint(
            '"guidance_need" BETWEEN 0 AND 40', name=op.f("ck_candidate_guidance_need")
        ),
        sa.CheckConstraint('"height" BETWEEN 0 AND 2', name=op.f("ck_candidate_height")),
        sa.CheckConstraint('"home_base" BETWEEN 0 AND 4', name=op.f("ck_candidate_home_base")),
        sa.CheckConstraint('"hours_max" BETWEEN 1 AND 40', name=op.f("ck_candidate_hours_max")),
        sa.CheckConstraint('"hours_min" BETWEEN 1 AND 40', name=op.f("ck_candidate_hours_min")),
        sa.CheckConstraint(
            '"interruptions" BETWEEN 0 AND 2', name=op.f("ck_candidate_interruptions")
        ),
        sa.CheckConstraint(
            '"language_read" BETWEEN 0 AND 4', name=op.f("ck_candidate_language_read")
        ),
        sa.CheckConstraint(
            '"language_speak" BETWEEN 0 AND 4', name=op.f("ck_candidate_language_speak")
        ),
        sa.CheckConstraint('"lift" BETWEEN 0 AND 2', name=op.f("ck_candidate_lift")),
        sa.CheckConstraint('"money" BETWEEN 0 AND 4', name=op.f("ck_candidate_money")),
        sa.CheckConstraint('"not_reached" BETWEEN 0 AND 3', name=op.f("ck_candidate_not_reached")),
        sa.CheckConstraint('"outdoor" BETWEEN 0 AND 2', name=op.f("ck_candidate_outdoor")),
        sa.CheckConstraint('"pace" BETWEEN 0 AND 2', name=op.f("ck_candidate_pace")),
        sa.CheckConstraint('"pc4" BETWEEN 1000 AND 9999', name=op.f("ck_candidate_pc4")),
        sa.CheckConstraint('"rhythm" BETWEEN 0 AND 4', name=op.f("ck_candidate_rhythm")),
        sa.CheckConstraint('"stand" BETWEEN 0 AND 2', name=op.f("ck_candidate_stand")),
        sa.CheckConstraint(
            '"travel_max_minutes" BETWEEN 0 AND 180', name=op.f("ck_candidate_travel_max_minutes")
        ),
        sa.CheckConstraint('"walk" BETWEEN 0 AND 2', name=op.f("ck_candidate_walk")),
        sa.CheckConstraint('"work_skills" BETWEEN 0 AND 4', name=op.f("ck_candidate_work_skills")),
        sa.ForeignKeyConstraint(
            ["owner_account_id"],
            ["account.id"],
            name=op.f("fk_candidate_owner_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("region", "reference", name=op.f("uq_candidate_region_reference")),
    )
    op.create_index(
        "ix_candidate_owner_status", "candidate", ["owner_account_id", "status"], unique=False
    )
    op.create_index(
        "ix_candidate_region_status_waiting",
        "candidate",
        ["region", "status", "waiting_since", "id"],
        unique=False,
    )
    op.create_table(
        "candidate_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("benefit", sa.String(length=60), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint(
            '"birth_year" BETWEEN 1900 AND 2100', name=op.f("ck_candidate_audit_birth_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_audit")),
        sa.UniqueConstraint(
            "region", "reference", name=op.f("uq_candidate_audit_region_reference")
        ),
    )
    op.create_table(
        "intake_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("card", sa.String(length=60), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_intake_draft_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_intake_draft_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_draft")),
        sa.UniqueConstraint("candidate_id", "card", name=op.f("uq_intake_draft_candidate_id_card")),
    )
    op.create_index(
        op.f("ix_intake_draft_account_id"), "intake_draft", ["account_id"], unique=False
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("hours_a_week", sa.Float(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"hours_a_week" BETWEEN 0 AND 168', name=op.f("ck_commitment_hours_a_week")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_commitment_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(
        op.f("ix_commitment_candidate_id"), "commitment", ["candidate_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("commitment")
    op.drop_table("intake_draft")
    op.drop_table("candidate_audit")
    op.drop_table("candidate")
