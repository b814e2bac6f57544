"""The segments of a `rebalance` event: which lines, by which strategy."""

from raincheck.core.strategy import CONDITIONS, EXCEPTIONS, Request, Segment, Strategy
from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.names import Kind, Names
from raincheck.drill.scenario import TIERS

OPTIONS = ("least_gain_units", "least_gain_days", "cool_down_hours")
KEYS = ("segments", "exceptions", "fallback", *OPTIONS)

_STRATEGIES = tuple(strategy.value for strategy in Strategy)
_REFERENCES: dict[str, Kind] = {
    "product": "product",
    "customer": "customer",
    "category": "category",
    "site": "site",
    "order": "order",
}


def read_rebalance(fields: dict[str, Entry], names: Names) -> Request:
    """What a planner asks for; with a fallback, what runs instead of what an exception stops."""
    fallback: tuple[Segment, ...] | None = None
    if "fallback" in fields:
        inner = fields["fallback"].fields(("segments",), required=("segments",), keep_nothing=True)
        fallback = _segments(inner.get("segments"), names)
    return Request(
        segments=_segments(fields.get("segments"), names),
        exceptions=fields["exceptions"].choice(EXCEPTIONS) if "exceptions" in fields else EXCEPTIONS[0],
        fallback=fallback,
        **{option: fields[option].whole(0, 1_000_000) for option in OPTIONS if option in fields},
    )


def _segments(entry: Entry | None, names: Names) -> tuple[Segment, ...]:
    return tuple(_segment(item, names) for item in entry.each()) if entry else ()


def _segment(entry: Entry, names: Names) -> Segment:
    fields = entry.fields(("when", "strategy"), required=("when", "strategy"), keep_nothing=True)
    when = {}
    if "when" in fields and fields["when"].is_nothing:
        entry.refuse("needs `when`; {} is every line")
    elif "when" in fields:
        for condition, value in fields["when"].fields(CONDITIONS).items():
            if condition in _REFERENCES:
                when[condition] = names.read(value, _REFERENCES[condition])
            else:
                when[condition] = value.choice(TIERS) if condition == "tier" else value.text()
    strategy = fields["strategy"].choice(_STRATEGIES) if "strategy" in fields else ""
    return Segment(when, Strategy(strategy) if strategy in _STRATEGIES else Strategy.SKIP)
