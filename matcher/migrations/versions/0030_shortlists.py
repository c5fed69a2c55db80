"""The list of who fits a place as it was drawn, and the half-day on which a firm meets them.

Revision 0030, after 0029. On PostgreSQL with row-level security, as in 0010.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_LIST = (
    "((SELECT matcher_holds('triager', 'service_point', 'lead'))"
    " AND region = (SELECT matcher_setting('matcher.region')))"
    " OR ((SELECT matcher_holds('contractor'))"
    " AND organisation_id = (SELECT matcher_setting('matcher.organisation')::integer))"
)
_OWN = (
    "((SELECT matcher_holds('candidate'))"
    " AND candidate_id = (SELECT matcher_setting('matcher.candidate')::integer))"
)
POLICIES = {"shortlist": _LIST, "shortlist_line": f"{_LIST} OR {_OWN}"}


def _kinds(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _half_day() -> sa.Enum:
    return _kinds("half_day", "morning", "afternoon")


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _make_lists()
    _make_lines()
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.add_column(sa.Column("meet_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("meet_half", _half_day(), nullable=True))
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY reach ON {table}"
            f" USING ((SELECT matcher_is_open('{table}')) OR {condition})"
        )


def _make_lists() -> None:
    op.create_table(
        "shortlist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("vacancy_id", sa.Integer(), nullable=False),
        sa.Column("copy_of_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            _kinds("shortlist_state", "copied", "waiting", "shown", "too_few"),
            nullable=False,
        ),
        _moment("asked_at"),
        sa.Column("demands_hash", sa.String(length=64), nullable=True),
        _moment("opens_at"),
        _moment("drawn_at"),
        _moment("stands_until"),
        sa.Column("seed", sa.String(length=40), nullable=True),
        _moment("call_by"),
        sa.Column("meet_on", sa.Date(), nullable=True),
        sa.Column("meet_half", _half_day(), nullable=True),
        _moment("met_asked_at"),
        sa.Column("asked_people", sa.SmallInteger(), nullable=True),
        _moment("created_at", nullable=False),
        _moment("updated_at", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_shortlist_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vacancy_id"],
            ["vacancy.id"],
            name=op.f("fk_shortlist_vacancy_id_vacancy"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["copy_of_id"],
            ["vacancy.id"],
            name=op.f("fk_shortlist_copy_of_id_vacancy"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist")),
        sa.UniqueConstraint("vacancy_id", name=op.f("uq_shortlist_vacancy_id")),
    )
    op.create_index(op.f("ix_shortlist_organisation_id"), "shortlist", ["organisation_id"])
    op.create_index("ix_shortlist_region_state", "shortlist", ["region", "state", "id"])


def _make_lines() -> None:
    op.create_table(
        "shortlist_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("shortlist_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("pseudonym", sa.String(length=20), nullable=False),
        sa.Column("hours_from", sa.SmallInteger(), nullable=True),
        sa.Column("hours_to", sa.SmallInteger(), nullable=True),
        sa.Column("start", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_shortlist_line_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shortlist_id"],
            ["shortlist.id"],
            name=op.f("fk_shortlist_line_shortlist_id_shortlist"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_shortlist_line_candidate_id_candidate"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_line")),
        sa.UniqueConstraint(
            "shortlist_id", "position", name=op.f("uq_shortlist_line_shortlist_id_position")
        ),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_shortlist_line_pseudonym")),
    )
    op.create_index(
        op.f("ix_shortlist_line_organisation_id"), "shortlist_line", ["organisation_id"]
    )
    op.create_index(op.f("ix_shortlist_line_candidate_id"), "shortlist_line", ["candidate_id"])


def downgrade() -> None:
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.drop_constraint("half_day", type_="check")
        batch_op.drop_column("meet_half")
        batch_op.drop_column("meet_on")
    op.drop_table("shortlist_line")
    op.drop_table("shortlist")
