"""Live pages: a stream of the topics that changed, as server-sent events.

`raincheck.web.live:app` is an RSGI application of its own beside Django: a stream waits most of its life and must not
hold a thread. Whoever changes something sends `NOTIFY raincheck_live, '{"topics": ["desk", "product:12"]}'` in its
transaction; each process listens on one connection and passes the topics on. A stream carries no data: the page
fetches the fragments it shows again, through the usual checks.
"""

from raincheck.web.live.app import app

__all__ = ["app"]
