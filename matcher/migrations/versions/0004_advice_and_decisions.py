"""Kept advice with its inputs, and decisions that never change.

Revision 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "input_snapshot",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_input_snapshot")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "lane",
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
        sa.Column("rule", sa.SmallInteger(), nullable=False),
        sa.Column("readiness", sa.Integer(), nullable=False),
        sa.Column("start_level", sa.Integer(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("candidate_version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("rules_slug", sa.String(length=60), nullable=False),
        sa.Column("rules_version", sa.String(length=120), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("vacancies_hash", sa.String(length=64), nullable=True),
        sa.Column("programmes_hash", sa.String(length=64), nullable=True),
        sa.Column("places_hash", sa.String(length=64), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("candidate_input", sa.Text(), nullable=False),
        sa.Column("program", sa.String(length=80), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.CheckConstraint('"readiness" BETWEEN 0 AND 10000', name=op.f("ck_assessment_readiness")),
        sa.CheckConstraint('"rule" BETWEEN 1 AND 5', name=op.f("ck_assessment_rule")),
        sa.CheckConstraint(
            '"start_level" BETWEEN 0 AND 10000', name=op.f("ck_assessment_start_level")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_assessment_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_candidate", "assessment", ["candidate_id", "id"], unique=False)
    op.create_index(
        "ix_assessment_input", "assessment", ["candidate_id", "input_hash"], unique=False
    )
    op.create_index("ix_assessment_region_lane", "assessment", ["region", "lane"], unique=False)
    op.create_table(
        "match_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("candidate_version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("rules_slug", sa.String(length=60), nullable=False),
        sa.Column("rules_version", sa.String(length=120), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("vacancies_hash", sa.String(length=64), nullable=True),
        sa.Column("programmes_hash", sa.String(length=64), nullable=True),
        sa.Column("places_hash", sa.String(length=64), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("candidate_input", sa.Text(), nullable=False),
        sa.Column("program", sa.String(length=80), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_match_list_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_list")),
    )
    op.create_index("ix_match_list_candidate", "match_list", ["candidate_id", "id"], unique=False)
    op.create_index(
        "ix_match_list_input", "match_list", ["candidate_id", "input_hash"], unique=False
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("candidate_version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("rules_slug", sa.String(length=60), nullable=False),
        sa.Column("rules_version", sa.String(length=120), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("vacancies_hash", sa.String(length=64), nullable=True),
        sa.Column("programmes_hash", sa.String(length=64), nullable=True),
        sa.Column("places_hash", sa.String(length=64), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("candidate_input", sa.Text(), nullable=False),
        sa.Column("program", sa.String(length=80), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_plan_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index("ix_plan_candidate", "plan", ["candidate_id", "id"], unique=False)
    op.create_index("ix_plan_input", "plan", ["candidate_id", "input_hash"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column(
            "subject",
            sa.Enum(
                "lane",
                "place",
                "programme",
                "plan",
                name="decision_subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("suggested", sa.String(length=120), nullable=True),
        sa.Column("chosen", sa.String(length=120), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "agrees",
                "candidate_wish",
                "knows_more",
                "data_wrong",
                "safety",
                "capacity",
                "other",
                name="decision_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("facts_checked", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_decision_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_decision_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_decision_decided_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_assessment_id"), "decision", ["assessment_id"], unique=False)
    op.create_index(
        "ix_decision_candidate_subject", "decision", ["candidate_id", "subject", "id"], unique=False
    )

    # No road leads to a changed decision, not even around the models.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_decision_change() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'a decision is never changed'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            "CREATE TRIGGER decision_is_final BEFORE UPDATE ON decision "
            "FOR EACH ROW EXECUTE FUNCTION refuse_decision_change()"
        )
    else:
        op.execute(
            "CREATE TRIGGER decision_is_final BEFORE UPDATE ON decision "
            "BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END"
        )


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("plan")
    op.drop_table("match_list")
    op.drop_table("assessment")
    op.drop_table("input_snapshot")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_decision_change()")
