"""*Onze afspraken*: what each side commits to, about an introduction or a placement.

Revision 0029, after 0028. On PostgreSQL with row-level security, as in 0017: reached like the
placements of a person and of a firm.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_REGION = "(SELECT matcher_setting('matcher.region'))"
_OWNERS = "ANY ((SELECT matcher_list('matcher.owners')::integer[])::integer[])"
_COVERED = "ANY ((SELECT matcher_list('matcher.covered')::integer[])::integer[])"
_OWN_FILE = "candidate_id = (SELECT matcher_setting('matcher.candidate')::integer)"
_OF_FIRM = "organisation_id = (SELECT matcher_setting('matcher.organisation')::integer)"
_CASELOAD = (
    "EXISTS (SELECT 1 FROM candidate person WHERE person.id = agreement.candidate_id"  # nosec B608
    f" AND person.region = {_REGION} AND (person.owner_account_id IS NULL"
    f" OR person.owner_account_id = {_OWNERS} OR person.id = {_COVERED}))"
)
POLICIES = {
    "agreement": (
        f"((SELECT matcher_holds('coach')) AND {_CASELOAD})"
        f" OR ((SELECT matcher_holds('lead', 'triager')) AND region = {_REGION})"
        f" OR ((SELECT matcher_holds('candidate')) AND {_OWN_FILE})"
        f" OR ((SELECT matcher_holds('contractor')) AND {_OF_FIRM})"
    )
}


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("fund_pays", sa.Boolean(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("sides", sa.Text(), nullable=False),
        sa.Column("open_sides", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(introduction_id IS NULL) <> (placement_id IS NULL)", name=op.f("ck_agreement_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_agreement_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_organisation_id_organisation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_agreement_introduction_id_introduction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_agreement_placement_id_placement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("introduction_id", name=op.f("uq_agreement_introduction_id")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_agreement_placement_id")),
    )
    for name in ("candidate_id", "organisation_id"):
        op.create_index(op.f(f"ix_agreement_{name}"), "agreement", [name])
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
    op.drop_table("agreement")
