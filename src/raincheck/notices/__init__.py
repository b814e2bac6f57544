"""Which event tells whom what, in which words.

`render` is pure: the facts of a notice in, subject, text and HTML out. `outbox.drain` puts queued notices into words
and carries them out through a gateway.
"""

from raincheck.notices.digest import render_digest
from raincheck.notices.layout import Rendered, page_of, style_source
from raincheck.notices.product_message import render_product_message
from raincheck.notices.render import render

__all__ = ["Rendered", "page_of", "render", "render_digest", "render_product_message", "style_source"]
