"""Keys to the API, and the replies remembered for repeated calls."""

from django.db import models


class ApiKey(models.Model):
    """A key of the HTTP API. Only a hash is kept; `prefix` lets a person tell keys apart."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150, blank=True, default="")
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"


class IdempotentReply(models.Model):
    """The answer to a call that carried an Idempotency-Key, given again when the call comes again."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "idempotent_reply"
        constraints = [models.UniqueConstraint(fields=["api_key", "key"], name="idempotent_reply_once")]
