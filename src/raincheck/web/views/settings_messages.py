"""Settings: the words of messages, tried on a real order before they are saved, with every version."""

from difflib import unified_diff
from typing import TYPE_CHECKING, Any, cast

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raincheck.actions.message_words import back_to_shipped_words
from raincheck.actions.permissions import PERMISSIONS
from raincheck.core.errors import NotFound, RaincheckError
from raincheck.core.settings import LANGUAGES
from raincheck.notices.editing import Preview, WordsRefused, preview, save_words
from raincheck.notices.law_check import RULES
from raincheck.notices.layout import page_of, style_source
from raincheck.notices.names import names_for
from raincheck.notices.sandbox import FILTERS
from raincheck.notices.sms import segments
from raincheck.notices.vocabulary import FIELDS, ITEM_ONLY, VARIABLES
from raincheck.notices.wording import EVENTS, TEMPLATES, parts_of, shipped_words
from raincheck.store.reads.message_templates import TemplateVersion, template_versions, versions_in_force
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence
from raincheck.web.trial_mail import send_trial_mail
from raincheck.web.words_form import WordsForm, first_shown
from raincheck.words.languages import NATIVE_NAMES

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_safe
@permitted("settings.view")
def message_templates(request: "ConsoleRequest") -> HttpResponse:
    """Every message, and in which languages it has words of the company's own."""
    own = versions_in_force()
    rows = [
        (template, name, [(language, own.get((template, language))) for language in LANGUAGES])
        for template, name in TEMPLATES.items()
    ]
    context = {"rows": rows, "languages": [NATIVE_NAMES[language] for language in LANGUAGES]}
    return render(request, "web/settings/messages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("settings.view")
def message_words(request: "ConsoleRequest", template: str, language: str) -> HttpResponse:
    """The words of a message in a language; what they would say; saving them takes another permission."""
    versions = _versions(template, language)
    standing = _in_force(versions)
    shown = {**shipped_words(template, language), **(standing.parts if standing else {})}
    form = WordsForm(
        parts_of(template), request.POST or None, initial=first_shown(shown, standing.version if standing else 0)
    )
    tried: Preview | None = None
    if request.method == "POST":
        if not request.person.may("settings.change"):
            raise PermissionDenied(PERMISSIONS["settings.change"])
        if form.is_valid():
            try:
                if request.POST.get("do") == "save":
                    return _save(request, form, template, language)
                tried = preview(template, language, form.words(), form.cleaned_data["order_ref"].strip())
                if request.POST.get("do") == "send":
                    _send(request, tried)
            except WordsRefused as refused:
                form.say(refused.faults)
            except NotFound as error:
                form.add_error("order_ref", sentence(error))
            except RaincheckError as error:
                form.add_error(None, sentence(error))
    return _page(request, form, template, language, versions, tried)


def _save(request: "ConsoleRequest", form: WordsForm, template: str, language: str) -> HttpResponse:
    version = save_words(
        template,
        language,
        form.words(),
        instead_of=form.cleaned_data["instead_of"],
        actor=request.user.get_username(),
    )
    messages.success(request, f"Saved as version {version}. Messages from now on are written with it.")
    return redirect("message_words", template, language)


def _send(request: "ConsoleRequest", tried: Preview) -> None:
    failure = send_trial_mail(request.user.email, tried.message)
    if failure:
        messages.error(request, failure)
    else:
        messages.success(request, f"Sent to {request.user.email}.")


def _page(
    request: "ConsoleRequest",
    form: WordsForm,
    template: str,
    language: str,
    versions: list[TemplateVersion],
    tried: Preview | None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "template": template,
        "template_name": TEMPLATES[template],
        "language": language,
        "languages": [(code, NATIVE_NAMES[code]) for code in LANGUAGES],
        "standing": _in_force(versions),
        "versions": versions,
        "law": RULES.get(template, {}),
        "names": _names(template),
        "fields": FIELDS,
        "filters": FILTERS,
        "tried": tried,
        "sms_segments": segments(tried.message.sms) if tried and tried.message.sms else 0,
        "letter_page": page_of(tried.message.subject, tried.message.html) if tried else "",
    }
    status = 422 if form.errors else 200
    page = render(request, "web/settings/message_words.html", context, status=status)
    if tried is None:
        return page
    # The letter stands in a frame of this page and lives under its policy: its one style sheet is allowed by hash.
    allowed = csp_update({"style-src": [style_source(tried.message.html)]})
    return cast("HttpResponse", allowed(lambda _request: page)(request))


@require_safe
@permitted("settings.view")
def message_history(request: "ConsoleRequest", template: str, language: str) -> HttpResponse:
    """Every version of a message's words, with what it changed."""
    versions = _versions(template, language)
    before = [*(version.parts for version in versions[1:]), dict(shipped_words(template, language))]
    rows = [
        (version, _changes(template, older, version.parts)) for version, older in zip(versions, before, strict=False)
    ]
    context = {
        "template": template,
        "template_name": TEMPLATES[template],
        "language": language,
        "language_name": NATIVE_NAMES[language],
        "rows": rows,
    }
    return render(request, "web/settings/message_history.html", context)


@require_POST
@permitted("settings.change")
def use_words_again(request: "ConsoleRequest", template: str, language: str, version: int) -> HttpResponse:
    """Puts the words of an earlier version in force once more, as a new version."""
    found = next((one for one in _versions(template, language) if one.version == version), None)
    if found is None:
        raise Http404(f"{template} has no version {version} in {language}")
    return act(
        request,
        lambda: save_words(template, language, found.parts, actor=request.user.get_username()),
        f"The words of version {version} are in force again.",
        reverse("message_words", args=[template, language]),
    )


@require_POST
@permitted("settings.change")
def use_shipped_words(request: "ConsoleRequest", template: str, language: str) -> HttpResponse:
    """Puts the shipped words in force again; those of the company stay on record."""
    _versions(template, language)
    return act(
        request,
        lambda: back_to_shipped_words(template, language, actor=request.user.get_username()),
        "The shipped words are in force again. Yours stay in the history.",
        reverse("message_words", args=[template, language]),
    )


def _versions(template: str, language: str) -> list[TemplateVersion]:
    if template not in TEMPLATES or language not in LANGUAGES:
        raise Http404(f"there are no words of {template!r} in {language!r}")
    return template_versions(template, language)


def _in_force(versions: list[TemplateVersion]) -> TemplateVersion | None:
    return next((version for version in versions if version.ended_at is None), None)


def _names(template: str) -> list[tuple[str, str, str]]:
    """What the template may say: name, kind, meaning."""
    known = names_for(template, "lead" if template in EVENTS or template == "digest" else "about")
    found = [(name, variable.kind, variable.meaning) for name, variable in VARIABLES.items() if name in known]
    return [*found, (ITEM_ONLY.name, ITEM_ONLY.kind, ITEM_ONLY.meaning)]


def _changes(template: str, older: dict[str, str], newer: dict[str, str]) -> list[tuple[str, list[str]]]:
    """Of each part that changed the lines that went (-) and came (+)."""
    found = []
    for part in parts_of(template):
        old, new = older.get(part.name, ""), newer.get(part.name, "")
        if old != new:
            lines = list(unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=0))[2:]
            found.append((part.label, [line for line in lines if not line.startswith("@@")]))
    return found
