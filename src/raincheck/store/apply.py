"""A decision to rows: only differences are written, with the messages, timers and parcels that follow from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from raincheck.core.book import Book
from raincheck.core.decision import Decision, leaving_now, reason_of
from raincheck.core.kits import sets_of
from raincheck.core.peg import PegKind
from raincheck.core.promise import Telling, Word
from raincheck.core.settings import Settings
from raincheck.core.split import Release, by_parcel
from raincheck.store import law_options, parcels
from raincheck.store.card_cover import ask_for_cover
from raincheck.store.db import columns, rows, run
from raincheck.store.declines import write_declines
from raincheck.store.figures import LineFigures, line_figures
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox
from raincheck.store.parcel_terms import write_plan
from raincheck.store.pegs import write_pegs
from raincheck.store.roads import read_roads
from raincheck.store.snapshot import Snapshot
from raincheck.store.timers import TimerKind, set_timers

_EVENT = {Word.FIRST_DATE: "date_expected", Word.BROUGHT_FORWARD: "brought_forward"}


def write(
    snapshot: Snapshot,
    decision: Decision,
    outbox: Outbox,
    *,
    names: Mapping[int, int] | None = None,
    placed_lines: frozenset[int] = frozenset(),
    refresh_lines: Iterable[int] = (),
    whole_book: bool = True,
    releases: bool = True,
) -> None:
    """Writes what differs from the snapshot.

    `names` gives the rows of claims that the decision knows under provisional ids. `placed_lines` were inserted with
    their figures already. `refresh_lines` are written whatever their pegs, because something else about them changed.
    `whole_book` is False for a snapshot of free supply only: counters are then moved instead of set. `releases` is
    False where an order's parcels are gathered over several decisions: `send` them (`parcels_of`) at the end.
    """
    names = names or {}
    leaving = leaving_now(snapshot.facts, decision.releases)
    released: dict[tuple[int, tuple[bool, int]], int] = defaultdict(int)
    for release in decision.releases:
        if release.peg.supply:
            released[release.claim.id, release.peg.supply.key] += release.peg.units
    changed = write_pegs(snapshot, decision, names, released)
    _write_counters(snapshot, decision, whole_book=whole_book)
    changed |= _write_claims(snapshot, decision, names)
    changed |= {claim.line for claim in decision.claims.values() if leaving.get(claim.id)}
    changed |= set(refresh_lines)
    changed |= write_plan(decision, names, outbox.at)
    changed |= write_declines(snapshot.facts.settings, decision, outbox)
    ask_for_cover(snapshot.facts, decision, outbox)
    changed |= _companions(decision, changed)
    changed -= placed_lines
    _write_lines(line_figures(snapshot, decision, changed), outbox)
    _tell_dates(snapshot, decision, outbox, placed_lines, names)
    if releases:
        send(snapshot.facts.settings, parcels_of(decision, names), outbox)
    _set_timers(snapshot, decision, names)
    orders = {claim.order for claim in decision.claims.values() if claim.line in changed and claim.order > 0}
    settle_orders(orders | {row.order for row in snapshot.claims.values() if row.line in changed})


def _write_counters(snapshot: Snapshot, decision: Decision, *, whole_book: bool) -> None:
    """What is reserved of each stock level and pegged of each inbound line."""
    book = snapshot.facts.book
    reserved: dict[int, int] = defaultdict(int)
    pegged: dict[int, int] = defaultdict(int)
    for old in snapshot.pegs:
        if old.source is not None:
            counter = reserved if old.kind is PegKind.STOCK else pegged
            counter[old.source] += old.units if old.shipment_line is not None else 0
    for claim in decision.claims.values():
        preorder = book.is_preorder(claim)
        for peg in decision.pegs[claim.id]:
            if peg.supply is None:
                continue
            if peg.kind is PegKind.INBOUND:
                pegged[peg.supply.id] += peg.units
            else:
                reserved[peg.supply.id] += 0 if preorder else peg.units
    before = "" if whole_book else "t.{0} + "
    for table, counter_name, counts in (("stock_level", "reserved", reserved), ("inbound_line", "pegged", pegged)):
        if counts:
            change = before.format(counter_name)
            run(
                f"""UPDATE {table} t SET {counter_name} = {change}v.units
                    FROM unnest(%s::bigint[], %s::bigint[]) AS v (id, units)
                    WHERE t.id = v.id AND t.{counter_name} IS DISTINCT FROM {change}v.units""",  # noqa: S608
                [list(counts), list(counts.values())],
            )


def _write_claims(snapshot: Snapshot, decision: Decision, names: Mapping[int, int]) -> set[int]:
    """What claims were told and since when they count a lead time; the lines of those that changed."""
    changed: list[tuple[object, ...]] = []
    lines: set[int] = set()
    for claim in decision.claims.values():
        old = snapshot.claims.get(claim.id)
        if old is None:
            continue
        told = decision.tellings[claim.id].told
        lead_time_from = lead_time_start(snapshot.facts.book, decision, claim.id)
        units = claim.units + snapshot.facts.standings[claim.id].frozen_units
        if (told, lead_time_from, units) != (old.told, old.lead_time_from, old.units):
            changed.append(
                (names.get(claim.id, claim.id), units, lead_time_from, told.told_on, told.told_units,
                 told.told_by_lead_time, told.lost_by_waiting, told.pending_on, told.pending_since)
            )  # fmt: skip
            lines.add(claim.line)
    if changed:
        run(
            """UPDATE claim c SET units = v.units, lead_time_from = v.lead_time_from, told_on = v.told_on,
                   told_units = v.told_units, told_by_lead_time = v.told_by_lead_time,
                   lost_by_waiting = v.lost_by_waiting, pending_on = v.pending_on, pending_since = v.pending_since
               FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::bigint[], %s::bigint[], %s::bool[],
                           %s::date[], %s::timestamptz[])
                    AS v (id, units, lead_time_from, told_on, told_units, told_by_lead_time, lost_by_waiting,
                          pending_on, pending_since)
               WHERE c.id = v.id""",
            columns(changed, 9),
        )
    return lines


def lead_time_start(book: Book, decision: Decision, claim: int) -> date | None:
    """The day from which a claim counts its lead time: the first on which it was so dated."""
    start = decision.claims[claim].lead_time_from
    if start is None and any(peg.kind is PegKind.LEAD_TIME for peg in decision.pegs[claim]):
        return book.today
    return start


def _companions(decision: Decision, changed: set[int]) -> set[int]:
    """Lines of ship-complete groups of which another line changed: they share its date and its reason to wait."""
    groups = {claim.group for claim in decision.claims.values() if claim.line in changed and claim.group is not None}
    return {claim.line for claim in decision.claims.values() if claim.group in groups}


def _write_lines(figures: Mapping[int, LineFigures], outbox: Outbox) -> None:
    """Writes the figures of lines, and tells orders that wait for the first time."""
    if not figures:
        return
    records = [
        (line, f.reserved, f.backordered, f.preordered, f.reason and f.reason.value, f.promise_on, f.expected_on,
         f.first_promise_on)
        for line, f in figures.items()
    ]  # fmt: skip
    run(
        """UPDATE order_line l SET reserved = v.reserved, backordered = v.backordered, preordered = v.preordered,
               reason = coalesce(v.reason, l.reason), promise_on = v.promise_on, expected_on = v.expected_on,
               first_promise_on = coalesce(l.first_promise_on, v.first_promise_on)
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::date[],
                       %s::date[])
                AS v (id, reserved, backordered, preordered, reason, promise_on, expected_on, first_promise_on)
           WHERE l.id = v.id AND (l.reserved, l.backordered, l.preordered, l.reason, l.promise_on, l.expected_on,
                                  l.first_promise_on)
                 IS DISTINCT FROM (v.reserved, v.backordered, v.preordered, coalesce(v.reason, l.reason), v.promise_on,
                                   v.expected_on, coalesce(l.first_promise_on, v.first_promise_on))""",
        columns(records, 8),
    )
    waiting = [line for line, f in figures.items() if f.backordered]
    if waiting:
        tell_backordered(outbox, waiting)


def tell_backordered(outbox: Outbox, lines: list[int]) -> None:
    """Tells orders that some units wait: once for each order, ever, and not while all arrive by the wanted day.

    A day that is not expected to hold is not said again; the new one is told once it has settled.
    The orders are locked first: two facts on different products of one order must not both find it untold.
    """
    untold = rows(
        """SELECT o.id FROM sales_order o
           WHERE o.id IN (SELECT order_id FROM order_line WHERE id = ANY(%s)) AND NOT o.id = ANY(%s)
             AND o.state <> 'basket' AND NOT EXISTS (
               SELECT 1 FROM notice n WHERE n.order_id = o.id AND n.event = 'backordered')
           AND (o.wanted_on IS NULL OR EXISTS (
               SELECT 1 FROM order_line w WHERE w.order_id = o.id AND w.backordered > 0
               AND (w.expected_on IS NULL OR w.expected_on > o.wanted_on)))
           ORDER BY o.id FOR NO KEY UPDATE""",
        [lines, outbox.orders_told("backordered")],
    )
    if not untold:
        return
    for order, sku, name, units, promise_on in rows(
        """SELECT l.order_id, p.sku, p.name, l.backordered,
                  CASE WHEN l.expected_on <= l.promise_on THEN l.promise_on END
           FROM order_line l JOIN product p ON p.id = l.product_id
           WHERE l.id = ANY(%s) AND l.order_id = ANY(%s) AND NOT EXISTS (
               SELECT 1 FROM notice n WHERE n.order_id = l.order_id AND n.event = 'backordered')
           ORDER BY l.order_id, p.sku""",
        [lines, [order for (order,) in untold]],
    ):
        outbox.tell(order, "backordered", [{"sku": sku, "name": name, "units": units, "on": promise_on}])


def _tell_dates(
    snapshot: Snapshot, decision: Decision, outbox: Outbox, placed_lines: frozenset[int], names: Mapping[int, int]
) -> None:
    """Queues what there is to say about dates, and keeps the history of dates told."""
    said: list[tuple[int, Word, Telling]] = []
    for claim in decision.claims.values():
        telling = decision.tellings[claim.id]
        is_new = claim.line in placed_lines or claim.id not in snapshot.claims
        # Of a basket nobody hears, and what was said of it goes with it.
        is_basket = snapshot.order_states.get(claim.order) == "basket"
        if telling.word is not None and not is_new and not is_basket and claim.is_counted:
            said.append((claim.id, telling.word, telling))
    if not said:
        return
    history: list[tuple[object, ...]] = []
    found = rows(
        "SELECT id, sku, name FROM product WHERE id = ANY(%s)",
        [sorted({decision.claims[claim].sold_as for claim, _, _ in said})],
    )
    products = {id_: (sku, name) for id_, sku, name in found}
    parts = {part.id: together for together in sets_of(decision.claims.values()) for part in together}
    going, going_by_line = _going(decision)
    asked = {decision.claims[claim].line for claim, _, _ in said}
    desk = law_options.Desk.of(snapshot.facts.settings, outbox, asked, going_by_line)
    for id_, word, telling in said:
        claim = decision.claims[id_]
        previous_on = snapshot.claims[id_].told.told_on
        pegs = (peg for part in parts.get(id_, [claim]) for peg in decision.pegs[part.id])
        last = max(pegs, key=lambda peg: peg.ships_on or date.max)
        reason = reason_of(snapshot.facts, decision, decision.claims[last.claim], last)
        history.append((names.get(id_, id_), outbox.at, previous_on, telling.told.told_on, word.value, reason.value))
        sku, name = products[claim.sold_as]
        left = claim.units - going.get(id_, 0)  # What leaves with this fact is told as shipped.
        units = (left or claim.units) // claim.per_kit
        line = {"sku": sku, "name": name, "units": units, "on": telling.told.told_on, "was_on": previous_on}
        if word is Word.DELAYED:
            desk.tell_delay(claim.order, claim.line, line, reason.value)
        else:
            outbox.tell(claim.order, _EVENT[word], [line | desk.unanswered(claim.line)])
    desk.tell_the_rest({claim.line for claim in decision.claims.values()})
    desk.note_told({decision.claims[claim].line for claim, _, _ in said})
    run(
        """INSERT INTO told_date (claim_id, at, previous_on, told_on, word, reason)
           SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::date[], %s::date[], %s::text[], %s::text[])""",
        columns(history, 6),
    )


def _going(decision: Decision) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Units that leave with this fact, by claim and (of kits: whole ones) by line."""
    by_claim: dict[int, int] = defaultdict(int)
    by_line: dict[int, int] = defaultdict(int)
    for release in decision.releases:
        by_claim[release.claim.id] += release.peg.units
    for claim in decision.claims.values():
        if claim.is_counted and claim.id in by_claim:
            by_line[claim.line] += by_claim[claim.id] // claim.per_kit
    return by_claim, by_line


