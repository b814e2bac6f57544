"""The test company, made once; each test works on it in a transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from tests.web.company import found_company


@pytest.fixture(scope="session")
def company_database(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with the test company in it."""
    from raincheck.config.databases import default_database, throwaway_database

    with django_db_blocker.unblock(), throwaway_database() as name:
        with default_database(name):
            found_company()
        yield name


@pytest.fixture
def admin(company_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Client]:
    """Somebody who may do everything, in the test company."""
    from raincheck.config.databases import default_database

    with django_db_blocker.unblock(), default_database(company_database), transaction.atomic():
        client = Client()
        client.force_login(User.objects.get(username="admin"))
        yield client
        transaction.set_rollback(True)
