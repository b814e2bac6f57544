"""The console as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, their templates and static files. No tables but the unlogged cache that counts sign-in attempts."""

    name = "raincheck.web"
    label = "web"
    verbose_name = "Raincheck console"
