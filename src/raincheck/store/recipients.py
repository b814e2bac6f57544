"""Who gets an order: whose parcels it shares, on the floor and where it goes, and where its customer is written to."""

from raincheck.store.db import one, rows


def in_shared_parcel(order: int) -> bool:
    """Whether the floor has units of an order in one parcel with units of another."""
    found = one(
        """SELECT EXISTS (
               SELECT 1 FROM shipment s JOIN shipment_line mine ON mine.shipment_id = s.id
               JOIN order_line l ON l.id = mine.line_id JOIN shipment_line other ON other.shipment_id = s.id
               JOIN order_line ol ON ol.id = other.line_id
               WHERE s.state IN ('picked', 'packed') AND l.order_id = %s AND ol.order_id <> l.order_id
                     AND mine.units > 0 AND other.units > 0)""",
        [order],
    )
    return bool(found[0])


def merging_at(order: int) -> list[int]:
    """Products of the same customer's other orders to the same address that wait in a merge window."""
    found = rows(
        """SELECT DISTINCT c.product_id FROM sales_order o
           JOIN sales_order other ON other.customer_id = o.customer_id AND other.country = o.country
                                     AND other.postcode = o.postcode AND other.id <> o.id
           JOIN claim c ON c.order_id = other.id AND c.ready_since IS NOT NULL AND c.units > 0
           WHERE o.id = %s AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.merge_hours > 0)
           ORDER BY 1""",
        [order],
    )
    return [product for (product,) in found]


def address_on_record(order: int) -> str:
    """The e-mail address of an order's customer; empty where there is none."""
    found = one(
        """SELECT coalesce((SELECT c.email FROM sales_order o JOIN customer c ON c.id = o.customer_id
                            WHERE o.id = %s), '')""",
        [order],
    )
    return str(found[0])
