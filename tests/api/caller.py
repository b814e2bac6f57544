"""A program that calls the API, and a company for it to call."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, cast

import orjson
from django.http import HttpResponse
from django.test import Client

from raincheck.actions import catalogue
from raincheck.actions.api_keys import make_api_key
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.core.settings import Settings
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

ROOT = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """Calls with one key. `json` of what comes back is `content(response)`."""

    key: str | None

    def get(self, path: str, query: str = "", **headers: str) -> HttpResponse:
        """GET."""
        return self.send("GET", path + (f"?{query}" if query else ""), None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """POST with a JSON body."""
        return self.send("POST", path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """PATCH with a JSON body."""
        return self.send("PATCH", path, body, headers)

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> HttpResponse:
        """Any call. Bytes go out as they are. Header names are written with underscores."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.key:
            given.setdefault("Authorization", f"Bearer {self.key}")
        content_type = given.pop("Content-Type", "application/json" if data else "")
        response = _client().generic(method, ROOT + path, data, content_type=content_type, headers=given)
        return cast("HttpResponse", response)


@cache
def _client() -> Client:
    """One for all: a new one loads all middleware anew, which takes longer than most calls."""
    return Client()


def content(response: HttpResponse) -> Any:
    """The JSON of an answer."""
    return orjson.loads(response.content)


def key_for(*scopes: str) -> Caller:
    """A caller whose key has these scopes."""
    return Caller(make_api_key("a shop", scopes).key)


TODAY = datetime.now(UTC).date()


def in_days(days: int) -> date:
    """A day from today. Calls take the clock as it is, so dates are relative to it."""
    return TODAY + timedelta(days=days)


def found_company(settings: Settings | None = None) -> None:
    """Five lamps and ten more confirmed for in ten days; a chair that may not be backordered; a preorder; no torch."""
    catalogue.save_settings(settings or Settings(), name="Lamps and more")
    catalogue.save_sites([SiteRecord("east", country="US", postcode="10001")])
    catalogue.save_suppliers([SupplierRecord("acme", lead_time_days=14), SupplierRecord("slow")])
    catalogue.save_customers([CustomerRecord("ann", email="ann@example.com", tier="gold"), CustomerRecord("bob")])
    catalogue.save_products(
        [
            ProductRecord("lamp", price=Decimal(40)),
            ProductRecord("torch", price=Decimal("12.50"), supplier="acme"),
            ProductRecord("chair", price=Decimal(90), backorder="deny"),
            ProductRecord("next", price=Decimal(10), available_from=in_days(60)),
            ProductRecord("desk/oak 80", price=Decimal(200)),
        ]
    )
    catalogue.set_stock("east", {"lamp": 5, "chair": 2})
    purchase(PurchaseRequest("P1", "slow", "east", {"lamp": 10}, in_days(10), "confirmed"))
