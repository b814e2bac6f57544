"""Where a parcel is: the number that its carrier gave it, and the carrier's page that follows it. Pure values."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from raincheck.core.errors import Malformed

PLACE: Final = "{number}"
"""What stands for the number in the address of a carrier's page."""

LONGEST_NUMBER: Final = 40
LONGEST_NAME: Final = 40
LONGEST_LINK: Final = 500

_NUMBER: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9-]*[A-Z0-9])?")
_NAME: Final = re.compile(r"\w(?:[\w .&'+/-]*[\w.])?")
_LINK: Final = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?[/?#].*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who brings parcels. `link` is the address of its page for a number, empty where it has none."""

    name: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Tracking:
    """A parcel's carrier and number. Both are empty, or the carrier is named and the number may be empty."""

    carrier: str = ""
    number: str = ""


NOT_TRACKED: Final = Tracking()

READY: Final = (
    Carrier("Correos", "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}"),
    Carrier("DHL", "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}"),
    Carrier("DPD", "https://tracking.dpd.de/status/en_US/parcel/{number}"),
    Carrier("FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    Carrier("GLS", "https://gls-group.com/track/{number}"),
    Carrier("Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"),
    Carrier("UPS", "https://www.ups.com/track?tracknum={number}"),
    Carrier("USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}"),
)
"""Carriers that every company finds ready; one of its own under the same name stands in for one of these."""


def tidy_number(text: str) -> str:
    """A number as it is kept: capital letters and digits, without the spaces that labels print. Raises Malformed."""
    number = "".join(text.split()).upper()
    if number and (len(number) > LONGEST_NUMBER or not _NUMBER.fullmatch(number)):
        raise Malformed(
            f"tracking number {text.strip()[:60]!r}: it has letters, digits and hyphens, at most {LONGEST_NUMBER}"
        )
    return number


def tidy_name(text: str) -> str:
    """A carrier's name as it is kept. Raises Malformed."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise Malformed(f"carrier {text.strip()[:60]!r}: a name has letters and digits, at most {LONGEST_NAME} signs")
    return name


def tidy_link(text: str) -> str:
    """The address of a carrier's page as it is kept; empty for none. Raises Malformed.

    It is https, names its host in plain, and has the place of the number once, behind the host.
    """
    link = text.strip()
    if not link:
        return ""
    if len(link) > LONGEST_LINK or any(sign.isspace() or not sign.isprintable() for sign in link):
        raise Malformed(f"tracking link: an address has no spaces and at most {LONGEST_LINK} signs")
    if link.count(PLACE) != 1 or any(sign in link.replace(PLACE, "") for sign in "{}<>\"'\\"):
        raise Malformed(
            f"tracking link {link[:80]!r}: it has {PLACE} once, where the number belongs, and no other braces"
        )
    if not _LINK.fullmatch(link):
        raise Malformed(
            f"tracking link {link[:80]!r}: it begins with https:// and a host, such as https://carrier.example/{PLACE}"
        )
    return link


def link_to(carrier: Carrier, number: str) -> str:
    """The page that follows a tidy number; empty without a number, or where the carrier has no page."""
    return carrier.link.replace(PLACE, number) if carrier.link and number else ""


def named(text: str, carriers: tuple[Carrier, ...]) -> Carrier:
    """The carrier that a text names, whatever its capitals. Raises Malformed with the nearest name."""
    by_name = {carrier.name.casefold(): carrier for carrier in carriers}
    wanted = " ".join(text.split()).casefold()
    if wanted in by_name:
        return by_name[wanted]
    near = get_close_matches(wanted, by_name, n=1)
    hint = f"did you mean {by_name[near[0]].name!r}?" if near else "add it under Settings, Carriers"
    raise Malformed(f"carrier {text.strip()[:60]!r} is not known; {hint}")
