"""Every setting of the portal, for demo and production alike.

Only the environment differs between the two; `.env.example` explains each name. A little over
400 lines on purpose: one place to look is worth more than a shorter file.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

# --- where it runs ---

DEBUG: bool = env.bool("DEBUG", default=False)
# The demo allows the well-known demo password and shows the local mailbox page.
DEMO: bool = env.bool("DEMO", default=False)
PUBLIC_URL: str = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[urlsplit(PUBLIC_URL).hostname or ""])

# --- secrets ---

SECRET_KEY: str = env.str("SECRET_KEY")
# Encrypts phones and identity numbers. Newest first: the first encrypts, all of them decrypt.
FIELD_KEYS: list[str] = env.list("FIELD_KEYS")
# Makes the blind index by which encrypted values are found again. It cannot be rotated alone.
INDEX_KEY: str = env.str("INDEX_KEY")

# --- applications ---

INSTALLED_APPS = [
    "tenancy",
    "notifications",
    "owners",
    "complaints",
    "surveys",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # So that the templates of forms can be ours (FORM_RENDERER).
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tenancy.viewsets.middleware.ProblemMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenancy.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tenancy.middleware.SeenMiddleware",
    # Last: it needs the signed-in user, and everything after it runs inside one company.
    "tenancy.middleware.CompanyMiddleware",
]
if env.bool("SERVER_TIMING", default=DEBUG):
    MIDDLEWARE.insert(0, "config.timing.TimingMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.csp_nonce",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- the database: two roles ---


def database(name: str) -> dict[str, Any]:
    """The server named by a URL; a percent-encoded host is the directory of its Unix socket."""
    config: dict[str, Any] = env.db_url(name)
    return {**config, "HOST": unquote(config["HOST"])}


# The application's role neither owns a table nor may bypass row-level security.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **database("DATABASE_URL"),
        "ENGINE": "tenancy.postgresql",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # A statement or a transaction that hangs must not hold its locks for ever.
            "options": "-c statement_timeout=60s -c idle_in_transaction_session_timeout=120s",
        },
    },
}
# Whom `migrate` grants the rows to, before the first company exists.
DATABASE_APPLICATION_ROLE: str = DATABASES["default"]["USER"]
# The owner's role, which only `migrate` uses. The web and the workers need not be given it.
DATABASE_OWNER: dict[str, Any] | None = (
    database("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", default="") else None
)

# --- Redis: the broker and the cache ---


def redis_database(url: str, number: int) -> str:
    """The same Redis server, another of its numbered databases."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = {**dict(parse_qsl(parts.query)), "db": str(number)}
        # urlunsplit would drop the empty host of unix:///path
        return f"unix://{parts.path}?{urlencode(query)}"
    return parts._replace(path=f"/{number}").geturl()


