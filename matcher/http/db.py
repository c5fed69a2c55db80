"""One database session a request, closed when the request ends.

Services open and commit their own transaction on it; whatever was not committed is rolled back.
"""

from __future__ import annotations

import os

from flask import Flask, current_app, g
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from matcher.config import instance_dir
from matcher.models.database import make_engine, session_factory

_FACTORY = "matcher.session_factory"


def init_db(app: Flask) -> None:
    """Binds an engine for ``DATABASE_URL`` to the application."""
    folder = instance_dir(app.config["INSTANCE_DIR"] or os.environ.get("MATCHER_INSTANCE_DIR"))
    engine = make_engine(app.config["DATABASE_URL"], data_key=app.config["DATA_KEY"], folder=folder)
    app.extensions["matcher.engine"] = engine
    app.extensions[_FACTORY] = session_factory(engine)
    app.teardown_appcontext(_close)


def engine_of(app: Flask) -> Engine:
    """The engine that the application was bound to."""
    engine: Engine = app.extensions["matcher.engine"]
    return engine


def current_session() -> Session:
    """The session of this request, opened on first use."""
    if "matcher_session" not in g:
        factory: sessionmaker[Session] = current_app.extensions[_FACTORY]
        g.matcher_session = factory()
    session: Session = g.matcher_session
    return session


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("matcher_session", None)
    if session is not None:
        session.close()
