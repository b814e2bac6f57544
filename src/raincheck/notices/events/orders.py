"""The order itself: confirmed, waiting, changed, cancelled."""

from decimal import Decimal

from raincheck.core.policy import releases_allowed
from raincheck.notices.events.phrases import expected, merged, stays, units_of, wait_or_cancel
from raincheck.notices.letter import Item, Letter, Listing
from raincheck.notices.voice import Voice, one_line, plural, short
from raincheck.store.outbox_read import LineNow, NoticeFacts, SaidLine


def order_confirmed(facts: NoticeFacts, voice: Voice) -> Letter:
    """What we have, what comes when, what we cannot supply, and what it costs."""
    waiting = sum(line.waiting_units for line in facts.said)
    ready = sum(line.reserved_units for line in facts.said)
    refused = sum(line.refused_units for line in facts.said)
    together = waiting > 0 and any(line.ships_complete for line in facts.order)
    is_ahead_of_sale = waiting == sum(line.preordered_units for line in facts.order)
    why = "not on sale yet" if is_ahead_of_sale else "not in stock at the moment"
    lead = ["We have received your order and are getting it ready."]
    if waiting and ready:
        lead = [f"We have received your order. Some of it is {why}; below you see what comes when."]
    elif waiting:
        lead = [f"We have received your order. It is {why}; below you see when we expect it."]
    if together:
        lead.append("We send everything together, once all of it is here.")
    if waiting and not together and (parcels := _most_parcels(facts)):
        lead.append(
            f"We send it in at most {parcels} {plural(parcels, 'parcel', 'parcels')}; each day is its parcel's."
        )
    if refused:
        lead.append("We are sorry: we cannot supply all of it. You pay nothing for what is missing.")
    items = tuple(
        Item(line.units, one_line(line.name), _confirmed_note(line, voice, together=together), _price(line, voice))
        for line in facts.said
    )
    total = sum((line.unit_price or Decimal(0)) * (line.units - line.refused_units) for line in facts.said)
    closing = ["You pay for each parcel when it leaves us."] if facts.charge == "shipment" and total else []
    closing.append("Is something not right? Reply to this message.")
    return Letter(
        subject=f"Thank you for your order {facts.order_ref}",
        heading="Thank you for your order",
        lead=tuple(lead),
        listings=(Listing(items, total=voice.money(Decimal(total)) if total else ""),),
        closing=tuple(closing),
    )


def _most_parcels(facts: NoticeFacts) -> int | None:
    """In how many parcels the whole order leaves at most; None where that is not said of all its lines."""
    allowed = {releases_allowed(line.ship) for line in facts.order}
    return allowed.pop() if len(allowed) == 1 else None


def _confirmed_note(line: SaidLine, voice: Voice, *, together: bool) -> str:
    parts: list[str] = []
    all_of_it = sum(1 for units in (line.reserved_units, line.waiting_units, line.refused_units) if units) == 1
    if line.reserved_units:
        ready = "set aside for you" if together else "ready to ship"
        if all_of_it and line.on is not None and line.on != voice.today:
            ready += f", {expected(line.on, voice)}"
        parts.append(ready if all_of_it else f"{line.reserved_units} {ready}")
    if line.waiting_units:
        when = expected(line.on, voice)
        parts.append(when if all_of_it else f"{line.waiting_units} to follow, {when}")
    if line.refused_units:
        parts.append("cannot be supplied" if all_of_it else f"{line.refused_units} cannot be supplied")
    return "; ".join(parts)


def _price(line: SaidLine, voice: Voice) -> str:
    amount = (line.unit_price or Decimal(0)) * (line.units - line.refused_units)
    return voice.money(amount) if amount else ""


