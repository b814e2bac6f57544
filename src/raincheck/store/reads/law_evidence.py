"""Everything on record of an order under a law, as one document: for a regulator, a judge, or a customer who asks."""

from dataclasses import asdict
from typing import Any

import orjson

from raincheck.core.law_rules import REGIMES
from raincheck.store.db import row
from raincheck.store.order_links import without_secrets
from raincheck.store.reads.chronology import chronology
from raincheck.store.reads.law import withdrawal

_EVIDENCE = """
    SELECT jsonb_build_object(
        'company', coalesce((SELECT name FROM company WHERE id = 1), ''),
        'order', jsonb_build_object(
            'ref', o.ref, 'state', o.state, 'placed_at', o.placed_at, 'channel', o.channel, 'charge', o.charge,
            'ship_to', jsonb_build_object('name', o.ship_to_name, 'street', o.street, 'street_2', o.street_2,
                'city', o.city, 'region', o.region, 'country', o.country, 'postcode', o.postcode),
            'seller_credit', coalesce((SELECT seller_credit FROM law_order WHERE order_id = o.id), false),
            'day_was_essential', coalesce((SELECT is_essential FROM law_order WHERE order_id = o.id), false),
            'customer', jsonb_build_object('code', u.code, 'name', u.name, 'email', u.email, 'phone', u.phone)),
        'exemptions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'reason', x.reason, 'at', x.created_at, 'by', x.created_by,
                'product', (SELECT sku FROM product WHERE id = x.product_id)) ORDER BY x.id), '[]')
            FROM law_exemption x WHERE x.order_id = o.id
               OR x.product_id IN (SELECT product_id FROM order_line WHERE order_id = o.id)),
        'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'sku', p.sku, 'name', p.name, 'unit_price', l.unit_price::text, 'ordered', l.ordered,
                'shipped', l.shipped, 'cancelled', l.cancelled, 'refused', l.refused,
                'open', l.reserved + l.backordered + l.preordered, 'reason', l.reason,
                'first_promise_on', l.first_promise_on, 'terms', l.policy,
                'seller', (SELECT jsonb_build_object('code', s.code, 'name', s.name, 'address', s.address)
                           FROM line_seller ls JOIN seller s ON s.id = ls.seller_id WHERE ls.line_id = l.id),
                'dates_told', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'at', t.at, 'was', t.previous_on, 'told', t.told_on, 'word', t.word, 'supply', t.reason)
                        ORDER BY t.id), '[]')
                    FROM told_date t JOIN claim c ON c.id = t.claim_id WHERE c.line_id = l.id AND c.order_id = o.id),
                'clocks', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'law', k.regime, 'started_at', k.started_at, 'zone', k.zone, 'due_on', k.due_on,
                        'due_from', k.due_from, 'by_on', k.by_on, 'stage', k.stage, 'vested_at', k.vested_at,
                        'vested_by', k.vested_by, 'refund_due_on', k.refund_due_on, 'ended_at', k.ended_at,
                        'further_on', k.further_on, 'fitting_until', k.fitting_until,
                        'record', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                'at', e.at, 'what', e.kind, 'by', f.actor, 'fact', e.fact_id, 'detail', e.detail)
                                ORDER BY e.id), '[]')
                            FROM law_event e JOIN fact f ON f.id = e.fact_id WHERE e.clock_id = k.id)) ORDER BY k.id),
                        '[]')
                    FROM law_clock k WHERE k.line_id = l.id)) ORDER BY p.sku), '[]')
            FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = o.id),
        'messages', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', n.id, 'at', n.at, 'event', n.event, 'fact', n.fact_id, 'channel', n.channel,
                'address', n.address, 'state', n.state, 'attempts', n.attempts, 'sent_at', n.sent_at,
                'failure', n.failure, 'subject', n.subject, 'text', n.body, 'language', n.language,
                'template_version', n.template_version,
                'deliveries', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'channel', d.channel, 'address', d.address, 'state', d.state, 'attempts', d.attempts,
                        'sent_at', d.sent_at, 'message_id', d.message_id, 'proof', d.proof, 'failure', d.failure,
                        'text', d.text) ORDER BY d.id), '[]')
                    FROM notice_delivery d WHERE d.notice_id = n.id)) ORDER BY n.id), '[]')
            FROM notice n WHERE n.order_id = o.id),
        'shipments', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', s.id, 'state', s.state, 'shipped_at', s.shipped_at, 'delivered_at', s.delivered_at,
                'carrier', s.carrier, 'tracking_number', s.tracking_number,
                'lines', (SELECT jsonb_object_agg(p.sku, x.units) FROM (
                    SELECT line_id, sum(coalesce(kits, units)) AS units FROM shipment_line
                    WHERE shipment_id = s.id GROUP BY line_id) x
                    JOIN order_line l ON l.id = x.line_id JOIN product p ON p.id = l.product_id
                    WHERE l.order_id = o.id)) ORDER BY s.id), '[]')
            FROM shipment s WHERE s.state IN ('shipped', 'delivered') AND s.id IN (
                SELECT pl.shipment_id FROM shipment_line pl JOIN order_line l ON l.id = pl.line_id
                WHERE l.order_id = o.id AND pl.units > 0)),
        'payments', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'at', m.at, 'kind', m.kind, 'amount', m.amount::text, 'currency', m.currency,
                'proof', (SELECT r.reference FROM card_request r WHERE r.id = m.request_id)) ORDER BY m.id), '[]')
            FROM payment m WHERE m.order_id = o.id),
        'card_requests', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'kind', r.kind, 'amount', r.amount::text, 'currency', r.currency, 'state', r.state,
                'asked_at', r.created_at, 'answered_at', r.answered_at, 'attempts', r.attempts,
                'reference', r.reference, 'scheme', r.scheme, 'reason', r.reason) ORDER BY r.id), '[]')
            FROM card_request r WHERE r.order_id = o.id),
        'facts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', f.id, 'at', f.at, 'what', f.verb, 'by', f.actor, 'detail', f.detail) ORDER BY f.id), '[]')
            FROM fact f WHERE f.subject = 'order:' || o.ref))::text, o.id
    FROM sales_order o LEFT JOIN customer u ON u.id = o.customer_id WHERE o.ref = %s"""


def _without_links(message: dict[str, Any]) -> None:
    """Takes the secret part out of links to the customer's page: whoever is handed the record must not be let in."""
    for part in (message, *message["deliveries"]):
        part["text"] = without_secrets(part["text"])


def evidence(ref: str) -> dict[str, Any] | None:
    """The whole record of an order, instants in UTC, with the rules of the laws that it names; None: no such order.

    Texts of messages are whole but for the secret part of links to the customer's page.
    """
    found = row(_EVIDENCE, [ref])
    if found is None:
        return None
    record: dict[str, Any] = orjson.loads(found[0])
    for message in record["messages"]:
        _without_links(message)
    given = withdrawal(found[1])
    record["withdrawal"] = asdict(given) if given else None
    named = {clock["law"] for line in record["lines"] for clock in line["clocks"]}
    named |= {given.regime} if given else set()
    record["laws"] = {
        name: {
            "title": REGIMES[name].title,
            "rules": [{"name": rule.name, "says": rule.says, "source": rule.source} for rule in REGIMES[name].rules],
        }
        for name in sorted(named)
    }
    record["chronology"] = chronology(record)
    return record
