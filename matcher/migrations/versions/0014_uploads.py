"""Files that people send to be imported, what was chosen for their columns, and probable doubles.

Revision 0014, after 0013. On PostgreSQL with row-level security, as in 0010: a file is reached by
the triager who sent it and by the team lead of the region, its rows by the service alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_IN_REGION = "region = (SELECT matcher_setting('matcher.region'))"
_OWN = "account_id = (SELECT matcher_setting('matcher.account')::integer)"
_CENTRE = f"(SELECT matcher_holds('triager', 'lead')) AND {_IN_REGION}"

POLICIES = {
    "upload": (
        f"((SELECT matcher_holds('lead')) AND {_IN_REGION})"
        f" OR ((SELECT matcher_holds('triager')) AND {_IN_REGION} AND {_OWN})"
    ),
    "upload_block": "false",
    "remembered_columns": _CENTRE,
    "probable_double": _CENTRE,
}


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _kind(name: str) -> sa.Enum:
    return _one_of(name, "candidates", "vacancies", "programmes", "places")


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", _kind("import_kind"), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=60), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _one_of("upload_state", "columns", "checking", "checked", "importing", "done"),
            nullable=False,
        ),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_upload_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_upload_job_id_job"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_account_id"), "upload", ["account_id"], unique=False)
    op.create_index(op.f("ix_upload_file_hash"), "upload", ["file_hash"], unique=False)
    op.create_index(op.f("ix_upload_job_id"), "upload", ["job_id"], unique=False)
    op.create_index("ix_upload_region_id", "upload", ["region", "id"], unique=False)
    op.create_table(
        "upload_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("outcomes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["upload.id"],
            name=op.f("fk_upload_block_upload_id_upload"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_block")),
        sa.UniqueConstraint("upload_id", "number", name=op.f("uq_upload_block_upload_id_number")),
    )
    op.create_table(
        "remembered_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("kind", _kind("remembered_kind"), nullable=False),
        sa.Column("header_hash", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_columns")),
        sa.UniqueConstraint(
            "region",
            "kind",
            "header_hash",
            name=op.f("uq_remembered_columns_region_kind_header_hash"),
        ),
    )
    op.create_table(
        "probable_double",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("later_id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("double_state", "open", "merged", "apart"), nullable=False),
        sa.Column("undo", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_probable_double_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["later_id"],
            ["candidate.id"],
            name=op.f("fk_probable_double_later_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_probable_double_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probable_double")),
        sa.UniqueConstraint(
            "candidate_id", "later_id", name=op.f("uq_probable_double_candidate_id_later_id")
        ),
    )
    op.create_index(
        op.f("ix_probable_double_later_id"), "probable_double", ["later_id"], unique=False
    )
    op.create_index(
        "ix_probable_double_region_state",
        "probable_double",
        ["region", "state", "id"],
        unique=False,
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
    for table in ("probable_double", "remembered_columns", "upload_block", "upload"):
        op.drop_table(table)
