"""Learned artefacts, what people did with them, what was seen of them, and what they predicted.

Revision 0020, after 0019. On PostgreSQL with row-level security, as in 0010: what a shadow
predicted is reached by nobody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_REGION = "(SELECT matcher_setting('matcher.region'))"
_OWNERS = "ANY ((SELECT matcher_list('matcher.owners')::integer[])::integer[])"
_COVERED = "ANY ((SELECT matcher_list('matcher.covered')::integer[])::integer[])"
_OWN_FILE = "candidate_id = (SELECT matcher_setting('matcher.candidate')::integer)"
_CASELOAD = (
    "EXISTS (SELECT 1 FROM candidate person WHERE person.id = prediction.candidate_id"  # nosec B608
    f" AND person.region = {_REGION} AND (person.owner_account_id IS NULL"
    f" OR person.owner_account_id = {_OWNERS} OR person.id = {_COVERED}))"
)
_LEARNED = (
    "(SELECT matcher_holds('admin'))"
    f" OR ((SELECT matcher_holds('lead', 'officer', 'analyst')) AND region = {_REGION})"
)
POLICIES = {
    "artefact": _LEARNED,
    "artefact_change": _LEARNED,
    "artefact_month": _LEARNED,
    "prediction": (
        f"(is_shown AND (((SELECT matcher_holds('coach')) AND {_CASELOAD})"
        f" OR ((SELECT matcher_holds('lead')) AND region = {_REGION})"
        f" OR ((SELECT matcher_holds('candidate')) AND {_OWN_FILE})))"
    ),
}


def _kinds(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "artefact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            _kinds("artefact_state", "registered", "shadow", "promoted", "retired"),
            nullable=False,
        ),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tripped_code", sa.String(length=60), nullable=True),
        sa.Column("tripped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_artefact_region_name")),
    )
    op.create_index(
        "uq_artefact_region_promoted",
        "artefact",
        ["region"],
        unique=True,
        sqlite_where=sa.text("state = 'promoted'"),
        postgresql_where=sa.text("state = 'promoted'"),
    )
    op.create_table(
        "artefact_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("artefact_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            _kinds("artefact_step", "shadow", "promote", "roll_back", "try_again", "retire"),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            _kinds("change_state", "asked", "confirmed", "refused", "withdrawn"),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "asked_by IS NULL OR decided_by <> asked_by", name=op.f("ck_artefact_change_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["artefact_id"],
            ["artefact.id"],
            name=op.f("fk_artefact_change_artefact_id_artefact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["account.id"],
            name=op.f("fk_artefact_change_asked_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_artefact_change_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact_change")),
    )
    op.create_index(op.f("ix_artefact_change_artefact_id"), "artefact_change", ["artefact_id"])
    op.create_index(
        "uq_artefact_change_region_asked",
        "artefact_change",
        ["region"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "artefact_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("artefact_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("drift", sa.Text(), nullable=False),
        sa.Column("calibration", sa.Text(), nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["artefact_id"],
            ["artefact.id"],
            name=op.f("fk_artefact_month_artefact_id_artefact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact_month")),
        sa.UniqueConstraint("artefact_id", "month", name=op.f("uq_artefact_month_artefact_id_month")),
    )
    op.create_table(
        "prediction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("artefact_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["artefact_id"],
            ["artefact.id"],
            name=op.f("fk_prediction_artefact_id_artefact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_prediction_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_prediction_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction")),
        sa.UniqueConstraint(
            "assessment_id", "artefact_id", name=op.f("uq_prediction_assessment_id_artefact_id")
        ),
    )
    op.create_index(op.f("ix_prediction_candidate_id"), "prediction", ["candidate_id"])
    op.create_index("ix_prediction_artefact_id_on_date", "prediction", ["artefact_id", "on_date"])
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
    for table in ("prediction", "artefact_month", "artefact_change", "artefact"):
        op.drop_table(table)
