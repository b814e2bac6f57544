"""The days that an order's units are told to go, as a law counts them: by shipment or by delivery."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from raincheck.core.law_rules import REGIMES
from raincheck.core.settings import Settings
from raincheck.store.db import rows

ALL: Final = "c.units"
OFF_THE_FLOOR: Final = """(c.units - coalesce((SELECT sum(g.units) FROM peg g WHERE g.line_id = c.line_id
                                                    AND g.claim_id = c.id AND g.shipment_line_id IS NOT NULL), 0))"""


def told_units(
    settings: Settings, lines: Sequence[int], laws: Mapping[int, str], units: str = ALL
) -> dict[int, dict[date | None, int]]:
    """By line and the day told, how many units (of kits: whole ones), counted by claim as `units` says.

    A payment that is declined, and not tried again while the line may go, leaves its units without a day.
    """
    found = rows(
        f"""SELECT c.line_id, k.regime, sum(CASE WHEN c.is_counted THEN {units} / c.per_kit ELSE 0 END)::bigint,
                  CASE WHEN c.waits_for_payment OR (c.declined_at IS NOT NULL
                           AND (d.next_try_at AT TIME ZONE k.zone)::date > k.by_on) THEN NULL ELSE c.told_on END AS day
           FROM order_line l JOIN claim c ON c.order_id = l.order_id AND c.line_id = l.id
           LEFT JOIN law_clock k ON k.line_id = c.line_id AND k.ended_at IS NULL
           LEFT JOIN payment_decline d ON d.order_id = c.order_id
           WHERE l.id = ANY(%s) AND c.units > 0 GROUP BY c.line_id, k.regime, day""",  # noqa: S608 - ours
        [list(lines)],
    )
    by_day: dict[int, dict[date | None, int]] = defaultdict(lambda: defaultdict(int))
    for line, regime, count, told_on in found:
        ships = REGIMES[regime or laws.get(line, settings.law)].counts == "shipment"
        by_day[line][settings.road.latest_shipping_on(told_on) if told_on and ships else told_on] += count
    return by_day
