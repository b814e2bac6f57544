"""The API's page in the docs, written from the OpenAPI document: see `WRITE`."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from raincheck.api import attempts, bodies, keys, once
from raincheck.api.application import SCOPES
from raincheck.api.openapi import DESCRIPTION, Document, operations
from raincheck.api.problems import KINDS
from raincheck.api.shapes.availability import MOST_SKUS
from raincheck.api.shapes.fields import MOST_UNITS
from raincheck.api.shapes.order import MOST_LINES
from raincheck.core.reason import Reason

WRITE = "raincheck shell --no-imports -c 'from raincheck.api.reference import write; write()' > docs/reference/api.md"

_HEAD = """\
# HTTP API

Everything under `/api/v1`. The same, for programs: `/api/v1/openapi.json` (OpenAPI 3.1). How a shop uses it:
[guide](../guides/shops.md).
"""

_REASONS: Final[Mapping[Reason, str]] = {
    Reason.ON_HAND: "the units lie at a site and can go",
    Reason.PEGGED_TO_INBOUND: "tied to a purchase order with a date",
    Reason.PEGGED_TO_TRANSFER: "tied to a transfer between sites",
    Reason.LEAD_TIME: "nothing is ordered for them yet: dated by the supplier's lead time",
    Reason.NO_DATE: "no supply with a date",
    Reason.NOT_YET_AVAILABLE: "the product's first day has not come",
    Reason.WAITS_FOR_ORDER: "they lie there and wait for the rest of a ship-complete order",
    Reason.WAITS_FOR_SHIPMENT: "they wait for the rest of their planned parcel",
    Reason.BELOW_MINIMUM_SHIPMENT: "too few for a parcel of their own",
    Reason.MERGING: "they wait for other units of the customer",
    Reason.HELD: "the order is held",
    Reason.PAYMENT_FAILED: "the payment was declined",
    Reason.PROTECTED: "the supply is kept for others",
    Reason.NOT_YET_WANTED: "the customer wants them later",
    Reason.BACKORDERS_DENIED: "refused: the product may not be backordered",
    Reason.OVER_LIMIT: "refused: too many units of the product wait already",
    Reason.TOO_LATE: "refused: they would come too late, or nobody knows when",
    Reason.SHIPPED: "the carrier has them",
    Reason.CANCELLED_BY_CUSTOMER: "the customer cancelled them",
    Reason.CANCELLED_BY_SELLER: "the seller cancelled them",
    Reason.CANCELLED_BY_LAW: "cancelled because the law says so",
}

_PROBES = """\
`/healthz`, `/readyz` and `/metrics` answer at the root as well. `/metrics` needs no key when it is asked from the
machine itself and not through a proxy.
"""


def page(document: Document) -> str:
    """The page."""
    schemas = document["components"]["schemas"]
    parts = [_HEAD, DESCRIPTION, "## Calls", _PROBES, *_table_of_calls(document)]
    for tag in document["tags"]:
        parts += [f"## {tag['name']}", tag["description"]]
        for path, method, operation in operations(document):
            if tag["name"] in operation.get("tags", ()):
                parts += _call(path, method, operation)
    parts += ["## Shapes", "`null` is marked by a question mark; a field with a star must be there."]
    for name in _named_by(document):
        parts += _shape(name, schemas[name])
    parts += ["### Reason", "Why units are where they are.", *_table_of_reasons()]
    parts += ["## Problems", *_table_of_problems(), "## Limits", *_limits()]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _table_of_calls(document: Document) -> Iterator[str]:
    rows = ["| call | scope | |", "| --- | --- | --- |"]
    for path, method, operation in operations(document):
        scopes = " or ".join(f"`{name}`" for name in SCOPES.get(operation["operationId"], ()))
        rows.append(f"| `{method.upper()} {path}` | {scopes or 'open'} | {operation['summary']} |")
    yield "\n".join(rows)


def _call(path: str, method: str, operation: Document) -> Iterator[str]:
    yield f"### {method.upper()} {path}"
    yield operation["description"]
    given = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
    if given:
        rows = ["| parameter | is | |", "| --- | --- | --- |"]
        for parameter in given:
            star = "★" if parameter["required"] else ""
            said = _cell(parameter.get("description", ""))
            rows.append(f"| `{parameter['name']}`{star} | {_type(parameter['schema'])} | {said} |")
        yield "\n".join(rows)
    for media in operation.get("requestBody", {"content": {}})["content"].values():
        optional = "" if operation["requestBody"].get("required") else " It may be left out."
        yield f"Body: {_type(media['schema'])}.{optional}"
    good = [(status, answer) for status, answer in operation["responses"].items() if int(status) < 400]
    bad = [str(status) for status in operation["responses"] if int(status) >= 400]
    for status, answer in good:
        for media in answer.get("content", {}).values():
            yield f"{status}: {_type(media['schema'])}."
    yield f"Problems: {', '.join(bad)}."


def _named_by(document: Document) -> list[str]:
    """The shapes, in the order in which calls name them, those that they hold after them."""
    schemas = document["components"]["schemas"]
    found: dict[str, None] = {}

    def look(node: Any) -> None:
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name and name not in found and name != "Problem" and "properties" in schemas[name]:
                found[name] = None
                look(schemas[name])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(document["paths"])
    return list(found)


def _shape(name: str, schema: Document) -> Iterator[str]:
    yield f"### {name}"
    if schema.get("description"):
        yield schema["description"]
    required = schema.get("required", ())
    rows = ["| field | is | |", "| --- | --- | --- |"]
    for field, described in schema["properties"].items():
        star = "★" if field in required else ""
        rows.append(f"| `{field}`{star} | {_type(described)} | {_cell(_said(described))} |")
    yield "\n".join(rows)


def _said(schema: Document) -> str:
    """A field's description, its own or that of what it may be."""
    if "description" in schema:
        return str(schema["description"])
    return next((str(part["description"]) for part in schema.get("anyOf", ()) if "description" in part), "")


