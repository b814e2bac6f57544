"""`DATABASE_URL` as Django's connection settings."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

KEYS = {"dbname": "NAME", "host": "HOST", "password": "PASSWORD", "port": "PORT", "user": "USER"}


def parse_database_url(url: str | None) -> dict[str, Any]:
    """Any URL that libpq takes (`postgresql://user:password@host:5432/name?sslmode=require`) as NAME, HOST and so on.

    Without a URL: the embedded server. What libpq knows beyond the five goes to OPTIONS.
    """
    if not url:
        return {"EMBEDDED": True, "NAME": "raincheck"}
    try:
        given = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError:
        # The parser's own message may quote the password.
        raise ImproperlyConfigured("DATABASE_URL is not a URL such as postgresql://user:password@host/name.") from None
    if "dbname" not in given:
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /name.")
    settings: dict[str, Any] = {name: given.pop(key) for key, name in KEYS.items() if key in given}
    return {**settings, "OPTIONS": given}
