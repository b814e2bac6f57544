"""The mailbox lets nobody act for a customer who may not: the links in a message are theirs who may."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from tests.web.company import username_of

from raincheck.actions.permissions import Role
from raincheck.store.db import one, run

TOKEN = "2n.1.ab.kQ3_x-9"


def as_(admin: Client, role: Role) -> Client:
    """Somebody of a role, in the same company."""
    admin.force_login(User.objects.get(username=username_of(role)))
    return admin


@pytest.fixture
def order_message(admin: Client) -> int:
    """A message about an order by mail and text, with links to the customer's page."""
    (message,) = one("SELECT min(id) FROM notice")
    link = f"https://shop.example/my/{TOKEN}"
    run(
        """UPDATE notice SET state = 'sent', subject = 'It is late', body = 'Say so: ' || %s || '/cancel?language=en',
                  html = '<a href="' || %s || '/preferences">what we send you</a>' WHERE id = %s""",
        [link, link, message],
    )
    run(
        """INSERT INTO notice_delivery
               (notice_id, channel, address, state, attempts, queued_at, message_id, text, proof, failure)
           VALUES (%s, 'sms', '+1', 'sent', 1, now(), '', 'Late: ' || %s, '', '')""",
        [message, link],
    )
    return int(message)


@pytest.fixture
def product_message(admin: Client) -> int:
    """A mail that asks whether somebody wants to hear of a product."""
    (message,) = one("SELECT min(id) FROM interest_message WHERE html <> ''")
    return int(message)


@pytest.mark.parametrize(("role", "acts"), [(Role.SERVICE, True), (Role.BUYER, False), (Role.READ_ONLY, False)])
def test_only_who_may_change_orders_sees_links_that_do(
    admin: Client, order_message: int, role: Role, acts: bool
) -> None:
    person = as_(admin, role)
    page = person.get(f"/mailbox/{order_message}").content.decode()
    letter = person.get(f"/mailbox/{order_message}/letter").content.decode()
    assert (f"/my/{TOKEN}" in page, f"/my/{TOKEN}/preferences" in letter) == (acts, acts)
    assert ("/my/[link]" in page, "/my/[link]/preferences" in letter) == (not acts, not acts)
    assert "what we send you" in letter


@pytest.mark.parametrize(("role", "acts"), [(Role.SERVICE, True), (Role.READ_ONLY, False)])
def test_only_who_may_note_interest_sees_links_that_end_it(
    admin: Client, product_message: int, role: Role, acts: bool
) -> None:
    (token,) = one(
        """SELECT i.token FROM product_interest i JOIN interest_message m ON m.interest_id = i.id WHERE m.id = %s""",
        [product_message],
    )
    letter = as_(admin, role).get(f"/mailbox/products/{product_message}/letter").content.decode()
    assert (f"/shop/interest/{token}" in letter) == acts
    assert ("/shop/interest/[link]" in letter) == (not acts)
