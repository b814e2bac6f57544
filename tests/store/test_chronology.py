"""The order of time of an order's record, as it is handed over."""

from typing import Any

from raincheck.store.reads.chronology import chronology


def test_an_amount_is_written_in_its_currency_wherever_it_stands() -> None:
    at = "2026-03-02T09:00:00+00:00"
    record: dict[str, Any] = {
        "order": {"placed_at": at, "channel": "web"},
        "facts": [{"at": at, "by": "", "what": "card_approved", "detail": {"kind": "capture", "amount": "132.0000"}}],
        "lines": [], "messages": [], "shipments": [], "card_requests": [], "withdrawal": None,
        "payments": [{"at": at, "kind": "capture", "amount": "132.0000", "currency": "USD", "proof": ""}],
    }  # fmt: skip
    said = [entry["what"] for entry in chronology(record)]
    assert "Card approved (kind capture; amount 132.00 USD)." in said
    assert "Money: capture 132.00 USD." in said
