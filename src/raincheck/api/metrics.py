"""What a monitoring system asks for, in Prometheus' text form: calls and their time, and how much waits.

Counted in every process. `raincheck serve` gives its processes a folder in which they count together
(PROMETHEUS_MULTIPROC_DIR), so that whichever is asked answers for all.
"""

import os
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from ninja import Router
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from raincheck.api.keys import ApiKey, address_of
from raincheck.store.reads.waiting_work import waiting_work

CALLS = Counter("raincheck_api_calls", "Calls answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "raincheck_api_call_seconds",
    "Time from the first look at a call to its answer.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_may_read = ApiKey("metrics.view")

router = Router(tags=["Running"])


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Counts a call. Methods and routes are few, whatever callers make up."""
    method = method if method in _METHODS else "other"
    CALLS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


@router.get(
    "/metrics",
    auth=None,
    operation_id="readMetrics",
    summary="Prometheus metrics",
    openapi_extra={
        "security": [{}, {"ApiKey": ["metrics.view"]}],
        "responses": {
            200: {"description": "The text form.", "content": {"text/plain": {"schema": {"type": "string"}}}}
        },
    },
)
def metrics(request: HttpRequest) -> HttpResponse:
    """Calls and their time, the queue, the outbox, timers overdue. Asked from the machine itself no key is needed, else
    one with the scope metrics.view.
    """
    if not _is_local(request):
        _may_read(request)
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
    else:
        for metric in (CALLS, SECONDS):
            registry.register(metric)
    registry.register(_WaitingWork())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    """Whether the caller sits on this machine: not for a proxy on it, which speaks for others."""
    if request.META.get("HTTP_X_FORWARDED_FOR") or request.META.get("HTTP_FORWARDED"):
        return False
    return address_of(request) in _LOOPBACK


class _WaitingWork(Collector):
    """How much waits, counted when asked."""

    def collect(self) -> Iterator[Metric]:
        """One gauge a figure."""
        found = waiting_work()
        for name, help_, value in (
            ("raincheck_queue_claims", "Claims that wait in the backorder queue.", found.queue_claims),
            ("raincheck_queue_units", "Units that wait in the backorder queue.", found.queue_units),
            ("raincheck_outbox_notices", "Messages queued and not sent yet.", found.outbox_notices),
            ("raincheck_timers_overdue", "Timers that are due and were not run yet.", found.timers_overdue),
            ("raincheck_workers", "Workers that are alive.", found.workers),
            ("raincheck_timer_lag_seconds", "How long the oldest of them has been due.", found.timer_lag_seconds),
        ):
            yield GaugeMetricFamily(name, help_, value=value)
