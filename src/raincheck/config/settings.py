"""Django settings. What is deployed differs by environment variables alone (docs/reference/environment.md)."""

import os

from raincheck.config.data_folder import data_folder
from raincheck.config.database_url import parse_database_url
from raincheck.config.secret_key import former_secret_keys, secret_key
from raincheck.config.settings_cards import *  # noqa: F403
from raincheck.config.settings_mail import *  # noqa: F403
from raincheck.config.settings_web import *  # noqa: F403

DATA_FOLDER = data_folder()
SECRET_KEY = secret_key(DATA_FOLDER)
SECRET_KEY_FALLBACKS = former_secret_keys()
DEBUG = os.environ.get("RAINCHECK_DEBUG") == "1"

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "raincheck.store",
    "raincheck.web",
]

ROOT_URLCONF = "raincheck.config.urls"
WSGI_APPLICATION = None

# Without DATABASE_URL the engine fills in the embedded server's address at the first connection.
DATABASES = {
    "default": {
        "ENGINE": "raincheck.config.database_engine",
        **parse_database_url(os.environ.get("DATABASE_URL")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
}
# The company's own database. Django's entry names another one while a rehearsal runs.
HOME_DATABASE = DATABASES["default"]["NAME"]
# Points a process at another database of the same server: a template in the making, a rehearsal that was kept.
if given_name := os.environ.get("RAINCHECK_DATABASE"):
    DATABASES["default"]["NAME"] = given_name
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
USE_I18N = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("RAINCHECK_LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": [], "level": "WARNING"}},
}
