"""Mails to those who wait for a product stand in the mailbox, with what they said and how they went."""

from django.test import Client
from tests.web.test_pages import text_of

from raincheck.actions.take_bounce import BounceKind, BounceReport, take_bounce
from raincheck.store.db import one, rows, run
from raincheck.store.reads.mailbox import PAGE


def test_the_mailbox_lists_them_beside_those_about_orders(admin: Client) -> None:
    assert "Products that are back" in text_of(admin, "/mailbox")
    page = text_of(admin, "/mailbox?about=products")
    assert "dora@example.com" in page
    assert "gone@example.com" in page
    assert "Kept here" in page
    assert "SO-GONE" not in page
    assert "Nothing matches" in text_of(admin, "/mailbox?about=products&state=failed")


def test_one_of_them_shows_the_letter_and_its_delivery(admin: Client) -> None:
    (message,) = one(
        """SELECT m.id FROM interest_message m JOIN product_interest i ON i.id = m.interest_id
           WHERE i.email = 'dora@example.com'"""
    )
    page = text_of(admin, f"/mailbox/products/{message}")
    assert "Arc floor lamp" in page
    assert "As shipped, de" in page
    assert "Message-ID" in page
    letter = admin.get(f"/mailbox/products/{message}/letter")
    assert "Arc floor lamp" in letter.content.decode()
    assert "style-src 'sha256-" in letter["Content-Security-Policy"]
    assert admin.get("/mailbox/products/99999").status_code == 404
    assert admin.get("/mailbox/products/99999/letter").status_code == 404


def test_the_list_is_cut_into_pages(admin: Client) -> None:
    run(
        """INSERT INTO product_interest (product_id, email, units, language, token, state, asked_at)
           SELECT product_id, 'x' || n || '@example.com', 1, 'en', 'token' || n, 'told', now()
           FROM product_interest, generate_series(1, %s) AS n WHERE email = 'dora@example.com'""",
        [PAGE],
    )
    run(
        """INSERT INTO interest_message (interest_id, event, at, state, attempts, subject, body, html, message_id,
                                         template_version, proof, failure)
           SELECT id, 'back_in_stock', now(), 'queued', 0, '', '', '', '', 0, '', '' FROM product_interest
           WHERE state = 'told'"""
    )
    first = admin.get("/mailbox?about=products").content.decode()
    assert first.count("data-row") == PAGE
    assert "dora@example.com" not in first
    assert "about=products&amp;before=" in first


def test_a_mail_that_comes_back_ends_the_wait_of_its_address(admin: Client) -> None:
    (message_id,) = one(
        """SELECT m.message_id FROM interest_message m JOIN product_interest i ON i.id = m.interest_id
           WHERE i.email = 'gone@example.com'"""
    )
    assert take_bounce(BounceReport(BounceKind.SOFT, message_id), "mail service") == "taken"
    assert rows("SELECT 1 FROM product_interest WHERE email = 'gone@example.com' AND state = 'ended'") == []
    assert take_bounce(BounceReport(BounceKind.HARD, message_id, reason="550 no such user"), "mail service") == "taken"
    assert rows("SELECT state FROM product_interest WHERE email = 'gone@example.com'") == [("ended",)]
    assert rows("SELECT address FROM bad_address WHERE address = 'gone@example.com'") == [("gone@example.com",)]
    assert "gone@example.com" in text_of(admin, "/mailbox?about=products&state=failed")
