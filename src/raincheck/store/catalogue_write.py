"""Catalogue records to rows: inserted, or changed where they are there. Returns how many rows that touched."""

from collections.abc import Sequence

from raincheck.core.errors import Malformed, NotFound
from raincheck.store.db import columns, rows, run
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord


def write_suppliers(records: Sequence[SupplierRecord]) -> int:
    """Inserts suppliers, or changes those whose code is known."""
    return run(
        """INSERT INTO supplier AS t (code, name, country, email, lead_time_days, min_order_value)
           SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::numeric[])
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, country = excluded.country, email = excluded.email,
               lead_time_days = excluded.lead_time_days, min_order_value = excluded.min_order_value
           WHERE (t.name, t.country, t.email, t.lead_time_days, t.min_order_value) IS DISTINCT FROM
                 (excluded.name, excluded.country, excluded.email, excluded.lead_time_days,
                  excluded.min_order_value)""",
        columns([(r.code, r.name, r.country, r.email, r.lead_time_days, r.min_order_value) for r in records], 6),
    )


def write_sites(records: Sequence[SiteRecord]) -> int:
    """Inserts sites, or changes those whose code is known."""
    values = [
        (
            r.code,
            r.name,
            r.country,
            r.postcode,
            r.latitude,
            r.longitude,
            r.timezone,
            r.cutoff,
            " ".join(r.working_days),
            r.parcel_cost,
            r.parcel_cost_abroad,
        )
        for r in records
    ]
    return run(
        """INSERT INTO site AS t (code, name, country, postcode, latitude, longitude, timezone, cutoff, working_days,
                                  parcel_cost, parcel_cost_abroad)
           SELECT v.code, v.name, v.country, v.postcode, v.latitude, v.longitude, v.timezone, v.cutoff, v.working_days,
                  coalesce(v.cost, s.parcel_cost, 0), coalesce(v.cost_abroad, s.parcel_cost_abroad, 0)
           FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::float8[], %s::text[],
                       %s::time[], %s::text[], %s::numeric[], %s::numeric[])
                AS v (code, name, country, postcode, latitude, longitude, timezone, cutoff, working_days, cost,
                      cost_abroad)
           LEFT JOIN site s ON s.code = v.code
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, country = excluded.country,
               postcode = excluded.postcode, latitude = excluded.latitude, longitude = excluded.longitude,
               timezone = excluded.timezone, cutoff = excluded.cutoff, working_days = excluded.working_days,
               parcel_cost = excluded.parcel_cost, parcel_cost_abroad = excluded.parcel_cost_abroad
           WHERE (t.name, t.country, t.postcode, t.latitude, t.longitude, t.timezone, t.cutoff, t.working_days,
                  t.parcel_cost, t.parcel_cost_abroad)
                 IS DISTINCT FROM (excluded.name, excluded.country, excluded.postcode, excluded.latitude,
                                   excluded.longitude, excluded.timezone, excluded.cutoff, excluded.working_days,
                                   excluded.parcel_cost, excluded.parcel_cost_abroad)""",
        columns(values, 11),
    )


def write_customers(records: Sequence[CustomerRecord]) -> int:
    """Inserts customers, or changes those whose code is known."""
    return run(
        """INSERT INTO customer AS t (code, name, email, phone, tier, country, postcode)
           SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone,
               tier = excluded.tier, country = excluded.country, postcode = excluded.postcode
           WHERE (t.name, t.email, t.phone, t.tier, t.country, t.postcode) IS DISTINCT FROM
                 (excluded.name, excluded.email, excluded.phone, excluded.tier, excluded.country, excluded.postcode)""",
        columns([(r.code, r.name, r.email, r.phone, r.tier, r.country, r.postcode) for r in records], 7),
    )


_PRODUCT_COLUMNS = (
    "sku", "name", "price", "currency", "supplier_id", "cost", "moq", "pack", "available_from", "category", "style",
    "size", "colour", "gtin", "backorder", "backorder_limit", "criticality", "weight_g", "alternative_supplier_id",
    "alternative_cost",
)  # fmt: skip
_PRODUCT_TYPES = (
    "text", "text", "numeric", "text", "bigint", "numeric", "int", "int", "date", "text", "text",
    "text", "text", "text", "text", "int", "text", "int", "bigint",
    "numeric",
)  # fmt: skip


