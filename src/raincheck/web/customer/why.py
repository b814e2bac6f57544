"""Why units have not come yet, in the customer's language: one sentence for every reason."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from raincheck.core.policy import releases_allowed
from raincheck.core.reason import Reason
from raincheck.notices.voice import Voice


def sentence(
    reason: str, ship: str, voice: Voice, available_from: date | None, lead_time_days: int | None, *, overdue: bool
) -> str:
    """The sentence. `overdue`: it was to have come to us already and has no new date."""
    match reason:
        case Reason.ON_HAND.value:
            return _("It lies in our warehouse with your name on it and goes out next.")
        case Reason.PEGGED_TO_INBOUND.value:
            return _("It is on its way to our warehouse and goes on to you from there.")
        case Reason.PEGGED_TO_TRANSFER.value:
            return _("It comes from another of our warehouses and goes on to you from there.")
        case Reason.LEAD_TIME.value:
            return _lead_time(lead_time_days)
        case Reason.NOT_YET_AVAILABLE.value:
            return _not_yet_available(voice, available_from)
        case Reason.WAITS_FOR_SHIPMENT.value:
            return _waits_for_shipment(releases_allowed(ship))
        case Reason.NO_DATE.value if overdue:
            return _("It should have reached our warehouse by now. We are asking when it comes.")
        case _unknown:
            return _plain(reason)


def _plain(reason: str) -> str:
    return {
        Reason.WAITS_FOR_ORDER.value: _("It is here and waits for the rest, so that everything comes together."),
        Reason.BELOW_MINIMUM_SHIPMENT.value: _("It is here. It is too little for a parcel and goes with what follows."),
        Reason.MERGING.value: _("It is here and waits a little, to share a parcel with your other order."),
        Reason.HELD.value: _("It is here. The order is on hold, so nothing is sent until that ends."),
        Reason.PAYMENT_FAILED.value: _("The payment did not go through, so nothing is sent before it does."),
        Reason.NOT_YET_WANTED.value: _("It is here and leaves in time for the day you asked for."),
    }.get(reason, _("We have no date for it yet. We write to you as soon as there is one."))


def _lead_time(days: int | None) -> str:
    if days is None:
        return _("It has to be ordered for you first.")
    return ngettext(
        "It has to be ordered for you first, which takes about %(days)d day.",
        "It has to be ordered for you first, which takes about %(days)d days.",
        days,
    ) % {"days": days}


def _not_yet_available(voice: Voice, available_from: date | None) -> str:
    if available_from is None:
        return _("It is not on sale yet; yours is ordered in advance.")
    return _("It goes on sale %(day)s; yours is ordered in advance.") % {"day": voice.day(available_from)}


def _waits_for_shipment(most: int | None) -> str:
    if not most:
        return _plain(Reason.WAITS_FOR_ORDER.value)
    return ngettext(
        "It is here and waits for the rest, because the order comes in one parcel.",
        "It is here and waits, because the order comes in at most %(parcels)d parcels.",
        most,
    ) % {"parcels": most}


def why_refused(reason: str) -> str:
    """Why units were not accepted."""
    return {
        Reason.BACKORDERS_DENIED.value: _("It was out of stock and could not be ordered in."),
        Reason.OVER_LIMIT.value: _("Too many are waiting for it already."),
        Reason.TOO_LATE.value: _("It could not have come in time."),
    }.get(reason, _("We could not accept this when you ordered."))
