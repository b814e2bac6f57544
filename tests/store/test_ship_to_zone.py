"""Where an order goes decides which day it is there."""

import pytest

from raincheck.store.ship_to_zone import _BY_POSTCODE, _known, ship_to_zone


@pytest.mark.parametrize(
    ("country", "postcode", "zone"),
    [
        ("US", "10002", "America/New_York"),
        ("us", "94105-1234", "America/Los_Angeles"),
        ("US", "79901", "America/Denver"),
        ("US", "46201", "America/Indiana/Indianapolis"),
        ("CA", "V5K 0A1", "America/Vancouver"),
        ("ES", "35001", "Atlantic/Canary"),
        ("AU", "6000", "Australia/Perth"),
        ("FR", "75001", "Europe/Paris"),
        ("US", "", "Asia/Tokyo"),
        ("RU", "101000", "Asia/Tokyo"),
        ("XX", "1", "Asia/Tokyo"),
        ("", "", "Asia/Tokyo"),
    ],
)
def test_a_place_has_its_own_zone_else_the_company_s(country: str, postcode: str, zone: str) -> None:
    assert ship_to_zone(country, postcode, "Asia/Tokyo").key == zone


def test_every_zone_of_the_table_exists() -> None:
    assert [name for table in _BY_POSTCODE.values() for name in table.values() if not _known(name)] == []