def write_products(records: Sequence[ProductRecord]) -> list[str]:
    """Inserts products, or changes those whose SKU is known; the SKUs that this touched.

    Raises NotFound for a supplier or a kit's part that does not exist, Malformed for a kit of kits or with own stock.
    """
    codes = {code for r in records for code in (r.supplier, r.alternative_supplier) if code}
    suppliers = dict(rows("SELECT code, id FROM supplier WHERE code = ANY(%s)", [sorted(codes)]))
    if unknown := sorted(codes - suppliers.keys()):
        raise NotFound(f"supplier {unknown[0]!r} does not exist")
    values = [
        (r.sku, r.name, r.price, r.currency, suppliers.get(r.supplier), r.cost, r.moq, r.pack, r.available_from,
         r.category, r.style, r.size, r.colour, r.gtin, r.backorder, r.backorder_limit, r.criticality, r.weight_g,
         suppliers.get(r.alternative_supplier), r.alternative_cost)
        for r in records
    ]  # fmt: skip
    changing = _PRODUCT_COLUMNS[1:]
    arrays = ", ".join(f"%s::{type_}[]" for type_ in _PRODUCT_TYPES)
    touched = rows(
        f"""INSERT INTO product AS t ({", ".join(_PRODUCT_COLUMNS)}) SELECT * FROM unnest({arrays})
            ON CONFLICT (sku) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in changing)}
            WHERE ({", ".join(f"t.{name}" for name in changing)}) IS DISTINCT FROM
                  ({", ".join(f"excluded.{name}" for name in changing)})
            RETURNING sku""",  # noqa: S608 (column names of this file)
        columns(values, len(_PRODUCT_COLUMNS)),
    )
    changed = {sku for (sku,) in touched} | _write_kits(records)
    return sorted(changed)


def _write_kits(records: Sequence[ProductRecord]) -> set[str]:
    """Gives kits their parts; the SKUs of kits whose parts changed."""
    wanted = {(r.sku, part, units) for r in records for part, units in r.kit.items()}
    found = rows(
        """SELECT k.sku, p.sku, t.units FROM kit_part t JOIN product k ON k.id = t.kit_id
           JOIN product p ON p.id = t.part_id WHERE k.sku = ANY(%s)""",
        [[r.sku for r in records]],
    )
    changed = {sku for sku, _, _ in wanted.symmetric_difference({(kit, part, units) for kit, part, units in found})}
    if not changed:
        return changed
    parts = {part for sku, part, _ in wanted if sku in changed}
    ids = dict(rows("SELECT sku, id FROM product WHERE sku = ANY(%s)", [sorted(parts | changed)]))
    if unknown := sorted(parts - ids.keys()):
        raise NotFound(f"part {unknown[0]!r} does not exist")
    run("DELETE FROM kit_part WHERE kit_id = ANY(%s)", [[ids[sku] for sku in sorted(changed)]])
    run(
        "INSERT INTO kit_part (kit_id, part_id, units) SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[])",
        columns([(ids[sku], ids[part], units) for sku, part, units in sorted(wanted) if sku in changed], 3),
    )
    _check_kits([ids[sku] for sku in changed])
    return changed


def _check_kits(changed: list[int]) -> None:
    """Raises Malformed for kits that are made of kits, and for those that stand in stock or in a queue themselves."""
    for kit, part in rows(
        """SELECT k.sku, p.sku FROM kit_part t JOIN product k ON k.id = t.kit_id JOIN product p ON p.id = t.part_id
           WHERE EXISTS (SELECT 1 FROM kit_part x WHERE x.kit_id = t.part_id)
             AND (t.kit_id = ANY(%s) OR t.part_id = ANY(%s)) ORDER BY k.sku, p.sku""",
        [changed, changed],
    ):
        raise Malformed(f"product {kit!r}: its part {part!r} is a kit itself: name the parts of that one")
    for (kit,) in rows(
        """SELECT k.sku FROM product k JOIN kit_part t ON t.kit_id = k.id
           WHERE k.id = ANY(%s) AND (
               EXISTS (SELECT 1 FROM stock_level v WHERE v.product_id = k.id AND (v.on_hand > 0 OR v.unsellable > 0))
               OR EXISTS (SELECT 1 FROM inbound_line i WHERE i.product_id = k.id AND i.owed > 0)
               OR EXISTS (SELECT 1 FROM claim c WHERE c.product_id = k.id AND c.units > 0)) ORDER BY k.sku""",
        [changed],
    ):
        why = "it has stock, purchases or open orders of its own: use another product for the kit"
        raise Malformed(f"product {kit!r} cannot become a kit: {why}")
