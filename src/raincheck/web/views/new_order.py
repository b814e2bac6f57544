"""An order taken by hand: what each line would get shows while it is typed; nothing is held until it is placed."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raincheck.actions.place_order import place_order
from raincheck.actions.quote import quote_lines
from raincheck.actions.quote_money import charges_of
from raincheck.core.errors import Malformed, RaincheckError
from raincheck.gateways.card_entry import card_choices
from raincheck.store.reads.company import company_settings
from raincheck.store.reads.search import find
from raincheck.web.access import permitted
from raincheck.web.acting import sentence
from raincheck.web.order_form import MOST_LINES, OrderForm, first_values
from raincheck.web.quantities import posted_lines

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

OPTIONS = 12


@dataclass(frozen=True, slots=True)
class QuotedPiece:
    """Units that come together, in words."""

    units: int
    words: str
    tone: str
    on: date | None


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("order.place")
def new_order(request: "ConsoleRequest") -> HttpResponse:
    """The form; a POST places the order and goes to its page."""
    if request.method != "POST":
        here = timezone.now().astimezone(ZoneInfo(request.company.timezone))
        first = {**first_values(here), "customer": request.GET.get("customer", "")[:100]}
        form = _form(initial=first)
        sku = request.GET.get("sku", "")[:100]
        return _page(request, form, [(sku, 1)] if sku else [])
    form, lines = _form(request.POST), posted_lines(request.POST)
    if form.is_valid():
        try:
            _check(lines)
            placed = place_order(form.request(lines, request.user.get_username()), actor=request.user.get_username())
        except RaincheckError as error:
            form.add_error(None, sentence(error))
        else:
            ref = form.cleaned_data["ref"].strip()
            if placed.is_new:
                messages.success(request, f"{ref} is placed.")
            else:
                messages.info(request, f"{ref} was there already, with the same content.")
            return redirect("order", ref)
    return _page(request, form, list(lines.items()))


@require_POST
@permitted("order.quote")
def quote_order(request: "ConsoleRequest") -> HttpResponse:
    """What the order would get, as a fragment beside the form. It holds nothing."""
    form, lines = _form(request.POST), posted_lines(request.POST)
    if not lines or not form.is_valid():
        return render(request, "web/order/quote.html", {})
    try:
        _check(lines)
        asked = form.request(lines)
        quoted = quote_lines(asked)
    except RaincheckError as error:
        return render(request, "web/order/quote.html", {"refused": sentence(error)})
    shown = [(line.sku, [_in_words(piece.units, piece.source, piece.on) for piece in line.pieces]) for line in quoted]
    charges = charges_of(asked, quoted, company_settings())
    return render(request, "web/order/quote.html", {"quoted": shown, "charges": charges})


@require_safe
@permitted("product.view")
def sku_options(request: "ConsoleRequest") -> HttpResponse:
    """Products for what is being typed into a SKU field, as options of its list."""
    typed = next((value for value in reversed(request.GET.getlist("sku")) if value.strip()), "")
    return render(request, "web/parts/options.html", {"hits": find(typed[:100], OPTIONS, frozenset({"product"}))})


@require_safe
@permitted("order.view")
def customer_options(request: "ConsoleRequest") -> HttpResponse:
    """Customers for what is being typed, as options of the field's list."""
    hits = find(request.GET.get("customer", "")[:100], OPTIONS, frozenset({"customer"}))
    return render(request, "web/parts/options.html", {"hits": hits})


def _form(*args: Any, **more: Any) -> OrderForm:
    settings = company_settings()
    return OrderForm(
        *args, currency=settings.currency, takes_cards=settings.card_payments, cards=card_choices(), **more
    )


def _check(lines: dict[str, int]) -> None:
    if not lines:
        raise Malformed("an order has one line at least")
    if len(lines) > MOST_LINES:
        raise Malformed(f"an order taken by hand has {MOST_LINES} lines at most")


def _in_words(units: int, source: str, on: date | None) -> QuotedPiece:
    if source == "refused":
        return QuotedPiece(units, "refused: not sold beyond what there is", "late", None)
    if source == "none":
        return QuotedPiece(units, "no supply in sight, no date", "wait", None)
    if source == "lead_time":
        return QuotedPiece(units, "to be bought", "wait", on)
    if source == "on_hand":
        return QuotedPiece(units, "from the shelf", "ok", on)
    return QuotedPiece(units, f"from {source}", "accent" if on else "wait", on)


def _page(request: "ConsoleRequest", form: OrderForm, lines: list[tuple[str, int]]) -> HttpResponse:
    shown = [*lines, *[("", "")] * max(1, 4 - len(lines))]
    status = 422 if form.is_bound else 200
    context = {"form": form, "lines": shown, "quote_address": reverse("quote_order")}
    return render(request, "web/order/new.html", context, status=status)
