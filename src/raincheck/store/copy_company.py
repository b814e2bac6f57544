"""Copies a living company's records into an empty, migrated database: what a drill starts from.

One REPEATABLE READ snapshot is read, so the copy is of one instant however busy the company is. People, sessions and
keys stay behind: a rehearsal needs none.
"""

from typing import Any

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from raincheck.store.models import (
    ApiKey,
    CardHandover,
    Heartbeat,
    IdempotentReply,
    InterestMessage,
    LabRun,
    ProcessorCallback,
    ProcessorEvent,
    ProductInterest,
    ProductSaid,
    Reconciliation,
    ReconciliationDifference,
    WebhookDelivery,
    WebhookEndpoint,
)

LEFT_BEHIND: frozenset[type[models.Model]] = frozenset(
    {
        ApiKey,
        CardHandover,
        Heartbeat,
        IdempotentReply,
        InterestMessage,
        LabRun,
        ProcessorCallback,
        ProcessorEvent,
        ProductInterest,
        ProductSaid,
        Reconciliation,
        ReconciliationDifference,
        WebhookDelivery,
        WebhookEndpoint,
    }
)

Connection = psycopg.Connection[Any]


def copy_company(source: Connection, target: Connection) -> None:
    """Copies every record of `source` into `target`, ids included. `source` is only read."""
    with source.transaction(), target.transaction():
        source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for model in _in_order_of_reference():
            _copy_table(source, target, model)


def _in_order_of_reference() -> list[type[models.Model]]:
    """The store's tables, each after those that it refers to."""
    waiting = [model for model in apps.get_app_config("store").get_models() if model not in LEFT_BEHIND]
    ordered: list[type[models.Model]] = []
    while waiting:
        ready = [model for model in waiting if not _refers_to(model) & (set(waiting) - {model})]
        if not ready:
            raise RuntimeError("tables refer to each other in a circle")
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return ordered


def _refers_to(model: type[models.Model]) -> set[type[models.Model]]:
    related = (field.related_model for field in model._meta.concrete_fields)
    return {other for other in related if isinstance(other, type)}


def _copy_table(source: Connection, target: Connection, model: type[models.Model]) -> None:
    table = sql.Identifier(model._meta.db_table)
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in model._meta.concrete_fields)
    out = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT BINARY)").format(table, columns)
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(table, columns)
    with source.cursor() as reader, target.cursor() as writer:
        with reader.copy(out) as read, writer.copy(into) as write:
            for block in read:
                write.write(block)
        key = str(model._meta.pk.column)
        writer.execute(
            sql.SQL(
                "SELECT setval(sequence::regclass, greatest((SELECT max({}) FROM {}), 1))"
                " FROM pg_get_serial_sequence({}, {}) AS sequence WHERE sequence IS NOT NULL"
            ).format(sql.Identifier(key), table, sql.Literal(model._meta.db_table), sql.Literal(key))
        )
