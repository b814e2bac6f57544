"""Rows to core values: the book of some products, under their lock, and what was written for it before."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from raincheck.core import kits
from raincheck.core.book import Book, LineElsewhere, ProductFacts
from raincheck.core.calendar import Calendar, Road
from raincheck.core.decision import Facts, Standing
from raincheck.core.demand import Claim
from raincheck.core.given import standing
from raincheck.core.peg import PegKind
from raincheck.core.policy import Rule
from raincheck.core.promise import Told
from raincheck.core.settings import Settings
from raincheck.core.supply import Supply
from raincheck.store.card_cover import read_covers
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.declines import read_declines
from raincheck.store.given import ties_of
from raincheck.store.kits import PartOfKit, as_parts
from raincheck.store.law_records import legal_limits
from raincheck.store.locks import Locked
from raincheck.store.parcel_terms import orders_with_up_to, releases_left, with_terms
from raincheck.store.protections import read_protections
from raincheck.store.roads import read_roads
from raincheck.store.sites import POSTCODES, read_sites
from raincheck.store.supplies import read_supplies


@dataclass(frozen=True, slots=True)
class PegRow:
    """A peg as it is stored."""

    id: int
    claim: int
    line: int
    units: int
    kind: PegKind
    source: int | None
    shipment_line: int | None
    is_preorder: bool
    ships_on: date | None
    frozen_delivers_on: date | None
    given_by: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as it is stored, beyond what the core needs."""

    id: int
    line: int
    order: int
    product: int
    units: int
    lead_time_from: date | None
    told: Told
    kit_nr: int | None = None
    per_kit: int = 1
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts of a decision, and the rows that it will be compared with."""

    facts: Facts
    claims: dict[int, ClaimRow]
    pegs: list[PegRow]
    order_states: dict[int, str] = field(default_factory=dict)


def load(locked: Locked, settings: Settings | None = None, rules: tuple[Rule, ...] | None = None) -> Snapshot:
    """Reads the whole book of the locked products. `rules` stand for those in force where a preview asks "what if"."""
    settings = settings or read_settings()
    today = settings.calendar.day_of(locked.at)
    products = _products(locked)
    pegs = _pegs(locked, settings)
    frozen_by_level: dict[int, int] = defaultdict(int)
    for peg in pegs:
        if peg.shipment_line is not None and peg.source is not None:
            frozen_by_level[peg.source] += peg.units
    roads = read_roads(settings)
    supplies = read_supplies(locked, settings, roads, products, frozen_by_level, rules)
    declines = read_declines(locked.products)
    claims, standings, claim_rows, order_states = _claims(locked, settings, products, pegs, declines.unpaid)
    claims = with_terms(locked, declines.marked(claims))
    several_sites = len({supply.site for supply in supplies}) > 1
    book = Book(
        today=today,
        road=settings.road,
        supplies=supplies,
        claims=claims,
        products=products,
        sites=read_sites() if several_sites else {},
        site_choice=settings.site_choice,
        points=POSTCODES,
        elsewhere=_elsewhere(locked, {claim.order for claim in claims}, settings.road, roads) if several_sites else {},
        held=_held(pegs) if several_sites else {},
        hold_days=settings.hold_days,
        lend_days=settings.lend_days,
        margin_days=settings.margin_days,
        keeps_told_dates=settings.told_dates == "keep",
        roads=roads,
        protections=read_protections(locked.products),
        given=standing(ties_of(pegs), claims, supplies),
    )
    windows, overdue = legal_limits(locked.products, locked.at)
    held = overdue | {order for order, state in order_states.items() if state in ("held", "basket", "cancel_requested")}
    facts = Facts(
        locked.at,
        settings,
        book,
        standings,
        held,
        releases_left=releases_left(orders_with_up_to(claims)),
        legal_windows=windows,
        unpaid=declines.unpaid,
        declining_lines=declines.lines,
        covers=read_covers(settings, locked.products, locked.at),
    )
    return Snapshot(facts, claim_rows, pegs, order_states)


def free_book(
    at: datetime,
    settings: Settings,
    roads: Mapping[int, Road],
    products: dict[int, ProductFacts],
    supplies: tuple[Supply, ...],
) -> Snapshot:
    """A book of supply that nobody holds, without those who wait: what a plain newcomer that ranks last can get."""
    several_sites = len({supply.site for supply in supplies}) > 1
    book = Book(
        today=settings.calendar.day_of(at),
        road=settings.road,
        supplies=supplies,
        claims=(),
        products=products,
        sites=read_sites() if several_sites else {},
        site_choice=settings.site_choice,
        points=POSTCODES,
        hold_days=settings.hold_days,
        lend_days=settings.lend_days,
        margin_days=settings.margin_days,
        keeps_told_dates=settings.told_dates == "keep",
        roads=roads,
    )
    return Snapshot(Facts(at, settings, book), {}, [])


def _products(locked: Locked) -> dict[int, ProductFacts]:
    found = rows(
        """SELECT p.id, s.lead_time_days, p.available_from FROM product p LEFT JOIN supplier s ON s.id = p.supplier_id
           WHERE p.id = ANY(%s)""",
        [list(locked.products)],
    )
    return {id_: ProductFacts(lead_time_days, available_from) for id_, lead_time_days, available_from in found}


def _pegs(locked: Locked, settings: Settings) -> list[PegRow]:
    road = settings.road
    found = rows(
        """SELECT p.id, p.claim_id, p.line_id, p.units, p.kind, coalesce(p.stock_level_id, p.inbound_line_id),
                  p.shipment_line_id, p.is_preorder, p.ships_on, s.ships_at, p.given_by_id
           FROM peg p LEFT JOIN shipment_line sl ON sl.id = p.shipment_line_id
                      LEFT JOIN shipment s ON s.id = sl.shipment_id
           WHERE p.product_id = ANY(%s) ORDER BY p.id""",
        [list(locked.products)],
    )
    pegs: list[PegRow] = []
    for id_, claim, line, units, kind, source, shipment_line, is_preorder, ships_on, ships_at, given in found:
        delivers_on: date | None = None
        if shipment_line is not None:
            leaves_at: datetime = ships_at if ships_at is not None and ships_at > locked.at else locked.at
            delivers_on = road.delivers_on(settings.calendar.day_of(leaves_at))
        pegs.append(
            PegRow(
                id_, claim, line, units, PegKind(kind), source, shipment_line, is_preorder, ships_on, delivers_on, given
            )
        )
    return pegs


def _claims(
    locked: Locked,
    settings: Settings,
    products: Mapping[int, ProductFacts],
    pegs: list[PegRow],
    unpaid: Collection[int],
) -> tuple[tuple[Claim, ...], dict[int, Standing], dict[int, ClaimRow], dict[int, str]]:
    frozen_units: dict[int, int] = defaultdict(int)
    frozen_on: dict[int, date] = {}
    handled_by: dict[int, dict[tuple[int, bool], date]] = defaultdict(dict)
    reserved: dict[int, list[PegRow]] = defaultdict(list)
    for peg in pegs:
        if peg.kind is PegKind.STOCK and peg.shipment_line is None and peg.given_by is None and not peg.is_preorder:
            reserved[peg.claim].append(peg)
        if peg.kind is PegKind.STOCK and peg.source is not None and peg.ships_on is not None and not peg.is_preorder:
            handled_by[peg.claim][peg.source, peg.given_by is not None] = peg.ships_on
        if peg.frozen_delivers_on is not None:
            frozen_units[peg.claim] += peg.units
            frozen_on[peg.claim] = max(frozen_on.get(peg.claim, date.min), peg.frozen_delivers_on)
    calendar = settings.calendar
    claims: list[Claim] = []
    standings: dict[int, Standing] = {}
    claim_rows: dict[int, ClaimRow] = {}
    order_states: dict[int, str] = {}
    parts: dict[int, PartOfKit] = {}
    staying: set[int] = set()
    for values in rows(
        """SELECT c.id, c.line_id, c.order_id, c.product_id, c.units, c.place, c.minus_score, c.joined_at,
                  c.is_complete, c.is_stock_only, c.lead_time_from, c.told_on, c.told_units, c.told_by_lead_time,
                  c.lost_by_waiting, c.pending_on, c.pending_since, o.ref, o.state, o.country, o.postcode, p.sku,
                  o.wanted_on, coalesce(nullif(u.tier, ''), 'standard'), c.kit_nr, c.per_kit,
                  c.is_counted
           FROM claim c JOIN sales_order o ON o.id = c.order_id JOIN product p ON p.id = c.product_id
           LEFT JOIN customer u ON u.id = o.customer_id
           WHERE c.product_id = ANY(%s) AND c.units > 0 ORDER BY c.id""",
        [list(locked.products)],
    ):
        claim, row = _claim(calendar, frozen_units, values)
        stays = row.id in unpaid or values[18] in ("held", "basket")
        if row.id in reserved:
            keeps_stock = _kept_stock(settings, locked.at, claim, reserved[row.id], stays=stays)
            claim = replace(claim, keeps_stock=keeps_stock) if keeps_stock else claim
        claim_rows[row.id] = row
        standings[row.id] = Standing(
            row.told, frozen_units.get(row.id, 0), frozen_on.get(row.id), handled_by.get(row.id, {})
        )
        order_states[row.order] = values[18]
        if row.kit_nr is not None:
            parts[row.id] = (row.kit_nr, row.per_kit, row.is_counted)
            if stays:
                staying.add(row.id)
        if claim.units:
            claims.append(claim)
    whole = _staying_kits_whole(as_parts(claims, parts, products), staying)
    return whole, standings, claim_rows, order_states


def _staying_kits_whole(claims: tuple[Claim, ...], staying: Collection[int]) -> tuple[Claim, ...]:
    """What stays keeps the stock of whole kits: a part whose other parts went to a better rank completes none."""
    if not staying:
        return claims
    sets = kits.sets_of(claim for claim in claims if claim.id in staying)
    whole: dict[int, int] = {}
    for set_ in sets:
        count = kits.kits_in(set_, {claim.id: claim.keeps_stock for claim in set_})
        whole |= {claim.id: count * claim.per_kit for claim in set_}
    return tuple(replace(claim, keeps_stock=whole[claim.id]) if claim.id in whole else claim for claim in claims)


def _claim(calendar: Calendar, frozen_units: dict[int, int], values: tuple[Any, ...]) -> tuple[Claim, ClaimRow]:
    (
        id_, line, order, product, units, place, minus_score, joined_at, is_complete, is_stock_only, lead_time_from,
        told_on, told_units, told_by_lead_time, lost_by_waiting, pending_on, pending_since, ref, _state, country,
        postcode, sku, wanted_on, tier, kit_nr, per_kit, is_counted,
    ) = values  # fmt: skip
    free_units = units - frozen_units.get(id_, 0)
    claim = Claim(
        id=id_,
        line=line,
        order=order,
        product=product,
        units=free_units,
        rank=(place, Decimal(minus_score), joined_at, ref, sku),
        group=order if is_complete else None,
        stock_only=is_stock_only,
        told_on=told_on,
        told_units=min(told_units, free_units),
        told_by_lead_time=told_by_lead_time,
        lead_time_from=lead_time_from,
        joined_on=calendar.day_of(joined_at),
        country=country,
        postcode=postcode,
        wanted_on=wanted_on,
        tier=tier,
    )
    told = Told(told_on, told_units, told_by_lead_time, lost_by_waiting, pending_on, pending_since)
    return claim, ClaimRow(id_, line, order, product, units, lead_time_from, told, kit_nr, per_kit, is_counted)


def _kept_stock(settings: Settings, at: datetime, claim: Claim, reserved: list[PegRow], *, stays: bool) -> int:
    """How many reserved units stay the claim's own.

    All of what `stays`: of a held order, and of one whose payment was declined. Else, where the floor works by hand,
    those that were to be through it by the day told: their handling began when they were reserved, so they can still
    leave in time although it would not end in time if it began today.
    """
    if stays:
        return sum(peg.units for peg in reserved)
    by_hand = settings.warehouse == "manual" and settings.handling_days > 0 and settings.told_dates == "keep"
    if not by_hand or claim.told_on is None:
        return 0
    ships_by = settings.road.latest_shipping_on(claim.told_on)
    if ships_by < settings.calendar.day_of(at):
        return 0
    in_time = sum(peg.units for peg in reserved if peg.ships_on is not None and peg.ships_on <= ships_by)
    return min(claim.units_to_keep, in_time)


def _held(pegs: list[PegRow]) -> dict[int, dict[tuple[bool, int], int]]:
    """How many units claims have of which supplies, frozen and given ones left out."""
    held: dict[int, dict[tuple[bool, int], int]] = defaultdict(dict)
    for peg in pegs:
        if peg.source is not None and peg.shipment_line is None and peg.given_by is None:
            held[peg.claim][peg.kind is not PegKind.STOCK, peg.source] = peg.units
    return held


def _elsewhere(
    locked: Locked, orders: set[int], road: Road, roads: Mapping[int, Road]
) -> dict[int, tuple[LineElsewhere, ...]]:
    """The other open lines of these orders: what their sites hold for them or have free, today."""
    found = rows(
        """SELECT l.order_id, l.id, l.reserved + l.backordered + l.preordered, s.site_id,
                  s.on_hand - s.reserved + coalesce((SELECT sum(p.units) FROM peg p
                      WHERE p.line_id = l.id AND p.stock_level_id = s.id), 0)
           FROM order_line l LEFT JOIN stock_level s ON s.product_id = l.product_id
           WHERE l.order_id = ANY(%s) AND NOT l.product_id = ANY(%s)
                 AND l.reserved + l.backordered + l.preordered > 0""",
        [sorted(orders), list(locked.products)],
    )
    if not found:
        return {}
    lines: dict[int, dict[int, tuple[int, dict[tuple[int, date], int]]]] = defaultdict(dict)
    for order, line, open_units, site, units in found:
        _, by_site = lines[order].setdefault(line, (open_units, {}))
        if site is not None:
            by_site[site, roads.get(site, road).ships_on_from(locked.at)] = units
    return {
        order: tuple(LineElsewhere(open_units, by_site) for open_units, by_site in by_line.values())
        for order, by_line in lines.items()
    }
