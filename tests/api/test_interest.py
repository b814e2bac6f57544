""" "Tell me when it is back": told once, in the order of asking, as many as there are units."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.api.caller import Caller, content, in_days, key_for

from raincheck.actions.carry_interest import carry_next
from raincheck.actions.catalogue import set_stock
from raincheck.actions.note_interest import note_interest
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.save_shop import save_shop
from raincheck.actions.say_availability import tell_interested
from raincheck.gateways.mail import Mail, Mailbox, MailDeferred, MailRefused
from raincheck.notices.interest import InterestCarrier, word
from raincheck.notices.product_message import render_product_message
from raincheck.store.db import one, rows
from raincheck.store.locks import database_now
from raincheck.store.shop import ShopSettings


class Server(Mailbox):
    """A mail server that keeps what it took, or answers as it was told to."""

    leaves = True

    def __init__(self, answer: Exception | None = None) -> None:
        self.took: list[Mail] = []
        self.answer = answer

    def send(self, mail: Mail) -> str:
        if self.answer is not None:
            raise self.answer
        self.took.append(mail)
        return "250 OK"


def ask(shop: Caller, email: str, units: int = 1, sku: str = "torch", **more: Any) -> Any:
    return shop.post(f"/products/{sku}/interest", {"email": email, "units": units, **more})


def told() -> list[str]:
    return [email for (email,) in rows("SELECT email FROM product_interest WHERE state = 'told' ORDER BY id")]


def look(hours: float = 0) -> int:
    ((product,),) = rows("SELECT id FROM product WHERE sku = 'torch'")
    return tell_interested([product], database_now() + timedelta(hours=hours))


def send(server: Mailbox) -> list[str]:
    carrier, outcomes = InterestCarrier(server), []
    while (outcome := carry_next(word, carrier.send)) is not None:
        outcomes.append(str(outcome))
    return outcomes


def test_the_address_of_an_interest_can_be_followed_whatever_the_sku(shop: Caller) -> None:
    made = ask(shop, "zoe@x.example", sku="desk/oak 80")
    assert (made.status_code, made["Location"]) == (201, "/api/v1/products/desk%2Foak%2080/interest")
    assert content(shop.get(made["Location"].removeprefix("/api/v1")))["people"] == 1


def test_those_who_asked_first_are_told_first_as_many_as_there_are_units(shop: Caller) -> None:
    for email, units in (("a@x.example", 2), ("b@x.example", 5), ("c@x.example", 2), ("d@x.example", 1)):
        assert ask(shop, email, units).status_code == 201
    assert look() == 0
    set_stock("east", {"torch": 4})
    assert look() == 2
    assert told() == ["a@x.example", "c@x.example"]


def test_nobody_is_told_twice_and_units_are_spoken_for_a_day(shop: Caller) -> None:
    ask(shop, "a@x.example", 2)
    ask(shop, "b@x.example", 2)
    set_stock("east", {"torch": 2})
    assert (look(), look(), look(hours=23)) == (1, 0, 0)
    assert look(hours=25) == 1
    assert told() == ["a@x.example", "b@x.example"]


def test_units_that_are_due_today_are_not_here_yet(shop: Caller) -> None:
    for email in ("a@x.example", "b@x.example", "c@x.example"):
        ask(shop, email, 2)
    purchase(PurchaseRequest("P2", "slow", "east", {"torch": 4}, in_days(0), "confirmed"))
    set_stock("east", {"torch": 2})
    (cell,) = content(shop.get("/products/torch/variants"))["variants"]
    assert (cell["status"], cell["units_now"]) == ("in_stock", 2)
    assert look() == 1


def test_units_that_the_queue_takes_are_not_free_for_the_public(shop: Caller) -> None:
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "torch", "quantity": 3}]})
    ask(shop, "a@x.example")
    set_stock("east", {"torch": 3})
    assert look() == 0


def test_the_same_address_waits_once_and_its_last_word_counts(shop: Caller) -> None:
    assert ask(shop, "Ann@X.example", 2).status_code == 201
    again = ask(shop, "ann@x.example", 3)
    assert (again.status_code, content(again)) == (200, {"sku": "torch", "units": 3, "state": "waiting"})
    assert content(shop.get("/products/torch/interest")) == {"sku": "torch", "people": 1, "units": 3, "told": 0}


def test_the_mail_says_it_in_their_language_with_a_link_to_the_shop_and_one_to_end_it(shop: Caller) -> None:
    save_shop(ShopSettings("https://shop.example/p/{sku}"))
    ask(shop, "a@x.example", language="de")
    set_stock("east", {"torch": 1})
    look()
    server = Server()
    assert send(server) == ["sent"]
    (mail,) = server.took
    assert mail.subject == "torch ist wieder da"
    assert "https://shop.example/p/torch" in mail.text
    assert re.search(r"/shop/interest/[\w-]{43}", mail.text)
    assert send(server) == []


@contextmanager
def the_link(email: str) -> Iterator[tuple[Client, str]]:
    ((token,),) = rows("SELECT token FROM product_interest WHERE email = %s", [email])
    yield Client(), f"/shop/interest/{token}"


def test_looking_at_the_link_changes_nothing_and_its_button_ends_it(shop: Caller) -> None:
    ask(shop, "a@x.example", language="es")
    with the_link("a@x.example") as (client, address):
        shown = client.get(address)
        assert "Avísenme cuando vuelva torch" in shown.content.decode()
        assert content(shop.get("/products/torch/interest"))["people"] == 1
        for _ in range(2):
            assert client.post(address, {"do": "end"}).status_code == 302
        assert content(shop.get("/products/torch/interest"))["people"] == 0
        assert "Ya no le escribiremos" in client.get(address).content.decode()
    set_stock("east", {"torch": 1})
    assert look() == 0


def test_a_forged_link_leads_nowhere(company: None) -> None:
    for token in ("x", "x" * 500, "%00"):
        assert Client().get(f"/shop/interest/{token}").status_code == 404
        assert Client().post(f"/shop/interest/{token}", {"do": "end"}).status_code == 404


def test_where_the_shop_wants_it_confirmed_a_mail_asks_first(shop: Caller) -> None:
    save_shop(ShopSettings(confirms_interest=True))
    assert content(ask(shop, "a@x.example"))["state"] == "unconfirmed"
    set_stock("east", {"torch": 1})
    assert look() == 0
    server = Server()
    assert send(server) == ["sent"]
    assert server.took[0].subject == "Shall we tell you when torch is back?"
    with the_link("a@x.example") as (client, address):
        client.post(address, {"do": "confirm"})
    assert look() == 1
    assert send(server) == ["sent"]


def ask_later(hours: float) -> bool:
    """Ann asks some hours from now; whether she is new."""
    return note_interest("torch", "ann@x.example", at=database_now() + timedelta(hours=hours)).is_new


@pytest.mark.parametrize("answer", [None, MailRefused("550 no such user")], ids=["lost", "refused"])
def test_who_asks_again_gets_the_mail_that_asks_first_once_more(shop: Caller, answer: Exception | None) -> None:
    """It was lost on its way, or refused: without it nobody can ever confirm. The answer is as if nothing had gone."""
    save_shop(ShopSettings(confirms_interest=True))
    ask(shop, "ann@x.example")
    first = Server(answer)
    assert send(first) == ["failed" if answer else "sent"]
    again = ask(shop, "ann@x.example")
    assert (again.status_code, content(again)["state"]) == (200, "unconfirmed")
    assert send(Server()) == [], "just asked"
    assert not ask_later(1.1)
    server = Server()
    assert send(server) == ["sent"]
    assert server.took[0].subject == "Shall we tell you when torch is back?"
    assert [mail.key for mail in first.took] in ([], [server.took[0].key])
    assert send(server) == []
    with the_link("ann@x.example") as (client, address):
        client.post(address, {"do": "confirm"})
    assert not ask_later(30)
    assert send(server) == [], "who has confirmed is asked no more"


def times_sent(hours: range, *skus: str) -> list[int]:
    """Somebody asks every hour for products: in which hours how many mails leave."""
    found: list[int] = []
    for hour in hours:
        for sku in skus:
            note_interest(sku, "ann@x.example", at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour))
        send(server := Server())
        found += [hour] * len(server.took)
    return found


def test_who_asks_every_hour_is_written_to_less_and_less_often(shop: Caller) -> None:
    save_shop(ShopSettings(confirms_interest=True))
    assert times_sent(range(70), "torch") == [0, 1, 2, 4, 8, 16, 32, 56]


def test_an_address_is_not_flooded_by_asking_for_many_products_again(shop: Caller) -> None:
    """The first mail of each is its own; three of them a day are asked anew."""
    save_shop(ShopSettings(confirms_interest=True))
    skus = ("torch", "lamp", "chair", "desk/oak 80")
    assert times_sent(range(24), *skus) == [0, 0, 0, 0]
    assert len(times_sent(range(24, 48), *skus)) == 3


def test_who_asks_again_where_nothing_is_confirmed_any_more_waits(shop: Caller) -> None:
    save_shop(ShopSettings(confirms_interest=True))
    assert content(ask(shop, "ann@x.example"))["state"] == "unconfirmed"
    save_shop(ShopSettings(confirms_interest=False))
    again = ask(shop, "ann@x.example")
    assert (again.status_code, content(again)["state"]) == (200, "waiting")
    set_stock("east", {"torch": 1})
    assert look() == 1


def test_a_mail_that_is_refused_is_given_up_and_one_put_off_goes_later(shop: Caller) -> None:
    ask(shop, "a@x.example")
    ask(shop, "b@x.example")
    set_stock("east", {"torch": 2})
    look()
    assert send(Server(MailDeferred("later"))) == ["postponed", "postponed"]
    assert carry_next(word, InterestCarrier(Server()).send, database_now() + timedelta(minutes=2)) == "sent"
    carrier = InterestCarrier(Server(MailRefused("550 no such user")))
    assert carry_next(word, carrier.send, database_now() + timedelta(minutes=2)) == "failed"
    assert one("SELECT failure FROM interest_message WHERE state = 'failed'") == ("550 no such user",)


def test_a_mail_that_cannot_be_worded_holds_up_no_other(shop: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(shop, "a@x.example")
    ask(shop, "b@x.example", language="de")
    set_stock("east", {"torch": 2})
    look()

    def worded(event: str, *facts: Any, language: str, **more: Any) -> Any:
        if language == "en":
            raise RuntimeError("a fault of ours")
        return render_product_message(event, *facts, language=language, **more)

    monkeypatch.setattr("raincheck.notices.interest.render_product_message", worded)
    server = Server()
    assert send(server) == ["failed", "sent"]
    assert [mail.address for mail in server.took] == ["b@x.example"]


def test_without_a_mail_server_what_would_have_been_said_is_kept(shop: Caller) -> None:
    ask(shop, "a@x.example")
    set_stock("east", {"torch": 1})
    look()
    assert send(Mailbox()) == ["kept"]
    ((body,),) = rows("SELECT body FROM interest_message")
    assert "torch is in stock again" in body


@pytest.mark.parametrize(
    "body",
    [{"email": "nobody"}, {"email": "a@x.example\nBcc: b@x.example"}, {"email": "a@x.example", "units": 0},
     {"email": "a@x.example", "language": "fr"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(shop: Caller, body: dict[str, Any]) -> None:
    assert shop.post("/products/torch/interest", body).status_code == 422
    assert rows("SELECT id FROM product_interest") == []


def test_it_needs_its_own_scope_and_a_product(company: None) -> None:
    assert ask(key_for("order.place"), "a@x.example").status_code == 403
    assert ask(key_for("interest.note"), "a@x.example", sku="rug").status_code in (404, 422)
