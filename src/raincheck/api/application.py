"""The API put together: its calls, how bodies are read, what becomes of errors, and the document that describes it."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationErrorContext

from raincheck import __version__
from raincheck.api import (
    address,
    answer,
    availability,
    basket,
    bounce,
    card,
    failures,
    feedback,
    given,
    health,
    holds,
    interest,
    messages,
    metrics,
    money_behind,
    money_figures,
    offers,
    order,
    purchase,
    queue,
    quote,
    rebalance,
    receipt,
    schema_org,
    settlements,
    tasks,
    tracking,
    variants,
)
from raincheck.api.bodies import StrictParser
from raincheck.api.keys import ApiKey
from raincheck.api.openapi import DESCRIPTION, describe
from raincheck.api.wording import problem_of

PARTS: Final = (
    address,
    card,
    holds,
    answer,
    offers,
    feedback,
    messages,
    order,
    quote,
    basket,
    schema_org,
    variants,
    interest,
    availability,
    queue,
    rebalance,
    given,
    receipt,
    purchase,
    tracking,
    bounce,
    tasks,
    money_figures,
    money_behind,
    settlements,
    health,
    metrics,
)

SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    operation.operation_id or "": tuple(operation.auth_callbacks[0].permissions)
    for part in PARTS
    for path in part.router.path_operations.values()
    for operation in path.operations
    if operation.auth_callbacks and isinstance(operation.auth_callbacks[0], ApiKey)
}
"""The scopes of which a key needs one, by operation. What is not in here is open to everybody."""


class _Api(NinjaAPI):
    """The framework's API with our words for what is wrong with a call."""

    def validation_error_from_error_contexts(self, error_contexts: list[ValidationErrorContext[Any]]) -> Any:
        """What is raised for fields that do not fit: a problem that names each of them."""
        return problem_of(error_contexts)

    def set_default_exception_handlers(self) -> None:
        """Every error becomes a problem document."""
        self.add_exception_handler(Exception, _as_problem)

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """The document (OpenAPI 3.1), completed with what all calls have in common."""
        return describe(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params), SCOPES)


def _as_problem(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return failures.answer(request, error if isinstance(error, Exception) else error())


def build() -> NinjaAPI:
    """The API with all its calls."""
    api = _Api(
        title="Raincheck",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        parser=StrictParser(),
    )
    for part in PARTS:
        api.add_router("", part.router)
    return api
