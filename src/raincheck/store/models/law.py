"""The law's clocks: one a line while the line has one, and what happened to it, for whoever asks for proof."""

import pgtrigger
from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.catalogue import Product
from raincheck.store.models.demand import OrderLine, SalesOrder
from raincheck.store.models.happening import Fact

STAGES = ("running", "silence_consents", "answer_needed", "consented", "passed")


class Seller(models.Model):
    """A seller of record on a marketplace: who owes the goods, in whose working days money is due back.

    What is empty is the company's: zone, working days, `law`. `holidays` are ISO days.
    """

    code = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    timezone = models.CharField(max_length=64, blank=True, default="")
    working_days = models.JSONField(default=list)
    holidays = models.JSONField(default=list)
    law = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        db_table = "seller"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="seller_code_once"),
            models.CheckConstraint(
                condition=models.Q(law__in=("", "none", "us-ftc-435", "eu-2011-83")), name="seller_law_known"
            ),
        ]


class ProductSeller(models.Model):
    """Who sells a product, for orders that name nobody else."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, primary_key=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT)

    class Meta:
        db_table = "product_seller"


class LineSeller(models.Model):
    """Who sold an order line, as of placing. A line without one was sold by the company itself."""

    line = models.OneToOneField(OrderLine, on_delete=models.CASCADE, primary_key=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT)

    class Meta:
        db_table = "line_seller"


class LawOrder(models.Model):
    """What a law has to know of an order besides its lines.

    `seller_credit`: the buyer applied to the seller for credit with it (16 CFR 435.2(a)(1): 50 days). `is_essential`:
    the day of delivery was essential to the buyer (Directive 2011/83, Art. 18(2)).
    """

    order = models.OneToOneField(SalesOrder, on_delete=models.CASCADE, primary_key=True)
    seller_credit = models.BooleanField(default=False)
    is_essential = models.BooleanField(default=False)

    class Meta:
        db_table = "law_order"


class LawWithdrawal(models.Model):
    """Units that a buyer withdraws from (Directive 2011/83, Art. 9): declared, until when money is due, how it came."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE)
    units = models.BigIntegerField()
    declared_at = models.DateTimeField()
    refund_due_on = models.DateField()
    how = models.CharField(max_length=200)
    actor = models.CharField(max_length=150, blank=True, default="")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "law_withdrawal"
        constraints = [models.CheckConstraint(condition=models.Q(units__gt=0), name="law_withdrawal_of_some")]
        triggers = append_only("law_withdrawal")


class LawClock(models.Model):
    """A line's clock under a law (core.consent). `due_on` is written once.

    `due_from` says where it comes from: the `promise` told at placing, or the law's own `default`. `zone` is the
    ship-to place's. `asks_at` is when an option is due to be given, `cancels_at` when the line is cancelled by itself.
    `vested_at` is when the right to a refund arose, by rule `vested_by`; the refund is due until `refund_due_on`. A
    clock that has `ended_at` stays on record; a line that is ordered anew gets another. `seller` is who sold the line
    (null: the company itself). `further_on` is the day until which the customer was asked to agree to an unforeseen
    further delay; `fitting_until` the end of the further period that a buyer set (Directive 2011/83, Art. 18(2));
    `is_agreed` says whether the customer agreed to `by_on`, by word or by silence.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="law_clocks")
    regime = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    due_on = models.DateField()
    due_from = models.CharField(max_length=10)
    by_on = models.DateField(null=True)
    stage = models.CharField(max_length=16, default="running", db_default="running")
    offered_on = models.DateField(null=True)
    asks_at = models.DateTimeField(null=True)
    cancels_at = models.DateTimeField(null=True)
    vested_at = models.DateTimeField(null=True)
    vested_by = models.CharField(max_length=24, blank=True, default="", db_default="")
    refund_due_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, null=True, db_index=False)
    further_on = models.DateField(null=True)
    fitting_until = models.DateField(null=True)
    is_agreed = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "law_clock"
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(ended_at__isnull=True), name="law_clock_one_a_line"
            ),
            models.CheckConstraint(condition=models.Q(stage__in=STAGES), name="law_clock_stage_known"),
        ]
        indexes = [
            models.Index(
                fields=["cancels_at"], condition=models.Q(cancels_at__isnull=False), name="law_clock_by_cancel"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="law_clock_due_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__due_on__df=pgtrigger.F("new__due_on")),
            )
        ]


class LawEvent(models.Model):
    """Something on the record of a clock: started, option, told, consent, void, vested, refunded ... Never changed.

    A notice is found by order, event (`detail.notice`) and `fact`: its text, channel, attempts and proof are there.
    """

    clock = models.ForeignKey(LawClock, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, db_index=False)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "law_event"
        triggers = append_only("law_event")


class LawExemption(models.Model):
    """A product or an order that the law does not cover (16 CFR 435.3), with the reason why somebody says so."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True)
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, null=True)
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "law_exemption"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(product__isnull=False, order__isnull=True)
                | models.Q(product__isnull=True, order__isnull=False),
                name="law_exemption_of_one",
            )
        ]
