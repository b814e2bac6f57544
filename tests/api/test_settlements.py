"""A card processor's file over the API: compared as the command does it, with the same report."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.api.caller import Caller, content, key_for
from tests.gateways.card_shop import open_shop, order, pay

from raincheck.gateways.cards_local import settlements
from raincheck.store.db import one, run

NOW = datetime.now(UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Caller:
    """Three charges of 80.00."""
    open_shop(NOW, charge="order")
    for number in range(1, 4):
        order(f"O{number}", 2, NOW)
    pay(NOW)
    return key_for("money.reconcile", "money.view")


def processors_rows() -> list[dict[str, Any]]:
    """The processor's file as it would be sent."""
    return [
        {
            "key": row.key,
            "reference": row.reference,
            "kind": row.kind,
            "order": row.order,
            "amount": str(row.amount),
            "currency": row.currency,
            "fee": str(row.fee),
            "at": row.at.isoformat(),
        }
        for row in settlements()
    ]


def test_a_file_that_agrees_has_no_differences(books: Caller) -> None:
    found = content(books.post("/money/settlements", {"file": "march.csv", "rows": processors_rows()}))
    assert (found["comparison"]["rows"], found["comparison"]["matched"]) == (3, 3)
    assert (found["comparison"]["by"], found["differences"], found["next_cursor"]) == ("api:a shop", [], None)
    assert content(books.get("/money"))["last_comparison"] == found["comparison"]


def test_what_differs_is_reported_as_it_is_listed(books: Caller) -> None:
    first, second, _ = processors_rows()
    rows = [first, {**second, "amount": "79.00"}, {**first, "key": None, "reference": "ch_strange", "order": None}]
    found = content(books.post("/money/settlements", {"file": "march.csv", "rows": rows}))
    assert [(row["difference"], row["line"], row["ours"], row["theirs"]) for row in found["differences"]] == [
        ("amount", 2, "80.00", "79.00"),
        ("missing_here", 3, None, "80.00"),
        ("missing_there", None, "80.00", None),
    ]
    assert content(books.get("/money/differences")) == found


def test_a_fee_that_only_the_file_knows_is_entered(books: Caller) -> None:
    run("UPDATE card_request SET fee = NULL WHERE kind = 'capture'")
    assert content(books.get("/money"))["fees"]["by_month"][0]["unknown"] == 3
    books.post("/money/settlements", {"file": "march.csv", "rows": processors_rows()})
    assert content(books.get("/money"))["fees"]["by_month"][0]["fees"] == "7.86"
    assert one("SELECT sum(fee) FROM card_request WHERE kind = 'capture'") == (Decimal("7.86"),)


def test_the_same_call_compares_once(books: Caller) -> None:
    body = {"file": "march.csv", "rows": processors_rows()}
    first = books.post("/money/settlements", body, Idempotency_Key="march")
    assert content(books.post("/money/settlements", body, Idempotency_Key="march")) == content(first)
    assert one("SELECT count(*) FROM reconciliation") == (1,)


def test_days_without_a_row_lack_what_the_ledger_has(books: Caller) -> None:
    body = {"file": "nothing.csv", "from": f"{NOW:%Y-%m-%d}", "until": f"{NOW:%Y-%m-%d}", "rows": []}
    found = content(books.post("/money/settlements", body))
    assert [row["difference"] for row in found["differences"]] == ["missing_there"] * 3


ROW = {"reference": "ch_1", "kind": "capture", "amount": "1.00", "currency": "USD", "at": "2026-03-02T09:00:00Z"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": "0.00"}, "/rows/0/amount"),
        ({"amount": "-1.00"}, "/rows/0/amount"),
        ({"amount": 1}, "/rows/0/amount"),
        ({"kind": "dispute"}, "/rows/0/kind"),
        ({"currency": "usd"}, "/rows/0/currency"),
        ({"fee": "a bit"}, "/rows/0/fee"),
        ({"fee": 1.5}, "/rows/0/fee"),
        ({"at": "2026-03-02"}, "/rows/0/at"),
        ({"at": "2026-03-02T09:00:00"}, "/rows/0/at"),
        ({"at": "2026-02-30T09:00:00Z"}, "/rows/0/at"),
        ({"at": "9999-12-31T23:59:59Z"}, "/rows/0/at"),
        ({"at": 1772442000}, "/rows/0/at"),
        ({"reference": None}, "/rows/0"),
        ({"reference": "a\u0000b"}, "/rows/0/reference"),
        ({"refrence": "ch_1"}, "/rows/0/refrence"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(change: dict[str, Any], pointer: str) -> None:
    body = {"file": "march.csv", "rows": [{**ROW, **change}]}
    answer = key_for("money.reconcile").post("/money/settlements", body)
    assert (answer.status_code, content(answer)["errors"][0]["pointer"]) == (422, pointer)
    assert one("SELECT count(*) FROM reconciliation") == (0,)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"file": "march.csv", "rows": []}, "say from and until which day it goes"),
        ({"file": "march.csv", "from": "2026-03-02", "until": "2026-03-01", "rows": [ROW]}, "ends before it starts"),
        ({"file": "march.csv", "from": "2026-04-02", "rows": [ROW]}, "ends on 2026-03-02, before it starts"),
        ({"rows": [ROW]}, "/file"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(body: dict[str, Any], said: str) -> None:
    answer = key_for("money.reconcile").post("/money/settlements", body)
    assert (answer.status_code, said in content(answer)["detail"]) == (422, True), content(answer)
