"""Products, sites, suppliers and customers by the thousand: inserted, or changed where they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from raincheck.store.bulk.staging import stage
from raincheck.store.db import rows, run


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a file as it is stored: in which column, as which type, and what stands for an empty cell."""

    column: str
    type: str
    empty: str
    refers_to: str | None = None


def _text(column: str) -> Field:
    return Field(column, "text", "''")


def _plain(column: str, type_: str) -> Field:
    return Field(column, type_, "NULL")


def _reference(column: str, table: str) -> Field:
    return Field(column, "text", "NULL", table)


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of record: its table, the file's column that names a record, and the others."""

    table: str
    key: str
    key_column: str
    fields: Mapping[str, Field]


SHAPES: Mapping[str, Shape] = {
    "suppliers": Shape(
        "supplier",
        "supplier",
        "code",
        {
            "name": _text("name"),
            "country": _text("country"),
            "email": _text("email"),
            "lead_time_days": _plain("lead_time_days", "integer"),
            "min_order_value": _plain("min_order_value", "numeric"),
        },
    ),
    "sites": Shape(
        "site",
        "site",
        "code",
        {
            "name": _text("name"),
            "country": _text("country"),
            "postcode": _text("postcode"),
            "latitude": _plain("latitude", "double precision"),
            "longitude": _plain("longitude", "double precision"),
            "timezone": _text("timezone"),
            "cutoff": _plain("cutoff", "time"),
            "working_days": _text("working_days"),
        },
    ),
    "customers": Shape(
        "customer",
        "customer",
        "code",
        {
            "name": _text("name"),
            "email": _text("email"),
            "phone": _text("phone"),
            "tier": _text("tier"),
            "country": _text("country"),
            "postcode": _text("postcode"),
        },
    ),
    "products": Shape(
        "product",
        "sku",
        "sku",
        {
            "name": _text("name"),
            "price": _plain("price", "numeric"),
            "currency": _text("currency"),
            "supplier": _reference("supplier_id", "supplier"),
            "cost": _plain("cost", "numeric"),
            "moq": _plain("moq", "integer"),
            "pack": _plain("pack", "integer"),
            "available_from": _plain("available_from", "date"),
            "category": _text("category"),
            "style": _text("style"),
            "size": _text("size"),
            "colour": _text("colour"),
            "gtin": _text("gtin"),
            "backorder": _text("backorder"),
            "backorder_limit": _plain("backorder_limit", "integer"),
            "criticality": _text("criticality"),
            "weight_g": _plain("weight_g", "integer"),
            "alternative_supplier": _reference("alternative_supplier_id", "supplier"),
            "alternative_cost": _plain("alternative_cost", "numeric"),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What staged rows would change: codes that are new, and those that differ with the file's columns that do."""

    new: frozenset[str]
    changed: Mapping[str, frozenset[str]] = field(default_factory=dict)


def stage_records(kind: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Stages a file's columns; a column it has not got is left as it is. Each record is named once."""
    shape = SHAPES[kind]
    types = {shape.key: "text"} | {name: shape.fields[name].type for name in columns if name in shape.fields}
    stage("incoming", types, zip(*(columns[name] for name in types), strict=True))


def difference(kind: str, names: Sequence[str]) -> Difference:
    """Compares what is staged with what is there, for the file's columns `names`."""
    shape = SHAPES[kind]
    compared = [name for name in names if name in shape.fields]
    tests = [f"t.{shape.fields[name].column} IS DISTINCT FROM {_value(shape.fields[name], name)}" for name in compared]
    found = rows(
        f"""SELECT i.{shape.key}, t.id IS NULL, ARRAY[{", ".join(tests) or "false"}]
            FROM incoming i LEFT JOIN {shape.table} t ON t.{shape.key_column} = i.{shape.key}
            WHERE t.id IS NULL OR {" OR ".join(tests) or "false"}"""  # noqa: S608 — every name is from the table above
    )
    return Difference(
        frozenset(code for code, is_new, _ in found if is_new),
        {
            code: frozenset(name for name, differs in zip(compared, differing, strict=False) if differs)
            for code, is_new, differing in found
            if not is_new
        },
    )


def write_records(kind: str, names: Sequence[str]) -> None:
    """Inserts what is staged and new, and changes what differs in the file's columns `names`."""
    shape = SHAPES[kind]
    given = {name: shape.fields[name] for name in names if name in shape.fields}
    target = [shape.key_column, *(field.column for field in shape.fields.values())]
    values = [f"i.{shape.key}"] + [
        _value(field, name) if name in given else field.empty for name, field in shape.fields.items()
    ]
    changes = [f"{field.column} = excluded.{field.column}" for field in given.values()]
    differs = [f"t.{field.column} IS DISTINCT FROM excluded.{field.column}" for field in given.values()]
    action = f"DO UPDATE SET {', '.join(changes)} WHERE {' OR '.join(differs)}" if given else "DO NOTHING"
    run(
        f"""INSERT INTO {shape.table} AS t ({", ".join(target)}) SELECT {", ".join(values)} FROM incoming i
            ORDER BY i.{shape.key} ON CONFLICT ({shape.key_column}) {action}"""  # noqa: S608 — as above
    )


def _value(field: Field, name: str) -> str:
    if field.refers_to:
        return f"(SELECT r.id FROM {field.refers_to} r WHERE r.code = i.{name})"  # noqa: S608 — as above
    return f"coalesce(i.{name}, {field.empty})" if field.empty != "NULL" else f"i.{name}"


def write_kits(kits: Mapping[str, Sequence[tuple[str, int]]]) -> frozenset[str]:
    """Sets the parts of products; an empty list makes one no kit. The SKUs whose parts changed."""
    before: dict[str, dict[str, int]] = {}
    for sku, part, units in rows(
        """SELECT k.sku, p.sku, kp.units FROM kit_part kp JOIN product k ON k.id = kp.kit_id
           JOIN product p ON p.id = kp.part_id WHERE k.sku = ANY(%s)""",
        [list(kits)],
    ):
        before.setdefault(sku, {})[part] = units
    changed = [sku for sku, parts in kits.items() if dict(parts) != before.get(sku, {})]
    run("DELETE FROM kit_part WHERE kit_id IN (SELECT id FROM product WHERE sku = ANY(%s))", [changed])
    records = [(sku, part, units) for sku in changed for part, units in kits[sku]]
    run(
        """INSERT INTO kit_part (kit_id, part_id, units)
           SELECT k.id, p.id, v.units FROM unnest(%s::text[], %s::text[], %s::int[]) AS v (kit, part, units)
           JOIN product k ON k.sku = v.kit JOIN product p ON p.sku = v.part""",
        [[r[0] for r in records], [r[1] for r in records], [r[2] for r in records]],
    )
    return frozenset(changed)
