"""Settings: programs that are told of events, and what each was told. A secret is shown once, where it was made."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions import webhooks as verbs
from raincheck.core.errors import Malformed
from raincheck.gateways.webhook import Forbidden, checked_url
from raincheck.store.reads.webhooks import endpoint, endpoint_of, endpoints, latest_deliveries
from raincheck.web.access import permitted
from raincheck.web.acting import act, say_done, sentence
from raincheck.words.sentences import as_sentence
from raincheck.words.webhook_events import ALL, EVENTS, TEST

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

CHOICES = [(ALL, "Everything, also what is added later")] + [
    (name, f"{name}: {text}") for name, text in EVENTS.items() if name != TEST
]


class EndpointForm(forms.Form):
    """Where a program listens, and to what."""

    url = forms.CharField(
        label="Address",
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://shop.example/hooks/raincheck", "autocomplete": "off"}),
        help_text="An https address that takes a POST and answers with a 2xx status within 15 seconds.",
    )
    note = forms.CharField(label="Note", max_length=200, required=False, help_text="Whose it is, such as “web shop”.")
    events = forms.MultipleChoiceField(label="Events", choices=CHOICES, widget=forms.CheckboxSelectMultiple)

    def clean_url(self) -> str:
        """An address that could be called; where it leads is looked at when it is called."""
        url = str(self.cleaned_data["url"])
        try:
            checked_url(url)
        except Forbidden as refusal:
            raise forms.ValidationError(as_sentence(str(refusal))) from refusal
        return url

    def clean_events(self) -> list[str]:
        """Everything is everything."""
        chosen: list[str] = self.cleaned_data["events"]
        return [ALL] if ALL in chosen else chosen


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permitted("webhook.manage")
def webhooks(request: "ConsoleRequest") -> HttpResponse:
    """The endpoints, and a form for another; its secret right after it was added."""
    form = EndpointForm(request.POST or None, initial={"events": [ALL]})
    made = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = verbs.add_endpoint(given["url"], given["events"], given["note"], actor=request.user.get_username())
            form = EndpointForm(initial={"events": [ALL]})
        except Malformed as error:
            form.add_error(None, sentence(error))
    context = {"form": form, "endpoints": endpoints(), "made": made}
    return render(request, "web/settings/webhooks.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permitted("webhook.manage")
def webhook(request: "ConsoleRequest", endpoint_id: int) -> HttpResponse:
    """One endpoint: what it was told last; its address and events to change; a new secret."""
    found = endpoint(endpoint_id)
    if found is None:
        raise Http404(f"there is no webhook endpoint {endpoint_id}")
    context: dict[str, Any] = {"deliveries": latest_deliveries(endpoint_id)}
    form = EndpointForm(initial={"url": found.url, "note": found.note, "events": found.events})
    actor = request.user.get_username()
    if request.method == "POST" and request.POST.get("do") == "rotate":
        context["made"] = verbs.rotate_secret(endpoint_id, actor=actor)
    elif request.method == "POST":
        form = EndpointForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            verbs.change_endpoint(endpoint_id, given["url"], given["events"], given["note"], actor=actor)
            return say_done(request, "The endpoint is changed.", reverse("webhook", args=[endpoint_id]))
    context |= {"endpoint": endpoint(endpoint_id) or found, "form": form}
    template = "web/settings/deliveries.html" if request.htmx else "web/settings/webhook.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@permitted("webhook.manage")
def test_webhook(request: "ConsoleRequest", endpoint_id: int) -> HttpResponse:
    """Sends a test."""
    return _done(request, endpoint_id, verbs.send_test, "A test is on its way; its answer shows below in a moment.")


@require_POST
@permitted("webhook.manage")
def switch_webhook(request: "ConsoleRequest", endpoint_id: int) -> HttpResponse:
    """Switches an endpoint on or off."""
    is_on = request.POST.get("on") == "1"
    done = "It is told of events again." if is_on else "It is told nothing more; what is queued waits."
    return _done(request, endpoint_id, lambda number, actor: verbs.switch_endpoint(number, on=is_on, actor=actor), done)


@require_POST
@permitted("webhook.manage")
def remove_webhook(request: "ConsoleRequest", endpoint_id: int) -> HttpResponse:
    """Removes an endpoint."""
    actor = request.user.get_username()
    return act(
        request,
        lambda: verbs.remove_endpoint(endpoint_id, actor=actor),
        "The endpoint is removed; its secret is forgotten.",
        reverse("webhooks"),
    )


@require_POST
@permitted("webhook.manage")
def webhook_again(request: "ConsoleRequest", delivery_id: int) -> HttpResponse:
    """Delivers once more what was delivered or given up."""
    whose = endpoint_of(delivery_id)
    if whose is None:
        raise Http404(f"there is no delivery {delivery_id}")
    return act(
        request,
        lambda: verbs.deliver_again(delivery_id),
        "It goes again, under the same id.",
        reverse("webhook", args=[whose]),
    )


def _done(request: "ConsoleRequest", endpoint_id: int, verb: Callable[..., object], done: str) -> HttpResponse:
    actor = request.user.get_username()
    return act(request, lambda: verb(endpoint_id, actor=actor), done, reverse("webhook", args=[endpoint_id]))
