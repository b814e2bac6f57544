"""Where an order goes: the address on record, and those that it replaced."""

from dataclasses import astuple, dataclass
from datetime import datetime

from raincheck.store.db import row, run


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. `country` is an ISO 3166 code of two letters; what was never given is empty."""

    name: str = ""
    street: str = ""
    street_2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


_COLUMNS = "ship_to_name, street, street_2, city, region, postcode, country"


def read_address(order: int) -> Address:
    """Where an order goes. Raises LookupError for no such order."""
    found = row(f"SELECT {_COLUMNS} FROM sales_order WHERE id = %s", [order])  # noqa: S608 - our own columns
    if found is None:
        raise LookupError(f"order {order} does not exist")
    return Address(*found)


def replace_address(order: int, address: Address, fact: int, at: datetime) -> None:
    """Puts an address in place of the one on record, which is kept beside the fact that replaced it."""
    run(
        f"""INSERT INTO replaced_address (order_id, fact_id, at, {_COLUMNS})
            SELECT id, %s, %s, {_COLUMNS} FROM sales_order WHERE id = %s""",  # noqa: S608 - our own columns
        [fact, at, order],
    )
    run(
        """UPDATE sales_order SET ship_to_name = %s, street = %s, street_2 = %s, city = %s, region = %s, postcode = %s,
                                  country = %s WHERE id = %s""",
        [*astuple(address), order],
    )
