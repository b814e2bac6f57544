"""Without a mail server messages reach nobody: the pages on which somebody may rely on them say so."""

import pytest
from django.conf import LazySettings
from django.test import Client

from raincheck.actions.catalogue import save_settings
from raincheck.core.settings import Settings


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/mailbox", "No mail server is set: messages stay here and reach nobody."),
        ("/law", "No mail server is set: options are kept in the mailbox and reach nobody."),
    ],
)
def test_it_is_said_that_nothing_leaves(admin: Client, settings: LazySettings, address: str, said: str) -> None:
    save_settings(Settings(law="us-ftc-435", currency="GBP"))
    settings.EMAIL_HOST = ""
    assert said in admin.get(address).content.decode()
    settings.EMAIL_HOST = "mail.example.com"
    assert "No mail server" not in admin.get(address).content.decode()


def test_without_a_law_no_option_is_missed(admin: Client, settings: LazySettings) -> None:
    settings.EMAIL_HOST = ""
    assert "No mail server" not in admin.get("/law").content.decode()
