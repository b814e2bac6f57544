"""Every route of the installation, with an address to try it at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter

# Doors without a person: a key, a probe, or nothing at all opens them. Each has its own tests.
PUBLIC = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_confirm_email",
        "account_email_verification_sent",
        "account_confirm_login_code",
        "mfa_authenticate",
        "healthz",
        "readyz",
        "metrics",
        "processor_events",
        "shop_interest",
    }
)
# allauth's own pages for somebody who has signed in; allauth itself sends others to sign-in.
SIGNED_IN = frozenset(
    {
        "account_reauthenticate",
        "account_email",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)
API_PREFIX = "api/v1/"
# Customers come with a signed link instead of a sign-in; these three of their pages need not even that.
CUSTOMERS_PREFIX = "my/"
WITHOUT_A_LINK = frozenset({"customer_find", "customer_brand", "customer_fresh"})


@dataclass(frozen=True)
class Route:
    """One route: its name, its pattern and the view behind it."""

    name: str
    pattern: str
    callback: Callable[..., Any]
    kwargs: dict[str, Any]


def routes() -> list[Route]:
    """Every route, in the order in which Django tries them."""
    return list(_walk(get_resolver().url_patterns, "", {}))


def _walk(patterns: list[URLPattern | URLResolver], before: str, kwargs: dict[str, Any]) -> Iterator[Route]:
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        found = {**kwargs, **{name: _sample(kind) for name, kind in pattern.pattern.converters.items()}}
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, found)
        else:
            yield Route(pattern.name or path, path, pattern.callback, found)


def _sample(converter: object) -> str | int:
    if isinstance(converter, IntConverter):
        return 1
    return "purchase" if isinstance(converter, SlugConverter) else "X-1"
