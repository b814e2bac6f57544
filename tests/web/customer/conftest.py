"""A customer with a link: no sign-in, no script, in the test company."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from raincheck.store.order_links import page_path

TAGS = re.compile(r"<[^>]+>")


@dataclass
class Visitor:
    """Somebody with the link to one order."""

    client: Client
    ref: str
    path: str

    def get(self, act: str = "", language: str = "en", **query: str) -> HttpResponse:
        """One of the order's pages."""
        headers = {"accept-language": language} if language else {}
        return cast("HttpResponse", self.client.get(f"{self.path}{act and '/' + act}", query, headers=headers))

    def text(self, act: str = "", language: str = "en", **query: str) -> str:
        """What a page says, in one line."""
        return words_of(self.get(act, language, **query))

    def once(self, act: str) -> str:
        """The mark of a form that is shown now."""
        found = re.search(r'name="once" value="([^"]+)"', self.get(act).content.decode())
        assert found is not None, f"{act} shows no form"
        return found[1]

    def send(self, act: str, once: str = "", **fields: str) -> str:
        """Sends a page's form; what the page says that it leads to."""
        form = {"once": once or self.once(act), **{name.replace("__", ":"): value for name, value in fields.items()}}
        return words_of(self.client.post(f"{self.path}/{act}", form, follow=True))


def words_of(response: object) -> str:
    """A response's text without its marks."""
    content = getattr(response, "content", b"").decode()
    return " ".join(html.unescape(TAGS.sub(" ", content)).split())


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(admin: Client) -> Visit:
    """`visit("SO-MIXED")`: its customer, with a link made now or at an instant."""
    cache.clear()

    def visit_it(ref: str, at: datetime | None = None) -> Visitor:
        return Visitor(Client(), ref, page_path(ref, at or timezone.now()))

    return visit_it
