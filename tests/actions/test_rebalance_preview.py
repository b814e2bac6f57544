"""Previews of rebalances: what they leave alone, when they may be committed, and whom they wait for."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from raincheck.actions import catalogue
from raincheck.actions.move_units import Move, move_units
from raincheck.actions.place_order import place_order
from raincheck.actions.rebalance import rebalance
from raincheck.actions.rebalance_preview import commit, preview, shown_preview
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.settings import Settings
from raincheck.core.strategy import Request, Segment, Strategy
from raincheck.store.db import rows
from raincheck.store.locks import lock_products
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
WIN_O2 = Request((Segment({"order": "O2"}, Strategy.WIN), Segment({}, Strategy.REDISTRIBUTE)))


def found_company() -> None:
    """Five lamps and five torches in a warehouse that works by hand; O1 has them, O2 waits."""
    catalogue.save_settings(Settings(warehouse="manual"), at=AT)
    catalogue.save_sites([SiteRecord("east")], AT)
    catalogue.save_products([ProductRecord("lamp", price=Decimal(40)), ProductRecord("torch")], at=AT)
    catalogue.set_stock("east", {"lamp": 5, "torch": 5}, at=AT)
    order("O1", {"lamp": 5, "torch": 5})
    order("O2", {"lamp": 3})
    order("O3", {"torch": 2})


def order(ref: str, units: dict[str, int]) -> None:
    place_order(OrderRequest(ref, tuple(AskedLine(sku, count) for sku, count in units.items())), at=AT)


def reserved(ref: str) -> dict[str, int]:
    return dict(
        rows(
            """SELECT p.sku, l.reserved FROM order_line l JOIN sales_order o ON o.id = l.order_id
               JOIN product p ON p.id = l.product_id WHERE o.ref = %s""",
            [ref],
        )
    )


@pytest.mark.django_db
def test_a_preview_is_what_its_commit_does() -> None:
    found_company()
    seen = preview(WIN_O2, at=LATER, actor="eve")
    assert [(c.order, c.had_units, c.has_units) for c in seen.winners] == [("O2", 0, 3)]
    assert [(c.order, c.sku, c.had_units, c.has_units) for c in seen.losers] == [("O1", "lamp", 5, 2)]
    assert reserved("O2") == {"lamp": 0}
    commit(seen.ref, at=LATER, actor="eve")
    assert reserved("O2") == {"lamp": 3}
    assert reserved("O1") == {"lamp": 2, "torch": 5}
    assert shown_preview(seen.ref).committed_at == LATER
    assert audit() == []


@pytest.mark.django_db
def test_a_commit_names_the_products_whose_facts_moved() -> None:
    found_company()
    seen = preview(WIN_O2, at=LATER)
    order("O4", {"torch": 1})
    with pytest.raises(Refused, match="the facts moved since the preview: torch;"):
        commit(seen.ref, at=LATER)
    assert reserved("O2") == {"lamp": 0}


@pytest.mark.django_db
def test_a_preview_grows_old_with_the_day() -> None:
    found_company()
    seen = preview(WIN_O2, at=LATER)
    with pytest.raises(Refused, match="lamp, torch"):
        commit(seen.ref, at=LATER + timedelta(days=1))


@pytest.mark.django_db
def test_what_is_no_preview_and_what_makes_no_sense_is_refused() -> None:
    found_company()
    with pytest.raises(NotFound, match="preview 'R0' does not exist"):
        commit("R0", at=LATER)
    with pytest.raises(Malformed, match="exceptions must be one of"):
        preview(Request((), exceptions="never"), at=LATER)
    with pytest.raises(Malformed, match="not 'colour'"):
        preview(Request((Segment({"colour": "red"}, Strategy.WIN),)), at=LATER)


@pytest.mark.django_db
def test_what_a_person_moved_by_hand_a_rebalance_leaves_alone() -> None:
    found_company()
    move_units(Move("O1", "O2", "lamp", 3, "an old friend"), at=AT)
    rebalance(Request((Segment({}, Strategy.LOSE),)), at=LATER)
    assert reserved("O2") == {"lamp": 3}
    assert reserved("O1") == {"lamp": 0, "torch": 0}
    assert audit() == []


@pytest.mark.django_db
def test_a_line_that_was_rebalanced_lately_may_rest() -> None:
    found_company()
    rebalance(WIN_O2, at=AT)
    everybody_loses = Request((Segment({}, Strategy.LOSE),), cool_down_hours=24)
    rebalance(everybody_loses, at=LATER)
    assert reserved("O2") == {"lamp": 3}
    rebalance(everybody_loses, at=AT + timedelta(days=2))
    assert reserved("O2") == {"lamp": 0}


@pytest.mark.django_db
def test_a_gain_that_is_too_small_is_no_change() -> None:
    found_company()
    order("O4", {"lamp": 1})
    small = Request((Segment({"order": "O4"}, Strategy.GAIN), Segment({}, Strategy.REDISTRIBUTE)), least_gain_units=2)
    rebalance(small, at=LATER)
    assert reserved("O4") == {"lamp": 0}
    assert audit() == []


@pytest.mark.slow
def test_commits_of_products_that_nothing_ties_do_not_wait_for_each_other(fresh_database: str) -> None:
    found_company()
    lamps = preview(Request((Segment({"order": "O2"}, Strategy.GAIN),)), at=LATER)
    (torch,) = rows("SELECT id FROM product WHERE sku = 'torch'")[0]
    done: list[str] = []

    def in_a_thread(act: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                act()
                done.append("done")
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with transaction.atomic():
        lock_products([torch], LATER)
        in_a_thread(lambda: commit(lamps.ref, at=LATER)).join(300)
        assert done == ["done"], "it waited for a product that it does not touch"
