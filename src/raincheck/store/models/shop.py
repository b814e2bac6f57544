"""What shops are shown, told and lent: substitutes, offers, baskets that hold stock, who waits for a product."""

from django.db import models
from django.db.models.functions import Now

from raincheck.store.models.catalogue import Product
from raincheck.store.models.demand import OrderLine, SalesOrder

OFFER_STATES = ("open", "taken", "declined", "expired", "withdrawn")
HOLD_STATES = ("open", "taken", "expired", "ended")
INTEREST_STATES = ("unconfirmed", "waiting", "told", "ended")
MESSAGE_STATES = ("queued", "sent", "kept", "failed")


class Shop(models.Model):
    """What the shop side of the company is set to (row 1): addresses of its pages, and how long baskets hold stock.

    `{sku}` in the two patterns stands for a product's SKU. `feed_key` is the secret part of the feed's address; empty:
    there is none.
    """

    product_url = models.CharField(max_length=500, db_default="", default="")
    image_url = models.CharField(max_length=500, db_default="", default="")
    feed_key = models.CharField(max_length=64, db_default="", default="")
    hold_minutes = models.IntegerField(db_default=30, default=30)
    holds_per_key = models.IntegerField(db_default=500, default=500)
    offer_hours = models.IntegerField(db_default=72, default=72)
    confirms_interest = models.BooleanField(db_default=False, default=False)

    class Meta:
        db_table = "shop"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="shop_is_one"),
            models.CheckConstraint(
                condition=models.Q(hold_minutes__gte=0, holds_per_key__gte=0, offer_hours__gte=1),
                name="shop_limits_make_sense",
            ),
        ]


class ProductSubstitute(models.Model):
    """Somebody said that `instead` may stand in for `product`; the other way round is a row of its own."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="substitutes", db_index=False)
    instead = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="substitute_for")
    named_at = models.DateTimeField(db_default=Now())
    named_by = models.CharField(max_length=150, blank=True, default="", db_default="")

    class Meta:
        db_table = "product_substitute"
        constraints = [
            models.UniqueConstraint(fields=["product", "instead"], name="product_substitute_once"),
            models.CheckConstraint(
                condition=~models.Q(product=models.F("instead")), name="product_substitute_is_another"
            ),
        ]


class SubstituteOffer(models.Model):
    """Another product that a customer was offered for the open units of a line. One open offer a line; all stay."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="substitute_offers")
    instead = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    units = models.BigIntegerField()
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=9, default="open", db_default="open")
    ended_at = models.DateTimeField(null=True)
    fact = models.ForeignKey("store.Fact", on_delete=models.PROTECT, db_index=False, related_name="+")

    class Meta:
        db_table = "substitute_offer"
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(state="open"), name="substitute_offer_one_open"
            ),
            models.CheckConstraint(condition=models.Q(state__in=OFFER_STATES), name="substitute_offer_state_known"),
            models.CheckConstraint(condition=models.Q(units__gt=0), name="substitute_offer_units_positive"),
        ]


class BasketHold(models.Model):
    """A shop's basket that holds what an order would get until it expires or becomes one.

    While it is open, `order` is a sales order in the state `basket`; afterwards that one is gone and this row says what
    became of it. `content` recognises the same call sent twice; `order_ref` is the order that it became.
    """

    ref = models.CharField(max_length=100, unique=True)
    order = models.ForeignKey(SalesOrder, on_delete=models.SET_NULL, null=True, related_name="+")
    actor = models.CharField(max_length=150, blank=True, default="")
    content = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=7, default="open", db_default="open")
    ended_at = models.DateTimeField(null=True)
    order_ref = models.CharField(max_length=100, blank=True, default="", db_default="")

    class Meta:
        db_table = "basket_hold"
        constraints = [models.CheckConstraint(condition=models.Q(state__in=HOLD_STATES), name="basket_hold_known")]
        indexes = [models.Index(fields=["actor"], condition=models.Q(state="open"), name="basket_hold_open")]


class ProductSaid(models.Model):
    """What the shop was last told of a product. `version` counts up with each message: a lower one that comes later is
    out of date."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, primary_key=True, related_name="+")
    status = models.CharField(max_length=12)
    next_on = models.DateField(null=True)
    may_sell = models.BooleanField()
    version = models.BigIntegerField(default=1)
    said_at = models.DateTimeField()

    class Meta:
        db_table = "product_said"


class ProductInterest(models.Model):
    """Somebody who wants to hear when a product is back: told once, and on record as demand that found no stock.

    `state`: unconfirmed (the mail that asks "was it you?" is out), waiting, told, ended (they wrote off). `token` is
    the secret of its links.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="interests", db_index=False)
    email = models.CharField(max_length=254)
    units = models.BigIntegerField()
    language = models.CharField(max_length=8, default="en", db_default="en")
    token = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=11)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "product_interest"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "email"],
                condition=models.Q(state__in=["unconfirmed", "waiting"]),
                name="product_interest_once",
            ),
            models.CheckConstraint(condition=models.Q(state__in=INTEREST_STATES), name="product_interest_known"),
            models.CheckConstraint(condition=models.Q(units__gt=0), name="product_interest_units_positive"),
        ]
        indexes = [
            models.Index(fields=["product", "id"], name="product_interest_by_product"),
            models.Index(
                fields=["product", "id"], condition=models.Q(state="waiting"), name="product_interest_waiting"
            ),
        ]


class InterestMessage(models.Model):
    """A mail to somebody who waits for a product: the queue of such mails, and the record of what each said.

    `event` is `confirm_interest` or `back_in_stock`, each once; `at` is when it was last asked for. `proof` is what the
    mail server answered.
    """

    interest = models.ForeignKey(ProductInterest, on_delete=models.CASCADE, related_name="messages", db_index=False)
    event = models.CharField(max_length=24)
    at = models.DateTimeField()
    state = models.CharField(max_length=6)
    attempts = models.SmallIntegerField(default=0)
    try_again_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    subject = models.CharField(max_length=300, default="")
    body = models.TextField(default="")
    html = models.TextField(default="")
    message_id = models.CharField(max_length=200, default="")
    template_version = models.IntegerField(default=0)
    proof = models.CharField(max_length=500, default="")
    failure = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "interest_message"
        constraints = [
            models.UniqueConstraint(fields=["interest", "event"], name="interest_message_once"),
            models.CheckConstraint(condition=models.Q(state__in=MESSAGE_STATES), name="interest_message_known"),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(state="queued"), name="interest_message_queued")]
