"""Units moved and shortages shared over HTTP: looked at first, then done exactly so or not at all, and taken back."""

from typing import Any

import pytest
from tests.api.caller import Caller, content

MOVE = {"from": "O1", "to": "O2", "sku": "lamp", "units": 2}


def order(shop: Caller, ref: str, quantity: int, sku: str = "lamp") -> None:
    assert shop.post("/orders", {"ref": ref, "lines": [{"sku": sku, "quantity": quantity}]}).status_code == 201


@pytest.fixture
def two(shop: Caller) -> Caller:
    """O1 has four of the five lamps, O2 has one and waits for the truck with three."""
    order(shop, "O1", 4)
    order(shop, "O2", 4)
    return shop


def reserved(shop: Caller, *refs: str) -> list[int]:
    return [content(shop.get(f"/orders/{ref}"))["lines"][0]["reserved"] for ref in refs]


def parts(found: dict[str, Any]) -> list[list[str]]:
    return [[change["order"] for change in found[part]] for part in ("winners", "losers")]


def test_a_move_is_previewed_and_then_done_exactly_so(two: Caller) -> None:
    seen = content(two.post("/moves?dry_run=true", MOVE))
    assert (seen["state"], parts(seen)) == ("previewed", [["O2"], ["O1"]])
    assert reserved(two, "O1", "O2") == [4, 1]
    done = content(two.post("/moves", {**MOVE, "reason": "an old friend", "preview": seen["preview"]}))
    assert done == {**seen, "state": "applied"}
    assert reserved(two, "O1", "O2") == [2, 3]
    assert two.post("/moves", {**MOVE, "reason": "an old friend", "preview": seen["preview"]}).status_code == 409
    revoked = two.post("/moves/revoke", {"order": "O2", "reason": "they can wait"})
    assert (revoked.status_code, content(revoked)["ref"]) == (200, "O2")
    assert two.post("/moves/revoke", {"order": "O2"}).status_code == 409


def test_a_move_is_refused_when_the_facts_moved_or_it_is_another(two: Caller) -> None:
    seen = content(two.post("/moves?dry_run=true", MOVE))["preview"]
    other = two.post("/moves", {**MOVE, "units": 1, "reason": "an old friend", "preview": seen})
    assert (other.status_code, "another move" in content(other)["detail"]) == (409, True)
    order(two, "O3", 1)
    moved = two.post("/moves", {**MOVE, "reason": "an old friend", "preview": seen})
    assert (moved.status_code, "facts moved" in content(moved)["detail"]) == (409, True)
    assert reserved(two, "O1", "O2", "O3") == [4, 1, 0]


def test_what_cannot_be_moved_is_said_at_the_preview(two: Caller) -> None:
    refused = two.post("/moves?dry_run=true", {**MOVE, "units": 5})
    assert (refused.status_code, "has only 4 lamp that could be moved" in content(refused)["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("query", "body", "pointer"),
    [
        ("", MOVE, "/preview"),
        ("", {**MOVE, "preview": "abc"}, "/reason"),
        ("", {**MOVE, "preview": "abc", "reason": "  "}, "/reason"),
        ("?dry_run=true", {**MOVE, "preview": "abc"}, "/preview"),
        ("?dry_run=true", {**MOVE, "reason": "an old friend"}, "/reason"),
        ("?dry_run=true", {**MOVE, "from": "O9"}, "/from"),
        ("?dry_run=true", {**MOVE, "to": "O9"}, "/to"),
        ("?dry_run=true", {**MOVE, "sku": "torch"}, "/sku"),
        ("?dry_run=true", {**MOVE, "units": 0}, "/units"),
        ("?dry_run=true", {**MOVE, "form": "O1"}, "/form"),
    ],
)
def test_a_move_that_makes_no_sense_names_its_field(
    two: Caller, query: str, body: dict[str, Any], pointer: str
) -> None:
    answer = two.post(f"/moves{query}", body)
    assert (answer.status_code, content(answer)["errors"][0]["pointer"]) == (422, pointer)


def test_a_shortage_is_previewed_shared_and_given_back_to_rank(two: Caller) -> None:
    order(two, "O3", 4)
    seen = content(two.post("/products/lamp/sharing?dry_run=true", {"how": "even"}))
    assert (seen["state"], [change["order"] for change in seen["losers"]]) == ("previewed", ["O1"])
    assert reserved(two, "O1", "O2", "O3") == [4, 1, 0]
    body = {"how": "even", "reason": "fair", "preview": seen["preview"]}
    assert two.post("/products/lamp/sharing", {**body, "how": "proportional"}).status_code == 409
    key = {"Idempotency_Key": "share-1"}
    done = two.post("/products/lamp/sharing", body, **key)
    assert content(done) == {**seen, "state": "applied"}
    assert content(two.post("/products/lamp/sharing", body, **key)) == content(done), "done once"
    assert reserved(two, "O1", "O2", "O3") == [2, 2, 1]
    assert two.post("/products/lamp/sharing", body).status_code == 409
    assert content(two.post("/products/lamp/sharing/end", {"reason": "enough"})) == {"sku": "lamp", "how": "rank"}
    assert two.post("/products/lamp/sharing/end").status_code == 409


def test_what_nobody_could_share_is_said(two: Caller) -> None:
    assert two.post("/products/torch/sharing?dry_run=true", {"how": "even"}).status_code == 409
    assert two.post("/products/nothing/sharing?dry_run=true", {"how": "even"}).status_code == 404
    assert two.post("/products/lamp/sharing?dry_run=true", {"how": "by lot"}).status_code == 422
    assert two.post("/products/lamp/sharing", {"how": "even", "reason": "fair"}).status_code == 422


def test_looking_locks_nobody_and_writes_nothing_where_commits_are_real(busy_shop: Caller) -> None:
    order(busy_shop, "O1", 4)
    order(busy_shop, "O2", 4)
    move = content(busy_shop.post("/moves?dry_run=true", MOVE))
    share = content(busy_shop.post("/products/lamp/sharing?dry_run=true", {"how": "even"}))
    assert (parts(move), parts(share)) == ([["O2"], ["O1"]], [["O2"], ["O1"]])
    done = busy_shop.post("/moves", {**MOVE, "reason": "an old friend", "preview": move["preview"]})
    assert done.status_code == 200
    stale = busy_shop.post("/products/lamp/sharing", {"how": "even", "reason": "fair", "preview": share["preview"]})
    assert stale.status_code == 409
