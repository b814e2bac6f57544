"""The carriers as Settings show them."""

from dataclasses import dataclass

from raincheck.core.tracking import READY, Carrier
from raincheck.store.carriers import known_carriers, own_carriers


@dataclass(frozen=True, slots=True)
class CarrierView:
    """A carrier. `is_own`: the company added it, or changed the ready one of that name (`is_changed`)."""

    name: str
    link: str
    is_own: bool
    is_changed: bool


def carrier_views() -> list[CarrierView]:
    """Every carrier that parcels can be given to, by name. Two queries."""
    own = {carrier.name for carrier in own_carriers()}
    ready = {carrier.name.casefold() for carrier in READY}
    return [_view(carrier, own, ready) for carrier in known_carriers()]


def _view(carrier: Carrier, own: set[str], ready: set[str]) -> CarrierView:
    is_own = carrier.name in own
    return CarrierView(carrier.name, carrier.link, is_own, is_own and carrier.name.casefold() in ready)
