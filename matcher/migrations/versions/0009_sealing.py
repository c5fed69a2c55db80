"""Seal health data, money, notes and the like: see the module ``sealing`` of the models.

Revision 0009, after 0008.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LOADS = (
    "lift", "stand", "walk", "bend", "outdoor", "height", "pace", "interruptions", "group",
    "alone", "customers",
)  # fmt: skip
BUNDLES: Mapping[str, Mapping[str, int]] = {
    "loads": dict.fromkeys(LOADS, 2),
    "support": {"money": 4, "home_base": 4},
}
"""Columns of the candidate that become one each, with the highest value of each answer."""

# Table, column, what it is sealed for, and the type that it had before.
COLUMNS: Sequence[tuple[str, str, str, sa.types.TypeEngine[Any]]] = (
    ("account", "totp_secret", "account.totp_secret", sa.String(64)),
    ("assessment", "candidate_input", "advice.candidate_input", sa.Text()),
    ("assessment", "result", "advice.result", sa.Text()),
    ("candidate", "contact_value", "candidate.contact_value", sa.String(120)),
    ("candidate", "goal", "candidate.goal", sa.String(200)),
    ("candidate_audit", "benefit", "candidate_audit.benefit", sa.String(60)),
    ("candidate_audit", "birth_year", "candidate_audit.birth_year", sa.SmallInteger()),
    ("candidate_note", "text", "candidate_note.text", sa.String(500)),
    ("idempotency_record", "body", "idempotency_record.body", sa.Text()),
    ("intake_draft", "answers", "intake_draft.answers", sa.Text()),
    ("introduction", "shown", "introduction.shown", sa.Text()),
    ("match_list", "candidate_input", "advice.candidate_input", sa.Text()),
    ("match_list", "result", "advice.result", sa.Text()),
    ("message", "params", "message.params", sa.Text()),
    ("message", "recipient", "message.recipient", sa.String(254)),
    ("own_request", "answer", "own_request.answer", sa.String(500)),
    ("own_request", "text", "own_request.text", sa.String(500)),
    ("plan", "candidate_input", "advice.candidate_input", sa.Text()),
    ("plan", "result", "advice.result", sa.Text()),
)

ROWS_AT_ONCE = 500
Change = Callable[[Mapping[str, Any]], dict[str, Any]]


def upgrade() -> None:
    keys = context.config.attributes["keyring"]
    _retype(sa.SmallInteger(), sa.Text(), kind="text", checks=False)
    for table, column, _use, before in COLUMNS:
        if _on_a_server() and isinstance(before, sa.String) and not isinstance(before, sa.Text):
            op.alter_column(table, column, type_=sa.Text(), existing_type=before)
    for table, columns in _by_table():

        def sealed(row: Mapping[str, Any], uses: Mapping[str, str] = columns) -> dict[str, Any]:
            return {
                name: None if row[name] is None else keys.seal(str(row[name]), use)
                for name, use in uses.items()
            }

        _change(table, tuple(columns), sealed)

    for name in BUNDLES:
        op.add_column("candidate", sa.Column(name, sa.Text(), nullable=True))

    def bundled(row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            bundle: keys.seal(_text({n: row[n] for n in names}), f"candidate.{bundle}")
            for bundle, names in BUNDLES.items()
        }

    _change("candidate", (*_names(), *BUNDLES), bundled)
    with op.batch_alter_table("candidate") as batch:
        for name in BUNDLES:
            batch.alter_column(name, nullable=False, existing_type=sa.Text())
        for name in _names():
            batch.drop_constraint(op.f(f"ck_candidate_{name}"), type_="check")
            batch.drop_column(name)


def downgrade() -> None:
    keys = context.config.attributes["keyring"]
    for name in _names():
        op.add_column("candidate", sa.Column(name, sa.SmallInteger(), nullable=True))

    def apart(row: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = dict.fromkeys(_names())
        for bundle in BUNDLES:
            found.update(json.loads(keys.open(row[bundle], f"candidate.{bundle}")))
        return found

    _change("candidate", (*_names(), *BUNDLES), apart)
    with op.batch_alter_table("candidate") as batch:
        for name, highest in _highest().items():
            batch.create_check_constraint(
                op.f(f"ck_candidate_{name}"), sa.text(f'"{name}" BETWEEN 0 AND {highest}')
            )
        for name in BUNDLES:
            batch.drop_column(name)

    for table, columns in _by_table():

        def opened(row: Mapping[str, Any], uses: Mapping[str, str] = columns) -> dict[str, Any]:
            return {
                name: None if row[name] is None else keys.open(row[name], use).rstrip(" ")
                for name, use in uses.items()
            }

        _change(table, tuple(columns), opened)
    for table, column, _use, before in COLUMNS:
        if _on_a_server() and isinstance(before, sa.String) and not isinstance(before, sa.Text):
            op.alter_column(table, column, type_=before, existing_type=sa.Text())
    _retype(sa.Text(), sa.SmallInteger(), kind="smallint", checks=True)


def _names() -> tuple[str, ...]:
    return tuple(_highest())


def _highest() -> dict[str, int]:
    return {name: top for names in BUNDLES.values() for name, top in names.items()}


def _text(answers: Mapping[str, Any]) -> str:
    # Filled up, so that the length does not say how many answers there are.
    known = {name: value for name, value in answers.items() if value is not None}
    text = json.dumps(known, separators=(",", ":"))
    return text + " " * (-len(text) % 64)


def _by_table() -> list[tuple[str, dict[str, str]]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, use, _before in COLUMNS:
        found.setdefault(table, {})[column] = use
    return list(found.items())


def _on_a_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _change(table: str, columns: Sequence[str], change: Change) -> None:
    """Rewrites columns of every row, some rows at a time."""
    rows = sa.table(table, sa.column("id"), *map(sa.column, columns))
    bind = op.get_bind()
    last = 0
    while True:
        statement = sa.select(rows).where(rows.c.id > last).order_by(rows.c.id).limit(ROWS_AT_ONCE)
        found = bind.execute(statement).mappings().all()
        if not found:
            return
        for row in found:
            bind.execute(rows.update().where(rows.c.id == row["id"]).values(change(dict(row))))
        last = found[-1]["id"]


def _retype(
    before: sa.types.TypeEngine[Any], after: sa.types.TypeEngine[Any], *, kind: str, checks: bool
) -> None:
    """The year of birth as a number with its range, or as a sealed text."""
    name = op.f("ck_candidate_audit_birth_year")
    with op.batch_alter_table("candidate_audit") as batch:
        if not checks:
            batch.drop_constraint(name, type_="check")
        batch.alter_column(
            "birth_year", type_=after, existing_type=before, postgresql_using=f"birth_year::{kind}"
        )
        if checks:
            batch.create_check_constraint(name, sa.text('"birth_year" BETWEEN 1900 AND 2100'))
