"""The application put together: settings, shared request mechanisms, pages and API.

Pages and API are siblings that know nothing of each other; this is the one place that knows both.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher import api, web
from matcher.config import Testing, config_class, instance_dir, secret_key
from matcher.extensions import babel, bootstrap, limiter
from matcher.http import health
from matcher.http.audit import init_audit
from matcher.http.db import init_db
from matcher.http.identity import init_identity
from matcher.http.jobs import init_jobs
from matcher.http.language import select_language
from matcher.http.metrics import init_metrics
from matcher.http.permissions import check_permission
from matcher.http.post import init_post
from matcher.http.request_logs import init_request_logs
from matcher.http.security import init_security
from matcher.http.single_sign_on import init_single_sign_on
from matcher.logs import configure_logs


def create_app(config: str | Mapping[str, Any] | None = None) -> Flask:
    """The application in the environment `config` names, or with `config` over the demo-free
    testing settings when it is a mapping; by default as ``MATCHER_ENVIRONMENT`` says.

    Raises ValueError for an unknown environment.
    """
    app = Flask("matcher.web", static_folder="static", template_folder="templates")
    _configure(app, config)
    configure_logs(app.config["LOG_LEVEL"])
    if app.config["TRUSTED_PROXIES"]:
        count = int(app.config["TRUSTED_PROXIES"])
        # A typed attribute of Flask that may be wrapped, as its documentation shows.
        app.wsgi_app = ProxyFix(app.wsgi_app, count, count)  # type: ignore[method-assign]

    init_request_logs(app)
    init_metrics(app)
    init_db(app)
    babel.init_app(app, locale_selector=select_language)
    bootstrap.init_app(app)
    limiter.init_app(app)
    init_identity(app)
    init_single_sign_on(app)
    init_security(app)
    init_audit(app)
    app.before_request(check_permission)
    init_post(app)
    init_jobs(app)

    health.init_app(app)
    web.init_app(app)
    api.init_app(app)
    return app


def _configure(app: Flask, config: str | Mapping[str, Any] | None) -> None:
    if isinstance(config, Mapping):
        app.config.from_object(Testing)
        app.config.from_mapping(config)
    else:
        settings = config_class(config)
        app.config.from_object(settings)
        if settings is not Testing:
            app.config.from_prefixed_env("MATCHER")
    folder = instance_dir(app.config["INSTANCE_DIR"] or os.environ.get("MATCHER_INSTANCE_DIR"))
    if not app.config["DATABASE_URL"]:
        app.config["DATABASE_URL"] = f"sqlite:///{(folder / 'matcher.sqlite3').absolute()}"
    app.config["SECRET_KEY"] = str(app.config["SECRET_KEY"] or secret_key(folder))
