"""The Lab's form: a drill, and up to four variants of the rules."""

import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms

from raincheck.actions.ask_lab import LARGEST_DRILL_BYTES

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_VARIANTS: Final = 4
LONGEST_SETTINGS: Final = 300
_KEY: Final = re.compile(r"[a-z_]{1,40}")


class DrillForm(forms.Form):
    """What happens: as text, or from a file."""

    drill = forms.CharField(
        label="Drill",
        required=False,
        max_length=LARGEST_DRILL_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "code"}),
        help_text="Orders, receipts and whatever else happens, as a drill file.",
    )
    upload = forms.FileField(
        label="Or a drill file", required=False, help_text="YAML, up to 1 MB. It takes the place of the text."
    )
    from_live = forms.BooleanField(label="Start from a copy of the company as it is now", required=False)

    def clean_upload(self) -> str:
        """The file's text."""
        given = cast("File[bytes] | None", self.cleaned_data["upload"])
        if given is None:
            return ""
        if given.size > LARGEST_DRILL_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB.")
        content: bytes = given.read()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not UTF-8 text.") from None

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        given = super().clean() or {}
        if not self.errors and not self.text(given).strip():
            self.add_error("drill", "Write a drill, choose an example or give a file.")
        return given

    @staticmethod
    def text(given: dict[str, Any]) -> str:
        """The drill that was given; browsers send the line ends of another system."""
        return str(given.get("upload") or given.get("drill") or "").replace("\r\n", "\n")


class VariantForm(forms.Form):
    """One variant. A form in which nothing is filled in is none."""

    title = forms.CharField(label="Name", max_length=80, required=False)
    ship = forms.ChoiceField(
        label="Shipping",
        required=False,
        choices=[("", "As the drill says"), ("available", "As it comes"), ("complete", "All at once")],
    )
    told_dates = forms.ChoiceField(
        label="Told dates",
        required=False,
        choices=[("", "As the drill says"), ("keep", "Rank never breaks one"), ("by_rank", "Rank may break one")],
    )
    backorders = forms.ChoiceField(
        label="Backorders",
        required=False,
        choices=[("", "As the drill says"), ("allow", "Allowed"), ("deny", "Not allowed")],
    )
    settings = forms.CharField(
        label="More settings",
        required=False,
        max_length=LONGEST_SETTINGS,
        widget=forms.TextInput(attrs={"placeholder": "hold_days=3; promise_confidence=0.9", "class": "code"}),
    )

    def clean_settings(self) -> dict[str, str]:
        """`key=value; key=value` by key; values stay as written, the drill's reader judges them."""
        found: dict[str, str] = {}
        for part in filter(str.strip, self.cleaned_data["settings"].split(";")):
            key, _, value = (piece.strip() for piece in part.partition("="))
            if not _KEY.fullmatch(key) or not value:
                raise forms.ValidationError(f"“{part.strip()[:40]}” is not a setting such as hold_days=3.")
            found[key] = value
        return found

    def clean(self) -> dict[str, Any]:
        """Who changes something needs a name, and a name a change."""
        given = super().clean() or {}
        if self.errors:
            return given
        if self.changes() and not given.get("title"):
            self.add_error("title", "Name this variant.")
        return given

    def changes(self) -> dict[str, str]:
        """What it changes, values as YAML."""
        given = self.cleaned_data
        chosen = {key: given[key] for key in ("ship", "told_dates", "backorders") if given.get(key)}
        return {**chosen, **given.get("settings", {})}

    def as_yaml(self) -> str:
        """The variant as an entry of a variants file; nothing for an empty form."""
        title = self.cleaned_data.get("title", "")
        if not title:
            return ""
        lines = [f"- title: {json.dumps(title, ensure_ascii=False)}"]
        if changes := self.changes():
            lines += ["  settings:", *(f"    {key}: {value}" for key, value in changes.items())]
        return "\n".join(lines) + "\n"