def parcels_of(decision: Decision, names: Mapping[int, int]) -> list[parcels.Parcel]:
    """Parcels for what may leave now: one an order and site, or one for all orders that share it."""
    counted: dict[int, int] = defaultdict(int)
    shares_with = decision.parcels.shares_with
    leaving: list[parcels.Parcel] = []
    for (_, site), releases in by_parcel(decision.releases, shares_with).items():
        first = releases[0].claim.order
        content = [_parcel_line(release, names, counted) for release in releases]
        leaving.append(parcels.Parcel(names.get(first, first), site, content, shares_with.get(first, "")))
    return leaving


def send(settings: Settings, leaving: Sequence[parcels.Parcel], outbox: Outbox) -> None:
    """Parcels leave: with the carrier at once, or frozen until their handling is over and their site hands over."""
    if not leaving:
        return
    roads = read_roads(settings)
    by_instant: dict[datetime, list[parcels.Parcel]] = defaultdict(list)
    for parcel, ships_at in parcels.when_kits_are_whole(
        [(parcel, roads.get(parcel.site, settings.road).leaves_at(outbox.at)) for parcel in leaving]
    ):
        by_instant[ships_at].append(parcel)
    if at_once := by_instant.pop(outbox.at, []):
        parcels.hand_over_at_once(settings, outbox, at_once, outbox.at)
    for ships_at, later in sorted(by_instant.items()):
        shipments = parcels.create(later, "released", outbox.at, ships_at, outbox.fact)
        set_timers((ships_at, TimerKind.SHIP, shipment) for shipment in shipments)


