"""Sellers of record, with what they sell and what of theirs waits under a law."""

from dataclasses import dataclass

from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class SellerView:
    """A seller. Empty `timezone`, `working_days` and `law` are the company's. `clocks` are open lines under a law."""

    code: str
    name: str
    address: str
    timezone: str
    working_days: list[str]
    holidays: list[str]
    law: str
    products: int
    clocks: int

    @property
    def title(self) -> str:
        """What it is called."""
        return self.name or self.code


def seller_views() -> list[SellerView]:
    """Every seller, by code."""
    return named_rows(
        SellerView,
        """SELECT s.code, s.name, s.address, s.timezone, s.working_days, s.holidays, s.law,
                  (SELECT count(*) FROM product_seller p WHERE p.seller_id = s.id)::int AS products,
                  (SELECT count(*) FROM law_clock k WHERE k.seller_id = s.id AND k.ended_at IS NULL
                     AND least(k.asks_at, k.cancels_at) IS NOT NULL)::int AS clocks
           FROM seller s ORDER BY s.code""",
    )
