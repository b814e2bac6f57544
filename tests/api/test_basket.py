"""The basket as a checkout shows it: the split line by line, and the deliveries under each way of shipping."""

from datetime import date
from typing import Any

import pytest
from babel.dates import format_date
from tests.api.caller import Caller, content, in_days

from raincheck.actions.catalogue import set_stock
from raincheck.actions.policies import add_policy
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.words.basket import choice_said, pieces_said


def ask(shop: Caller, lines: dict[str, int], language: str = "en", **more: Any) -> Any:
    body = {"lines": [{"sku": sku, "quantity": units} for sku, units in lines.items()], **more}
    answer = shop.post("/baskets", body, Accept_Language=language)
    assert answer.status_code == 200
    return content(answer)


def said(day: date) -> str:
    return format_date(day, "EEEE d MMMM" if day.year == in_days(0).year else "EEEE d MMMM y", locale="en_GB")


def deliveries(choice: Any) -> list[tuple[str | None, dict[str, int]]]:
    return [(one["on"], {line["sku"]: line["units"] for line in one["lines"]}) for one in choice["deliveries"]]


def test_a_line_says_what_comes_now_and_what_on_which_day(shop: Caller) -> None:
    (line,) = ask(shop, {"lamp": 7})["lines"]
    assert line["words"] == f"5 now, 2 on {said(in_days(10))}"
    assert [(piece["units"], piece["from"]) for piece in line["pieces"]] == [(5, "on_hand"), (2, "P1")]


def test_the_shopper_chooses_between_all_together_and_as_it_comes(shop: Caller) -> None:
    choices = ask(shop, {"lamp": 7, "chair": 1})["choices"]
    assert [one["ship"] for one in choices] == ["available", "complete"]
    now, later = in_days(0).isoformat(), in_days(10).isoformat()
    assert deliveries(choices[0]) == [(now, {"lamp": 5, "chair": 1}), (later, {"lamp": 2})]
    assert deliveries(choices[1]) == [(later, {"lamp": 7, "chair": 1})]
    assert choices[0]["words"] == f"2 deliveries, the last on {said(in_days(10))}"
    assert choices[1]["words"] == f"One delivery on {said(in_days(10))}"


def test_what_the_rules_ship_in_several_ways_is_called_by_none_of_them(shop: Caller) -> None:
    add_policy({"product": "lamp"}, {"ship": "complete"})
    choices = ask(shop, {"chair": 1, "lamp": 7})["choices"]
    assert [one["ship"] for one in choices] == [None, "available", "complete"]
    for one in choices:
        by_day: dict[str, int] = {}
        body = {"ref": "Q1", "lines": [{"sku": "chair", "quantity": 1}, {"sku": "lamp", "quantity": 7}]}
        quoted = content(shop.post("/quotes", body | ({"ship": one["ship"]} if one["ship"] else {})))
        for line in quoted["lines"]:
            for piece in line["pieces"]:
                by_day[piece["on"]] = by_day.get(piece["on"], 0) + piece["units"]
        assert {delivery["on"]: delivery["units"] for delivery in one["deliveries"]} == by_day


def test_three_days_may_become_two_parcels(shop: Caller) -> None:
    purchase(PurchaseRequest("P2", "slow", "east", {"torch": 4}, in_days(12), "confirmed"))
    choices = ask(shop, {"lamp": 7, "torch": 3})["choices"]
    assert [(one["ship"], len(one["deliveries"])) for one in choices] == [
        ("available", 3),
        ("up_to:2", 2),
        ("complete", 1),
    ]
    assert sum(one["units"] for one in choices[1]["deliveries"]) == 10


def test_what_all_goes_now_leaves_nothing_to_choose(shop: Caller) -> None:
    (choice,) = ask(shop, {"lamp": 2, "chair": 1})["choices"]
    assert choice["words"] == "One delivery, all of it now"


def test_what_cannot_be_had_is_said_apart(shop: Caller) -> None:
    answer = ask(shop, {"chair": 3})
    assert answer["lines"][0]["words"] == "2 now, 1 not available"
    assert answer["choices"][0]["refused"] == [{"sku": "chair", "units": 1}]
    assert answer["choices"][0]["words"] == "One delivery, now, 1 not available"


def test_nobody_is_offered_to_get_nothing(shop: Caller) -> None:
    """All together would refuse all of it, because a part cannot be had: that is no way of shipping it."""
    answer = ask(shop, {"lamp": 2, "chair": 3})
    assert [one["ship"] for one in answer["choices"]] == ["available"]
    assert all(one["deliveries"] for one in answer["choices"])


def test_what_cannot_be_had_at_all_is_said_so(shop: Caller) -> None:
    set_stock("east", {"chair": 0})
    (choice,) = ask(shop, {"chair": 3})["choices"]
    assert (choice["deliveries"], choice["words"]) == ([], "3 not available")


def test_what_has_no_date_comes_last(shop: Caller) -> None:
    set_stock("east", {"desk/oak 80": 1})
    answer = ask(shop, {"desk/oak 80": 3})
    assert answer["lines"][0]["words"] == "1 now, 2 without a date yet"
    assert answer["choices"][0]["words"] == "2 deliveries, the last without a date yet"
    assert answer["choices"][0]["deliveries"][-1]["on"] is None


@pytest.mark.parametrize(
    ("header", "words"),
    [("de-AT,de;q=0.9", "5 sofort, 2 am"), ("es", "5 ahora, 2 el"), ("fr, en;q=0.5", "5 now, 2 on"), ("", "5 now")],
)
def test_the_words_are_in_the_shopper_s_language(shop: Caller, header: str, words: str) -> None:
    assert ask(shop, {"lamp": 7}, header)["lines"][0]["words"].startswith(words)


def test_a_basket_holds_nothing(shop: Caller) -> None:
    ask(shop, {"lamp": 5})
    assert content(shop.get("/products/lamp/availability"))["reserved"] == 0


def test_the_shipping_that_was_asked_for_comes_first(shop: Caller) -> None:
    choices = ask(shop, {"lamp": 7}, ship="complete")["choices"]
    assert [one["ship"] for one in choices] == ["complete", "available"]


@pytest.mark.parametrize(
    ("days", "language", "words"),
    [
        ([None], "en", "One delivery, without a date yet"),
        ([None], "de", "Eine Lieferung, noch ohne Termin"),
        ([date(2026, 3, 12)], "de", "Eine Lieferung am Donnerstag, 12. März"),
        ([date(2026, 3, 12)], "es", "Una entrega el jueves 12 de marzo"),
        ([date(2026, 3, 2), date(2026, 3, 12)], "en", "2 deliveries, the last on Thursday 12 March"),
        ([date(2026, 3, 2), None], "es", "2 entregas, la última aún sin fecha"),
        ([], "en", ""),
    ],
)
def test_a_single_delivery_is_not_called_the_last(days: list[date | None], language: str, words: str) -> None:
    assert choice_said(days, date(2026, 3, 2), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "One delivery on Friday 12 March 2027"),
        ("de", "Eine Lieferung am Freitag, 12. März 2027"),
        ("es", "Una entrega el viernes 12 de marzo de 2027"),
    ],
)
def test_a_day_of_another_year_says_which(language: str, words: str) -> None:
    assert choice_said([date(2027, 3, 12)], date(2026, 3, 2), language) == words
    assert "2027" in pieces_said([(2, date(2027, 3, 12))], 0, date(2026, 3, 2), language)
