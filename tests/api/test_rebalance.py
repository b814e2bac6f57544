"""Rebalances over HTTP: previewed, then applied as they were or not at all."""

from typing import Any

from tests.api.caller import Caller, content, in_days

WIN_O2: dict[str, Any] = {
    "segments": [{"when": {"order": "O2"}, "strategy": "win"}, {"when": {}, "strategy": "redistribute"}]
}


def order(shop: Caller, ref: str, sku: str, quantity: int) -> None:
    assert shop.post("/orders", {"ref": ref, "lines": [{"sku": sku, "quantity": quantity}]}).status_code == 201


def two_who_wait(shop: Caller) -> None:
    """O1 and O2 wait for four torches each; six come in five days."""
    order(shop, "O1", "torch", 4)
    order(shop, "O2", "torch", 4)
    body = {"po": "P9", "supplier": "acme", "site": "east", "due_on": in_days(5).isoformat(), "state": "confirmed"}
    assert shop.post("/purchase-orders", body | {"lines": [{"sku": "torch", "quantity": 6}]}).status_code == 201


def units(changes: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {change["order"]: (change["had_units"], change["has_units"]) for change in changes}


def test_a_preview_names_winners_and_losers_and_changes_nothing(shop: Caller) -> None:
    two_who_wait(shop)
    before = content(shop.get("/orders/O1"))
    answer = shop.post("/rebalance?dry_run=true", WIN_O2)
    assert answer.status_code == 200
    found = content(answer)
    assert found["state"] == "previewed"
    assert units(found["winners"]) == {"O2": (2, 4)}
    assert units(found["losers"]) == {"O1": (4, 2)}
    assert content(shop.get("/orders/O1")) == before


def test_a_preview_is_applied_by_its_id_and_only_once(shop: Caller) -> None:
    two_who_wait(shop)
    preview = content(shop.post("/rebalance?dry_run=true", WIN_O2))["id"]
    applied = content(shop.post("/rebalance", {"preview": preview}))
    assert (applied["state"], units(applied["winners"])) == ("applied", {"O2": (2, 4)})
    assert content(shop.get("/orders/O2"))["lines"][0]["reason"] == "pegged_to_inbound"
    assert content(shop.get("/orders/O1"))["lines"][0]["reason"] == "lead_time"
    again = shop.post("/rebalance", {"preview": preview})
    assert again.status_code == 409
    assert "already" in content(again)["detail"]


def test_a_preview_is_refused_when_the_facts_moved(shop: Caller) -> None:
    two_who_wait(shop)
    preview = content(shop.post("/rebalance?dry_run=true", WIN_O2))["id"]
    order(shop, "O3", "torch", 1)
    refused = shop.post("/rebalance", {"preview": preview})
    assert refused.status_code == 409
    assert "torch" in content(refused)["detail"]
    assert "moved" in content(refused)["detail"]


def test_what_an_exception_stops_is_said_and_cannot_be_applied(shop: Caller) -> None:
    two_who_wait(shop)
    both = {"segments": [{"when": {"order": "O2"}, "strategy": "win"}, {"when": {}, "strategy": "gain"}]}
    found = content(shop.post("/rebalance?dry_run=true", both))
    assert found["winners"] == found["losers"] == []
    assert found["stopped"] == [
        "stopped by an exception: order O1, product torch: must keep its date (gain) and would be later"
    ]
    assert shop.post("/rebalance", {"preview": found["id"]}).status_code == 409


def test_a_call_says_what_is_missing_or_too_much(shop: Caller) -> None:
    assert shop.post("/rebalance", WIN_O2).status_code == 422
    assert shop.post("/rebalance?dry_run=true", {"preview": "R1"}).status_code == 422
    assert shop.post("/rebalance", {"preview": "R1", **WIN_O2}).status_code == 422
    assert (
        shop.post("/rebalance?dry_run=true", {"segments": [{"when": {"size": "L"}, "strategy": "win"}]}).status_code
        == 422
    )
    assert shop.post("/rebalance?dry_run=true", {"segments": [{"when": {}, "strategy": "winn"}]}).status_code == 422
    assert shop.post("/rebalance", {"preview": "R999"}).status_code in (404, 422)
