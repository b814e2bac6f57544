"""The company's colour is one in which its customers can read, in the light and in the dark."""

import pytest

from raincheck.core.colour import READABLE, contrast, is_colour, is_readable_on_white, lightened
from raincheck.core.errors import Malformed
from raincheck.core.settings import DEFAULT_BRAND_COLOUR, Settings, check_settings


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#123456", "#123456", 1),
    ],
)
def test_contrast_is_counted_as_wcag_counts_it(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_the_default_colour_can_be_read() -> None:
    assert is_readable_on_white(DEFAULT_BRAND_COLOUR)


@pytest.mark.parametrize("colour", [DEFAULT_BRAND_COLOUR, "#000000", "#0000ff", "#7a0019", "#595959"])
def test_a_colour_that_reads_on_white_is_lightened_until_it_reads_in_the_dark(colour: str) -> None:
    assert contrast(lightened(colour), "#1b201d") >= READABLE


@pytest.mark.parametrize("colour", ["green", "#fff", "2b6a4d", "#2b6a4g", "#2b6a4d;}", "", "#ffff00"])
def test_what_is_no_colour_or_cannot_be_read_is_refused(colour: str) -> None:
    assert not is_colour(colour) or not is_readable_on_white(colour)
    with pytest.raises(Malformed, match="brand_colour"):
        check_settings(Settings(brand_colour=colour))


@pytest.mark.parametrize(
    "settings",
    [Settings(language="fr"), Settings(postal_address="x" * 401), Settings(contact_email="x" * 201)],
)
def test_a_language_that_we_do_not_write_and_an_address_without_end_are_refused(settings: Settings) -> None:
    with pytest.raises(Malformed):
        check_settings(settings)
