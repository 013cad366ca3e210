"""Settings of the portal, read from the environment; an unsafe value raises on start.

docs/operations/settings.md describes each one; a house test keeps that page complete.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# A newer SQLite than many systems link: older ones can corrupt a WAL database (docs/operations).
try:
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
except ImportError:
    pass

import dj_database_url

from portaal.gateways.blobs.s3 import S3Location
from portaal.gateways.scanner.clamd import ClamdEndpoint
from portaal.speed import postgresql

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parent.parent
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


# Reading the environment


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name) or default  # an empty value counts as not set
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set and has no default.")
    return value


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(
            f"{name} must be a whole number of at least {least}, not {value!r}."
        )
    return int(value)


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def yes(name: str, default: bool) -> bool:
    return choice(name, ("yes", "no"), "yes" if default else "no") == "yes"


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def bucket(name: str) -> S3Location | None:
    """Return the location of the object store; None if a folder holds the files."""
    value = text(name, "")
    if not value:
        return None
    try:
        location = S3Location.parse(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} {error}.")
    endpoint = urlsplit(location.endpoint)
    if PRODUCTION and endpoint.scheme == "http" and endpoint.hostname not in THIS_MACHINE:
        raise ImproperlyConfigured(f"{name} must start with https:// in production.")
    if find_spec("boto3") is None:
        raise ImproperlyConfigured(
            f"{name} needs one more package: pip install --require-hashes -r requirements-s3.txt"
        )
    return location


def scanner(name: str) -> ClamdEndpoint | None:
    """Return the address of the virus scanner; None, in demo and development, for a stub."""
    value = text(name, "" if not PRODUCTION else None)
    try:
        return ClamdEndpoint.parse(value) if value else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} {error}.")


# Where and how it runs

MODE = choice("PORTAAL_MODE", ("demo", "development", "production"), "production")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
DEBUG = False  # never: the error pages and the log say enough

DATA_DIR = Path(text("PORTAAL_DATA_DIR", str(PROJECT / "var"))).absolute()
BASE_URL = text("PORTAAL_BASE_URL", None if PRODUCTION else "http://localhost:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in ("http", "https") or not _base.hostname or _base.path:
    raise ImproperlyConfigured(
        "PORTAAL_BASE_URL must be like https://portaal.example.nl, without a path."
    )
if PRODUCTION and _base.scheme != "https":
    raise ImproperlyConfigured("PORTAAL_BASE_URL must start with https:// in production.")
SECURE = _base.scheme == "https"
ALLOWED_HOSTS = [_base.hostname] if PRODUCTION else [_base.hostname, "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS: list[str] = []
TRUSTED_PROXIES = number("PORTAAL_TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = False  # the proxy redirects; plain http has no secure cookies anyway

# Secrets: one file, made by `portaal keys make`. The environment holds none.
KEYS_FILE = Path(text("PORTAAL_KEYS_FILE", str(DATA_DIR / "keys")))


def _django_secret() -> str:
    from portaal.gateways.keyring import Keyring

    if not PRODUCTION and not KEYS_FILE.exists():
        Keyring.make(KEYS_FILE)
    try:
        return Keyring.load(KEYS_FILE).secret("django").hex()
    except (OSError, ValueError) as error:
        if "keys" in sys.argv[1:2]:  # the command that makes them must start without them
            return os.urandom(32).hex()
        raise ImproperlyConfigured(
            f"PORTAAL_KEYS_FILE ({KEYS_FILE}) cannot be used: {error}."
            " Make one with `portaal keys make`."
        )


SECRET_KEY = _django_secret()

# Database

DATABASES = {
    "default": dj_database_url.parse(
        text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portaal.sqlite3'}")
    )
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    import sqlite3

    # Before 3.51.3 two checkpoints at once can corrupt a WAL database.
    _journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={_journal};PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY;"
            "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-8000;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
elif _database["ENGINE"].endswith("postgresql"):
    _database["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": 8},
        "options": f"-c lock_timeout=20s {postgresql.SERVER_OPTIONS}",
        "prepare_threshold": postgresql.PREPARE_THRESHOLD,
    }
    _database["CONN_MAX_AGE"] = 0
else:
    raise ImproperlyConfigured("DATABASE_URL must name SQLite or PostgreSQL.")
PLAIN = choice("PORTAAL_PLAIN", ("0", "1"), "0") == "1"  # without prepared queries
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Applications

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "portaal.domain.journal",
    "portaal.domain.jobs",
    "portaal.domain.keys",
    "portaal.domain.office",
    "portaal.domain.throttle",
    "portaal.domain.identity",
    "portaal.domain.clients",
    "portaal.domain.files",
    "portaal.domain.drafts",
    "portaal.domain.dossiers",
    "portaal.domain.documents",
    "portaal.domain.messaging",
    "portaal.domain.notifications",
    "portaal.ui",
    "portaal.web",
    "portaal.faces.shared",
    "portaal.faces.client",
    "portaal.faces.office",
    "portaal.faces.mailbox",
    "portaal.demo",
    # After ours, so that our translations come first.
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
]

MIDDLEWARE = [
    "portaal.web.access_log.access_log",
    "portaal.web.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portaal.faces.shared.errors.ErrorMiddleware",
    "portaal.faces.shared.sessions.sessions",
    "portaal.web.language.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portaal.faces.shared.access.AccessMiddleware",
]

ROOT_URLCONF = "portaal.urls"
WSGI_APPLICATION = "portaal.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "portaal.ui.jinja.Backend",
        "NAME": "jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "portaal.faces.shared.context.page",
                "portaal.faces.office.context.rail",
            ],
        },
    }
]
FORM_RENDERER = "portaal.ui.forms.Renderer"

# People

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS: list[str] = []  # identity.verbs.log_in is the one way in
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# identity.validators.password_errors has the manual's rule.
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
PASSWORD_POLICY = choice("PORTAAL_PASSWORD_POLICY", ("manual", "nist"), "manual")
LOGIN_URL = "client:login"

# Logins of the demo, shown on the login page in demo mode only
DEMO_PASSWORD = "Lindebloesem7"  # noqa: S105 - printed on the login page of a demonstration
DEMO_LOGINS = [
    ("een dossier / one dossier", "sanne@example.nl"),
    ("meer dossiers / several dossiers", "tamar@example.nl"),
    ("een paar / a couple", "smit@example.nl"),
    ("bedrijf / company", "anker@example.nl"),
    ("extra account", "anker-extra@example.nl"),
    ("60 dossiers", "beheer@example.nl"),
    ("ex-cliënt / former client", "vroeger@example.nl"),
    ("nog niet binnen geweest / not yet in", "nieuw@example.nl"),
]
DEMO_STAFF = [
    ("behandelaar / handler", "marieke@lindehof.example.nl"),
    ("behandelaar / handler", "joost@lindehof.example.nl"),
    ("behandelaar / handler", "fatima@lindehof.example.nl"),
    ("beheerder / administrator", "ina@lindehof.example.nl"),
]

# Sessions and cookies. `__Host-` names need https; a demo on http://localhost does without.
COOKIE_PREFIX = "__Host-" if SECURE else ""
CLIENT_COOKIE = f"{COOKIE_PREFIX}portaal"
OFFICE_COOKIE = f"{COOKIE_PREFIX}kantoor"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}taal"
SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = {"client": timedelta(hours=12), "office": timedelta(hours=10)}
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "portaal.faces.shared.errors.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    # Unused: the domain stores files.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31536000 if PRODUCTION else 60

# Files of dossiers

FILES_DIR = DATA_DIR / "files"
FILES_S3 = bucket("PORTAAL_FILES_URL")  # instead of the folder
FILE_MAX_BYTES = number("PORTAAL_FILE_MAX_MB", 25, least=1) * 1024 * 1024
UPLOAD_DAY_BYTES = number("PORTAAL_UPLOAD_DAY_MB", 250, least=1) * 1024 * 1024  # of a login
# Of a client's login:
UPLOAD_DOSSIER_BYTES = number("PORTAAL_UPLOAD_DOSSIER_MB", 1024, least=1) * 1024 * 1024
MESSAGES_HOUR = number("PORTAAL_MESSAGES_HOUR", 20, least=1)
MESSAGES_DAY = number("PORTAAL_MESSAGES_DAY", 100, least=1)
SCANNER = scanner("PORTAAL_SCANNER")
FREE_SPACE_MIN = number("PORTAAL_FREE_SPACE_MB", 1024) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = None  # uploads/handlers.py counts, and discards the excess
FILE_UPLOAD_HANDLERS = ["portaal.faces.shared.uploads.handlers.DiscardingHandler"]

# Mail. Without an SMTP server (demo and development) mails land in /postvak/.

SMTP_URL = text("PORTAAL_SMTP_URL", "")
MAIL_FROM = text("PORTAAL_MAIL_FROM", "portaal@example.nl" if not PRODUCTION else None)
MAILBOX_DIR = DATA_DIR / "postvak"
if SMTP_URL:
    _smtp = urlsplit(SMTP_URL)
    if _smtp.scheme not in ("smtp", "smtps", "smtp+starttls") or not _smtp.hostname:
        raise ImproperlyConfigured(
            "PORTAAL_SMTP_URL must be like smtp+starttls://user:password@host:587."
        )
    if PRODUCTION and _smtp.scheme == "smtp" and _smtp.hostname not in THIS_MACHINE:
        raise ImproperlyConfigured(
            "PORTAAL_SMTP_URL must use smtps:// or smtp+starttls:// in production."
        )
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _smtp.hostname
    EMAIL_PORT = _smtp.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[_smtp.scheme]
    EMAIL_HOST_USER = _smtp.username or ""
    EMAIL_HOST_PASSWORD = _smtp.password or ""
    EMAIL_USE_SSL = _smtp.scheme == "smtps"
    EMAIL_USE_TLS = _smtp.scheme == "smtp+starttls"
    EMAIL_TIMEOUT = 20
elif PRODUCTION:
    raise ImproperlyConfigured("PORTAAL_SMTP_URL is not set: no e-mail would ever leave.")
else:
    EMAIL_BACKEND = "portaal.gateways.mailbox.MailboxBackend"
DEFAULT_FROM_EMAIL = MAIL_FROM

# Background work

# The worker has a thread for each queue: an e-mail must not wait for a scanner that hangs.
TASKS = {
    "default": {
        "BACKEND": "portaal.domain.jobs.backend.JobsBackend",
        "QUEUES": ["mail", "files"],
    }
}
NOTICE_QUIET = timedelta(seconds=number("PORTAAL_NOTICE_QUIET_SECONDS", 10 if DEMO else 300))

# The browser

# One policy for every page: it loads files of our own only, and runs no inline script.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; manifest-src 'self'; report-uri /csp-report"
) + ("; upgrade-insecure-requests" if SECURE else "")
HSTS = "max-age=31536000; includeSubDomains" if SECURE else ""

# Second places for the journal's end, written each hour

_anchor_file = text("PORTAAL_JOURNAL_ANCHOR_FILE", "")
JOURNAL_ANCHOR_FILE = Path(_anchor_file) if _anchor_file else None
JOURNAL_ANCHOR_MAIL = text("PORTAAL_JOURNAL_ANCHOR_MAIL", "")

# Log: facts without names, addresses, search words and tokens (R87)

LOG_FORMAT = choice("PORTAAL_LOG_FORMAT", ("text", "json"), "text")
LOG_FORMATTER = {
    "text": "portaal.web.log.TextFormatter",
    "json": "portaal.web.log.JsonFormatter",
}[LOG_FORMAT]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": LOG_FORMATTER}},
    "filters": {"faults": {"()": "portaal.web.log.FaultFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "portaal": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        # Refusals (4xx) have a line of our own: Django's holds the path or the reason.
        "django.request": {"level": "ERROR", "filters": ["faults"]},
        "django.security": {"level": "CRITICAL"},
    },
}
SILENCED_SYSTEM_CHECKS = [
    # web.headers replaces SecurityMiddleware, on errors and static files too.
    "security.W001",
    "security.W002",  # web.headers sets X-Frame-Options, the content policy frame-ancestors
    "security.W004",  # HSTS is set by web.headers, on static files too
    "security.W008",  # the redirect to https is the proxy's
]
TEST_RUNNER = "django.test.runner.DiscoverRunner"
