"""Which variant stands nearest to one that cannot be had."""

from decimal import Decimal

import pytest

from raincheck.core.variants import Variant, in_size_order, nearest, size_distance


def tee(sku: str, size: str, colour: str, price: str | None = "20") -> Variant:
    return Variant(sku, "tee", size, colour, None if price is None else Decimal(price))


def skus(wanted: Variant, *others: Variant) -> list[str]:
    return [other.sku for other in nearest(wanted, others)]


def test_the_size_that_fits_in_another_colour_comes_before_another_size_in_the_same_colour() -> None:
    assert skus(tee("m-red", "M", "red"), tee("l-red", "L", "red"), tee("m-blue", "M", "blue")) == ["m-blue", "l-red"]


def test_of_two_sizes_the_nearer_one_comes_first_and_its_own_colour_before_others() -> None:
    found = skus(
        tee("m-red", "M", "red"),
        tee("xxl-red", "XXL", "red"),
        tee("l-blue", "L", "blue"),
        tee("l-red", "large", "Red"),
    )
    assert found == ["l-red", "l-blue", "xxl-red"]


def test_equal_size_and_colour_are_told_apart_by_price_then_by_sku() -> None:
    wanted = tee("m-red", "M", "red", "20")
    found = skus(
        wanted,
        tee("b", "M", "red", "21"),
        tee("unpriced", "M", "red", None),
        tee("c", "M", "red", "30"),
        tee("a", "M", "red", "19"),
    )
    assert found == ["a", "b", "c", "unpriced"]


def test_another_style_is_no_variant_and_a_product_without_a_style_has_none() -> None:
    assert skus(tee("m", "M", "red"), Variant("coat", "coat", "M", "red")) == []
    assert nearest(Variant("lamp", ""), [Variant("torch", "")]) == []


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("S", "XL", 3),
        ("xs", "2XL", 5),
        ("38", "40", 2),
        ("7,5", "7", Decimal("0.5")),
        ("EU 42", "EU 43.5", Decimal("1.5")),
        ("US 9", "EU 42", 0),
        ("UK 8", "US 9", 0),
        ("32/34", "W33 L32", 3),
        ("M", "40", None),
        ("one size", "M", None),
        ("one size", "One  Size", 0),
    ],
)
def test_sizes_are_compared_on_the_scales_of_the_trade(one: str, other: str, steps: Decimal | int | None) -> None:
    assert size_distance(one, other) == steps
    assert size_distance(other, one) == steps


def test_what_does_not_compare_is_further_than_anything_that_does() -> None:
    assert skus(tee("m", "M", "red"), tee("one", "one size", "red"), tee("6xl", "6XL", "blue")) == ["6xl", "one"]


def test_sizes_are_listed_as_a_shop_lists_them() -> None:
    assert in_size_order(["XL", "S", "M", "one size", "40", "9", "M"]) == ["S", "M", "XL", "9", "40", "one size"]
