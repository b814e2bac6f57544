"""Order capture over HTTP: 3 lines, 10,000 products, 12 clients, 2 workers; bound: pgbench with the same statements.

Both run on the same server and the same growing tables, turn and turn about, so that what else the machine does falls
on both. The load generator shares the processors with what it measures, as pgbench does.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import orjson
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment

from bench import load, pgbench
from bench.company import CUSTOMERS, FIRST_CUSTOMER, FIRST_PRODUCT, PRODUCTS, company, count, settle
from bench.outcome import Goal, Outcome
from bench.processes import cpu_seconds, database_server
from bench.recorded import Statement, recording
from bench.serving import Served, serving
from raincheck.actions.api_keys import make_api_key

CLIENTS = 12
ROUNDS = 4
SECONDS = 6.0
LINES = 3
WARM_UP_ORDERS = 2_000


@dataclass(frozen=True, slots=True)
class Turn:
    """Orders a second, and milliseconds of CPU an order by who used them."""

    per_second: float
    database_ms: float
    own_ms: float
    client_ms: float
    wait_ms: tuple[float, float]


def bench() -> Outcome:
    """Orders a second over HTTP, beside the bound."""
    with company() as name:
        key = make_api_key("bench", ["order.place"]).key
        statements = recorded_order(key)
        text = as_script(statements)
        with serving(name) as served:
            _over_http(served, key, WARM_UP_ORDERS / 500)
            pgbench.run(text, clients=CLIENTS, transactions=WARM_UP_ORDERS // CLIENTS)
            settle()
            _over_http(served, key, 2)
            turns = [(_over_http(served, key, SECONDS), _bound(text)) for _ in range(ROUNDS)]
        _check_whole()
    ours, bound = [pair[0] for pair in turns], [pair[1] for pair in turns]
    ratio = median(one.per_second / other.per_second for one, other in turns)
    trips = " | ".join(str(len(statements_of_trip)) for statements_of_trip in statements)
    return Outcome(
        {
            "orders a second": f"{median(t.per_second for t in ours):,.0f}",
            "bound, orders a second": f"{median(t.per_second for t in bound):,.0f} (pgbench, {CLIENTS} clients)",
            "CPU an order": f"{median(t.own_ms for t in ours):.2f} ms web, "
            f"{median(t.database_ms for t in ours):.2f} ms database, {median(t.client_ms for t in ours):.2f} ms client",
            "bound, CPU an order": f"{median(t.database_ms for t in bound):.2f} ms database",
            "answered within": f"{median(t.wait_ms[0] for t in ours):.1f} ms (median), "
            f"{median(t.wait_ms[1] for t in ours):.1f} ms (99 of 100)",
            "statements by round trip": trips,
        },
        ratio,
        Goal(0.30),
    )


def order(chance: random.Random, ref: str) -> bytes:
    """An order's JSON."""
    numbers = chance.sample(range(PRODUCTS), LINES)
    lines = [{"sku": f"P{FIRST_PRODUCT + number}", "quantity": chance.randint(1, 3)} for number in numbers]
    customer = f"C{FIRST_CUSTOMER + chance.randrange(CUSTOMERS)}"
    return orjson.dumps({"ref": ref, "customer": customer, "channel": "web", "lines": lines})


def recorded_order(key: str, body: bytes | None = None) -> list[list[Statement]]:
    """The statements of placing one order over the API, by round trip."""
    setup_test_environment(debug=False)
    try:
        client = Client(headers={"authorization": f"Bearer {key}", "host": "127.0.0.1"})
        chance = random.Random(0)
        for number in range(3):  # The first calls prepare statements and look the key up.
            _place(client, order(chance, f"first-{number}"))
        with recording() as taken:
            _place(client, body or sample_order())
    finally:  # Another benchmark of the same run records orders of its own.
        teardown_test_environment()
    return taken.round_trips


def sample_order() -> bytes:
    """The recorded order: its products and its customer have numbers of their own in every statement."""
    lines = [{"sku": f"P{FIRST_PRODUCT + number}", "quantity": 2} for number in range(LINES)]
    return orjson.dumps({"ref": "recorded", "customer": f"C{FIRST_CUSTOMER}", "channel": "web", "lines": lines})


def as_script(round_trips: Sequence[Sequence[Statement]]) -> str:
    """The recorded order for pgbench: other products, another customer and a new reference each time."""
    width = PRODUCTS // LINES
    begin = ["\\set n :n + 1"]
    marks = {"recorded": "('R' || :client_id || '-' || :n)", str(FIRST_CUSTOMER): ":customer"}
    begin.append(f"\\set customer random({FIRST_CUSTOMER}, {FIRST_CUSTOMER + CUSTOMERS - 1})")
    for number in range(LINES):
        first = FIRST_PRODUCT + number * width
        begin.append(f"\\set p{number} random({first}, {first + width - 1})")
        marks[str(FIRST_PRODUCT + number)] = f":p{number}"
    return pgbench.script(round_trips, marks, "\n".join(begin))


def _place(client: Client, body: bytes) -> None:
    answer = client.post("/api/v1/orders", body, content_type="application/json")
    if answer.status_code != 201:
        raise RuntimeError(f"the order was answered with {answer.status_code}: {answer.content!r}")


def _over_http(served: Served, key: str, seconds: float) -> Turn:
    chance = random.Random()
    run_id = chance.randrange(10**9)
    numbers = iter(range(10**9))

    def request(_: int) -> bytes:
        return load.post("/api/v1/orders", key, order(chance, f"H{run_id}-{next(numbers)}"))

    server = database_server()
    database_before, own_before = cpu_seconds(server), cpu_seconds(served.process)
    done = load.for_seconds(served.address, CLIENTS, request, seconds)
    if set(done.statuses) != {201}:
        raise RuntimeError(f"answers {done.statuses}: {done.first_refusal!r}")
    each = 1000 / done.answered
    return Turn(
        done.per_second,
        (cpu_seconds(server) - database_before) * each,
        (cpu_seconds(served.process) - own_before) * each,
        done.cpu_seconds * each,
        (done.wait_ms(0.5), done.wait_ms(0.99)),
    )


def _bound(text: str) -> Turn:
    server = database_server()
    before = cpu_seconds(server)
    # References are unique by client and count; each run begins its own count.
    start = count("SELECT count(*) FROM sales_order")
    done = pgbench.run(text.replace("'R' ||", f"'R{start}-' ||"), clients=CLIENTS, seconds=SECONDS)
    return Turn(done.per_second, (cpu_seconds(server) - before) * 1000 / done.transactions, 0.0, 0.0, (0.0, 0.0))


def _check_whole() -> None:
    """The bound wrote what an order writes: as many lines, claims, pegs, messages and facts as orders ask for."""
    orders = count("SELECT count(*) FROM sales_order")
    for table, each in (("order_line", LINES), ("claim", LINES), ("peg", LINES), ("notice", 1)):
        found = count(f"SELECT count(*) FROM {table}")
        if found != orders * each:
            raise RuntimeError(f"{orders} orders have {found} rows in {table}")
