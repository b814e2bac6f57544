"""Money as a drill prints it: in the decimals of its currency, in JSON, in what it waits for and on the page."""

from pathlib import Path

import pytest
from tests.drills.calling import Call

pytestmark = pytest.mark.slow

DRILL = """\
drill: 1
title: Two lamps, one of them a day later
starts: 2026-03-02T09:00:00Z
settings: {{currency: {currency}}}
sites: {{east: {{}}}}
products: {{lamp: {{price: "{price}"}}}}
stock: {{east: {{lamp: 1}}}}
events:
  - {{at: 0h, order: {{ref: O1, lines: {{lamp: 2}}}}}}
  - {{at: 1d, count: {{site: east, lines: {{lamp: 1}}}}}}
"""


@pytest.mark.parametrize(
    ("currency", "price", "amount"),
    [
        ("USD", "40", "40.00"),
        ("EUR", "19.90", "19.90"),
        ("JPY", "5747", "5747"),
        ("KWD", "1.5", "1.500"),
    ],
)
def test_money_is_printed_with_the_decimals_of_its_currency(
    call: Call, tmp_path: Path, currency: str, price: str, amount: str
) -> None:
    file, page = tmp_path / "two.yaml", tmp_path / "two.html"
    file.write_text(DRILL.format(currency=currency, price=price))
    called = call(file, "--json", "--report", page)
    assert [one["amount"] for one in called.document["payments"]] == [amount, amount]
    assert f"capture {amount} for O1" in page.read_text()
    compared = call(file, "--with", "ship=complete", "--json").document
    assert compared["variants"][0]["measures"]["money_waiting"] == amount, "one lamp for one day"
