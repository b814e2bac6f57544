"""Rebalance, moves by hand and sharing, from the console: looked at first, done, taken back."""

import re
from datetime import UTC, datetime

from django.test import Client
from tests.web.company import order

WIN = {"condition": ["order", ""], "value": ["SO-WHOLE", ""], "strategy": ["gain", "redistribute"]}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def said(client: Client, answer: object) -> str:
    """What the page after a form says."""
    assert answer.status_code == 302, answer  # type: ignore[attr-defined]
    return text_of(client, answer["Location"])  # type: ignore[index]


def test_a_rebalance_is_looked_at_and_then_applied_once(admin: Client) -> None:
    assert "Rebalance" in text_of(admin, "/queue")
    preview = admin.post("/do/preview-rebalance", {**WIN, "exceptions": "stop_all"})
    page = said(admin, preview)
    assert "A preview: nothing has changed" in page
    assert "Winners" in page
    commit = f"/do/commit-rebalance/{preview['Location'].rsplit('/', 1)[1]}"
    assert "is applied" in said(admin, admin.post(commit))
    assert "committed already" in said(admin, admin.post(commit))


def test_a_preview_names_the_customers_who_win_and_lose(admin: Client) -> None:
    form = {"condition": ["order"], "value": ["SO-MIXED"], "strategy": ["lose"], "exceptions": "stop_all"}
    page = said(admin, admin.post("/do/preview-rebalance", form))
    assert "SO-MIXED Maple &amp; Co · lose" in page[page.index("Losers") :]


def test_a_rebalance_that_its_exceptions_stop_says_so_and_offers_nothing_to_apply(admin: Client) -> None:
    form = {"condition": ["order"], "value": ["SO-NODATE"], "strategy": ["win"], "exceptions": "stop_all"}
    answer = admin.post("/do/preview-rebalance", form)
    page = said(admin, answer)
    assert "Its exceptions stop all of it." in page
    assert "lines are in its segments" not in page
    assert "disabled" in admin.get(answer["Location"]).content.decode()


def test_a_rebalance_that_makes_no_sense_is_sent_back(admin: Client) -> None:
    wrong = {"condition": ["colour"], "value": ["red"], "strategy": ["win"]}
    assert admin.post("/do/preview-rebalance", wrong).status_code == 400
    assert admin.post("/do/preview-rebalance", {**WIN, "exceptions": "never"}).status_code == 422
    assert admin.get("/queue/rebalance/R999999").status_code == 404


def test_units_are_moved_with_a_reason_that_the_timeline_keeps(admin: Client) -> None:
    form = {"direction": "away", "other": "SO-HELD", "sku": "LAMP", "units": "1", "reason": "an old friend"}
    page = said(admin, admin.post("/do/move-units/SO-MIXED", form))
    assert "1 unit of LAMP moved from SO-MIXED to SO-HELD" in page
    assert "an old friend" in page
    assert "moved by hand" in text_of(admin, "/orders/SO-HELD")
    assert "is revoked" in said(admin, admin.post("/do/revoke-given/SO-HELD"))
    assert "nothing that could be revoked" in said(admin, admin.post("/do/revoke-given/SO-HELD"))


def test_a_move_without_a_reason_is_refused(admin: Client) -> None:
    form = {"direction": "away", "other": "SO-HELD", "sku": "LAMP", "units": "1", "reason": " "}
    assert "A move needs a reason" in said(admin, admin.post("/do/move-units/SO-MIXED", form))


def test_a_shortage_is_shared_and_the_sharing_ended(admin: Client) -> None:
    assert "Evenly" in text_of(admin, "/queue/share/LAMP")
    assert "is shared" in said(admin, admin.post("/do/share/LAMP", {"how": "even", "reason": "fair"}))
    assert "End sharing" in text_of(admin, "/products/LAMP")
    assert "no longer shared" in said(admin, admin.post("/do/unshare/LAMP"))


def test_a_sharing_is_done_as_it_was_looked_at_or_not_at_all(admin: Client) -> None:
    page = admin.get("/queue/share/LAMP").content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    form = {"how": "even", "reason": "fair", "seen": seen}
    order("SO-MEANWHILE", {"LAMP": 2}, datetime.now(UTC))
    assert "facts moved since the preview" in said(admin, admin.post("/do/share/LAMP", form))
    page = admin.get("/queue/share/LAMP").content.decode()
    form["seen"] = page.partition('name="seen" value="')[2].partition('"')[0]
    assert "is shared" in said(admin, admin.post("/do/share/LAMP", form))
