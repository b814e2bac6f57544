"""What is wrong with a call's fields, in plain words and with the way out, from pydantic's findings."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, get_args

from ninja.errors import ValidationErrorContext
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from raincheck.api.problems import MALFORMED, NOT_FOUND, FieldError, Problem
from raincheck.words.sentences import ended

MOST_ERRORS: Final = 50

# Placeholders are filled from pydantic's own context of the finding.
_WORDS: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "int_type": "must be a whole number, without quotation marks",
    "int_from_float": "must be a whole number, without quotation marks",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_type": "must be a text in quotation marks",
    "string_too_long": "is longer than {max_length} signs",
    "literal_error": "must be {expected}",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "too_short": "must name at least {min_length}",
    "too_long": "must name at most {max_length}, not {actual_length}",
}


def problem_of(contexts: list[ValidationErrorContext[Any]]) -> Problem:
    """The problem that all the findings on one call make."""
    errors = [error for context in contexts for error in _field_errors(context)]
    if any(context.model.__ninja_param_source__ == "path" for context in contexts):
        return Problem(NOT_FOUND, "The name in the address is none that anything here can have.")
    first = errors[0]
    place = first.pointer if first.pointer is not None else first.parameter
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Problem(MALFORMED, f"{place or 'The body'}: {ended(first.detail + more)}", errors[:MOST_ERRORS])


def pointer_to(path: tuple[int | str, ...]) -> str:
    """A path into a JSON document as a JSON pointer (RFC 6901).

    >>> pointer_to(("lines", 0, "a/b"))
    '/lines/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _field_errors(context: ValidationErrorContext[Any]) -> Iterator[FieldError]:
    source = context.model.__ninja_param_source__
    for found in context.pydantic_validation_error.errors(include_url=False, include_input=False):
        # The first step is the name of our own argument; unions add the branch that was tried.
        path = tuple(found["loc"][1:]) if source == "body" or len(found["loc"]) > 1 else tuple(found["loc"])
        if source == "body":
            yield FieldError(_words(found, context.model, path), pointer=pointer_to(path))
        else:
            yield FieldError(_words(found, context.model, path), parameter=str(path[0]) if path else "")


def _words(found: ErrorDetails, model: Any, path: tuple[int | str, ...]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        near = get_close_matches(str(path[-1]), _fields_beside(model, path), n=1, cutoff=0.5)
        return f"is not a field of this call; did you mean {near[0]!r}?" if near else "is not a field of this call"
    if kind == "string_too_short":
        return "must not be empty"
    if kind in _WORDS:
        return _WORDS[kind].format(**context)
    return found["msg"]


def _fields_beside(model: Any, path: tuple[int | str, ...]) -> list[str]:
    """The names that would have been right at the end of a path into a body."""
    (body,) = model.model_fields.values()
    at: Any = _model_in(body.annotation)
    for step in path[:-1]:
        if isinstance(step, str) and at is not None and step in at.model_fields:
            at = _model_in(at.model_fields[step].annotation)
    return list(at.model_fields) if at is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation holds: itself, in a list, or beside None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
