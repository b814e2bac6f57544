"""Availability of 50 products in one call over HTTP. Bound: pgbench running the call's own query."""

import random
from statistics import median

from django.test import Client

from bench import load, pgbench
from bench.company import FIRST_PRODUCT, PRODUCTS, company, run, settle
from bench.outcome import Goal, Outcome
from bench.recorded import recording
from bench.serving import Served, serving
from raincheck.actions.api_keys import make_api_key

CLIENTS = 12
ROUNDS = 4
SECONDS = 5.0
ASKED = 50


def bench() -> Outcome:
    """Calls a second, beside the bound."""
    with company() as name:
        run(
            """INSERT INTO inbound (kind, ref, supplier_id, site_id, state, created_at)
                VALUES ('purchase', 'PO1', 1, 1, 'confirmed', now())"""
        )
        run(
            """INSERT INTO inbound_line (inbound_id, product_id, site_id, ordered, confirmed, received, damaged, owed,
                                         pegged, due_on, dated_on, expected_on)
               SELECT 1, id, 1, 100, 100, 0, 0, 100, 0, current_date + 10, current_date + 10, current_date + 10
               FROM product WHERE id % 3 = 0"""
        )
        settle()
        key = make_api_key("bench", ["product.view"]).key
        script = _script(key)
        with serving(name) as served:
            _over_http(served, key, 2)
            pairs = [(_over_http(served, key, SECONDS), _bound(script)) for _ in range(ROUNDS)]
    ours, bound = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Outcome(
        {
            "calls a second": f"{median(one.per_second for one in ours):,.0f} ({ASKED} products each)",
            "bound, calls a second": f"{median(bound):,.0f} (pgbench, {CLIENTS} clients)",
            "answered within": f"{median(one.wait_ms(0.5) for one in ours):.1f} ms (median), "
            f"{median(one.wait_ms(0.99) for one in ours):.1f} ms (99 of 100)",
        },
        median(one.per_second / other for one, other in pairs),
        Goal(0.40),
    )


def _path(numbers: list[int]) -> str:
    return "/api/v1/availability?" + "&".join(f"sku=P{number}" for number in numbers)


def _script(key: str) -> str:
    """The query of one recorded call; each product asked for stands for a random one."""
    client = Client(headers={"authorization": f"Bearer {key}", "host": "127.0.0.1"})
    numbers = [FIRST_PRODUCT + at for at in range(ASKED)]
    for _ in range(2):  # The first call looks the key up.
        client.get(_path(numbers))
    with recording() as taken:
        answer = client.get(_path(numbers))
    if answer.status_code != 200 or len(answer.json()["products"]) != ASKED:
        raise RuntimeError(f"answered with {answer.status_code}: {answer.content!r}")
    begin = [f"\\set p{at} random({FIRST_PRODUCT}, {FIRST_PRODUCT + PRODUCTS - 1})" for at in range(ASKED)]
    return pgbench.script(taken.round_trips, {str(n): f":p{at}" for at, n in enumerate(numbers)}, "\n".join(begin))


def _over_http(served: Served, key: str, seconds: float) -> load.Load:
    chance = random.Random()
    products = range(FIRST_PRODUCT, FIRST_PRODUCT + PRODUCTS)

    def request(_: int) -> bytes:
        return load.get(_path(chance.sample(products, ASKED)), key)

    done = load.for_seconds(served.address, CLIENTS, request, seconds)
    if set(done.statuses) != {200}:
        raise RuntimeError(f"answers {done.statuses}: {done.first_refusal!r}")
    return done


def _bound(script: str) -> float:
    return pgbench.run(script, clients=CLIENTS, seconds=SECONDS).per_second
