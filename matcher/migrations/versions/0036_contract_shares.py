"""Parts of what a contract owes that other firms took, and what those declared for them.

Revision 0036, after 0035. On PostgreSQL with row-level security: reached by both firms, and by who
rules on the contract.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_MINE = "(SELECT matcher_setting('matcher.organisation')::integer)"
POLICIES = {
    "contract_share": (
        "((SELECT matcher_holds('officer', 'analyst'))"
        " AND region = (SELECT matcher_setting('matcher.region')))"
        f" OR ((SELECT matcher_holds('contractor')) AND (organisation_id = {_MINE}"
        f" OR giver_id = {_MINE}))"
    )
}
_SUM = (
    "SELECT sum(part) FROM contract_share WHERE contract_id = NEW.contract_id"
    " AND state IN ('asked', 'accepted')"
)
_TOO_MUCH = "more than all of a contract was passed"
_OPEN = sa.text("state IN ('asked', 'accepted')")


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{table}.id"],
        name=op.f(f"fk_contract_share_{column}_{table}"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    with op.batch_alter_table("contribution") as batch_op:
        batch_op.add_column(sa.Column("firm_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_contribution_firm_id_organisation"),
            "organisation",
            ["firm_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    op.create_table(
        "contract_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "accepted",
                "refused",
                "ended",
                name="share_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "organisation_id <> giver_id", name=op.f("ck_contract_share_two_firms")
        ),
        sa.CheckConstraint('"part" BETWEEN 1 AND 10000', name=op.f("ck_contract_share_part")),
        _key("contract_id", "contract"),
        _key("giver_id", "organisation"),
        _key("organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_share")),
    )
    op.create_index(op.f("ix_contract_share_contract_id"), "contract_share", ["contract_id"])
    op.create_index(
        op.f("ix_contract_share_organisation_id"), "contract_share", ["organisation_id"]
    )
    op.create_index(
        "uq_contract_share_contract_id_organisation_id_open",
        "contract_share",
        ["contract_id", "organisation_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    if op.get_bind().dialect.name != "postgresql":
        for when in ("INSERT", "UPDATE OF state, part"):
            op.execute(
                f"CREATE TRIGGER share_sum_{when.split()[0].lower()} AFTER {when} ON contract_share"
                f" WHEN ({_SUM}) > 10000 BEGIN SELECT RAISE(ABORT, '{_TOO_MUCH}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_more_than_all() RETURNS trigger AS $$ "
        f"BEGIN IF ({_SUM}) > 10000 THEN RAISE EXCEPTION '{_TOO_MUCH}'; END IF; RETURN NULL; END "
        "$$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER share_sum AFTER INSERT OR UPDATE OF state, part ON contract_share "
        "FOR EACH ROW EXECUTE FUNCTION refuse_more_than_all()"
    )
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY reach ON {table}"
            f" USING ((SELECT matcher_is_open('{table}')) OR {condition})"
        )


def downgrade() -> None:
    # What another firm declared would be read by the firm of the contract without the column.
    op.execute("DELETE FROM contribution WHERE firm_id IS NOT NULL")
    op.drop_table("contract_share")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_more_than_all()")
    with op.batch_alter_table("contribution") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_contribution_firm_id_organisation"), type_="foreignkey"
        )
        batch_op.drop_column("firm_id")
