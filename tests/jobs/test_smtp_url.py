"""The mail server's address: protected by default, and no secret in what is said about a wrong one."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from raincheck.config.smtp_url import SmtpServer, parse_smtp_url, sender


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", SmtpServer("mail.example.com", 587, "starttls")),
        ("smtps://mail.example.com", SmtpServer("mail.example.com", 465, "from_the_start")),
        ("smtp://localhost:25", SmtpServer("localhost", 25, "off")),
        ("smtp://127.0.0.1:1025", SmtpServer("127.0.0.1", 1025, "off")),
        ("smtp://[::1]:1025", SmtpServer("::1", 1025, "off")),
        ("smtp://relay.internal:25?tls=off", SmtpServer("relay.internal", 25, "off")),
        ("smtp://a%40b:p%3Ass@mail.example.com", SmtpServer("mail.example.com", 587, "starttls", "a@b", "p:ss")),
    ],
)
def test_an_address_says_where_mail_goes_and_how_it_is_protected(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize("url", [None, "", "  "])
def test_without_an_address_there_is_no_mail_server(url: str | None) -> None:
    assert parse_smtp_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://u:geheim@mail.example.com",
        "smtp://u:geheim@",
        "smtp://u:geheim@mail.example.com:port",
        "smtp://u:geheim@mail.example.com?tls=maybe",
        "smtp://u:geheim@mail.example.com?ssl=1",
    ],
)
def test_a_wrong_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="RAINCHECK_SMTP_URL") as refusal:
        parse_smtp_url(url)
    assert "geheim" not in str(refusal.value)


def test_a_server_s_password_is_not_shown() -> None:
    assert "geheim" not in repr(parse_smtp_url("smtp://u:geheim@mail.example.com"))


def test_mail_is_not_sent_under_nobody_s_name() -> None:
    server = parse_smtp_url("smtp://mail.example.com")
    with pytest.raises(ImproperlyConfigured, match="RAINCHECK_MAIL_FROM"):
        sender(None, server)
    assert sender("Field & Hearth <hello@example.com>", server) == "Field & Hearth <hello@example.com>"
    assert "@" in sender(None, None)
