"""Receipts: goods that came, and who gets them."""

from collections import Counter

from ninja import Router

from raincheck.actions.post_receipt import post_receipt
from raincheck.actions.receive import Receipt
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.shapes.receipt import ReceiptAnswer, ReceiptBody

router = Router(tags=["Supply"])


@router.post(
    "/receipts",
    auth=ApiKey("receiving.post"),
    response={201: ReceiptAnswer},
    operation_id="postReceipt",
    summary="Receive goods",
)
@writes()
def receive(request: ApiRequest, body: ReceiptBody) -> Answer:
    """Serves the queue before any shop sees the goods, and answers who got what and what goes to putaway.

    A receipt has no reference of its own: send an `Idempotency-Key`, so that a repeated call does not receive twice.
    """
    good: Counter[str] = Counter()
    damaged: Counter[str] = Counter()
    for line in body.lines:
        good[line.sku] += line.quantity
        damaged[line.sku] += line.damaged
    kind, ref = ("transfer", body.transfer) if body.transfer is not None else ("purchase", body.po)
    receipt = Receipt(+good, +damaged, kind, ref, body.site)
    freed = post_receipt(receipt, actor=request.auth.actor)
    content = {
        "released": [
            {
                "order": line.order_ref,
                "customer": line.customer_code or None,
                "sku": line.sku,
                "units": line.units,
                "shipped": line.shipped_units,
                "still_waiting": line.still_waiting,
            }
            for line in freed.released
        ],
        "putaway": [{"sku": line.sku, "site": line.site_code, "units": line.units} for line in freed.putaway],
    }
    return Answer(content, 201)