def backordered(facts: NoticeFacts, voice: Voice) -> Letter:
    """What waits, until when, and the way out."""
    lines = merged(facts.said)
    units = units_of(lines)
    is_all = units >= sum(stays(line) for line in facts.order)
    what = "Your order" if is_all else "A part of your order"
    subject = (
        f"{what} {facts.order_ref} will follow" if is_all else f"A part of your order {facts.order_ref} will follow"
    )
    if len(lines) == 1 and lines[0].on is not None:
        subject = f"{short(lines[0].name)}: expected {voice.day(lines[0].on)} (order {facts.order_ref})"
    lead = [f"{plural(units, 'This item is', 'These items are')} not in stock at the moment."]
    lead.append(f"You need to do nothing: we send {plural(units, 'it', 'them')} as soon as we can.")
    return Letter(
        subject=subject,
        heading=f"{what} will follow",
        lead=(" ".join(lead),),
        listings=(Listing(tuple(Item(line.units, one_line(line.name), expected(line.on, voice)) for line in lines)),),
        closing=(wait_or_cancel(facts, units),),
    )


def order_changed(facts: NoticeFacts, voice: Voice) -> Letter:
    """The order as it stands now."""
    kept = [line for line in facts.order if stays(line) or line.refused_units]
    items = tuple(
        Item(stays(line) + line.refused_units, one_line(line.name), _now_note(line, voice), _now_price(line, voice))
        for line in kept
    )
    total = sum((line.unit_price * stays(line) for line in kept), Decimal(0))
    return Letter(
        subject=f"Your order {facts.order_ref} has been changed",
        heading="Your order has been changed",
        lead=("This is your order now:",) if items else ("Nothing is left of it.",),
        listings=(Listing(items, total=voice.money(total) if total else ""),) if items else (),
        closing=("Is something not right? Reply to this message.",),
    )


def _now_note(line: LineNow, voice: Voice) -> str:
    parts: list[str] = []
    whole = stays(line) + line.refused_units
    if line.shipped_units:
        parts.append("sent" if line.shipped_units == whole else f"{line.shipped_units} sent")
    if line.open_units:
        when = expected(line.promise_on, voice)
        parts.append(when if line.open_units == whole else f"{line.open_units} {when}")
    if line.refused_units:
        parts.append(f"{line.refused_units} cannot be supplied" if stays(line) else "cannot be supplied")
    return "; ".join(parts)


def _now_price(line: LineNow, voice: Voice) -> str:
    amount = line.unit_price * stays(line)
    return voice.money(amount) if amount else ""


def cancelled(facts: NoticeFacts, voice: Voice) -> Letter:  # noqa: ARG001 - every event is called alike
    """What is cancelled, by whom, and what becomes of the money and of the rest."""
    lines = merged(facts.said)
    units = units_of(lines)
    still_open = any(line.open_units for line in facts.order)
    is_all = not any(stays(line) for line in facts.order)
    what = f"Your order {facts.order_ref} is" if is_all else f"A part of your order {facts.order_ref} is"
    if facts.by_customer:
        lead = f"As you asked, we have cancelled {plural(units, 'this item', 'these items')}."
    elif facts.by_law:
        lead = f"We could not ship {plural(units, 'this item', 'these items')} in time and you did not ask us to wait"
        lead += f" longer, so we have cancelled {plural(units, 'it', 'them')}."
    else:
        lead = f"We are sorry: we cannot supply {plural(units, 'this item', 'these items')} and have cancelled"
        lead += f" {plural(units, 'it', 'them')}."
    closing: list[str] = []
    if facts.charge == "by_line":
        closing.append(f"What you have paid for {plural(units, 'it', 'them')} comes back to you.")
    elif facts.charge == "shipment":
        closing.append(f"Nothing was charged for {plural(units, 'it', 'them')}, and nothing will be.")
    else:
        closing.append("You get your money back; a message about it follows.")
    if still_open:
        closing.append("The rest of your order stays as it is.")
    return Letter(
        subject=f"{what} cancelled",
        heading="Your order is cancelled" if is_all else "A part of your order is cancelled",
        lead=(lead,),
        listings=(Listing(tuple(Item(line.units, one_line(line.name)) for line in lines)),),
        closing=tuple(closing),
    )
