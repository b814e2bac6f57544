"""Where card processors call back: no person, no session, no form; the signature alone opens it."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from raincheck.actions.take_processor_event import take_processor_event
from raincheck.gateways.processor_events import (
    LONGEST_BODY,
    READERS,
    NotReadable,
    NotTheirs,
    fingerprint,
    read_event,
)

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def processor_events(request: HttpRequest, processor: str) -> HttpResponse:
    """Acts on an event once. 204 also for one that came before or is no business of ours: it need not come again.

    400 where the signature does not fit or nothing can be read, 404 for a processor that we do not know, 413 for what
    is too long; whatever fails here for another reason is a 500, and the processor sends it again later.
    """
    if processor not in READERS:
        return _said(404, "No such processor.")
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        return _said(413, "Too long for an event.")
    try:
        news = read_event(processor, body, {name.lower(): value for name, value in request.headers.items()})
    except NotTheirs as refusal:
        log.warning("a call in the name of %s is refused: %s (%s)", processor, refusal, fingerprint(body))
        return _said(400, "The signature does not fit, or is too old.")
    except NotReadable as refusal:
        log.warning("a call of %s cannot be read: %s (%s)", processor, refusal, fingerprint(body))
        return _said(400, "This cannot be read.")
    if news is not None:
        take_processor_event(news)
    return HttpResponse(status=204)


def _said(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
