"""How often an address may call with a wrong key: a bucket of tries that fills again with time.

Counted in each process by itself, so a server with N processes takes N times as many. That is enough for what it is
for: a key of 256 random bits is not found by trying, but a client gone wild should not cost a look-up for every call.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from typing import Final

TRIES: Final = 20
SECONDS_PER_TRY: Final = 3.0
MOST_ADDRESSES: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    tries: float
    filled_at: float


class Attempts:
    """Tries left by address. The addresses heard of longest ago are forgotten first."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, address: str, now: float) -> int:
        """Takes a try; 0 if there was one, else the seconds until there is. `now` counts seconds from any start."""
        with self._lock:
            bucket = self._buckets.setdefault(address, _Bucket(TRIES, now))
            self._buckets.move_to_end(address)
            if len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
            bucket.tries = min(TRIES, bucket.tries + (now - bucket.filled_at) / SECONDS_PER_TRY)
            bucket.filled_at = now
            if bucket.tries < 1:
                return ceil((1 - bucket.tries) * SECONDS_PER_TRY)
            bucket.tries -= 1
            return 0

    def forget(self) -> None:
        """Every address has all its tries again."""
        with self._lock:
            self._buckets.clear()
