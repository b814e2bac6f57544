"""The countries that there are: ISO 3166-1 code and English name, from Unicode's list (CLDR)."""

from functools import cache
from typing import Final

from babel import Locale

# Unicode's list of territories holds these as well; they are no country of an address.
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
# Names that people write and Unicode's English list has not.
_OTHER_NAMES: Final = {
    "czech republic": "CZ",
    "great britain": "GB",
    "holland": "NL",
    "hong kong": "HK",
    "ivory coast": "CI",
    "korea": "KR",
    "macau": "MO",
    "macedonia": "MK",
    "republic of ireland": "IE",
    "russian federation": "RU",
    "swaziland": "SZ",
    "turkey": "TR",
    "uk": "GB",
    "usa": "US",
    "viet nam": "VN",
}


@cache
def country_names() -> dict[str, str]:
    """Code -> English name of every country."""
    names = Locale("en").territories
    return {code: name for code, name in names.items() if len(code) == 2 and code not in _NO_COUNTRIES}


@cache
def country_codes() -> dict[str, str]:
    """English name without regard to case -> code."""
    return {name.casefold(): code for code, name in country_names().items()} | _OTHER_NAMES
