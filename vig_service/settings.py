"""All settings, read from the environment in this one file.

Without any variable the settings are the loopback demonstration. ``VIG_MODE=production`` turns on every
refusal: a setting that is missing or too weak stops the start with the sentence that mends it.
The table of variables for operators is in ``docs/operators.md``.
"""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from vig_service import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# A secret may also come as a file, NAME_FILE, so that it is in no process's environment (compose, systemd).
_SECRETS = ("SECRET_KEY", "VIG_FIELD_KEYS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "VIG_NOTIFY_API_KEY")
env.ENVIRON = dict(os.environ) | {
    name: Path(os.environ[f"{name}_FILE"]).read_text().strip() for name in _SECRETS if f"{name}_FILE" in os.environ
}

VIG_MODE: str = env.str("VIG_MODE", default="demo")
if VIG_MODE not in {"demo", "production"}:
    raise ImproperlyConfigured(f"VIG_MODE is {VIG_MODE!r}. Set it to 'demo' or 'production'.")
PRODUCTION: bool = VIG_MODE == "production"
TESTING: bool = "pytest" in sys.modules
DEBUG = False  # a stack trace shows a family's record: never, not even in the demonstration


def required(name: str, why: str) -> str:
    """The variable ``name``, or the instruction that mends its absence in production."""
    value = env.str(name, default="")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"Set {name}: {why} See docs/operators.md.")
    return value


# --- Where things are kept -----------------------------------------------------------------------------
DATA_DIR = Path(env.str("VIG_DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
MEDIA_STORE = Path(env.str("VIG_MEDIA_DIR", default=str(DATA_DIR / "media"))).resolve()  # films; never served by path
WORK_DIR = Path(env.str("VIG_WORK_DIR", default=str(MEDIA_STORE / "work"))).resolve()  # same disk: renames are atomic


def _demo_secret(name: str) -> str:
    """A secret made once and kept in the data directory, for the demonstration only."""
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = DATA_DIR / name
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = required(
    "SECRET_KEY", "a long random text that signs sessions, for example from `openssl rand -base64 48`."
) or _demo_secret("secret-key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# Encrypts TOTP secrets at rest; the first key encrypts, the others still decrypt (MultiFernet).
FIELD_KEYS: list[str] = env.list("VIG_FIELD_KEYS", default=[])
if PRODUCTION and not FIELD_KEYS:
    raise ImproperlyConfigured(
        "Set VIG_FIELD_KEYS: one or more Fernet keys, comma separated, newest first, for example from "
        '`python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"`.'
    )
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY is shorter than 50 characters. Make a longer one: `openssl rand -base64 48`."
    )

# --- What the service calls itself ---------------------------------------------------------------------
SERVICE_NAME: str = env.str("VIG_SERVICE_NAME", default="Parent-Infant Relationship Service")
SERVICE_PHONE: str = env.str("VIG_SERVICE_PHONE", default="01632 960 100")  # Ofcom's numbers for drama
SERVICE_EMAIL: str = env.str("VIG_SERVICE_EMAIL", default="help@service.example")

# --- Applications --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "nhsuk_forms",
    "audit",
    "accounts",
    "outbox",
    "families",
    "outcomes",
    "referrals",
    "sessions.apps.SessionsConfig",
    "clips",
    "desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "vig_service.headers.PrivacyHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.Door",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "vig_service.urls"
WSGI_APPLICATION = "vig_service.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vig_service.context.service",
                "accounts.clock.screen",
                "families.duty.banner.alerts",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "nhsuk"
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- Database ------------------------------------------------------------------------------------------
_database_url = required("DATABASE_URL", "postgres://user:password@host:5432/name of the service's PostgreSQL.")
if _database_url:
    DATABASES = {"default": env.db_url_config(_database_url)}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "vig.sqlite3")}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    if PRODUCTION:
        raise ImproperlyConfigured("DATABASE_URL names SQLite. Production needs PostgreSQL: postgres://…")
    # Measured with eight processes that read and then write: only WAL and IMMEDIATE together lose nothing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"].setdefault("TEST", {})["NAME"] = env.str("VIG_TEST_SQLITE", default=":memory:")
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache and broker ----------------------------------------------------------------------------------
# One spelling comes in (redis://… or unix:///path); Celery and the cache each want their own for a socket.
REDIS_URL = required("REDIS_URL", "redis://:password@host:6379/0 of a packaged, patched Redis or Valkey.")


def broker_url(redis_url: str) -> str:
    """Celery's spelling of a Redis address: a socket is ``redis+socket://``."""
    return redis_url.replace("unix://", "redis+socket://", 1)


def cache_url(redis_url: str) -> str:
    """The cache's spelling of a Redis address: a socket is ``unix://``."""
    return redis_url.replace("redis+socket://", "unix://", 1)


if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": cache_url(REDIS_URL),
        }
    }
