"""The product page's picture: what will lie there, what is free to promise, who still waits."""

from datetime import date, timedelta

from raincheck.store.reads.product import DemandDay, InboundView, LevelView, ProductView
from raincheck.web.pictures.supply import supply_picture
from raincheck.web.projection import ProjectedDay, projection

TODAY = date(2026, 3, 2)


def product(
    on_hand: int = 0,
    reserved: int = 0,
    inbound: dict[int, int] | None = None,
    demand: dict[int | None, int] | None = None,
) -> ProductView:
    """A product with stock, arrivals and waiting units by day from today."""
    return ProductView(
        id=1, sku="LAMP", name="Lamp", price=None, currency="", supplier="", supplier_name="", lead_time_days=None,
        cost=None, moq=None, pack=None, available_from=None, category="", criticality="", backorder="",
        backorder_limit=None, gtin="",
        levels=[LevelView("east", "East", on_hand, reserved, 0)],
        inbound=[
            InboundView("purchase", f"P{day}", "confirmed", "acme", "east", units, units, 0, units, 0, at(day), at(day))
            for day, units in (inbound or {}).items()
        ],
        demand=[
            DemandDay(None if day is None else at(day), units, from_supply=day is not None)
            for day, units in (demand or {}).items()
        ],
    )  # fmt: skip


def at(day: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=day)


def on(days: list[ProjectedDay], day: int) -> ProjectedDay:
    """The projection of one day."""
    return next(each for each in days if each.on == at(day))


def test_free_units_are_those_that_no_later_day_needs() -> None:
    days = projection(product(on_hand=10, inbound={5: 10}, demand={3: 8}), TODAY)
    assert on(days, 0).free == 2
    assert on(days, 3).on_hand == 2
    assert on(days, 5).free == 12


def test_reserved_units_leave_today_and_waiting_ones_when_they_ship() -> None:
    days = projection(product(on_hand=5, reserved=4, inbound={5: 3}, demand={5: 3}), TODAY)
    assert (on(days, 0).on_hand, on(days, 0).waiting) == (1, 3)
    assert (on(days, 4).on_hand, on(days, 4).waiting) == (1, 3)
    assert (on(days, 5).on_hand, on(days, 5).waiting) == (1, 0)


def test_units_without_a_date_wait_beyond_the_picture() -> None:
    days = projection(product(demand={None: 7}), TODAY)
    assert days[-1].waiting == 7


def test_an_arrival_that_is_overdue_but_still_expected_counts_from_today() -> None:
    days = projection(product(inbound={-3: 6}), TODAY)
    assert on(days, 0).arriving == 6


def test_the_picture_never_leaves_its_frame() -> None:
    days = projection(product(on_hand=900, inbound={5: 1300, 40: 5}, demand={5: 700, None: 2600}), TODAY)
    picture = supply_picture(days, TODAY)
    for column in picture.columns:
        assert column.on_hand_y >= 0
        assert column.waiting_y + column.waiting_height <= 100
        assert 0 <= column.x <= 100
    assert 3 <= len(picture.unit_ticks) <= 9


def test_an_empty_product_has_a_picture_too() -> None:
    picture = supply_picture(projection(product(), TODAY), TODAY)
    assert "Nothing is due to arrive" in picture.summary
