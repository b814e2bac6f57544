"""Doing something for a person: the action, what is said about it, and where they go next."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect

from raincheck.actions.on_page import do_once
from raincheck.core.errors import Malformed, NotFound, RaincheckError, Refused
from raincheck.web.customer.acting import is_form
from raincheck.words.sentences import as_sentence

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


ALREADY: Final = "This was done already. Nothing was done twice."


def act(
    request: "ConsoleRequest", action: Callable[[], object], done: str, back: str, *, undo: str = ""
) -> HttpResponse:
    """Runs `action`, says `done` or why it was refused, and goes to the address `back`.

    `undo` is the address to POST to for taking it back; the message then offers it. What does not exist may have been
    typed in, so it is said too; where the page to go back to does not exist either, that one answers 404.
    """
    try:
        action()
    except (NotFound, Refused, Malformed) as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, done, extra_tags=undo)
    return redirect(back)


def act_once(
    request: "ConsoleRequest", ref: str, verb: str, action: Callable[[], object], done: str, back: str
) -> HttpResponse:
    """As `act`, for what would happen twice: a form about an order that is sent again changes nothing and says so."""
    if not is_form(request):
        raise BadRequest("This form is not complete.")
    try:
        is_first = do_once(ref, request.POST["once"], verb, action)
    except (NotFound, Refused, Malformed) as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, done if is_first else ALREADY)
    return redirect(back)


def sentence(error: RaincheckError) -> str:
    """An error's plain line as a sentence on a page."""
    return as_sentence(str(error))


def say_done(request: "ConsoleRequest", done: str, to: str) -> HttpResponse:
    """Goes to the address `to`, which then says what was done."""
    messages.success(request, done)
    return redirect(to)
