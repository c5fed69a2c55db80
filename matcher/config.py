"""Settings of the web application, by environment.

Every setting can be given as an environment variable with the prefix ``MATCHER_``
(``MATCHER_DATABASE_URL``, ``MATCHER_SECRET_KEY`` …); JSON values are read as such.
``MATCHER_ENVIRONMENT`` chooses the class: production (the default), demo or testing.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


class Config:
    """Production: the safe values. The other environments say where they differ."""

    # The folder of the embedded database and of the secret key; never inside the package.
    INSTANCE_DIR: str | None = None
    # postgresql+psycopg://… or sqlite:///…; without it an SQLite file in the instance folder.
    DATABASE_URL: str | None = None
    # Signs sessions and form tokens. Without it, a key is made once in the instance folder;
    # several machines behind one address must be given the same key.
    SECRET_KEY: str | None = None
    # Seals health data and the like at rest: 32 bytes in base64, several separated by commas, the
    # first of which seals. Give it from outside the database server; without it keys are kept in
    # a file beside the embedded database, or in the instance folder.
    DATA_KEY: str | None = None
    # Where "now" comes from; tests pass a fixed clock.
    CLOCK: Callable[[], datetime] = staticmethod(utc_now)

    # How many proxies in front set X-Forwarded-For and -Proto; 0 trusts no such header.
    TRUSTED_PROXIES = 0
    # The largest request body, in bytes: an import of 100,000 rows fits, a gigabyte does not.
    MAX_CONTENT_LENGTH = 48 * 1024 * 1024
    # The largest form body that is not a file, in bytes.
    MAX_FORM_MEMORY_SIZE = 1024 * 1024

    # Signed out after half an hour without a request, candidates after ten minutes: their phones
    # are often shared. Kept at this side, to the minute; the cookie is renewed on each request.
    PERMANENT_SESSION_LIFETIME = timedelta(minutes=30)
    SESSION_CANDIDATE_LIFETIME = timedelta(minutes=10)
    # Signed out after a working day in any case.
    SESSION_ABSOLUTE_LIFETIME = timedelta(hours=10)
    # The __Host- prefix makes browsers refuse the cookie without Secure and path "/".
    SESSION_COOKIE_NAME = "__Host-matcher"
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"

    # Where "Verlaat snel" on a candidate's pages leads: a page of general interest.
    QUICK_EXIT_URL = "https://www.knmi.nl"
    # Staff, officers, analysts and admins show a second factor when they sign in.
    SECOND_FACTOR_REQUIRED = True

    # Sign-in with the account of a municipality, by OpenID Connect (extra sso); empty is none.
    # The provider is told to come back to PUBLIC_URL/aanmelden/organisatie/terug.
    OIDC_ISSUER: str | None = None
    OIDC_CLIENT_ID: str | None = None
    OIDC_CLIENT_SECRET: str | None = None
    # The words on its button, and the region whose accounts it speaks for (None is every region).
    OIDC_NAME = "uw organisatie"
    OIDC_REGION: str | None = None
    # Claims by which the provider says that a second factor was shown; without any, ours is asked.
    OIDC_SECOND_FACTOR_AMR: tuple[str, ...] = ()
    OIDC_SECOND_FACTOR_ACR: tuple[str, ...] = ()

    # Form tokens live as long as the session; checked in one place, see http/security.py.
    WTF_CSRF_TIME_LIMIT = None
    WTF_CSRF_CHECK_DEFAULT = False
    # The token alone decides: pages that tell no other site where one came from (Referrer-Policy
    # no-referrer) send no referrer to this one either. Sec-Fetch-Site is checked instead.
    WTF_CSRF_SSL_STRICT = False

    # Bootstrap comes from this server: no page asks anything of another host.
    BOOTSTRAP_SERVE_LOCAL = True
    # How long browsers may keep static files; their addresses carry a hash of the content.
    SEND_FILE_MAX_AGE_DEFAULT = timedelta(days=30)

    BABEL_DEFAULT_LOCALE = "nl"
    BABEL_DEFAULT_TIMEZONE = "Europe/Amsterdam"

    # memory:// counts per worker process; give a redis:// address when there are several.
    RATELIMIT_STORAGE_URI = "memory://"
    RATELIMIT_HEADERS_ENABLED = True
    RATELIMIT_STRATEGY = "moving-window"
    # Failed sign-ins, per device on which the account signed in before, and for all other devices
    # per address with account, per address, and per account over all addresses. When strangers
    # used up the last one, the owner gets in from a known device or with a link by e-mail.
    SIGN_IN_LIMIT_DEVICE = "10 per 15 minutes"
    SIGN_IN_LIMIT_STRANGER = "5 per 15 minutes"
    SIGN_IN_LIMIT_ADDRESS = "30 per 15 minutes"
    SIGN_IN_LIMIT_ACCOUNT = "30 per hour"
    # Pages that one address may open by the link of a group, marking included.
    ATTENDANCE_LIMIT = "120 per hour"
    AGENDA_LIMIT = "60 per hour"
    # Links by e-mail that one address may ask for.
    MAIL_LINK_LIMIT = "10 per hour"
    # Refusals and requests for a link take at least this long, so that no difference in time
    # tells whether an account exists.
    EVEN_ANSWER = timedelta(milliseconds=400)
    # The cookie that makes a device known; see http/devices.py.
    DEVICE_COOKIE_NAME = "__Host-matcher-device"
    DEVICE_COOKIE_LIFETIME = timedelta(days=365)
    # The public call-me form, per address.
    CALL_ME_LIMIT = "10 per hour"
    # Reports of displacement, per address; what is counted is a hash of it with the secret key.
    REPORT_LIMIT = "5 per hour"

    # How messages leave: smtp, or folder, which writes them to files beside the database. Without
    # one they wait in the outbox, where staff see that they were not sent.
    MAIL_BACKEND: str | None = None
    MAIL_SERVER = "localhost"
    MAIL_PORT = 587
    # starttls, tls, or none for a mail server on the same machine.
    MAIL_SECURITY = "starttls"
    MAIL_USERNAME: str | None = None
    MAIL_PASSWORD: str | None = None
    # Who messages come from; its domain also stands in their Message-ID.
    MAIL_FROM = "no-reply@example.org"
    # How a mail becomes a text message, such as {number}@sms.example.org. Without it, text
    # messages are put with the letters, for staff to pass on.
    SMS_GATEWAY: str | None = None
    # Where people find this service: the links in messages begin with it.
    PUBLIC_URL = "http://127.0.0.1:8000"
    # Send messages from this process, shortly after a request; else `matcher outbox send` does.
    DELIVER_IN_PROCESS = False

    # Work on jobs (matching a region and the like) in a thread of this process; None does so on the
    # embedded database and leaves it to `matcher worker` on any other.
    JOBS_IN_PROCESS: bool | None = None
    # Where `matcher worker` has the blocks of jobs computed: local:N for N processes of its
    # machine, tls://HOST:PORT for a Dask scheduler (extra distributed); None is in itself.
    SCHEDULER: str | None = None
    # PEM files for a tls:// scheduler: the authority that signed both sides, the certificate of
    # this side, its key. An authority of its own: whoever shows a certificate of it may run code.
    SCHEDULER_CA: str | None = None
    SCHEDULER_CERT: str | None = None
    SCHEDULER_KEY: str | None = None

    # What one account may ask of the API, over all its resources together.
    API_LIMIT = "6000 per minute"
    # What all accounts of one region may ask of it together: a region that sends many times its
    # usual traffic is told to wait, and the others notice nothing.
    API_LIMIT_REGION = "20000 per minute"
    # Who answers questions about the API: stands in its OpenAPI document and on its page.
    API_CONTACT_NAME = "Service desk of this installation"
    API_CONTACT_EMAIL = "service-desk@example.org"
    API_CONTACT_URL = "https://example.org/matcher"

    # Demo mode shows the demo sign-ins on the sign-in page; never true with real people's data.
    DEMO = False
    # In one advice of so many the coach says first what they think; 0 never asks, None is as
    # data/parameters/oversight.yaml says.
    BLIND_ONE_IN: int | None = None
    # The region that the public pages speak for.
    REGION = "demo"

    LOG_LEVEL = "INFO"


class Demo(Config):
    """The demo region on this machine, over plain HTTP."""

    SESSION_COOKIE_NAME = "matcher"
    SESSION_COOKIE_SECURE = False
    DEVICE_COOKIE_NAME = "matcher-device"
    SECOND_FACTOR_REQUIRED = False
    MAIL_BACKEND = "folder"
    DELIVER_IN_PROCESS = True
    DEMO = True


class Testing(Config):
    """The suite: plain HTTP, no limits, a fixed key, nothing from the environment."""

    TESTING = True
    SECRET_KEY = "only-for-tests"  # noqa: S105  signs nothing outside the suite
    SESSION_COOKIE_NAME = "matcher"
    SESSION_COOKIE_SECURE = False
    DEVICE_COOKIE_NAME = "matcher-device"
    SECOND_FACTOR_REQUIRED = False
    EVEN_ANSWER = timedelta(0)
    RATELIMIT_ENABLED = False
    BLIND_ONE_IN = 0
    JOBS_IN_PROCESS = False


ENVIRONMENTS: dict[str, type[Config]] = {
    "production": Config,
    "demo": Demo,
    "testing": Testing,
}


def config_class(name: str | None = None) -> type[Config]:
    """The settings of an environment; without a name, that of ``MATCHER_ENVIRONMENT``.

    Raises ValueError naming the known environments.
    """
    name = name or os.environ.get("MATCHER_ENVIRONMENT", "production")
    try:
        return ENVIRONMENTS[name]
    except KeyError:
        known = ", ".join(ENVIRONMENTS)
        raise ValueError(f"MATCHER_ENVIRONMENT {name!r} is not one of: {known}") from None


def instance_dir(configured: str | None) -> Path:
    """The folder for the embedded database and the key: as configured, else ``instance``."""
    return Path(configured) if configured else Path.cwd() / "instance"


def secret_key(folder: Path) -> str:
    """The key kept in `folder`, made on first use and readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Written aside and then linked: workers that start together all read the same whole key.
        handle, name = tempfile.mkstemp(dir=folder, prefix="secret_key.")
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text(encoding="ascii").strip()
