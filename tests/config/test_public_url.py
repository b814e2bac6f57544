"""Where customers reach an installation: an address and nothing else, and one that it answers to."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from raincheck.config.public_url import OF_THE_DEMO, host_of, parse_public_url


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, OF_THE_DEMO),
        ("", OF_THE_DEMO),
        ("https://orders.example.com", "https://orders.example.com"),
        ("https://orders.example.com/", "https://orders.example.com"),
        (" http://127.0.0.1:8123 ", "http://127.0.0.1:8123"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_address_is_taken_without_its_last_slash(given: str | None, meant: str) -> None:
    assert parse_public_url(given) == meant


@pytest.mark.parametrize(
    "given",
    [
        "orders.example.com",
        "ftp://orders.example.com",
        "https://",
        "https://orders.example.com/shop",
        "https://orders.example.com?x=1",
        "https://user:word@orders.example.com",
        "https://orders.example.com:port",
        "https://orders.example.com:99999",
        "javascript:alert(1)",
        "https://orders .example.com",
    ],
)
def test_anything_else_says_what_it_should_be(given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"RAINCHECK_PUBLIC_URL is not an address such as https://"):
        parse_public_url(given)


def test_the_installation_answers_to_its_public_name() -> None:
    assert host_of(settings.PUBLIC_URL) in settings.ALLOWED_HOSTS
    assert host_of("https://[2001:db8::1]:8443") == "[2001:db8::1]"
