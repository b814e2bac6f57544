"""The store as a Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Everything Raincheck remembers, in PostgreSQL."""

    name = "raincheck.store"
    label = "store"
    verbose_name = "Raincheck"
