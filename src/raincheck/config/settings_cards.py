"""The card processor's part of the settings. Without RAINCHECK_STRIPE_KEY the local test processor is used.

Environment: RAINCHECK_STRIPE_KEY (the account's secret key, `sk_…` or a restricted `rk_…`),
RAINCHECK_STRIPE_WEBHOOK_SECRET (`whsec_…`: what Stripe signs its events with), RAINCHECK_STRIPE_API (another address of
the API, for tests).
"""

import os
from typing import Final

from django.core.exceptions import ImproperlyConfigured

_BEGINNINGS: Final = ("sk_test_", "sk_live_", "rk_test_", "rk_live_")

STRIPE_KEY = os.environ.get("RAINCHECK_STRIPE_KEY", "").strip()
STRIPE_WEBHOOK_SECRET = os.environ.get("RAINCHECK_STRIPE_WEBHOOK_SECRET", "").strip()
STRIPE_API = os.environ.get("RAINCHECK_STRIPE_API", "").strip().rstrip("/") or "https://api.stripe.com"

# The value itself is never shown: it would end in a log.
if STRIPE_KEY and not STRIPE_KEY.startswith(_BEGINNINGS):
    raise ImproperlyConfigured(
        "RAINCHECK_STRIPE_KEY is not a secret key of Stripe: it begins with sk_test_, sk_live_, rk_test_ or rk_live_."
    )
if STRIPE_WEBHOOK_SECRET and not STRIPE_WEBHOOK_SECRET.startswith("whsec_"):
    raise ImproperlyConfigured("RAINCHECK_STRIPE_WEBHOOK_SECRET is not an endpoint's secret: it begins with whsec_.")
