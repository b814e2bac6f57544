"""Doing something for a person: the action, what is said about it, and where they go next."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from raincheck.core.errors import Malformed, NotFound, RaincheckError, Refused

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


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


def sentence(error: RaincheckError) -> str:
    """An error's plain line as a sentence on a page."""
    text = str(error).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def say_done(request: "ConsoleRequest", done: str, to: str) -> HttpResponse:
    """Goes to the address `to`, which then says what was done."""
    messages.success(request, done)
    return redirect(to)
