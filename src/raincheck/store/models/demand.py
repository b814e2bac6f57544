"""What we owe: orders, their lines, the claims that stand in the queue, and the pegs to supply."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Reverse, Upper

from raincheck.store.models.append_only import append_only
from raincheck.store.models.catalogue import Customer, Product
from raincheck.store.models.stock import StockLevel
from raincheck.store.models.supply import InboundLine

# A basket is no order yet: it holds for a while what one would get (models.shop.BasketHold).
ORDER_STATES = ("open", "held", "cancel_requested", "complete", "cancelled", "refused", "basket")


class SalesOrder(models.Model):
    """A customer's order. `content` is what was asked, for recognising the same order sent twice.

    Name, streets, city and region of the place it goes to are on record once somebody has given them; what decisions
    need of it is `country` and `postcode`. Links to the customer's page carry the `link_generation` of their making.
    `sold_by` is the person of the house who sold it (their user name, or the name that a shop sends), if anybody.
    """

    ref = models.CharField(max_length=100)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, db_index=False)
    placed_at = models.DateTimeField()
    channel = models.CharField(max_length=50, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=16)
    charge = models.CharField(max_length=8, default="shipment")
    wanted_on = models.DateField(null=True)
    content = models.CharField(max_length=64)
    ship_to_name = models.CharField(max_length=200, db_default="", default="")
    street = models.CharField(max_length=200, db_default="", default="")
    street_2 = models.CharField(max_length=200, db_default="", default="")
    city = models.CharField(max_length=100, db_default="", default="")
    region = models.CharField(max_length=100, db_default="", default="")
    link_generation = models.IntegerField(db_default=0, default=0)
    sold_by = models.CharField(max_length=150, blank=True, db_default="", default="")

    class Meta:
        db_table = "sales_order"
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="sales_order_ref_once"),
            models.CheckConstraint(condition=models.Q(state__in=ORDER_STATES), name="sales_order_state_known"),
        ]
        indexes = [
            models.Index(fields=["customer", "placed_at"], name="sales_order_by_customer"),
            models.Index(fields=["placed_at"], name="sales_order_by_time"),
            # The service desk finds an order by how its reference begins, and by how it ends.
            models.Index(OpClass(Upper("ref"), name="text_pattern_ops"), name="sales_order_by_ref_start"),
            models.Index(OpClass(Reverse(Upper("ref")), name="text_pattern_ops"), name="sales_order_by_ref_end"),
            models.Index(fields=["postcode"], condition=~models.Q(postcode=""), name="sales_order_by_postcode"),
        ]


class OrderLine(models.Model):
    """One product of an order. Conservation holds by constraint, always.

    `ship`, `backorders`, the minimum shipment and the merge window are what won at placing; `policy` keeps what lost
    and why. `reason` is that of the last open unit, else of the unit that ended last. `first_promise_on` is written
    once. `cancel_requested_units` are picked units that the floor has yet to give back. `price_cut` is by how much the
    kept units together cost less than `unit_price`, where cuts are passed on.
    """

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    ordered = models.BigIntegerField()
    reserved = models.BigIntegerField(default=0)
    backordered = models.BigIntegerField(default=0)
    preordered = models.BigIntegerField(default=0)
    shipped = models.BigIntegerField(default=0)
    cancelled = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    cancel_requested_units = models.BigIntegerField(default=0)
    ship = models.CharField(max_length=12)
    backorders = models.CharField(max_length=5)
    backorder_limit = models.IntegerField(null=True)
    minimum_units = models.IntegerField(db_default=0, default=0)
    minimum_value = models.DecimalField(max_digits=18, decimal_places=4, db_default=0, default=0)
    merge_hours = models.IntegerField(db_default=0, default=0)
    price_cut = models.DecimalField(max_digits=18, decimal_places=4, db_default=0, default=0)
    policy = models.JSONField(default=dict)
    reason = models.CharField(max_length=24)
    first_promise_on = models.DateField(null=True)
    promise_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)

    class Meta:
        db_table = "order_line"
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="order_line_once"),
            models.CheckConstraint(
                condition=models.Q(
                    ordered=models.F("reserved")
                    + models.F("backordered")
                    + models.F("preordered")
                    + models.F("shipped")
                    + models.F("cancelled")
                    + models.F("refused")
                ),
                name="order_line_conserved",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ordered__gte=0,
                    reserved__gte=0,
                    backordered__gte=0,
                    preordered__gte=0,
                    shipped__gte=0,
                    cancelled__gte=0,
                    refused__gte=0,
                    returned__gte=0,
                    returned__lte=models.F("shipped"),
                ),
                name="order_line_not_negative",
            ),
        ]


class Claim(models.Model):
    """Units of one line that joined the queue together. `units` are still open (frozen ones included).

    Rank: place, minus_score, joined_at, then the order's ref and the SKU. `is_complete` claims of one order form its
    ship-complete group. `place_by` is the rebalance that gave it its place. A kit's line has a claim for each of its
    parts: those that joined together share `kit_nr` (counted within the line), and each kit needs `per_kit` units of
    this part, as its contents were at that time.
    `is_counted` is the first of these alone, so that a line's open units are always the sum of units / per_kit over its
    claims that are counted.
    All claims of an order of which any line ships in up to N parcels, has a minimum shipment or a merge window have
    `has_parcel_terms`: their parcels are planned together. `ready_since` is when reserved units of it could go, while
    they wait in a merge window. A claim whose charge was `declined_at` keeps its units for the days of grace; after
    them it `waits_for_payment` and holds nothing.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="claims", db_index=False)
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="claims")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)
    units = models.BigIntegerField()
    place = models.SmallIntegerField(default=3)
    place_by = models.ForeignKey("store.Fact", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    minus_score = models.DecimalField(max_digits=40, decimal_places=6, default=0)
    joined_at = models.DateTimeField()
    is_complete = models.BooleanField(default=False)
    is_stock_only = models.BooleanField(default=False)
    kit_nr = models.SmallIntegerField(null=True)
    per_kit = models.IntegerField(db_default=1, default=1)
    is_counted = models.BooleanField(db_default=True, default=True)
    has_parcel_terms = models.BooleanField(db_default=False, default=False)
    declined_at = models.DateTimeField(null=True)
    waits_for_payment = models.BooleanField(db_default=False, default=False)
    ready_since = models.DateTimeField(null=True)
    lead_time_from = models.DateField(null=True)
    told_on = models.DateField(null=True)
    told_units = models.BigIntegerField(default=0)
    told_by_lead_time = models.BigIntegerField(default=0)
    lost_by_waiting = models.BooleanField(default=False)
    pending_on = models.DateField(null=True)
    pending_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "claim"
        constraints = [models.CheckConstraint(condition=models.Q(units__gte=0), name="claim_units_not_negative")]
        indexes = [
            models.Index(
                fields=["product", "place", "minus_score", "joined_at"],
                condition=models.Q(units__gt=0),
                name="claim_queue",
            ),
            # Every lock asks which open ship-complete groups tie its products to others: mostly none.
            models.Index(
                fields=["product"], condition=models.Q(is_complete=True, units__gt=0), name="claim_in_open_group"
            ),
            models.Index(fields=["product"], condition=models.Q(declined_at__isnull=False), name="claim_declined"),
            models.Index(
                fields=["product"], condition=models.Q(kit_nr__isnull=False, units__gt=0), name="claim_in_open_kit"
            ),
            models.Index(
                fields=["product"],
                condition=models.Q(has_parcel_terms=True, units__gt=0),
                name="claim_with_parcel_terms",
            ),
            models.Index(fields=["order"], condition=models.Q(ready_since__isnull=False), name="claim_merging"),
        ]


class Peg(models.Model):
    """Ties units of a claim to stock, to an inbound line, to a lead time, or to nothing.

    Indexed for the pass (by product) and for the order (by line). A peg with a `shipment_line` is frozen: picked,
    packed, or released and waiting out its handling. A `is_preorder` peg dates the units and reserves nothing yet.
    A peg `given_by` a fact (a rebalance, a person) stands until it ships, is cancelled, or is given anew: the pass
    leaves it and its supply alone. Where parcels are planned, `leaves_on` is the day of its parcel (null: at any
    time, or nobody knows) and `waits_for` why units that lie here do not go now.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="pegs", db_index=False)
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="pegs")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    units = models.BigIntegerField()
    kind = models.CharField(max_length=9)
    stock_level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, null=True, db_index=False)
    inbound_line = models.ForeignKey(InboundLine, on_delete=models.PROTECT, null=True, db_index=False)
    shipment_line = models.ForeignKey(
        "store.ShipmentLine", on_delete=models.PROTECT, null=True, related_name="pegs", db_index=False
    )
    is_preorder = models.BooleanField(default=False)
    given_by = models.ForeignKey("store.Fact", on_delete=models.PROTECT, null=True, db_index=False)
    ships_on = models.DateField(null=True)
    leaves_on = models.DateField(null=True)
    waits_for = models.CharField(max_length=24, db_default="", default="")

    class Meta:
        db_table = "peg"
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="peg_units_positive"),
            models.CheckConstraint(
                condition=models.Q(kind="stock", stock_level__isnull=False, inbound_line__isnull=True)
                | models.Q(
                    kind="inbound", stock_level__isnull=True, inbound_line__isnull=False, shipment_line__isnull=True
                )
                | models.Q(
                    kind__in=["lead_time", "none"],
                    stock_level__isnull=True,
                    inbound_line__isnull=True,
                    shipment_line__isnull=True,
                ),
                name="peg_ties_to_its_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["shipment_line"], condition=models.Q(shipment_line__isnull=False), name="peg_frozen")
        ]


class ToldDate(models.Model):
    """A date told after the first: the history of a claim's promise. Never changed, never deleted."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="told_dates")
    at = models.DateTimeField()
    previous_on = models.DateField(null=True)
    told_on = models.DateField(null=True)
    word = models.CharField(max_length=16)
    reason = models.CharField(max_length=24)

    class Meta:
        db_table = "told_date"
        triggers = append_only("told_date")
