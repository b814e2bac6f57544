"""What a planner asks of a rebalance: checked, and as it is stored and recorded."""

from typing import Any

from raincheck.core.errors import Malformed
from raincheck.core.strategy import CONDITIONS, EXCEPTIONS, Request, Segment, Strategy

OPTIONS = ("least_gain_units", "least_gain_days", "cool_down_hours")
MOST = 1_000_000
MOST_SEGMENTS = 200


def check_request(request: Request) -> None:
    """Raises Malformed for a rebalance that cannot be understood."""
    if request.exceptions not in EXCEPTIONS:
        raise Malformed(f"exceptions must be one of {', '.join(EXCEPTIONS)}, not {request.exceptions!r}")
    for name in OPTIONS:
        if not 0 <= getattr(request, name) <= MOST:
            raise Malformed(f"{name} must lie between 0 and {MOST}, not {getattr(request, name)}")
    for segments in (request.segments, request.fallback or ()):
        if len(segments) > MOST_SEGMENTS:
            raise Malformed(f"a rebalance has at most {MOST_SEGMENTS} segments, not {len(segments)}")
        for segment in segments:
            for condition in segment.when:
                if condition not in CONDITIONS:
                    raise Malformed(f"a segment may ask for {', '.join(CONDITIONS)}, not {condition!r}")


def request_to_json(request: Request) -> dict[str, Any]:
    """A request as it is stored: options that are not used are left out."""
    kept: dict[str, Any] = {"segments": _segments(request.segments), "exceptions": request.exceptions}
    if request.fallback is not None:
        kept["fallback"] = {"segments": _segments(request.fallback)}
    return kept | {name: getattr(request, name) for name in OPTIONS if getattr(request, name)}


def request_from_json(stored: dict[str, Any]) -> Request:
    """A request from its stored form."""
    fallback = stored.get("fallback")
    return Request(
        segments=_read(stored["segments"]),
        exceptions=stored["exceptions"],
        fallback=None if fallback is None else _read(fallback["segments"]),
        **{name: stored[name] for name in OPTIONS if name in stored},
    )


def _segments(segments: tuple[Segment, ...]) -> list[dict[str, Any]]:
    return [{"when": dict(segment.when), "strategy": segment.strategy.value} for segment in segments]


def _read(stored: list[dict[str, Any]]) -> tuple[Segment, ...]:
    return tuple(Segment(dict(segment["when"]), Strategy(segment["strategy"])) for segment in stored)
