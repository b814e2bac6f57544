"""Keep the endpoints that are told of events: add, change, rotate the secret, switch off and on, remove, test."""

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from django.db import transaction

from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store import live, webhook_endpoints, webhook_queue
from raincheck.store.company import read_settings
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.words.webhook_events import ALL, EVENTS, TEST

MARK = "whsec_"
LONGEST_NOTE = 200
FORGOTTEN_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint that was added. `secret` is shown once."""

    id: int
    secret: str


def add_endpoint(
    url: str, events: Sequence[str], note: str = "", at: datetime | None = None, actor: str = ""
) -> NewEndpoint:
    """Adds an endpoint that is told of some events (`*`: of all). Raises Malformed for an event that is none.

    Whether the address may be called is checked when it is called (gateways.webhook), the door looks at its form.
    """
    _check(events, note)
    secret = _new_secret()
    with transaction.atomic():
        now = at or database_now()
        endpoint = webhook_endpoints.add(url, note.strip(), secret, list(dict.fromkeys(events)), now, actor)
        _record("webhook_added", endpoint, now, actor, url=url, events=list(events))
    return NewEndpoint(endpoint, secret)


def change_endpoint(
    endpoint: int, url: str, events: Sequence[str], note: str = "", at: datetime | None = None, actor: str = ""
) -> None:
    """Changes where an endpoint is and what it is told of."""
    _check(events, note)
    with transaction.atomic():
        _known(endpoint)
        webhook_endpoints.change(endpoint, url, note.strip(), list(dict.fromkeys(events)))
        _record("webhook_changed", endpoint, at or database_now(), actor, url=url, events=list(events))


def rotate_secret(endpoint: int, at: datetime | None = None, actor: str = "") -> NewEndpoint:
    """A new secret; for a day deliveries are signed with the old one too."""
    secret = _new_secret()
    with transaction.atomic():
        url = _known(endpoint)
        now = at or database_now()
        webhook_endpoints.rotate(endpoint, secret, now)
        _record("webhook_secret", endpoint, now, actor, url=url)
    return NewEndpoint(endpoint, secret)


def switch_endpoint(endpoint: int, *, on: bool, at: datetime | None = None, actor: str = "") -> None:
    """Switches an endpoint off (what is queued waits) or on again (it goes, in order)."""
    _doing(
        endpoint, "webhook_on" if on else "webhook_off", at, actor, lambda _: webhook_endpoints.switch(endpoint, on=on)
    )


def remove_endpoint(endpoint: int, at: datetime | None = None, actor: str = "") -> None:
    """Removes an endpoint and what is queued for it."""
    _doing(endpoint, "webhook_removed", at, actor, lambda now: webhook_endpoints.remove(endpoint, now))


def send_test(endpoint: int, at: datetime | None = None, actor: str = "") -> None:
    """Queues a test."""
    said = {"note": "This is a test. Nothing has happened."}
    _doing(endpoint, "webhook_test", at, actor, lambda now: webhook_queue.queue_test(endpoint, TEST, said, now))


def deliver_again(delivery: int) -> None:
    """Queues what was told, or given up, once more: the same name, the same words. Raises Refused if it waits yet."""
    with transaction.atomic():
        if not webhook_queue.queue_again(delivery):
            raise Refused("this delivery is queued already, or its endpoint was removed")
        live.changed("webhooks")


def seal_secrets_anew() -> tuple[int, list[int]]:
    """After the installation's key was changed: how many secrets it seals from now on, and endpoints that are lost."""
    with transaction.atomic():
        return webhook_endpoints.seal_anew()


def forget_old_deliveries(at: datetime | None = None) -> int:
    """Forgets deliveries that ended `webhook_days` ago; how many. What customers were told stays, for the law wants it.

    In small transactions: nobody waits for them.
    """
    days = read_settings().webhook_days
    if days is None:
        return 0
    before = (at or database_now()) - timedelta(days=days)
    forgotten = 0
    while batch := webhook_queue.forget_old(before, FORGOTTEN_AT_ONCE):
        forgotten += batch
        if batch < FORGOTTEN_AT_ONCE:
            break
    return forgotten


def _doing(endpoint: int, verb: str, at: datetime | None, actor: str, act: Callable[[datetime], None]) -> None:
    with transaction.atomic():
        url = _known(endpoint)
        now = at or database_now()
        act(now)
        _record(verb, endpoint, now, actor, url=url)


def _known(endpoint: int) -> str:
    """Its address. Raises NotFound."""
    url = webhook_endpoints.url_of(endpoint)
    if url is None:
        raise NotFound(f"there is no webhook endpoint {endpoint}", "webhook", str(endpoint))
    return url


def _record(verb: str, endpoint: int, now: datetime, actor: str, **detail: object) -> None:
    _ = Outbox(now, verb, f"webhook:{endpoint}", actor, detail).fact
    live.changed("webhooks")


def _new_secret() -> str:
    return MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def _check(events: Sequence[str], note: str) -> None:
    if not events:
        raise Malformed("choose at least one event, or all of them")
    for event in events:
        if event != ALL and event not in EVENTS:
            near = get_close_matches(event, EVENTS, n=1)
            raise Malformed(f"no event is called {event!r}" + (f": did you mean {near[0]!r}?" if near else ""))
    if len(note) > LONGEST_NOTE:
        raise Malformed(f"the note must have at most {LONGEST_NOTE} characters")
