"""Which products have to be decided together."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from raincheck.store.db import one, rows


class _Sets:
    """Disjoint sets of products that grow together (union-find)."""

    def __init__(self, products: Iterable[int]) -> None:
        self._parent = {product: product for product in products}

    def root(self, product: int) -> int:
        while (parent := self._parent[product]) != product:
            self._parent[product] = self._parent[parent]
            product = parent
        return product

    def join(self, products: Collection[int]) -> None:
        first, *others = products
        for other in others:
            self._parent[self.root(other)] = self.root(first)

    def sets(self) -> Iterator[list[int]]:
        found: dict[int, list[int]] = {}
        for product in self._parent:
            found.setdefault(self.root(product), []).append(product)
        yield from found.values()


def tied_products(
    products: Sequence[int], groups: Iterable[Collection[int]], orders: Iterable[Collection[int]]
) -> Iterator[list[int]]:
    """Products in sets that nothing ties to each other: no group, no planned parcel, new or open, no choice of site.

    `groups` are the products of each new group and of parcels planned together, `orders` those of each new order. Where
    any product lies at more than one site, which site serves a line depends on the order's other lines: then orders tie
    too.
    """
    sets = _Sets(products)
    ties = [*groups, *(orders if _lie_at_several_sites(products) else ())]
    ties += [
        found
        for (found,) in rows(
            """SELECT array_agg(DISTINCT product_id) FROM claim
               WHERE (is_complete OR has_parcel_terms) AND units > 0 AND product_id = ANY(%s) GROUP BY order_id
               UNION ALL
               SELECT array_agg(DISTINCT product_id) FROM claim
               WHERE kit_nr IS NOT NULL AND units > 0 AND product_id = ANY(%s) GROUP BY line_id
               UNION ALL
               SELECT array_agg(DISTINCT c.product_id) FROM claim c JOIN sales_order o ON o.id = c.order_id
               WHERE c.has_parcel_terms AND c.units > 0 AND c.product_id = ANY(%s) AND EXISTS (
                   SELECT 1 FROM claim w JOIN sales_order own ON own.id = w.order_id
                   WHERE w.ready_since IS NOT NULL AND w.units > 0 AND own.customer_id = o.customer_id)
               GROUP BY o.customer_id""",
            [list(products), list(products), list(products)],
        )
    ]
    for tie in ties:
        sets.join(tie)
    yield from sets.sets()


def _lie_at_several_sites(products: Sequence[int]) -> bool:
    found = one(
        """SELECT EXISTS (
               SELECT 1 FROM (
                   SELECT product_id, site_id FROM stock_level WHERE on_hand > 0 AND product_id = ANY(%s)
                   UNION ALL SELECT product_id, site_id FROM inbound_line WHERE owed > 0 AND product_id = ANY(%s)) v
               GROUP BY product_id HAVING count(DISTINCT site_id) > 1)""",
        [list(products), list(products)],
    )
    return bool(found[0])
