"""RAINCHECK_SMS_URL and RAINCHECK_WEBHOOK_NETWORKS, checked. No error repeats a secret."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def sms_url(given: str | None) -> str:
    """The service for short texts, an address of the apprise library; empty: none."""
    url = (given or "").strip()
    if url and ("://" not in url or "{phone}" not in url):
        raise ImproperlyConfigured(
            "RAINCHECK_SMS_URL is an address of apprise with {phone} in it, such as twilio://SID:TOKEN@FROM/{phone}"
        )
    return url


def own_networks(given: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks that webhooks may call although they are not public, such as `127.0.0.0/8, 10.0.0.0/8`."""
    try:
        return tuple(ip_network(part.strip()) for part in (given or "").split(",") if part.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"RAINCHECK_WEBHOOK_NETWORKS lists networks such as 127.0.0.0/8,10.0.0.0/8: {error}"
        ) from error
