"""A drill file says what its author means."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from tests.drills.company import COMPANY

from raincheck.core.settings import Settings
from raincheck.drill import events
from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.scenario import Scenario

Read = Callable[[str], Scenario]

ALL_DEFAULTS = """\
drill: 1
title: Every default spelt out
starts: 2026-03-02T09:00:00Z
settings:
  timezone: UTC
  country: US
  currency: USD
  working_days: [mon, tue, wed, thu, fri]
  holidays: []
  ship: available
  backorders: allow
  warehouse: automatic
  handling_days: 0
  transit_days: 0
  receiving_days: 0
  promise_confidence: null
  tighten: false
  told_dates: keep
  hold_days: 7
  lend_days: 30
  margin_days: 0
  latest_days: null
  inbound_share: 1.0
  settle_minutes: 60
  charge: shipment
  payment_grace_days: 3
  law: none
  merge_hours: 0
  minimum_shipment: {units: 0, value: "0"}
  weights: {tier: 0, value: 0, urgency: 0, age: 0, criticality: 0}
"""


def test_a_file_that_spells_out_every_default_is_the_same_as_one_that_names_none(read: Read) -> None:
    assert read(ALL_DEFAULTS).settings == Settings()


def test_settings_that_the_file_names_replace_those_of_the_company_it_starts_from(tmp_path: Path) -> None:
    path = tmp_path / "drill.yaml"
    path.write_text("drill: 1\nstarts: 2026-03-02T09:00:00Z\nsettings: {transit_days: 2}\n")
    settings = read_drill(path, settings=Settings(country="GB", transit_days=5)).settings
    assert (settings.country, settings.transit_days) == ("GB", 2)


def test_offsets_count_from_the_start_and_a_day_is_24_hours(read: Read) -> None:
    # On 2026-03-08 clocks in New York go forward, so 7 x 24 h after 09:00 is 10:00 there.
    drill = read(
        "drill: 1\nstarts: 2026-03-02T09:00:00-05:00\nsettings: {timezone: America/New_York}\n"
        "events:\n  - {at: 90m, wait: {}}\n  - {at: 36h, wait: {}}\n  - {at: 7d, wait: {}}\n"
        "  - {at: 2026-03-10T12:00:00, wait: {}}\n"
    )
    assert [event.at for event in drill.events] == [
        datetime(2026, 3, 2, 15, 30, tzinfo=UTC),
        datetime(2026, 3, 4, 2, 0, tzinfo=UTC),
        datetime(2026, 3, 9, 14, 0, tzinfo=UTC),
        datetime(2026, 3, 10, 16, 0, tzinfo=UTC),
    ]


def test_a_due_offset_is_the_company_s_date_at_that_instant(read: Read) -> None:
    drill = read(
        "drill: 1\nstarts: 2026-03-02T20:00:00Z\nsettings: {timezone: Asia/Tokyo}\n"
        "sites: {east: {}}\nsuppliers: {acme: {}}\nproducts: {lamp: {}}\n"
        "purchase_orders: {P1: {supplier: acme, site: east, due: 10d, lines: {lamp: 1}}}\n"
    )
    assert drill.purchase_orders[0].due_on == date(2026, 3, 13)


def test_words_that_yaml_takes_for_something_else_stay_names(read: Read) -> None:
    drill = read(
        "drill: 1\nstarts: 2026-03-02T09:00:00Z\n"
        "sites: {no: {country: NO, postcode: 0150, cutoff: 16:30}}\nproducts: {007: {}, 1e3: {price: 3}}\n"
        "stock: {no: {007: 4}}\n"
    )
    assert (drill.sites[0].code, drill.sites[0].country, drill.sites[0].postcode) == ("no", "NO", "0150")
    assert drill.sites[0].cutoff is not None
    assert drill.sites[0].cutoff.isoformat("minutes") == "16:30"
    assert [product.sku for product in drill.products] == ["007", "1e3"]
    assert drill.products[1].price == Decimal(3)
    assert drill.stock == {"no": {"007": 4}}


def test_every_column_of_products_and_suppliers_is_read(read: Read) -> None:
    drill = read(
        "drill: 1\nstarts: 2026-03-02T09:00:00Z\n"
        "suppliers: {acme: {name: Acme, country: DE, email: a@acme.example, lead_time_days: 14,"
        ' min_order_value: "250.00", lateness_days: [0, -1, 5]}, other: {}}\n'
        'products: {lamp: {name: Lamp, price: "40.00", currency: EUR, supplier: acme, cost: "18.00", moq: 2,'
        " pack: 6, available_from: 2026-05-01, category: light, style: L, size: M, colour: red,"
        " gtin: 4006381333931, backorder: deny, backorder_limit: 50, criticality: A, weight_g: 900,"
        ' alternative_supplier: other, alternative_cost: "20.00"}}\n'
    )
    lamp, acme = drill.products[0], drill.suppliers[0]
    assert (lamp.price, lamp.cost, lamp.alternative_cost) == (Decimal("40.00"), Decimal(18), Decimal(20))
    assert (lamp.supplier, lamp.alternative_supplier, lamp.moq, lamp.pack) == ("acme", "other", 2, 6)
    assert (lamp.available_from, lamp.backorder, lamp.backorder_limit) == (date(2026, 5, 1), "deny", 50)
    assert (acme.lead_time_days, drill.lateness_days["acme"], acme.min_order_value) == (14, (0, -1, 5), Decimal(250))


def test_the_same_ref_with_the_same_content_is_a_repeat_whenever_it_is_said(read: Read) -> None:
    drill = read(
        COMPANY + "events:\n"
        "  - {at: 0h, order: {ref: O1, customer: ann, lines: {lamp: 3, torch: 1}}}\n"
        "  - {at: 2h, order: {ref: O1, lines: {torch: 1, lamp: 3}, customer: ann}}\n"
        "  - {at: 3h, purchase: {po: P1, supplier: acme, site: east, due: 10d, lines: {lamp: 10}}}\n"
    )
    assert [event.repeats for event in drill.events] == [False, True, True]


def test_an_alias_and_a_merge_stand_for_what_they_name(read: Read) -> None:
    drill = read(
        "drill: 1\nstarts: 2026-03-02T09:00:00Z\n"
        'products:\n  lamp: &usual {price: "4.00", moq: 2}\n  torch: {<<: *usual, moq: 5}\n'
    )
    assert [(product.price, product.moq) for product in drill.products] == [(Decimal(4), 2), (Decimal(4), 5)]


def test_rules_keep_their_conditions_and_what_they_change(read: Read) -> None:
    drill = read(
        COMPANY + "policies:\n"
        "  - {when: {customer: ann, channel: web}, ship: complete}\n"
        "  - {when: {product: lamp}, backorders: deny, backorder_limit: 3, charge: order}\n"
    )
    assert [dict(rule.when) for rule in drill.policies] == [
        {"customer": "ann", "channel": "web"},
        {"product": "lamp"},
    ]
    assert [dict(rule.then) for rule in drill.policies] == [
        {"ship": "complete"},
        {"backorders": "deny", "backorder_limit": 3, "charge": "order"},
    ]


def test_a_line_that_a_change_added_may_be_cancelled(read: Read) -> None:
    drill = read(
        COMPANY + "events:\n"
        "  - {at: 0h, order: {ref: O1, lines: {lamp: 3}}}\n"
        "  - {at: 1h, change: {order: O1, lines: {lamp: 0, torch: 2}}}\n"
        "  - {at: 2h, cancel: {order: O1, lines: {torch: 1}}}\n"
    )
    assert isinstance(drill.events[2], events.CancelOrder)


def test_a_picker_may_find_nothing(read: Read) -> None:
    drill = read(
        COMPANY + "events:\n  - {at: 0h, order: {ref: O1, lines: {lamp: 3}}}\n"
        "  - {at: 1h, pick: {order: O1, lines: {lamp: 0}}}\n"
    )
    assert isinstance(drill.events[1], events.Pick)
    assert drill.events[1].lines == {"lamp": 0}


def test_what_happens_to_goods_on_the_way_may_name_a_transfer(read: Read) -> None:
    drill = read(
        COMPANY + "events:\n"
        "  - {at: 0h, transfer: {ref: T1, from: west, to: east, due: 2d, lines: {lamp: 1}}}\n"
        "  - {at: 3d, receive: {transfer: T1, damaged: {lamp: 1}}}\n"
    )
    received = drill.events[1]
    assert isinstance(received, events.Receive)
    assert (received.transfer, received.lines, received.damaged) == ("T1", {}, {"lamp": 1})
