"""Icons as inline SVG, from the files in `web/icons` (Tabler Icons, MIT)."""

from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).parent / "icons"


def icon_svg(name: str, label: str = "", css: str = "") -> SafeString:
    """The icon as SVG. Without a label it is decoration and hidden from screen readers.

    Raises `LookupError` for a name that has no file: the page is wrong, not the reader.
    """
    naming = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {} {}', css, naming, _shapes(name))


@cache
def _shapes(name: str) -> SafeString:
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise LookupError(f"there is no icon {name!r} in {FOLDER}")
    # The file is ours and holds shapes only.
    return mark_safe(path.read_text(encoding="utf-8").strip().removeprefix("<svg "))  # noqa: S308
