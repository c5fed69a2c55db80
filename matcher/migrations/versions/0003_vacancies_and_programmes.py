"""What is on offer: vacancies, calls, programmes, arrangements.

Revision 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vacancy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("contractor", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("employer_size", sa.Float(), nullable=True),
        sa.Column("occupation", sa.String(length=60), nullable=True),
        sa.Column("contract_type", sa.String(length=60), nullable=True),
        sa.Column("employer_of_record", sa.String(length=200), nullable=True),
        sa.Column("arrangement", sa.String(length=120), nullable=True),
        sa.Column("learning_level", sa.String(length=60), nullable=True),
        sa.Column("hours_min", sa.Float(), nullable=True),
        sa.Column("hours_max", sa.Float(), nullable=True),
        sa.Column("shifts", sa.Text(), nullable=False),
        sa.Column("day_starts_at", sa.Time(), nullable=True),
        sa.Column("site_pc4", sa.SmallInteger(), nullable=True),
        sa.Column("reachable_by", sa.Text(), nullable=False),
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
        sa.Column("adaptable", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.SmallInteger(), nullable=True),
        sa.Column("work_skills", sa.SmallInteger(), nullable=True),
        sa.Column("language_speak", sa.SmallInteger(), nullable=True),
        sa.Column("language_read", sa.SmallInteger(), nullable=True),
        sa.Column("digital", sa.SmallInteger(), nullable=True),
        sa.Column("education", sa.SmallInteger(), nullable=True),
        sa.Column("licences", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("credentials_taught", sa.Text(), nullable=False),
        sa.Column("guidance_hours", sa.Float(), nullable=True),
        sa.Column("buddies", sa.SmallInteger(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("flex_weeks", sa.SmallInteger(), nullable=False),
        sa.Column("contract_months", sa.Float(), nullable=True),
        sa.Column("wage_hour_cents", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "filled",
                "withdrawn",
                name="vacancy_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"alone" BETWEEN 0 AND 2', name=op.f("ck_vacancy_alone")),
        sa.CheckConstraint('"bend" BETWEEN 0 AND 2', name=op.f("ck_vacancy_bend")),
        sa.CheckConstraint('"buddies" BETWEEN 0 AND 1000', name=op.f("ck_vacancy_buddies")),
        sa.CheckConstraint(
            '"contract_months" BETWEEN 0 AND 600', name=op.f("ck_vacancy_contract_months")
        ),
        sa.CheckConstraint('"customers" BETWEEN 0 AND 2', name=op.f("ck_vacancy_customers")),
        sa.CheckConstraint('"digital" BETWEEN 0 AND 2', name=op.f("ck_vacancy_digital")),
        sa.CheckConstraint('"education" BETWEEN 1 AND 6', name=op.f("ck_vacancy_education")),
        sa.CheckConstraint(
            '"employer_size" BETWEEN 0 AND 1000000', name=op.f("ck_vacancy_employer_size")
        ),
        sa.CheckConstraint('"flex_weeks" BETWEEN 0 AND 520', name=op.f("ck_vacancy_flex_weeks")),
        sa.CheckConstraint('"group" BETWEEN 0 AND 2', name=op.f("ck_vacancy_group")),
        sa.CheckConstraint(
            '"guidance_hours" BETWEEN 0 AND 10000', name=op.f("ck_vacancy_guidance_hours")
        ),
        sa.CheckConstraint('"height" BETWEEN 0 AND 2', name=op.f("ck_vacancy_height")),
        sa.CheckConstraint('"hours_max" BETWEEN 1 AND 40', name=op.f("ck_vacancy_hours_max")),
        sa.CheckConstraint('"hours_min" BETWEEN 1 AND 40', name=op.f("ck_vacancy_hours_min")),
        sa.CheckConstraint(
            '"interruptions" BETWEEN 0 AND 2', name=op.f("ck_vacancy_interruptions")
        ),
        sa.CheckConstraint(
            '"language_read" BETWEEN 0 AND 4', name=op.f("ck_vacancy_language_read")
        ),
        sa.CheckConstraint(
            '"language_speak" BETWEEN 0 AND 4', name=op.f("ck_vacancy_language_speak")
        ),
        sa.CheckConstraint('"lift" BETWEEN 0 AND 2', name=op.f("ck_vacancy_lift")),
        sa.CheckConstraint('"outdoor" BETWEEN 0 AND 2', name=op.f("ck_vacancy_outdoor")),
        sa.CheckConstraint('"pace" BETWEEN 0 AND 2', name=op.f("ck_vacancy_pace")),
        sa.CheckConstraint('"places" BETWEEN 1 AND 500', name=op.f("ck_vacancy_places")),
        sa.CheckConstraint('"rhythm" BETWEEN 0 AND 4', name=op.f("ck_vacancy_rhythm")),
        sa.CheckConstraint('"site_pc4" BETWEEN 1000 AND 9999', name=op.f("ck_vacancy_site_pc4")),
        sa.CheckConstraint('"stand" BETWEEN 0 AND 2', name=op.f("ck_vacancy_stand")),
        sa.CheckConstraint(
            '"wage_hour_cents" BETWEEN 0 AND 1000000', name=op.f("ck_vacancy_wage_hour_cents")
        ),
        sa.CheckConstraint('"walk" BETWEEN 0 AND 2', name=op.f("ck_vacancy_walk")),
        sa.CheckConstraint('"work_skills" BETWEEN 0 AND 4', name=op.f("ck_vacancy_work_skills")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vacancy_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy")),
        sa.UniqueConstraint("region", "reference", name=op.f("uq_vacancy_region_reference")),
    )
    op.create_index(
        op.f("ix_vacancy_organisation_id"), "vacancy", ["organisation_id"], unique=False
    )
    op.create_index("ix_vacancy_region_status", "vacancy", ["region", "status", "id"], unique=False)
    op.create_table(
        "call_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("work", sa.String(length=500), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=True),
        sa.Column("wanted_when", sa.String(length=120), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "taken",
                "done",
                name="call_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_by", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "vacancy_filed",
                "call_again",
                "no_answer",
                "no_need",
                name="call_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"people" BETWEEN 1 AND 500', name=op.f("ck_call_request_people")),
        sa.ForeignKeyConstraint(
            ["handled_by"],
            ["account.id"],
            name=op.f("fk_call_request_handled_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_call_request_organisation_id_organisation"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_request")),
    )
    op.create_index(
        op.f("ix_call_request_organisation_id"),
        "call_request",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_call_request_region_status_due",
        "call_request",
        ["region", "status", "due_at"],
        unique=False,
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("arrangement", sa.String(length=120), nullable=True),
        sa.Column("provider", sa.String(length=200), nullable=True),
        sa.Column("raises", sa.Text(), nullable=False),
        sa.Column("gives", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("weeks", sa.Float(), nullable=False),
        sa.Column("hours_a_week", sa.Float(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("funding", sa.String(length=120), nullable=True),
        sa.Column("funding_sector", sa.String(length=60), nullable=True),
        sa.Column("evidence", sa.String(length=60), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"hours_a_week" BETWEEN 0 AND 40', name=op.f("ck_programme_hours_a_week")
        ),
        sa.CheckConstraint('"seats" BETWEEN 0 AND 100000', name=op.f("ck_programme_seats")),
        sa.CheckConstraint('"weeks" BETWEEN 0 AND 520', name=op.f("ck_programme_weeks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("region", "reference", name=op.f("uq_programme_region_reference")),
    )
    op.create_table(
        "programme_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.CheckConstraint('"seats" BETWEEN 0 AND 100000', name=op.f("ck_programme_start_seats")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_start_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_start")),
        sa.UniqueConstraint(
            "programme_id", "starts_on", name=op.f("uq_programme_start_programme_id_starts_on")
        ),
    )
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("sectors", sa.Text(), nullable=False),
        sa.Column("target", sa.SmallInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"target" BETWEEN 1 AND 10000', name=op.f("ck_arrangement_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_arrangement_region_name")),
    )


def downgrade() -> None:
    op.drop_table("arrangement")
    op.drop_table("programme_start")
    op.drop_table("programme")
    op.drop_table("call_request")
    op.drop_table("vacancy")