def _type(schema: Document) -> str:
    """What a value is, in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        kinds = [part for part in schema["anyOf"] if part.get("type") != "null"]
        question = "?" if len(kinds) < len(schema["anyOf"]) else ""
        return " or ".join(_type(part) for part in kinds) + question
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"] if value != "")
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if schema.get("type") == "integer":
        return _bounded("whole number", schema.get("minimum"), schema.get("maximum"))
    if schema.get("type") == "string":
        return {"date": "day", "date-time": "instant"}.get(schema.get("format", ""), "text")
    return str(schema.get("type", "object"))


def _bounded(word: str, least: int | None, most: int | None) -> str:
    if least is None or most is None:
        return word
    return f"{word} from {least} to {most}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table_of_reasons() -> Iterator[str]:
    rows = ["| reason | |", "| --- | --- |"]
    yield "\n".join(rows + [f"| `{reason.value}` | {_REASONS[reason]} |" for reason in Reason])


def _table_of_problems() -> Iterator[str]:
    rows = ["| type | status | | what to do |", "| --- | --- | --- | --- |"]
    rows += [f"| `{kind.type}` | {kind.status} | {kind.title} | {_cell(kind.way_out)} |" for kind in KINDS.values()]
    yield "\n".join(rows)


def _limits() -> Iterator[str]:
    yield f"""\
- A body has at most {bodies.MOST_BYTES // 1024} KiB, an address {bodies.MOST_PARAMETERS} parameters.
- An order has at most {MOST_LINES} lines, a line {MOST_UNITS} units, one availability call {MOST_SKUS} products.
- A revoked key works up to {keys.REMEMBERED_SECONDS:.0f} seconds longer: each process remembers keys that long.
- Wrong keys: {attempts.TRIES} calls an address, then one every {attempts.SECONDS_PER_TRY:.0f} seconds (429), counted in
  each process by itself. Right keys are never slowed down.
- `Idempotency-Key` has at most {once.LONGEST_KEY} printable ASCII signs.
- A call that does nothing costs about 75 µs of CPU in Django and the frame of the API.
"""


def write() -> None:
    """Prints the page."""
    from raincheck.api.urls import api

    sys.stdout.write(page(api.get_openapi_schema()))
