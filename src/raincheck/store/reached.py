"""How a customer is reached, as SQL over a customer `c` (of a LEFT JOIN): the same wherever a notice is queued.

By mail; without an address for it, by text, if they asked for texts; else not at all.
"""

from typing import Final

CHANNEL: Final = """CASE WHEN coalesce(c.email, '') <> '' THEN 'email'
         WHEN coalesce(c.phone, '') <> '' AND EXISTS (
             SELECT 1 FROM customer_preference w WHERE w.customer_id = c.id AND w.sms) THEN 'sms'
         ELSE 'none' END"""

ADDRESS: Final = f"CASE {CHANNEL} WHEN 'email' THEN c.email WHEN 'sms' THEN c.phone ELSE '' END"