else:  # a management command or a unit test without a broker
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = broker_url(REDIS_URL) if REDIS_URL else "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 6 * 3600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 12 * 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "clips.tasks.prepare_film": {"queue": "films"},
    "clips.tasks.cut_clip": {"queue": "clips"},
    "outbox.tasks.*": {"queue": "messages"},
    "families.tasks.work_on_pack": {"queue": "messages"},
    "families.tasks.put_back_packs": {"queue": "messages"},
    "families.tasks.erase": {"queue": "messages"},
    "families.tasks.put_back_erasures": {"queue": "messages"},
    "families.tasks.climb": {"queue": "messages"},  # never behind a film that is being checked
}
CELERY_BEAT_SCHEDULE = {
    "put back what a dead worker dropped": {
        "task": "clips.tasks.reconcile",
        "schedule": env.float("VIG_RECONCILE_SECONDS", default=120.0),
    },
    "delete uploads nobody came back to": {"task": "clips.tasks.purge_stale_uploads", "schedule": 3600.0},
    "seal the audit chain": {"task": "audit.tasks.seal", "schedule": 10.0},
    "verify the audit chain": {"task": "audit.tasks.verify", "schedule": 24 * 3600.0},
    "send what waits": {"task": "outbox.tasks.reconcile", "schedule": env.float("VIG_MESSAGE_SECONDS", default=60.0)},
    "ask whether messages arrived": {"task": "outbox.tasks.ask_delivery", "schedule": 600.0},
    "tell what did not leave": {"task": "outbox.tasks.digest", "schedule": crontab(hour=7, minute=30)},
    "make merges final": {"task": "families.tasks.tidy_finding", "schedule": 24 * 3600.0},
    "alerts that nobody answers climb": {
        "task": "families.tasks.climb",
        "schedule": env.float("VIG_ALERT_SECONDS", default=60.0),
    },
    "copies of records whose worker is silent": {"task": "families.tasks.put_back_packs", "schedule": 120.0},
    "what is kept long enough": {
        "task": "families.tasks.work_out_retention",
        "schedule": env.float("VIG_RETENTION_SECONDS", default=24 * 3600.0),
    },
    "erasures whose worker is silent": {"task": "families.tasks.put_back_erasures", "schedule": 120.0},
    "delete forms that nobody sent": {"task": "referrals.tasks.forget", "schedule": 24 * 3600.0},
    "forget what is over": {"task": "accounts.tasks.forget", "schedule": 3600.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# --- People who sign in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"  # my day
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, never by signing up
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SERVICE_NAME}: "
ACCOUNT_PREVENT_ENUMERATION = True
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers; accounts.forms.sign_in evens out the time
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed", "a passkey was added"
ACCOUNT_SESSION_REMEMBER = False  # a sign-in ends with the browser, and after the absolute limit at the latest
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.LoginForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.sign_in.NewPasswordForm",
}
# Per-IP limits stay high: a whole NHS site sits behind one address. Per-account limits do the work.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("VIG_TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
MFA_REQUIRED: bool = env.bool("VIG_MFA_REQUIRED", default=PRODUCTION)
if PRODUCTION and not MFA_REQUIRED:
    raise ImproperlyConfigured(
        "VIG_MFA_REQUIRED is off. In production a second factor is required: remove the variable."
    )
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address; nobody brings their own
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}  # a passkey cannot be guessed; a site shares one address
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.CodeForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateCodeForm",
    "activate_totp": "accounts.forms.sign_in.ActivateAppForm",
    "deactivate_totp": "accounts.forms.sign_in.DeactivateAppForm",
    "generate_recovery_codes": "accounts.forms.sign_in.RecoveryCodesForm",
    "add_webauthn": "accounts.forms.sign_in.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.sign_in.EditPasskeyForm",
}

IDLE_TIMEOUT = timedelta(seconds=env.int("VIG_IDLE_SECONDS", default=600))  # NHS e-RS: 10 minutes
IDLE_WARNING = timedelta(seconds=env.int("VIG_IDLE_WARNING_SECONDS", default=120))
ABSOLUTE_TIMEOUT = timedelta(seconds=env.int("VIG_ABSOLUTE_SECONDS", default=8 * 3600))  # NHS e-RS: 8 hours
ROOM_LEASE = timedelta(hours=2)  # an open shared review outlives the desk's idle time-out
FRAME_LEASE = timedelta(hours=1)  # and so does what is signed or answered on the practitioner's device
UPLOAD_TOKEN_LIFE = timedelta(hours=24)
if PRODUCTION and (timedelta(minutes=15) < IDLE_TIMEOUT or timedelta(hours=12) < ABSOLUTE_TIMEOUT):
    raise ImproperlyConfigured(
        "VIG_IDLE_SECONDS may be 900 at most and VIG_ABSOLUTE_SECONDS 43200 at most in production."
    )
SESSION_COOKIE_AGE = int(ABSOLUTE_TIMEOUT.total_seconds())
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

