"""What goes wrong on a customer's page is said to a customer: no console, no sign-in, in their language."""

import re

import pytest
from django.test import Client, RequestFactory
from tests.web.customer.conftest import Visit, words_of

from raincheck.web.errors import server_error

ONCE = "one-form-of-many-forms"
CONSOLE = re.compile(r"Raincheck|To the Desk|roles|Search finds")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "That could not be read Please go back and send it once more. Nothing was changed."),
        ("de", "Das ließ sich nicht lesen"),
        ("es", "No se ha podido leer"),
    ],
)
def test_a_form_that_cannot_be_read_says_so_in_the_customer_s_language(visit: Visit, language: str, said: str) -> None:
    maple = visit("SO-MIXED")
    form = {"once": maple.once("cancel"), "units:LAMP": "1.5"}
    response = maple.client.post(f"{maple.path}/cancel", form, headers={"accept-language": language})
    assert response.status_code == 400
    assert said in words_of(response)
    assert f'<html lang="{language}">' in response.content.decode()
    assert not CONSOLE.search(words_of(response))


@pytest.mark.parametrize("form", [{"once": "\0 one-form-of-many-forms"}, {"text": "a\0b"}, {"a\0b": "c"}])
def test_a_text_with_a_zero_byte_is_nothing_that_could_be_read(visit: Visit, form: dict[str, str]) -> None:
    visitor = visit("SO-GONE")
    answer = visitor.client.post(f"{visitor.path}/feedback", {"once": ONCE, "score": "1", **form})
    assert answer.status_code == 400
    assert "That could not be read" in answer.content.decode()
    instead = {"once": ONCE, "instead": "LAMP%00 LAMP"}
    assert visitor.client.post(f"{visitor.path}/substitute", instead).status_code == 302


@pytest.mark.parametrize("address", ["/customers/%00", "/orders/SO-MIXED?lang=%00"])
def test_nor_is_an_address_with_one(admin: Client, address: str) -> None:
    assert admin.get(address).status_code == 400


def test_a_form_without_its_proof_says_what_may_be_missing(visit: Visit) -> None:
    path = visit("SO-MIXED").path
    response = Client(enforce_csrf_checks=True).post(f"{path}/cancel", {"once": "x" * 20})
    assert response.status_code == 403
    assert "allow cookies for this page" in words_of(response)
    assert not CONSOLE.search(words_of(response))


def test_an_address_below_the_page_that_does_not_exist(visit: Visit) -> None:
    maple = visit("SO-MIXED")
    response = maple.get("nothing")
    assert response.status_code == 404
    assert "open the link in our message once more" in words_of(response)
    assert not CONSOLE.search(words_of(response))


def test_what_breaks_on_our_side_is_said_without_asking_the_database() -> None:
    response = server_error(RequestFactory().get("/my/some.link"))
    assert response.status_code == 500
    assert "Nothing was half-done" in words_of(response)
    assert not CONSOLE.search(words_of(response))


def test_the_console_keeps_its_own_pages(admin: Client) -> None:
    response = admin.get("/nothing-here")
    assert "To the Desk" in words_of(response)
