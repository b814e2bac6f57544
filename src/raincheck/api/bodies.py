"""JSON in and out. What comes in is bounded and read strictly; what goes out is compact, with instants in UTC."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs

import orjson
from django.http import HttpRequest
from ninja.parser import Parser

from raincheck.api.problems import BAD_JSON, BAD_REQUEST, NOT_JSON, TOO_LARGE, Problem
from raincheck.core.money import plain

MOST_BYTES: Final = 1024 * 1024
MOST_PARAMETERS: Final = 1_000
_OUT: Final = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


class StrictParser(Parser):
    """Reads bodies with orjson, which takes no NaN, no broken UTF-8 and no nesting over 1,024.

    A body that was read stays on the request, so that an error found later can point into it.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as plain values. Raises Problem."""
        try:
            parsed = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise Problem(BAD_JSON, f"The body is not JSON: {error}.") from error
        request.parsed_body = parsed  # type: ignore[attr-defined]
        return parsed

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:  # noqa: ARG002
        """The query string as plain values: lists where several are expected, else the last."""
        return {name: values if name in list_fields else values[-1] for name, values in parameters_of(request).items()}


def check_head(request: HttpRequest) -> None:
    """Refuses bodies that are too large or no JSON by what their headers say. Raises Problem."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if not length:
        return
    if length > MOST_BYTES:
        raise Problem(TOO_LARGE, f"The body has {length} bytes; at most {MOST_BYTES} are taken.")
    if request.META.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise Problem(NOT_JSON, "The body is compressed; send it as it is.")
    if request.content_type != "application/json":
        said = f"{request.content_type!r}" if request.content_type else "missing"
        raise Problem(NOT_JSON, f"The header Content-Type is {said}; it must be application/json.")


def parameters_of(request: HttpRequest) -> dict[str, list[str]]:
    """The query string: values by name. Raises Problem for one that nobody means."""
    given: dict[str, list[str]] | None = getattr(request, "parsed_query", None)
    if given is None:
        try:
            given = _parsed(request.META.get("QUERY_STRING", ""))
        except ValueError as error:
            raise Problem(BAD_REQUEST, f"The address has more than {MOST_PARAMETERS} parameters.") from error
        request.parsed_query = given  # type: ignore[attr-defined]
    return given


def _parsed(query: str) -> dict[str, list[str]]:
    """The values by name. A page of fifty products notices what this costs. Raises ValueError for too many."""
    if "%" in query or "+" in query or query.count("&") >= MOST_PARAMETERS or not query.isascii():
        return parse_qs(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    given: dict[str, list[str]] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair:
            given.setdefault(name, []).append(value)
    return given


def unknown_parameters(
    given: Mapping[str, list[str]], known: frozenset[str], repeatable: frozenset[str]
) -> list[tuple[str, str]]:
    """What is wrong with a query string before its values are looked at: (parameter, what)."""
    wrong = [(name, "is not a parameter of this call") for name in given if name not in known]
    wrong += [
        (name, "is given more than once")
        for name, values in given.items()
        if name in known and name not in repeatable and len(values) > 1
    ]
    return wrong


def to_json(content: Any) -> bytes:
    """An answer's content. Money is a decimal string, an instant ends in Z."""
    return orjson.dumps(content, default=_money, option=_OUT)


def _money(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    raise TypeError(f"no JSON for {type(value)}")
