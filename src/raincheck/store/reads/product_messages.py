"""Mails to those who wait for a product, as the mailbox shows them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from raincheck.store.order_links import without_secrets
from raincheck.store.reads.mailbox import PAGE
from raincheck.store.reads.named import first_named, named_rows


@dataclass(frozen=True, slots=True)
class ProductMessageRow:
    """A mail in the list."""

    id: int
    at: datetime
    event: str
    sku: str
    product: str
    address: str
    state: str
    subject: str


@dataclass(frozen=True, slots=True)
class ProductMessageView:
    """A mail, whole. `subject` and `body` are empty until the worker has written it."""

    id: int
    at: datetime
    event: str
    sku: str
    product: str
    address: str
    units: int
    state: str
    subject: str
    body: str
    html: str
    attempts: int
    try_again_at: datetime | None
    sent_at: datetime | None
    message_id: str
    language: str
    template_version: int
    proof: str
    failure: str

    def without_links(self) -> "ProductMessageView":
        """For somebody who may not act for whoever asked."""
        return replace(self, body=without_secrets(self.body), html=without_secrets(self.html))


_FROM = (
    """FROM interest_message m JOIN product_interest i ON i.id = m.interest_id JOIN product p ON p.id = i.product_id"""
)


def product_message_rows(state: str, before: int | None, limit: int = PAGE) -> list[ProductMessageRow]:
    """Mails, the newest first; one more than `limit` when there are more. One query."""
    conditions = ["true"]
    params: dict[str, Any] = {"limit": limit + 1}
    if state:
        conditions.append("m.state = %(state)s")
        params["state"] = state
    if before is not None:
        conditions.append("m.id < %(before)s")
        params["before"] = before
    return named_rows(
        ProductMessageRow,
        f"""SELECT m.id, m.at, m.event, p.sku, coalesce(nullif(p.name, ''), p.sku) AS product, i.email AS address,
                   m.state, m.subject
            {_FROM} WHERE {" AND ".join(conditions)} ORDER BY m.id DESC LIMIT %(limit)s""",
        params,
    )


def product_message_view(message: int) -> ProductMessageView | None:
    """The mail with this id, or None. One query."""
    return first_named(
        ProductMessageView,
        f"""SELECT m.id, m.at, m.event, p.sku, coalesce(nullif(p.name, ''), p.sku) AS product, i.email AS address,
                   i.units, m.state, m.subject, m.body, m.html, m.attempts, m.try_again_at, m.sent_at, m.message_id,
                   i.language, m.template_version, m.proof, m.failure
            {_FROM} WHERE m.id = %(id)s""",
        {"id": message},
    )
