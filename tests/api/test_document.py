"""The OpenAPI document and the page in the docs: complete, and the same as the code."""

from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import orjson
import pytest
from django.test import Client
from pydantic import BaseModel

from raincheck.api import shapes
from raincheck.api.application import SCOPES
from raincheck.api.openapi import operations
from raincheck.api.reference import WRITE, page
from raincheck.api.urls import api

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"


@pytest.fixture(scope="module")
def document() -> Any:
    """The document as it is served."""
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    return orjson.loads(response.content)


def test_the_document_is_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")


def test_every_call_of_the_contract_is_in_the_document(document: Any) -> None:
    calls = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, method, _ in operations(document)}
    assert calls >= {
        "POST /orders",
        "GET /orders/{ref}",
        "GET /orders/{ref}/explain",
        "POST /orders/{ref}/cancel",
        "PATCH /orders/{ref}",
        "POST /quotes",
        "GET /products/{sku}/availability",
        "POST /receipts",
        "POST /purchase-orders",
        "POST /purchase-orders/{po}/confirm",
        "GET /backorders",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
    }


def test_every_call_says_what_it_does_and_which_key_it_needs(document: Any) -> None:
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"][0] in {tag["name"] for tag in document["tags"]}
        if scopes := SCOPES.get(operation["operationId"]):
            assert operation["security"] == [{"ApiKey": list(scopes)}]
            assert all(f"`{scope}`" in operation["description"] for scope in scopes)
        assert {"401", "403", "429"} <= set(operation["responses"]) or "security" not in operation, (method, path)


def test_every_post_takes_an_idempotency_key(document: Any) -> None:
    for path, method, operation in operations(document):
        named = "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}
        assert named == (method in ("post", "patch")), path


def test_every_error_is_a_problem_document(document: Any) -> None:
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]


def test_every_shape_that_comes_in_refuses_unknown_fields(document: Any) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Body"):
            assert schema["additionalProperties"] is False, name


def test_no_two_shapes_share_a_name() -> None:
    """The document names a shape once: the second would stand in for the first."""
    modules = [import_module(f"{shapes.__name__}.{found.name}") for found in iter_modules(shapes.__path__)]
    names = Counter(
        shape.__name__
        for module in modules
        for shape in vars(module).values()
        if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__ == module.__name__
    )
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []


def test_the_page_in_the_docs_is_written_from_the_document() -> None:
    assert PAGE.read_text() == page(api.get_openapi_schema()), f"write it anew: {WRITE}"
