"""The weekly allocation: scenarios with their lines, pairs decided beforehand, the order of seats.

Revision 0023, after 0022. On PostgreSQL with row-level security, as in 0010: what is about somebody
is reached by the centre and by themselves, figures by officers as well, the order by all staff.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_REGION = "(SELECT matcher_setting('matcher.region'))"
_IN_REGION = f"region = {_REGION}"
_OWN_FILE = "candidate_id = (SELECT matcher_setting('matcher.candidate')::integer)"
_WITH_THE_PERSON = (
    f"((SELECT matcher_holds('lead', 'triager')) AND {_IN_REGION})"
    f" OR ((SELECT matcher_holds('candidate')) AND {_OWN_FILE})"
)
POLICIES = {
    "allocation": f"(SELECT matcher_holds('triager', 'lead', 'officer')) AND {_IN_REGION}",
    "allocation_line": _WITH_THE_PERSON,
    "pair_choice": _WITH_THE_PERSON,
    "seat_order_choice": (
        "(SELECT matcher_holds('coach', 'triager', 'service_point', 'lead', 'officer', 'analyst'))"
        f" AND {_IN_REGION}"
    ),
}


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _why() -> sa.Enum:
    return _one_of(
        "decision_reason",
        *("agrees", "candidate_wish", "knows_more", "data_wrong", "safety", "capacity", "other"),
    )


def _key(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("result_hash", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _key("allocation", "job_id", "job", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("job_id", name=op.f("uq_allocation_job_id")),
    )
    op.create_index("ix_allocation_region_id", "allocation", ["region", "id"])
    op.create_table(
        "allocation_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column(
            "lane",
            _one_of(
                "lane",
                *("ready_now", "ready_with_support", "pre_placement", "other_route"),
                "not_enough_known",
            ),
            nullable=False,
        ),
        sa.Column("vacancy_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("is_guessed", sa.Boolean(), nullable=False),
        sa.Column("margin", sa.Integer(), nullable=True),
        sa.Column("runner_up_id", sa.Integer(), nullable=True),
        sa.Column("instead_id", sa.Integer(), nullable=True),
        sa.Column("short_by", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column(
            "state", _one_of("proposal_state", "open", "accepted", "departed"), nullable=False
        ),
        sa.Column("why", _why(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        _key("allocation_line", "allocation_id", "allocation", "CASCADE"),
        _key("allocation_line", "candidate_id", "candidate", "CASCADE"),
        _key("allocation_line", "vacancy_id", "vacancy", "CASCADE"),
        _key("allocation_line", "programme_id", "programme", "CASCADE"),
        _key("allocation_line", "runner_up_id", "candidate", "SET NULL"),
        _key("allocation_line", "instead_id", "vacancy", "SET NULL"),
        _key("allocation_line", "decided_by", "account", "SET NULL"),
        _key("allocation_line", "introduction_id", "introduction", "SET NULL"),
        _key("allocation_line", "seat_id", "seat", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_line")),
    )
    for column in ("candidate_id", "vacancy_id", "programme_id", "runner_up_id", "instead_id"):
        op.create_index(op.f(f"ix_allocation_line_{column}"), "allocation_line", [column])
    for column in ("introduction_id", "seat_id"):
        op.create_index(op.f(f"ix_allocation_line_{column}"), "allocation_line", [column])
    op.create_index(
        "uq_allocation_line_allocation_id_candidate_id",
        "allocation_line",
        ["allocation_id", "candidate_id"],
        unique=True,
    )
    op.create_index(
        "ix_allocation_line_allocation_id_state",
        "allocation_line",
        ["allocation_id", "state", "id"],
    )
    op.create_table(
        "pair_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("vacancy_id", sa.Integer(), nullable=False),
        sa.Column(
            "decision",
            _one_of("pair_decision", "locked", "forbidden", "refused"),
            nullable=False,
        ),
        sa.Column("why", _why(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IN ('locked', 'forbidden')", name=op.f("ck_pair_choice_by_staff")
        ),
        _key("pair_choice", "candidate_id", "candidate", "CASCADE"),
        _key("pair_choice", "vacancy_id", "vacancy", "CASCADE"),
        _key("pair_choice", "decided_by", "account", "SET NULL"),
        _key("pair_choice", "ended_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_choice")),
    )
    op.create_index(op.f("ix_pair_choice_vacancy_id"), "pair_choice", ["vacancy_id"])
    op.create_index("ix_pair_choice_region_id", "pair_choice", ["region", "id"])
    op.create_index(
        "uq_pair_choice_candidate_id_vacancy_id_standing",
        "pair_choice",
        ["candidate_id", "vacancy_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "seat_order_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("order", _one_of("seat_order", "waiting", "value"), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        _key("seat_order_choice", "decided_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_order_choice")),
    )
    op.create_index("ix_seat_order_choice_region_id", "seat_order_choice", ["region", "id"])
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
    for table in ("seat_order_choice", "pair_choice", "allocation_line", "allocation"):
        op.drop_table(table)
