"""The Lab: policies compared on the same events, and the rule beside the optimum. Nothing here reaches the company."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raincheck.actions.ask_lab import ask_book_optimum, ask_comparison
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store.reads.company import company_settings
from raincheck.store.reads.lab import PAGE, lab_run, lab_runs
from raincheck.web.access import permitted
from raincheck.web.acting import sentence
from raincheck.web.lab_drills import example, example_titles, live_drill, title_of
from raincheck.web.lab_form import MOST_VARIANTS, DrillForm, VariantForm
from raincheck.web.paging import before_id, cut
from raincheck.web.quantities import counted
from raincheck.web.today import company_today
from raincheck.web.words import SETTINGS, setting_value_words
from raincheck.words.comparison import charts
from raincheck.words.comparison_curves import curves

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

LIVE = "live"
ORDERS_SHOWN = 200
#: What the form proposes: the two policies most asked for.
FIRST_VARIANTS = ({"title": "As it comes", "ship": "available"}, {"title": "All at once", "ship": "complete"})


@require_safe
@permitted("lab.view")
def lab(request: "ConsoleRequest") -> HttpResponse:
    """What was run, the newest first, and where to begin."""
    rows, before = cut(lab_runs(before_id(request)), PAGE)
    template = "web/lab/live.html" if request.htmx else "web/lab/list.html"
    return render(request, template, {"rows": rows, "before": before, "examples": example_titles()})


@require_safe
@permitted("lab.view")
def lab_page(request: "ConsoleRequest", run_id: int) -> HttpResponse:
    """One run: how far it is, or what came of it."""
    run = lab_run(run_id)
    if run is None:
        raise Http404(f"run {run_id} does not exist")
    result = run.result or {}
    variants = result.get("variants", []) if run.kind == "compare" else []
    context = {
        "run": run,
        "is_under_way": run.state in ("queued", "running"),
        "variants": variants,
        "changes": [(variant["title"], _changes(variant)) for variant in variants],
        "charts": charts(variants),
        "curves": curves(variants, result["starts"], result["ends"]) if variants else None,
        "others": [variant["title"] for variant in variants[1:]],
        "orders": result.get("orders", [])[:ORDERS_SHOWN],
        "books": result.get("books", []) if run.kind == "optimum" else [],
    }
    return render(request, "web/lab/run.html" if request.htmx else "web/lab/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("lab.run")
def new_comparison(request: "ConsoleRequest") -> HttpResponse:
    """The form; a POST queues the comparison and goes to its page."""
    if request.method != "POST":
        start = request.GET.get("start", "")[:100]
        drill = live_drill(company_settings().calendar, company_today(request)) if start == LIVE else example(start)
        form = DrillForm(initial={"drill": drill, "from_live": start == LIVE})
        return _form_page(request, form, [_variant(number, None) for number in range(MOST_VARIANTS)])
    form = DrillForm(request.POST, request.FILES)
    variants = [_variant(number, request) for number in range(MOST_VARIANTS)]
    filled = [variant for variant in variants if variant.is_valid() and variant.as_yaml()]
    if form.is_valid() and all(variant.is_valid() for variant in variants):
        if not filled:
            form.add_error(None, "Name one variant at least, and what it changes.")
        else:
            try:
                drill = form.text(form.cleaned_data)
                run_id = ask_comparison(
                    title_of(drill),
                    drill,
                    "".join(variant.as_yaml() for variant in filled),
                    from_live=form.cleaned_data["from_live"],
                    actor=request.user.get_username(),
                )
            except (Malformed, Refused) as error:
                form.add_error(None, sentence(error))
            else:
                return redirect("lab_run", run_id)
    return _form_page(request, form, variants, status=422)


@require_POST
@permitted("lab.run")
def ask_optimum(request: "ConsoleRequest") -> HttpResponse:
    """Queues the rule beside the optimum of a product's open book."""
    try:
        run_id = ask_book_optimum(request.POST.get("sku", "").strip()[:100], actor=request.user.get_username())
    except (NotFound, Refused) as error:
        messages.error(request, sentence(error))
        return redirect("lab")
    return redirect("lab_run", run_id)


def _changes(variant: dict[str, Any]) -> str:
    """What a variant changes, in words."""
    words = [
        f"{SETTINGS.get(key, key.replace('_', ' '))}: {_in_words(value)}" for key, value in variant["changed"].items()
    ]
    if variant["policies"]:
        words.append(counted(variant["policies"], "rule"))
    return "; ".join(words)


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {part}" for key, part in value.items() if str(part) not in ("0", "0.0")) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if value is None or isinstance(value, bool):
        return {True: "yes", False: "no", None: "none"}[value]
    return setting_value_words(value)


def _variant(number: int, request: "ConsoleRequest | None") -> VariantForm:
    prefix = f"v{number + 1}"
    if request is not None:
        return VariantForm(request.POST, prefix=prefix)
    return VariantForm(prefix=prefix, initial=FIRST_VARIANTS[number] if number < len(FIRST_VARIANTS) else None)


def _form_page(
    request: "ConsoleRequest", form: DrillForm, variants: list[VariantForm], status: int = 200
) -> HttpResponse:
    context = {"form": form, "variants": variants, "examples": example_titles()}
    return render(request, "web/lab/new.html", context, status=status)
