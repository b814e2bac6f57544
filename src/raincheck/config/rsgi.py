"""The RSGI application: live streams natively, everything else by Django in a fixed pool of threads.

Decisions and database work are synchronous, so a request is one function in one thread, whose database connection
stays open between requests. A live stream waits most of its life and must not hold a thread: it never enters Django's
handler. The measurement behind this is in docs/adr/0003-web-server.md.
"""

import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raincheck.config.settings")

from django.core.wsgi import get_wsgi_application
from granian.rsgi import HTTPProtocol, Scope

from raincheck.config.bridge import Bridge
from raincheck.config.cycles import look_for_cycles_seldom
from raincheck.config.processes import die_with
from raincheck.config.server import PARENT_VARIABLE

# Also the number of database connections that a web process keeps.
THREADS = 8
LARGEST_BODY_BYTES = 100 * 1024 * 1024

handler = get_wsgi_application()  # Sets Django up, which the streams need as well.

from raincheck.store import live as pings  # noqa: E402
from raincheck.web.live import app as live  # noqa: E402

pings.turn_on()

if parent := os.environ.get(PARENT_VARIABLE):
    die_with(int(parent), signal.SIGKILL)

look_for_cycles_seldom()
django = Bridge(handler, threads=THREADS, largest_body_bytes=LARGEST_BODY_BYTES)


async def application(scope: Scope, protocol: HTTPProtocol) -> None:
    """Answer one request."""
    if scope.path == "/live" or scope.path.startswith("/live/"):
        await live(scope, protocol)
    else:
        await django(scope, protocol)
