"""The parts of a book that decide nothing about each other: products that no order ties together."""

from collections.abc import Iterable

from raincheck.core.demand import Claim, Party


def parts_of(claims: Iterable[Claim]) -> dict[int, int]:
    """The part of each product that is claimed, named by its smallest product.

    Products hang together through ship-complete groups and through the parts of kits.
    """
    part: dict[int, int] = {}
    tied: dict[Party, int] = {}

    def root(product: int) -> int:
        while part[product] != product:
            part[product] = part[part[product]]
            product = part[product]
        return product

    for claim in claims:
        part.setdefault(claim.product, claim.product)
        one, other = root(claim.product), root(tied.setdefault(claim.party, claim.product))
        part[max(one, other)] = min(one, other)
    return {product: root(product) for product in part}
