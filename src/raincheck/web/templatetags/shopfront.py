"""How cells of a size and colour table look."""

from django.template import Library

from raincheck.store.reads.variants import VariantCell
from raincheck.web.shopfront import tone_of

register = Library()


@register.filter
def cell_tone(cell: VariantCell) -> str:
    """The tone of a variant: ok, wait, pre or late."""
    return tone_of(cell)