# --- Films ---------------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES: int = env.int("VIG_UPLOAD_MAX_BYTES", default=8 * 1024**3)
UPLOAD_CHUNK_BYTES: int = env.int("VIG_UPLOAD_CHUNK_BYTES", default=5 * 1024**2)
# A browser that sends nothing for so long in mid-chunk is gone, and must not keep its film locked.
UPLOAD_SILENCE_SECONDS: float = env.float("VIG_UPLOAD_SILENCE_SECONDS", default=30.0)
UPLOAD_RESERVE_BYTES: int = env.int("VIG_UPLOAD_RESERVE_BYTES", default=2 * 1024**3)  # free space never given away
FILM_MAX_SECONDS: int = env.int("VIG_FILM_MAX_SECONDS", default=3 * 3600)
FILM_SHORT_SIDE: int = env.int("VIG_FILM_SHORT_SIDE", default=720)
FILM_FORMATS: list[str] = env.list("VIG_FILM_FORMATS", default=[])  # empty: all that we accept
XACCEL_PREFIX: str = env.str("VIG_XACCEL_PREFIX", default="")  # "/protected/" behind nginx
MEDIA_RANGE_BYTES = 1024**2  # an open range is answered with at most this, so that consent is asked again
JOB_STALE = timedelta(seconds=env.int("VIG_JOB_STALE_SECONDS", default=180))
JOB_QUEUED_STALE = timedelta(seconds=env.int("VIG_JOB_QUEUED_STALE_SECONDS", default=300))
JOB_MAX_ATTEMPTS = 3
# What was erased, kept outside of what a restored backup brings back: docs/operators.md, "Erased again".
ERASURE_LEDGER = Path(env.str("VIG_ERASURE_LEDGER", default=str(DATA_DIR / "erasures.jsonl"))).resolve()
if ERASURE_LEDGER.is_relative_to(MEDIA_STORE):
    raise ImproperlyConfigured("VIG_ERASURE_LEDGER is inside of VIG_MEDIA_DIR, which a restore replaces. Move it out.")
BACKUP_DAYS: int = env.int("VIG_BACKUP_DAYS", default=35)  # how long a backup may still hold what was destroyed
DATA_UPLOAD_MAX_MEMORY_SIZE = max(10 * 1024**2, UPLOAD_CHUNK_BYTES + 1024**2)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a copy of a long record is read through on one page

# --- Notes ---------------------------------------------------------------------------------------------
NOTE_LATE_HOURS: int = env.int("VIG_NOTE_LATE_HOURS", default=24)  # written later than this it is shown as late
NOTE_UNSIGNED_HOURS: int = env.int("VIG_NOTE_UNSIGNED_HOURS", default=48)  # then it waits on its author's day
CONTACT_EDIT_HOURS: int = env.int("VIG_CONTACT_EDIT_HOURS", default=24)  # after that a contact is only struck out

# --- Documents -----------------------------------------------------------------------------------------
DOCUMENT_MAX_BYTES: int = env.int("VIG_DOCUMENT_MAX_BYTES", default=25 * 1024**2)  # one file; said before choosing
# ClamAV's daemon: "tcp://host:3310" or "unix:///run/clamav/clamd.ctl". Empty: files are not scanned for viruses.
CLAMD_ADDRESS: str = env.str("VIG_CLAMD_ADDRESS", default="")

# --- Web -----------------------------------------------------------------------------------------------
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names people use, for example vig.trust.nhs.uk.")
# Where the service is found: what a message can say without saying anything else.
SERVICE_URL: str = env.str(
    "VIG_SERVICE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}/" if PRODUCTION else "http://localhost:8000/"
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "vig_service.errors.csrf_failure"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("VIG_STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_STORE},
    },
    "staticfiles": {
        "BACKEND": "vig_service.static.HashedStaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # ends with the browser
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("VIG_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- Messages that leave: e-mail by any Django backend, text messages by a class of our own ---------------------
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT: int = env.int("VIG_EMAIL_TIMEOUT", default=20)  # seconds: a silent mail server holds nobody up for long
DEFAULT_FROM_EMAIL: str = env.str("VIG_FROM_EMAIL", default=SERVICE_EMAIL)
SMS_FILE_PATH = DATA_DIR / "text-messages"
NOTIFY_API_KEY: str = env.str("VIG_NOTIFY_API_KEY", default="")
NOTIFY_TEMPLATE: str = env.str("VIG_NOTIFY_TEMPLATE", default="")  # the id of a template with ((body)) in it
NOTIFY_URL: str = env.str("VIG_NOTIFY_URL", default="https://api.notifications.service.gov.uk")
NOTIFY_TIMEOUT: int = env.int("VIG_NOTIFY_TIMEOUT", default=20)  # seconds
if NOTIFY_API_KEY:
    _SMS = "outbox.channels.notify.Notify"
else:
    _SMS = f"outbox.channels.sms.{'NotConfigured' if PRODUCTION else 'ToFiles'}"
OUTBOX_CHANNELS: dict[str, str] = {
    "email": "outbox.channels.email.Email",
    # Without a key of GOV.UK Notify no text message leaves; in the demonstration they are files.
    "sms": env.str("VIG_SMS", default=_SMS),
}

# --- Time and language ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Log: no query strings, no names (see vig_service.logs) ------------------------------------------------
LOGGING = logs.config(PRODUCTION)
