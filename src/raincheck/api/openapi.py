"""The document that describes the API (OpenAPI 3.1): the framework's, completed with what all calls have in common."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from raincheck.api import problems
from raincheck.api.once import HEADER, LONGEST_KEY
from raincheck.api.problems import Kind

if TYPE_CHECKING:
    from ninja import NinjaAPI

Document = dict[str, Any]

DESCRIPTION: Final = """\
Orders in, promises out. JSON in UTF-8. Money is a decimal text, a day (`2026-03-12`) is the company's, an instant UTC.

    curl http://127.0.0.1:8000/api/v1/orders -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
         -d '{"ref": "O1", "customer": "ann", "lines": [{"sku": "lamp", "quantity": 7}]}'

    {"ref": "O1", "state": "open", …, "lines": [{"sku": "lamp", "ordered": 7, "reserved": 5, "backordered": 2, …,
      "promise_on": "2026-03-12", "reason": "pegged_to_inbound", "pieces": [
        {"units": 5, "from": "on_hand", "on": "2026-03-02", "reason": "on_hand"},
        {"units": 2, "from": "P1", "on": "2026-03-12", "reason": "pegged_to_inbound"}]}]}

**Keys.** `Authorization: Bearer KEY`. Keys are made in the console or with `raincheck apikey create NAME --scope …` and
may do what their scopes say. A revoked key stops working within 5 seconds.

**Once.** Every POST and PATCH honours `Idempotency-Key`: the same key with the same content gives the stored answer
again (`Idempotent-Replayed: true`), with other content 422. While the first call is still at work the second waits up
to 10 seconds for its answer, then gets 409. Answers are kept for at least 7 days. What was refused is not remembered.

**Problems.** Errors are `application/problem+json` (RFC 9457). `errors` names fields by JSON pointer. Unknown fields
and parameters are refused. After a 503 send the same call again: it is done once.
"""

_TAGS: Final = {
    "Orders": "Place, quote, show, explain, change and cancel.",
    "Availability": "What a shop shows beside a product.",
    "Queue": "Who waits, in serving order.",
    "Supply": "Purchase orders and receipts.",
    "Money": "What the page Money shows, and the orders behind each figure.",
    "Messages": "What customers were told, and what came back.",
    "Tasks": "What waits for a person.",
    "Feedback": "What customers and people of the house say of orders.",
    "Running": "For those who keep the server running.",
}
_ALWAYS: Final = (problems.BROKEN, problems.UNAVAILABLE)
_WITH_KEY: Final = (problems.NO_KEY, problems.NOT_ALLOWED, problems.TOO_MANY_TRIES)
_WITH_BODY: Final = (problems.BAD_JSON, problems.TOO_LARGE, problems.NOT_JSON, problems.MALFORMED)
_PROBLEM: Final[Document] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "The kind of problem: an address that explains it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong with this call."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "A JSON pointer into the body (RFC 6901)."},
                    "parameter": {"type": "string", "description": "The query parameter or header."},
                },
            },
        },
    },
    "examples": [
        {
            "type": problems.MALFORMED.type,
            "title": problems.MALFORMED.title,
            "status": 422,
            "detail": "/lines/0/quantity: must be at least 1.",
            "errors": [{"pointer": "/lines/0/quantity", "detail": "must be at least 1"}],
        }
    ],
}
_IDEMPOTENCY_KEY: Final[Document] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Names this call, so that it has one effect however often it is sent.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    "example": "7f1d3c52-7d0f-4b3a-9d55-0c1c1a3a0b11",
}


def describe(document: Document, scopes: Mapping[str, tuple[str, ...]]) -> Document:
    """Completes the framework's document. `scopes` by operation: a key needs one of them."""
    document["servers"] = [{"url": "/"}]
    document["tags"] = [{"name": name, "description": said} for name, said in _TAGS.items()]
    _without_titles(document["components"]["schemas"])
    document["components"]["schemas"]["Problem"] = _PROBLEM
    for scheme in document["components"].get("securitySchemes", {}).values():
        scheme["description"] = "A key made in the console or with `raincheck apikey create`."
    for _, method, operation in operations(document):
        _without_titles(operation)
        _without_default(operation)
        _complete(method, operation)
        if needed := scopes.get(operation["operationId"]):
            operation["security"] = [{"ApiKey": list(needed)}]
            names = " or ".join(f"`{name}`" for name in needed)
            operation["description"] = f"{operation['description']}\n\nNeeds a key with the scope {names}."
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every call: path, method, description."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _complete(method: str, operation: Document) -> None:
    parameters: list[Document] = operation.setdefault("parameters", [])
    kinds = list(_ALWAYS)
    if operation.get("security"):
        kinds += _WITH_KEY
    if "requestBody" in operation:
        kinds += _WITH_BODY
    elif any(parameter["in"] == "query" for parameter in parameters):
        kinds.append(problems.MALFORMED)
    if any(parameter["in"] == "path" for parameter in parameters):
        kinds.append(problems.NOT_FOUND)
    answers = operation["responses"]
    if method in ("post", "patch"):
        parameters.append(_IDEMPOTENCY_KEY)
        kinds += [problems.REFUSED, problems.STILL_WORKING, problems.KEY_REUSED]
        for answer in answers.values():
            answer.setdefault("headers", {})["Idempotent-Replayed"] = {
                "description": f"true where the answer was stored under the {HEADER} before.",
                "schema": {"type": "string", "enum": ["true"]},
            }
    by_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    for status, of_status in sorted(by_status.items()):
        answers[status] = _problem_answer(of_status)


def _without_default(operation: Document) -> None:
    """An optional body: what stands for its absence is said in the fields themselves."""
    for media in operation.get("requestBody", {"content": {}})["content"].values():
        if "default" in media["schema"]:
            (media["schema"],) = media["schema"]["allOf"]


def _problem_answer(kinds: list[Kind]) -> Document:
    answer: Document = {
        "description": " ".join(f"{kind.title} (`{kind.name}`)." for kind in dict.fromkeys(kinds)),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if kinds[0].status in (429, 503):
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return answer


def _without_titles(node: Any) -> None:
    """The framework repeats each field's name as its title: noise."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str) and (
            "type" in node or "anyOf" in node or "$ref" in node or "enum" in node
        ):
            del node["title"]
        for value in node.values():
            _without_titles(value)
    elif isinstance(node, list):
        for value in node:
            _without_titles(value)


@lru_cache(maxsize=4)
def _as_bytes(api: "NinjaAPI") -> bytes:
    return orjson.dumps(api.get_openapi_schema(), option=orjson.OPT_NON_STR_KEYS)


def show(request: HttpRequest, api: "NinjaAPI") -> HttpResponse:
    """The document. Open to everybody: it says nothing of anybody's data."""
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    headers = {"Cache-Control": "max-age=300"}
    return HttpResponse(_as_bytes(api), content_type="application/vnd.oai.openapi+json;version=3.1", headers=headers)
