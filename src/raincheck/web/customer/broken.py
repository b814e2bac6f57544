"""What went wrong on a customer's page, said to a customer: in their language, without the console's words or ways.

Uses neither session nor database, as these pages also stand in when the database is away; so they carry no name and no
colour of the company.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from raincheck.web.customer.visit import browser_language, chosen_language

PLACES: Final = ("/my/", "/shop/")
"""Addresses that are handed to customers begin like this."""
SOURCE_LANGUAGE: Final = "en"


def is_of_customers(request: HttpRequest) -> bool:
    """Whether who asks is a customer."""
    return request.path.startswith(PLACES)


def broken_page(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a status: 400, 403 (a form without its proof), 404, else something that broke here."""
    language = chosen_language(request) or browser_language(request) or SOURCE_LANGUAGE
    with translation.override(language):
        title, text = _words(status)
        shown = {"language": language, "title": title, "text": text, "status": status}
        return HttpResponse(render_to_string("web/customer/broken.html", shown), status=status)


def _words(status: int) -> tuple[str, str]:
    match status:
        case 400:
            return _("That could not be read"), _("Please go back and send it once more. Nothing was changed.")
        case 403:
            return _("This form is out of date"), _(
                "Please go back, load the page again and send it once more. Nothing was changed. If that does not help,"
                " allow cookies for this page."
            )
        case 404:
            return _("Nothing here"), _("Please open the link in our message once more, or copy all of it.")
        case _other:
            return _("Something broke on our side"), _(
                "We are sorry. Nothing was half-done. Please try again in a few minutes."
            )
