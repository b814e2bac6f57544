"""A letter as its mail program shows it, for a frame in the console."""

from csp.constants import HEADER
from django.http import HttpResponse

from raincheck.notices.layout import page_of, style_source


def letter_page(subject: str, html: str) -> HttpResponse:
    """The page: its one style sheet is allowed, which differs by the company's colour alone; nothing else is."""
    policy = f"default-src 'none'; style-src {style_source(html)}; frame-ancestors 'self'; base-uri 'none'"
    return HttpResponse(page_of(subject, html), headers={HEADER: f"{policy}; form-action 'none'"})
