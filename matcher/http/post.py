"""The roads of messages as the settings say, and sending from this process if they ask for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import structlog
from flask import Config, Flask, Response, request

from matcher.config import config_class, instance_dir
from matcher.domain.errors import InvalidInput, Problem
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.models.wall import whole_database
from matcher.post.folder import FolderSender
from matcher.post.outgoing import Sender
from matcher.post.smtp import Security, SmtpSender, SmtpServer
from matcher.reference.outbox import load_sending_rules
from matcher.services.calendar import day_of
from matcher.services.delivery import Clock, Postbox, deliver_due

log = structlog.get_logger(__name__)

BACKENDS = ("smtp", "folder")
_SOON = 1.0
"""Seconds after a request: several messages of one page go out together."""


def environment_settings() -> Mapping[str, Any]:
    """The settings as the application reads them, for a command that needs no application."""
    config = Config(str(Path.cwd()))
    config.from_object(config_class())
    config.from_prefixed_env("MATCHER")
    return config


def postbox_of(config: Mapping[str, Any]) -> Postbox:
    """The roads of messages; InvalidInput names each setting that cannot be used."""
    problems = []
    backend = config["MAIL_BACKEND"]
    if backend not in (None, *BACKENDS):
        problems.append(Problem("MATCHER_MAIL_BACKEND", f"must be one of {', '.join(BACKENDS)}"))
    security = str(config["MAIL_SECURITY"])
    if security not in {each.value for each in Security}:
        words = ", ".join(each.value for each in Security)
        problems.append(Problem("MATCHER_MAIL_SECURITY", f"must be one of {words}"))
    gateway = config["SMS_GATEWAY"]
    if gateway is not None and ("{number}" not in gateway or "@" not in gateway):
        problems.append(Problem("MATCHER_SMS_GATEWAY", "must be such as {number}@sms.example.org"))
    try:
        Address(addr_spec=config["MAIL_FROM"])
    except ValueError:
        problems.append(Problem("MATCHER_MAIL_FROM", "must be an e-mail address"))
    if problems:
        raise InvalidInput(problems)
    return Postbox(
        sender=_sender(config, backend),
        mail_from=config["MAIL_FROM"],
        public_url=str(config["PUBLIC_URL"]).rstrip("/"),
        sms_gateway=gateway,
    )


def _sender(config: Mapping[str, Any], backend: str | None) -> Sender | None:
    if backend == "folder":
        return FolderSender(mail_folder(config))
    if backend == "smtp":
        timeout = load_sending_rules(day_of(config["CLOCK"]())).timeout
        return SmtpSender(
            SmtpServer(
                host=config["MAIL_SERVER"],
                port=int(config["MAIL_PORT"]),
                security=Security(config["MAIL_SECURITY"]),
                timeout=timeout.total_seconds(),
                username=config["MAIL_USERNAME"],
                password=config["MAIL_PASSWORD"],
            )
        )
    return None


def mail_folder(config: Mapping[str, Any]) -> Path:
    """Where the folder back-end writes."""
    folder = config["INSTANCE_DIR"] or os.environ.get("MATCHER_INSTANCE_DIR")
    return instance_dir(folder) / "outbox"


def init_post(app: Flask) -> None:
    """Checks the settings, and where they ask for it sends messages shortly after each change."""
    postbox = postbox_of(app.config)
    app.extensions["matcher.postbox"] = postbox
    if not app.config["DELIVER_IN_PROCESS"]:
        return
    postman = _Postman(app, postbox, app.config["CLOCK"])

    @app.after_request
    def wake(response: Response) -> Response:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            postman.wake()
        return response


class _Postman:
    """One thread of this process that makes a round after each change."""

    def __init__(self, app: Flask, postbox: Postbox, clock: Clock) -> None:
        self._app, self._postbox, self._clock = app, postbox, clock
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def wake(self) -> None:
        """Makes a round soon; several calls meanwhile are one round."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(_SOON, self._round)
                self._timer.daemon = True
                self._timer.start()

    def _round(self) -> None:
        with self._lock:
            self._timer = None
        try:
            with (
                session_factory(engine_of(self._app))() as session,
                whole_database(session, "sending what waits"),
            ):
                deliver_due(session, self._postbox, clock=self._clock)
        except Exception as error:  # a thread has nobody to tell; the next round tries again
            log.error("round_failed", kind=type(error).__name__)
