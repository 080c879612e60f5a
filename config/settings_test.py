"""The settings under test: real PostgreSQL, real Redis, and the few things that must be quick."""

import os

from cryptography.fernet import Fernet

# Enough to be imported by tools that need no servers (types, import contracts).
# `python -m config.embedded exec` gives the real addresses.
os.environ.setdefault("SECRET_KEY", "tests-need-no-secret-but-django-wants-fifty-characters-of-it")
os.environ.setdefault("FIELD_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("INDEX_KEY", "index-key-of-the-tests")
os.environ.setdefault("DATABASE_URL", "postgres://portal_app@localhost/portal")
os.environ.setdefault("REDIS_URL", "redis://localhost:6379")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,testserver")

from config.settings import *  # noqa: F403  the environment had to come first
from config.settings import (
    CACHES,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    REDIS_URL,
    STORAGES,
    redis_database,
)

# Each test process has its own corner of the one Redis.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
CACHES["default"]["KEY_PREFIX"] = f"test-{WORKER}"
# Clearing the cache empties a whole database of Redis, so each has one of its own.
NUMBER = int(WORKER.removeprefix("gw")) if WORKER.startswith("gw") else 0
CACHES["default"]["LOCATION"] = redis_database(REDIS_URL, 2 + NUMBER % 14)
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"test-{WORKER}-"

# Threads of the live server and of races give their connections back with each request.
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Hashed names would need collectstatic before every test.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
# Else whatever was collected here is looked through for every browser that a test opens.
WHITENOISE_AUTOREFRESH = True
# Tests read the texts as the code says them; those of other languages ask for their language.
LANGUAGE_CODE = "en"
