"""`RAINCHECK_PUBLIC_URL`: where customers reach this installation, such as https://orders.example.com."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

OF_THE_DEMO: Final = "http://127.0.0.1:8000"


def parse_public_url(given: str | None) -> str:
    """The address without a slash at its end; the demo's where none is given. Raises ImproperlyConfigured."""
    if not given:
        return OF_THE_DEMO
    url = given.strip().rstrip("/")
    if not _is_an_address(url):
        raise ImproperlyConfigured(
            "RAINCHECK_PUBLIC_URL is not an address such as https://orders.example.com: "
            "http or https, a name, perhaps a port, and nothing after it."
        )
    return url


def host_of(url: str) -> str:
    """The name in an address, as ALLOWED_HOSTS takes it."""
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name else name


def _is_an_address(url: str) -> bool:
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if any(letter.isspace() for letter in url):
        return False
    plain = f"{parts.scheme}://{host_of(url)}" + (f":{port}" if port is not None else "")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain == url.lower()
