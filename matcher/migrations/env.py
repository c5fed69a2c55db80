"""Alembic's entry: runs the migrations on the connection that ``matcher.models.migrate`` passes.

There is no offline mode: a step may have to look at the data it changes.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from matcher.models import Base
from matcher.models.migrate import comparison_options


def render_item(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    """Writes a column type of our own as the type underneath: a migration outlives our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    **comparison_options(),
)
with context.begin_transaction():
    context.run_migrations()
