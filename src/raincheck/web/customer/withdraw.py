"""Where a law lets a buyer withdraw, they do so here: in part or whole, without a reason (2011/83 Art. 9, 11, 11a)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from raincheck.actions.law_delivery import withdraw as withdraw_from
from raincheck.actions.on_page import ACTOR
from raincheck.web.customer.acting import confirm_page, get_or_post, perform
from raincheck.web.customer.law import may_withdraw, withdrawal_text
from raincheck.web.customer.visit import Visit, opened_by_link
from raincheck.web.quantities import posted_units

HOW: Final = "declared on the customer's page"


@get_or_post
@opened_by_link
def withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Which products, how many, and what follows: GET shows it, POST declares it once."""
    left = visit.order.withdrawal.left if visit.order.withdrawal else {}
    if request.method == "POST":
        ref = visit.order.ref
        asked = None if request.POST.get("everything") == "yes" else posted_units(request.POST, "units:")
        if asked == {}:
            return redirect(visit.address("customer_withdraw", said="none"))
        return perform(request, visit, "withdraw", lambda: withdraw_from(ref, asked, HOW, actor=ACTOR), "withdrawn")
    if not may_withdraw(visit):
        return redirect(visit.address())
    lines = [(line, left[line.sku], visit.order.extras[line.id]) for line in visit.order.outcome.lines
             if line.sku in left]  # fmt: skip
    context = {
        "lines": lines,
        "is_one": len(lines) == 1,
        "chose_none": request.GET.get("said") == "none",
        "until": withdrawal_text(visit),
        "has_address": bool(visit.order.owner.email),
        "is_sent": any(line.shipped for line, _units, _extra in lines),
    }
    return confirm_page(request, visit, "withdraw", context)
