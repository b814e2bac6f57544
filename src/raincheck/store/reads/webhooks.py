"""Webhooks for people: the endpoints, and what each was told of late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from raincheck.store.db import row
from raincheck.store.reads.named import first_named, named_rows

LATEST: Final = 50


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint. `old_secret_until`: until then a former secret signs as well."""

    id: int
    url: str
    note: str
    events: list[str]
    is_active: bool
    switched_off_why: str
    made_at: datetime
    made_by: str
    failing_since: datetime | None
    old_secret_until: datetime | None
    queued: int
    failed: int
    last_delivered_at: datetime | None

    @property
    def state(self) -> str:
        """One word: off, failing, working, or new where it was told of nothing yet."""
        if not self.is_active:
            return "off"
        if self.failing_since is not None:
            return "failing"
        return "working" if self.last_delivered_at else "new"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """What an endpoint was told, or is to be told."""

    id: int
    webhook_id: str
    event: str
    order_ref: str
    state: str
    attempts: int
    at: datetime
    try_again_at: datetime | None
    delivered_at: datetime | None
    status: int | None
    response: str
    failure: str


_ENDPOINTS: Final = """
    SELECT e.id, e.url, e.note, e.events, e.is_active, e.switched_off_why, e.made_at, e.made_by, e.failing_since,
           CASE WHEN e.old_secret_until > now() THEN e.old_secret_until END AS old_secret_until,
           (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'queued') AS queued,
           (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'failed') AS failed,
           (SELECT max(d.delivered_at) FROM webhook_delivery d WHERE d.endpoint_id = e.id) AS last_delivered_at
    FROM webhook_endpoint e WHERE e.removed_at IS NULL"""


def endpoints() -> list[EndpointRow]:
    """Every endpoint, the newest first. One query."""
    return named_rows(EndpointRow, f"{_ENDPOINTS} ORDER BY e.id DESC")


def endpoint(endpoint_id: int) -> EndpointRow | None:
    """The endpoint with this id, or None. One query."""
    return first_named(EndpointRow, f"{_ENDPOINTS} AND e.id = %(id)s", {"id": endpoint_id})


def latest_deliveries(endpoint_id: int) -> list[DeliveryRow]:
    """What an endpoint was told last, the newest first. One query."""
    return named_rows(
        DeliveryRow,
        """SELECT d.id, d.webhook_id, d.event, coalesce(o.ref, '') AS order_ref, d.state, d.attempts, d.at,
                  d.try_again_at, d.delivered_at, d.status, d.response, d.failure
           FROM webhook_delivery d LEFT JOIN notice n ON n.id = d.notice_id
           LEFT JOIN sales_order o ON o.id = n.order_id
           WHERE d.endpoint_id = %(endpoint)s ORDER BY d.id DESC LIMIT %(limit)s""",
        {"endpoint": endpoint_id, "limit": LATEST},
    )


def endpoint_of(delivery: int) -> int | None:
    """Whose delivery it is; None if there is none such."""
    found = row("SELECT endpoint_id FROM webhook_delivery WHERE id = %s", [delivery])
    return int(found[0]) if found else None
