"""Sending stock from one site to another: it leaves now, and is supply at the other from its day of arrival."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.move_stock import transfer
from raincheck.core.errors import RaincheckError
from raincheck.store.reads.choices import sites
from raincheck.web.access import permitted
from raincheck.web.acting import say_done, sentence
from raincheck.web.quantities import posted_lines

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


class TransferForm(forms.Form):
    """The head of a transfer."""

    ref = forms.CharField(label="Number", max_length=100)
    from_site = forms.ChoiceField(label="From")
    to_site = forms.ChoiceField(label="To")
    due_on = forms.DateField(label="Arrives", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        pairs = [(site.code, site.name) for site in sites()]
        self.fields["from_site"] = forms.ChoiceField(label="From", choices=pairs)
        self.fields["to_site"] = forms.ChoiceField(label="To", choices=pairs)


@require_safe
@permitted("stock.transfer")
def new_transfer(request: "ConsoleRequest") -> HttpResponse:
    """The form."""
    form = TransferForm(initial={"ref": f"T-{timezone.localtime():%y%m%d-%H%M}"})
    return _page(request, form, [])


@require_POST
@permitted("stock.transfer")
def send_transfer(request: "ConsoleRequest") -> HttpResponse:
    """Sends it."""
    form, lines = TransferForm(request.POST), posted_lines(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            transfer(
                given["ref"],
                given["from_site"],
                given["to_site"],
                given["due_on"],
                lines,
                actor=request.user.get_username(),
            )
        except RaincheckError as error:
            form.add_error(None, sentence(error))
        else:
            return say_done(request, f"Transfer {given['ref']} is on its way.", reverse("receiving"))
    return _page(request, form, list(lines.items()))


def _page(request: "ConsoleRequest", form: TransferForm, lines: list[tuple[str, int]]) -> HttpResponse:
    shown = [*lines, *[("", "")] * max(1, 4 - len(lines))]
    status = 422 if form.is_bound else 200
    return render(request, "web/receiving/transfer.html", {"form": form, "lines": shown}, status=status)
