from __future__ import annotations

from sqlalchemy import Engine, inspect

from matcher.models import Base, migrate
from matcher.models.database import make_engine


def test_a_new_database_comes_up_to_the_newest_revision_and_equals_the_models(
    database_url: str,
) -> None:
    engine = make_engine(database_url)

    state = migrate.check(engine)

    assert state.is_current, state.differences
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
