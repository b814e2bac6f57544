"""The product feed at its keyed address: Google fetches it without a header, so the secret is in the path."""

import hmac
import time
from typing import Final

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from raincheck.api.keys import address_of, attempts
from raincheck.api.problems import NO_SUCH_CALL, TOO_MANY_TRIES, WRONG_METHOD, Problem
from raincheck.gateways.merchant_feed import Pages, as_tsv, as_xml, items
from raincheck.store.reads.shop import shop_settings
from raincheck.store.reads.shop_products import all_shop_products, shop_facts

TYPES: Final = {"xml": "application/xml; charset=utf-8", "tsv": "text/tab-separated-values; charset=utf-8"}


def merchant_feed(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """The feed, read and sent piece by piece. A wrong key, no feed at all and an unknown form look alike: 404."""
    if request.method not in ("GET", "HEAD"):
        raise Problem(WRONG_METHOD, "This address takes GET.", headers={"Allow": "GET"})
    shop = shop_settings()
    is_right = bool(shop.feed_key) and hmac.compare_digest(key.encode(), shop.feed_key.encode())
    if not is_right and (wait := attempts.wait_seconds(address_of(request), time.monotonic())):
        said = "Too many calls from this address came with a wrong key."
        raise Problem(TOO_MANY_TRIES, said, headers={"Retry-After": str(wait)})
    if not is_right or form not in TYPES or not shop.product_url:
        raise Problem(NO_SUCH_CALL, f"There is no call at {request.path_info}.")
    pages, facts = Pages(shop.product_url, shop.image_url), shop_facts()
    found = items(all_shop_products(), facts, pages)
    pieces = as_xml(found, facts, pages) if form == "xml" else as_tsv(found)
    return StreamingHttpResponse(pieces, content_type=TYPES[form])
