"""Alembic migrations, run by ``matcher.models.migrate`` on a connection that it brings."""
