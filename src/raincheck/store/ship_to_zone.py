"""The time zone of the place to which an order goes, from its country and postcode.

Countries with one zone: CLDR's territory data (Babel). The United States: each ZIP code's own zone (zipcodes). Other
countries with several: the table below by the first characters of the postcode, else the zone of most people.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo, available_timezones

import zipcodes
from babel.core import get_global

if TYPE_CHECKING:
    from collections.abc import Callable

_MATCHING = cast("Callable[[str], list[dict[str, Any]]]", zipcodes.matching)
_SIMILAR_TO = cast("Callable[[str], list[dict[str, Any]]]", zipcodes.similar_to)

_BY_POSTCODE: Final[dict[str, dict[str, str]]] = {
    "AU": {"": "Australia/Sydney", "0": "Australia/Darwin", "02": "Australia/Sydney", "288": "Australia/Broken_Hill",
           "4": "Australia/Brisbane", "5": "Australia/Adelaide", "6": "Australia/Perth", "7": "Australia/Hobart",
           "9": "Australia/Brisbane"},
    "BR": {"": "America/Sao_Paulo", "50": "America/Recife", "53": "America/Recife", "56": "America/Recife",
           "57": "America/Maceio", "58": "America/Fortaleza", "59": "America/Fortaleza", "6": "America/Fortaleza",
           "66": "America/Belem", "67": "America/Belem", "68": "America/Belem", "69": "America/Manaus",
           "693": "America/Boa_Vista", "699": "America/Rio_Branco", "768": "America/Porto_Velho",
           "769": "America/Porto_Velho", "780": "America/Cuiaba", "781": "America/Cuiaba", "782": "America/Cuiaba",
           "783": "America/Cuiaba", "784": "America/Cuiaba", "785": "America/Cuiaba", "786": "America/Cuiaba",
           "787": "America/Cuiaba", "788": "America/Cuiaba", "79": "America/Campo_Grande"},
    "CA": {"": "America/Toronto", "A": "America/St_Johns", "B": "America/Halifax", "C": "America/Halifax",
           "E": "America/Moncton", "R": "America/Winnipeg", "S": "America/Regina", "T": "America/Edmonton",
           "V": "America/Vancouver", "X": "America/Edmonton", "X0A": "America/Iqaluit", "X0B": "America/Iqaluit",
           "X0C": "America/Rankin_Inlet", "Y": "America/Whitehorse"},
    "CL": {"": "America/Santiago", "62": "America/Punta_Arenas"},
    "CN": {"": "Asia/Shanghai"},
    "CY": {"": "Asia/Nicosia"},
    "DE": {"": "Europe/Berlin"},
    "ES": {"": "Europe/Madrid", "35": "Atlantic/Canary", "38": "Atlantic/Canary", "51": "Africa/Ceuta",
           "52": "Africa/Ceuta"},
    "ID": {"": "Asia/Jakarta", "80": "Asia/Makassar", "81": "Asia/Makassar", "82": "Asia/Makassar",
           "83": "Asia/Makassar", "84": "Asia/Makassar", "85": "Asia/Makassar", "86": "Asia/Makassar",
           "87": "Asia/Makassar", "9": "Asia/Makassar", "97": "Asia/Jayapura", "98": "Asia/Jayapura",
           "99": "Asia/Jayapura"},
    "MX": {"": "America/Mexico_City", "21": "America/Tijuana", "22": "America/Tijuana", "23": "America/Mazatlan",
           "31": "America/Chihuahua", "32": "America/Ciudad_Juarez", "33": "America/Chihuahua",
           "63": "America/Mazatlan", "77": "America/Cancun", "80": "America/Mazatlan", "81": "America/Mazatlan",
           "82": "America/Mazatlan",
           "83": "America/Hermosillo", "84": "America/Hermosillo", "85": "America/Hermosillo"},
    "MY": {"": "Asia/Kuala_Lumpur"},
    "NZ": {"": "Pacific/Auckland"},
    "PT": {"": "Europe/Lisbon", "90": "Atlantic/Madeira", "91": "Atlantic/Madeira", "92": "Atlantic/Madeira",
           "93": "Atlantic/Madeira", "94": "Atlantic/Madeira", "95": "Atlantic/Azores", "96": "Atlantic/Azores",
           "97": "Atlantic/Azores", "98": "Atlantic/Azores", "99": "Atlantic/Azores"},
    "UA": {"": "Europe/Kyiv"},
    "UZ": {"": "Asia/Tashkent"},
}  # fmt: skip


@lru_cache(maxsize=8192)
def ship_to_zone(country: str, postcode: str, company_zone: str) -> ZoneInfo:
    """The zone of a place, else the company's: where the country, or its ZIP code in the US, is not known."""
    return ZoneInfo(_known(_zone_name(country.upper(), postcode.upper().replace(" ", ""))) or company_zone)


def _zone_name(country: str, postcode: str) -> str:
    if country == "US":
        return _us_zone(postcode)
    if country in _BY_POSTCODE:
        table = _BY_POSTCODE[country]
        prefixes = (postcode[:length] for length in range(len(postcode), -1, -1))
        return next(table[prefix] for prefix in prefixes if prefix in table)
    zones: list[str] = get_global("territory_zones").get(country, [])
    return zones[0] if len(zones) == 1 else ""


def _us_zone(postcode: str) -> str:
    zip_code = postcode[:5]
    if not (len(zip_code) == 5 and zip_code.isascii() and zip_code.isdigit()):
        return ""
    zones = (str(place["timezone"]) for place in _places(zip_code) if place["timezone"])
    return next(zones, "")


def _places(zip_code: str) -> list[dict[str, Any]]:
    """The places of a ZIP code; those of its first three digits where it is not known."""
    return _MATCHING(zip_code) or _SIMILAR_TO(zip_code[:3])


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _known(name: str) -> str:
    return name if name in _names() else ""
