"""The company's settings and its policy rules."""

from django.db import models

from raincheck.store.models.catalogue import Product


class Company(models.Model):
    """The one company of this database (row 1). `settings` holds what differs from the defaults of core.settings."""

    name = models.CharField(max_length=200, default="My company")
    settings = models.JSONField(default=dict)
    version = models.BigIntegerField(default=1)

    class Meta:
        db_table = "company"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="company_is_one")]


class PolicyRule(models.Model):
    """A rule of contract section 4: `when` {level: value}, `then` {setting: value}. Ended rules stay on record."""

    when = models.JSONField(default=dict)
    then = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "policy_rule"


class Protection(models.Model):
    """Units of a product that are kept for a tier: `units` less what has shipped to it since. One a product and tier.

    A later one for the same product and tier ends the one before; ended ones stay on record.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    tier = models.CharField(max_length=8)
    units = models.BigIntegerField()
    shipped_units = models.BigIntegerField(default=0)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "protection"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "tier"], condition=models.Q(ended_at__isnull=True), name="protection_once"
            ),
            models.CheckConstraint(condition=models.Q(units__gte=0), name="protection_units_not_negative"),
            models.CheckConstraint(
                condition=models.Q(tier__in=["standard", "silver", "gold"]), name="protection_tier_known"
            ),
        ]


class Rebalance(models.Model):
    """A redistribution as it was previewed, and whether it was committed.

    `request` holds its segments; `outcome` who gains and who loses; `digest` names the facts that it was decided on:
    it is committed only while they are the same.
    """

    ref = models.CharField(max_length=40, unique=True)
    request = models.JSONField()
    outcome = models.JSONField()
    digest = models.CharField(max_length=64)
    previewed_at = models.DateTimeField()
    previewed_by = models.CharField(max_length=150, blank=True, default="")
    committed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rebalance"
