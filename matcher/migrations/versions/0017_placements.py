"""Placements, their steps and moments of contact, and how it is months later.

Revision 0017, after 0016. On PostgreSQL with row-level security, as in 0010: reached with the
person; an employer reaches its own placements and what it answered itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_REGION = "(SELECT matcher_setting('matcher.region'))"
_OWNERS = "ANY ((SELECT matcher_list('matcher.owners')::integer[])::integer[])"
_COVERED = "ANY ((SELECT matcher_list('matcher.covered')::integer[])::integer[])"
_OWN_FILE = "candidate_id = (SELECT matcher_setting('matcher.candidate')::integer)"
_OF_FIRM = "organisation_id = (SELECT matcher_setting('matcher.organisation')::integer)"
_OWN_ANSWER = (
    "source = 'employer' AND EXISTS (SELECT 1 FROM placement WHERE"  # nosec B608
    f" placement.id = placement_outcome.placement_id AND placement.{_OF_FIRM})"
)


def _with_the_person(table: str) -> str:
    # Names of our own tables only: nothing in a policy comes from outside.
    caseload = (
        f"EXISTS (SELECT 1 FROM candidate person WHERE person.id = {table}.candidate_id"  # nosec B608
        f" AND person.region = {_REGION} AND (person.owner_account_id IS NULL"
        f" OR person.owner_account_id = {_OWNERS} OR person.id = {_COVERED}))"
    )
    return (
        f"((SELECT matcher_holds('coach')) AND {caseload})"
        f" OR ((SELECT matcher_holds('lead', 'triager')) AND region = {_REGION})"
        f" OR ((SELECT matcher_holds('candidate')) AND {_OWN_FILE})"
    )


def _of_a_firm(condition: str) -> str:
    return f"((SELECT matcher_holds('contractor')) AND {condition})"


POLICIES = {
    "placement": f"{_with_the_person('placement')} OR {_of_a_firm(_OF_FIRM)}",
    "placement_event": _with_the_person("placement_event"),
    "placement_outcome": f"{_with_the_person('placement_outcome')} OR {_of_a_firm(_OWN_ANSWER)}",
}


def upgrade() -> None:
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("vacancy_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("sector", sa.String(length=60), nullable=True),
        sa.Column("arrangement", sa.String(length=120), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "trial",
                "agreed",
                "active",
                "ended",
                name="placement_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("hours_a_week", sa.Float(), nullable=True),
        sa.Column("contract", sa.String(length=60), nullable=True),
        sa.Column("contract_until", sa.Date(), nullable=True),
        sa.Column("first_pay_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_code", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"hours_a_week" BETWEEN 0 AND 168', name=op.f("ck_placement_hours_a_week")
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (state <> 'ended')", name=op.f("ck_placement_ended")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_placement_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_placement_introduction_id_introduction"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_placement_organisation_id_organisation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancy.id"],
            name=op.f("fk_placement_vacancy_id_vacancy"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("introduction_id", name=op.f("uq_placement_introduction_id")),
    )
    op.create_index(op.f("ix_placement_candidate_id"), "placement", ["candidate_id"])
    op.create_index(op.f("ix_placement_organisation_id"), "placement", ["organisation_id"])
    op.create_index("ix_placement_region_starts_on", "placement", ["region", "starts_on"])
    op.create_index("ix_placement_vacancy_id_state", "placement", ["vacancy_id", "state"])
    op.create_index(
        "uq_placement_candidate_id_open",
        "placement",
        ["candidate_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('trial', 'agreed', 'active')"),
        postgresql_where=sa.text("state IN ('trial', 'agreed', 'active')"),
    )
    op.create_table(
        "placement_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("result", sa.String(length=60), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_right", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_placement_event_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_placement_event_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_placement_event_placement_id_placement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_event")),
    )
    op.create_index(op.f("ix_placement_event_candidate_id"), "placement_event", ["candidate_id"])
    op.create_index("ix_placement_event_placement_id", "placement_event", ["placement_id", "id"])
    op.create_table(
        "placement_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "candidate",
                "employer",
                "coach",
                "decided",
                name="outcome_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("hours_a_week", sa.Float(), nullable=True),
        sa.Column("contract", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"hours_a_week" BETWEEN 0 AND 168', name=op.f("ck_placement_outcome_hours_a_week")
        ),
        sa.CheckConstraint(
            '"months" BETWEEN 1 AND 120', name=op.f("ck_placement_outcome_months")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_placement_outcome_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_placement_outcome_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_placement_outcome_placement_id_placement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_outcome")),
        sa.UniqueConstraint(
            "placement_id",
            "months",
            "source",
            name=op.f("uq_placement_outcome_placement_id_months_source"),
        ),
    )
    op.create_index(
        op.f("ix_placement_outcome_candidate_id"), "placement_outcome", ["candidate_id"]
    )
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
    for table in ("placement_outcome", "placement_event", "placement"):
        op.drop_table(table)
