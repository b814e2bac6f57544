"""The company's settings and its policy rules."""

from django.db import models


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