def celery_broker(url: str) -> str:
    """The URL in the spelling of Celery, which has its own for Unix sockets."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=0"
    return redis_database(url, 0)


REDIS_URL: str = env.str("REDIS_URL")

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.cache.SurvivingRedisCache",
        # Apart from the broker, because clearing the cache empties its whole database.
        "LOCATION": redis_database(REDIS_URL, 1),
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    },
}

# --- Celery: only the heartbeat; the database is the truth ---

CELERY_BROKER_URL = celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# How soon the message of a worker that died is given to another one.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# Both below the visibility timeout, or a slow task would be started again while it runs.
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
# At most this long between two pulses of beat.
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULER = "config.celery.PulsingScheduler"
# Every entry expires before its successor, so that an outage leaves no backlog of sweeps.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "enforce-deadlines": {
        "task": "complaints.enforce_deadlines",
        "schedule": 30,
        "options": {"expires": 25},
    },
    # Figures are exact without it too, but the longer it waits the more is counted when asked.
    "count-figures": {
        "task": "complaints.count_figures",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "relay-notifications": {
        "task": "notifications.relay",
        "schedule": 10,
        "options": {"expires": 9},
    },
    # A wave opens, closes and is counted within these minutes of its day.
    "move-waves": {
        "task": "surveys.move_waves",
        "schedule": 300,
        "options": {"expires": 290},
    },
    "heartbeat": {
        "task": "tenancy.beat_pulse",
        "schedule": 15,
        "options": {"expires": 14},
    },
    "forget-answers": {
        "task": "tenancy.forget_answers",
        "schedule": 3600,
        "options": {"expires": 3500},
    },
}

# --- who signs in ---

AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = [
    "tenancy.adapters.RefusedPasswords",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "tenancy.services.passwords.DemoPasswordValidator"},
]
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "tenancy.views.refused.csrf_failure"
# Whoever runs the platform needs more than a password; the demo lets one look around without.
OPERATORS_NEED_SECOND_FACTOR: bool = not DEMO
# In the database: signing in must survive Redis being down.
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60

# --- signing in: by name or phone and password, or by a code sent to the phone ---

LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
# Nobody signs up; allauth insists that a sign-up would ask for what one signs in with.
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
# A changed address is confirmed by a code. Signing in asks for no confirmed one (see the adapter).
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
# Whose account was changed is told so.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# An address that belongs to nobody gets no mail from us, whoever typed it in.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_FORMS = {
    "login": "tenancy.forms.sign_in.PasswordForm",
    "request_login_code": "tenancy.forms.sign_in.CodeRequestForm",
    "confirm_login_code": "tenancy.forms.sign_in.CodeForm",
    "change_password": "tenancy.forms.account.PasswordChangeForm",
    "set_password": "tenancy.forms.account.PasswordSetForm",
    "reset_password_from_key": "tenancy.forms.account.PasswordForgottenForm",
    "reauthenticate": "tenancy.forms.account.PasswordAgainForm",
    "add_email": "tenancy.forms.account.EmailChangeForm",
    "confirm_email_verification_code": "tenancy.forms.account.EmailCodeForm",
    "change_phone": "tenancy.forms.account.PhoneChangeForm",
    "verify_phone": "tenancy.forms.account.PhoneCodeForm",
}
# An office shares one address, an account is attacked from many: hence both, and the address wide.
# With allauth's three tries for each code, 36 guesses a day at one in a million.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "request_login_code": "30/m/ip,3/10m/key,12/d/key",
    "change_phone": "10/m/user",
    "verify_phone": "10/m/ip,3/10m/key,12/d/key",
    "confirm_email": "3/10m/key",
}

# --- the second factor: an app, a passkey, and codes on paper for when both are lost ---

MFA_ADAPTER = "tenancy.adapters.FactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Telephones' clocks are wrong by half a minute.
MFA_TOTP_TOLERANCE = 1
# Addresses are put there by the company; nobody squats on somebody else's by signing up.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_FORMS = {
    "activate_totp": "tenancy.forms.account.AppForm",
    "authenticate": "tenancy.forms.account.FactorForm",
    "reauthenticate": "tenancy.forms.account.FactorAgainForm",
    "add_webauthn": "tenancy.forms.account.PasskeyForm",
    "edit_webauthn": "tenancy.forms.account.PasskeyNameForm",
}
# How many proxies stand in front of us; without any, nobody's X-Forwarded-For is believed.
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXIES", default=0)

# --- HTTPS, unless the public address says otherwise ---

SECURE = not PUBLIC_URL.startswith("http://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
# The container's own health check speaks plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# Entering a browser's preload list is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}

# --- languages and time ---

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ---

STATIC_URL = "/static/"
STATIC_ROOT: str = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS: list[Any] = [BASE_DIR / "static", ("guide", BASE_DIR / "docs/guide/pictures")]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static_finder.PackageFinder",
    "config.bundles.BundleFinder",
]
# Uploads are served only through a view that checks who asks; there is no MEDIA_URL.
MEDIA_ROOT: str = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_storage.PublishedStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# A questionnaire may have 300 questions with 50 lines each; how large a body may be stays as it is.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- telling people ---

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# mail:// sends each SMS as a mail to <phone>@sms.invalid; off:// sends none.
SMS_URL: str = env.str("SMS_URL", default="off://")
# Where the demo's own SMTP server files what it receives.
MAILBOX_DIR: str = env.str("MAILBOX_DIR", default=str(BASE_DIR / "var" / "mailbox"))

# --- the API ---

REST_FRAMEWORK: dict[str, Any] = {
    # Who may ask, what is read and how it is answered stands in tenancy.viewsets.base. Here it
    # would be imported while REST framework itself is being imported.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "tenancy.viewsets.schema.Schema",
    "EXCEPTION_HANDLER": "tenancy.viewsets.problems.handle",
    "DEFAULT_VERSIONING_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# How many requests a minute one token may send.
API_REQUESTS_PER_MINUTE: int = env.int("API_REQUESTS_PER_MINUTE", default=600)
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "物业业主关系门户 API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Everything that the pages of the portal can do, for other systems.",
    "OAS_VERSION": "3.1.0",
    "DEFAULT_GENERATOR_CLASS": "tenancy.viewsets.schema.Generator",
    "SCHEMA_PATH_PREFIX": r"/\{company\}/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "DISABLE_DOCSTRING_DESCRIPTIONS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "tenancy.viewsets.schema.add_problems",
    ],
    "ENUM_SUFFIX": "",
    "ENUM_NAME_OVERRIDES": {
        "TicketKind": "complaints.models.kinds.Kind",
        "SpokenKind": "complaints.models.kinds.SPOKEN_CHOICES",
        "TicketStatus": "complaints.models.kinds.Status",
        "Channel": "complaints.models.kinds.Source",
        "Urgency": "complaints.models.kinds.Urgency",
        "ComplaintClass": "complaints.models.kinds.ComplaintClass",
        "PromiseKind": "complaints.models.promise.PromiseKind",
        "PauseReason": "complaints.models.pause.PauseReason",
        "CallbackOutcome": "complaints.models.callback.CallbackOutcome",
        "InterviewOutcome": "surveys.models.interview.CallOutcome",
        "EventKind": "complaints.models.event.EventKind",
        "OwnershipRole": "owners.models.ownership.OwnershipRole",
        "NotificationKind": "notifications.models.notification.Kind",
        "WaveStage": "surveys.models.wave.Stage",
        "PublicationStage": "surveys.models.publication.PublicationStage",
        "PhotoStage": "complaints.models.attachment.Stage",
        "QuestionKind": "surveys.api.survey_parts.KINDS",
        "IndexPlace": "surveys.models.index.Place",
        "IndexDimension": "surveys.api.index.DIMENSIONS",
        "IndexFinding": "surveys.api.index.FINDINGS",
        "IndexVerdict": "surveys.api.index.VERDICTS",
        "MemberRole": "tenancy.permissions.Role",
        "TokenScope": "tenancy.models.token.TokenScope",
    },
    # Folded up: two hundred operations at once are no help to anybody, nor to a browser.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "persistAuthorization": False,
        "docExpansion": "none",
        "filter": True,
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- what is written down about running ---

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.log_lines.Lines",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"level": "INFO"}},
}
