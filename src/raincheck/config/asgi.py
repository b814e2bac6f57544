"""The ASGI application: live streams natively, everything else by Django in a fixed pool of threads.

Decisions and database work are synchronous, so a request is one function in one thread, whose database connection
stays open between requests. A live stream waits most of its life and must not hold a thread: it never enters Django.
The measurement behind this is in docs/adr/0003-web-server.md.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raincheck.config.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

THREADS = 8

django = WSGIMiddleware(get_wsgi_application(), workers=THREADS)
application = django
