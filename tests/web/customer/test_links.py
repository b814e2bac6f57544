"""Who comes with what link: forged, expired, replaced, scanned by robots; and who comes with none."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.web.customer.conftest import Visit, words_of

from raincheck.actions.send_link import send_link
from raincheck.store.bounces import mark_bad
from raincheck.store.db import rows
from raincheck.store.outbox_lock import why_bad

ACTS = ("wait", "cancel", "ship", "substitute", "address", "card", "again", "preferences", "feedback")
SAME_REPLY = "If the order is ours and we have an address for it"


def state() -> list[tuple[str, str]]:
    """A fingerprint of every table, but for counts of attempts."""
    tables = [
        table
        for (table,) in rows(
            """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               AND relname <> 'web_cache' ORDER BY 1"""
        )
    ]
    return [
        (
            table,
            rows(f"SELECT coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') FROM \"{table}\" t")[0][0],
        )
        for table in tables
    ]


def links_queued(ref: str) -> int:
    """How many messages with a link an order has."""
    sql = (
        "SELECT count(*) FROM notice n JOIN sales_order o ON o.id = n.order_id WHERE o.ref = %s AND event = 'link_sent'"
    )
    return int(rows(sql, [ref])[0][0])


@pytest.mark.parametrize("ref", ["SO-MIXED", "SO-WHOLE", "SO-GONE", "SO-HELD", "SO-STOP"])
def test_a_robot_that_opens_every_link_changes_nothing(visit: Visit, ref: str) -> None:
    """Case 58: mail previews and link scanners GET whatever they find, again and again."""
    visitor = visit(ref)
    before, todo = state(), [visitor.path, *(f"{visitor.path}/{act}" for act in ACTS)]
    seen: set[str] = set()
    while todo:
        address = todo.pop()
        if address in seen or len(seen) > 200:
            continue
        seen.add(address)
        for method in (visitor.client.get, visitor.client.head):
            response = method(address)
            assert response.status_code in (200, 302), address
        page = visitor.client.get(address, follow=True).content.decode()
        todo += [link.replace("&amp;", "&") for link in re.findall(r'(?:href|action)="(/my/[^"#]*)"', page)]
    assert len(seen) > len(ACTS)
    assert state() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(visit: Visit, method: str) -> None:
    visitor = visit("SO-MIXED")
    for act in ("", *(f"/{act}" for act in ACTS)):
        assert getattr(visitor.client, method)(visitor.path + act).status_code == 405
    assert visitor.client.post(visitor.path).status_code == 405
    assert visitor.client.get(f"{visitor.path}/fresh").status_code == 405


@pytest.mark.parametrize("token", ["x", "1.0.1xx.AAAA", "....", "a" * 5_000, "1.0.1xx.%F0%9F%92%A9", "find.html"])
def test_a_forged_link_opens_nothing_and_gives_no_hint(visit: Visit, token: str) -> None:
    visitor = visit("SO-MIXED")
    for act in ("", *(f"/{act}" for act in ACTS)):
        response = visitor.client.get(f"/my/{token}{act}")
        assert response.status_code == 404
        assert "This link opens nothing" in words_of(response)
        assert "SO-MIXED" not in words_of(response)
    assert visitor.client.post(f"/my/{token}/cancel", {"units:MUG": "2", "once": "x" * 20}).status_code == 404


def test_an_expired_link_offers_a_fresh_one_and_says_nothing_of_the_order(visit: Visit) -> None:
    visitor = visit("SO-MIXED", timezone.now() - timedelta(days=91))
    for act in ("", *(f"/{act}" for act in ACTS)):
        response = visitor.get(act.lstrip("/"))
        assert response.status_code == 410
        page = words_of(response)
        assert "This link has ended" in page
        assert "limited time" in page
        assert "lamp" not in page.lower()
    assert SAME_REPLY in words_of(visitor.client.post(f"{visitor.path}/fresh"))
    assert links_queued("SO-MIXED") == 1


def test_an_expired_link_changes_nothing(visit: Visit) -> None:
    visitor = visit("SO-MIXED", timezone.now() - timedelta(days=91))
    before = state()
    assert visitor.client.post(f"{visitor.path}/cancel", {"units:MUG": "2", "once": "x" * 20}).status_code == 410
    assert state() == before


def test_a_replaced_link_is_over_at_once(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    assert visitor.get().status_code == 200
    send_link("SO-MIXED", actor="bea", ends_old=True)
    assert visitor.get().status_code == 410
    assert "A newer link was sent" in visitor.text()
    assert visitor.client.post(f"{visitor.path}/cancel", {"units:MUG": "2", "once": "x" * 20}).status_code == 410
    assert visit("SO-MIXED").get().status_code == 200


def test_asking_for_fresh_links_is_limited(visit: Visit) -> None:
    visitor = visit("SO-MIXED", timezone.now() - timedelta(days=91))
    codes = [visitor.client.post(f"{visitor.path}/fresh").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert links_queued("SO-MIXED") == 3


def test_finding_an_order_never_says_whether_there_is_one(visit: Visit) -> None:
    client = visit("SO-MIXED").client
    replies = set()
    for ref, email in (
        ("SO-MIXED", "ORDERS@maple.example"),
        ("SO-MIXED", "somebody@else.example"),
        ("SO-NODATE", "orders@maple.example"),
        ("NO-SUCH", "orders@maple.example"),
        ("SO-READY", ""),
        ("", ""),
        ("x" * 500, "y" * 500),
    ):
        cache.clear()
        response = client.post("/my/find", {"ref": ref, "email": email})
        assert response.status_code == 200
        replies.add(words_of(response))
    assert len(replies) == 1
    assert SAME_REPLY in replies.pop()
    assert links_queued("SO-MIXED") == 1
    assert rows("SELECT count(*) FROM notice WHERE event = 'link_sent'") == [(1,)]


def test_who_asks_for_the_link_gets_it_also_at_an_address_that_mail_came_back_from(visit: Visit) -> None:
    """A full mailbox, a server that was down: whoever waits for the mail now is the best proof that it arrives."""
    client = visit("SO-MIXED").client
    mark_bad("orders@maple.example", "550 no such user", timezone.now())
    client.post("/my/find", {"ref": "SO-MIXED", "email": "somebody@else.example"})
    assert why_bad("orders@maple.example") is not None
    client.post("/my/find", {"ref": "SO-MIXED", "email": "Orders@maple.example"})
    assert why_bad("orders@maple.example") is None
    assert links_queued("SO-MIXED") == 1


def test_what_no_browser_sends_is_refused_and_tells_nothing(visit: Visit) -> None:
    client = visit("SO-MIXED").client
    for answer in (client.get("/my/%00"), client.post("/my/find", {"ref": "SO\0", "email": "a@b.example"})):
        assert answer.status_code == 400
        assert "SO-MIXED" not in words_of(answer)


def test_guessing_orders_is_limited(visit: Visit) -> None:
    client = visit("SO-MIXED").client
    codes = [client.post("/my/find", {"ref": f"SO-{n}", "email": "a@b.example"}).status_code for n in range(12)]
    assert codes == [200] * 10 + [429] * 2


def test_a_form_without_its_proof_is_refused(visit: Visit) -> None:
    path = visit("SO-MIXED").path
    strict = Client(enforce_csrf_checks=True)
    for address in (f"{path}/cancel", f"{path}/wait", f"{path}/address", f"{path}/fresh", "/my/find"):
        assert strict.post(address, {"once": "x" * 20}).status_code == 403


def test_nobody_keeps_lists_or_passes_on_the_page(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    for response in (visitor.get(), visitor.get("cancel"), visitor.client.get("/my/x"), visitor.client.get("/my/find")):
        assert response["Cache-Control"] == "private, no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"
    assert visitor.get()["Referrer-Policy"] == "no-referrer"
    # With no-referrer browsers send forms without an origin, which the check of forms could not accept.
    assert visitor.get("cancel")["Referrer-Policy"] == "same-origin"


def test_a_customer_leaves_no_session_behind(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    visitor.get("cancel")
    assert set(visitor.client.cookies) <= {"raincheck_csrf"}