def _parcel_line(release: Release, names: Mapping[int, int], counted: dict[int, int]) -> parcels.ParcelLine:
    """Units of a release. `counted` are units of each claim so far: a kit counts when the last of its units is in."""
    claim, units = release.claim, release.peg.units
    level = release.peg.supply.id if release.peg.supply is not None else 0
    before = counted[claim.id]
    counted[claim.id] += units
    kits = counted[claim.id] // claim.per_kit - before // claim.per_kit if claim.is_counted else 0
    return parcels.ParcelLine(
        names.get(claim.id, claim.id),
        names.get(claim.line, claim.line),
        claim.product,
        level,
        units,
        None if claim.kit is None else kits,
    )


def _set_timers(snapshot: Snapshot, decision: Decision, names: Mapping[int, int]) -> None:
    """When to look again: settling dates, what is wanted later, and groups that begin to hold or stop lending."""
    facts = snapshot.facts
    book, calendar = facts.book, facts.settings.calendar
    timers = [
        (telling.look_again_at, TimerKind.SETTLE, names.get(id_, id_))
        for id_, telling in decision.tellings.items()
        if telling.look_again_at is not None
        and (id_ not in snapshot.claims or snapshot.claims[id_].told != telling.told)
    ]
    groups: dict[int, list[int]] = defaultdict(list)
    for claim in decision.claims.values():
        if leaves_on := book.wanted_there_on(claim):
            timers.append((calendar.start_of(leaves_on), TimerKind.WANTED, names.get(claim.order, claim.order)))
        if claim.group is not None:
            groups[claim.group].append(claim.id)
    for group, members in groups.items():
        there_on = _group_there_on(book, decision, members)
        if there_on is None:
            joined_on = min(decision.claims[id_].joined_on or book.today for id_ in members)
            look_again_on = joined_on + timedelta(days=book.lend_days)
        else:
            look_again_on = there_on - timedelta(days=book.hold_days)
        if look_again_on > book.today:
            timers.append((calendar.start_of(look_again_on), TimerKind.GROUP, names.get(group, group)))
    timers += [(at, TimerKind.PARCEL, names.get(id_, id_)) for id_, at in decision.parcels_change_at.items()]
    set_timers(timers)


def _group_there_on(book: Book, decision: Decision, members: list[int]) -> date | None:
    """The day on which a group's last part is there, as its pegs stand; not before it is wanted."""
    there_on = book.wanted_there_on(decision.claims[members[0]]) or book.today
    for id_ in members:
        for peg in decision.pegs[id_]:
            if peg.kind is PegKind.LEAD_TIME:
                day = book.lead_time_there_on(decision.claims[id_])
            else:
                day = peg.supply.there_on if peg.supply is not None else None
            if day is None:
                return None
            there_on = max(there_on, day)
    return there_on
