"""What a call answers, and how a function becomes a call: parameters checked, the effect had once, JSON out."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, get_args, get_origin

from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja.params.models import QueryModel
from pydantic import BaseModel

from raincheck.actions.answer_once import Reply
from raincheck.api.bodies import parameters_of, to_json, unknown_parameters
from raincheck.api.once import do_once
from raincheck.api.problems import MALFORMED, FieldError, Problem
from raincheck.store.outage import DATABASE_AWAY
from raincheck.words.sentences import ended

P = ParamSpec("P")
ADDRESS: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """A call's answer before it is JSON."""

    content: Any
    status: int = 200


Call = Callable[Concatenate[Any, P], Answer]
Answered = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reads(call: Call[P]) -> Answered[P]:
    """A call that changes nothing. Where the database session ended under it, it is asked once more on a new one."""
    parameters = _Parameters(call)

    @wraps(call)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        parameters.check(request)
        try:
            answer = call(request, *args, **kwargs)
        except DATABASE_AWAY:
            if connection.in_atomic_block:
                raise
            connection.close()
            answer = call(request, *args, **kwargs)
        return _response(answer.status, to_json(answer.content))

    return answered


def writes(location: Callable[..., str] | None = None) -> Callable[[Call[P]], Answered[P]]:
    """A call that changes something: it honours `Idempotency-Key` and tries again where the database asks for it.

    `location` gives the address of what a 201 made, from the call's arguments.
    """

    def decorate(call: Call[P]) -> Answered[P]:
        parameters = _Parameters(call)

        @wraps(call)
        def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            parameters.check(request)

            def act() -> Reply:
                answer = call(request, *args, **kwargs)
                return Reply(answer.status, to_json(answer.content))

            given, is_replay = do_once(request, act)
            response = _response(given.status, given.body)
            if is_replay:
                response["Idempotent-Replayed"] = "true"
            if location is not None and given.status == 201:
                response["Location"] = ADDRESS + location(*args, **kwargs)
            return response

        return answered

    return decorate


class _Parameters:
    """Which query parameters a call knows. Others are refused: a misspelt filter must not filter nothing."""

    def __init__(self, call: Callable[..., Any]) -> None:
        known: set[str] = set()
        repeatable: set[str] = set()
        for parameter in inspect.signature(call).parameters.values():
            model = _query_model(parameter.annotation)
            for name, field in model.model_fields.items() if model else ():
                known.add(name)
                if get_origin(field.annotation) is list:
                    repeatable.add(name)
        self.known, self.repeatable = frozenset(known), frozenset(repeatable)

    def check(self, request: HttpRequest) -> None:
        """Raises Problem."""
        if not request.META.get("QUERY_STRING"):
            return
        wrong = unknown_parameters(parameters_of(request), self.known, self.repeatable)
        if wrong:
            name, said = wrong[0]
            errors = [FieldError(detail, parameter=parameter) for parameter, detail in wrong[:50]]
            raise Problem(MALFORMED, f"{name}: {ended(said)}", errors)


def _query_model(annotation: Any) -> type[BaseModel] | None:
    """The shape of an argument that ninja fills from the query string."""
    for part in get_args(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            marks = get_args(annotation)[1:]
            if any(getattr(mark, "_model", None) is QueryModel for mark in marks):
                return part
    return None


def _response(status: int, body: bytes) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")
