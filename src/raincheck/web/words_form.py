"""Words of a message as a form: a field a part, and which order to try them on."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from raincheck.notices.checking import PartFault
from raincheck.notices.sandbox import LONGEST_SOURCE
from raincheck.notices.wording import Part
from raincheck.words.sentences import as_sentence

FEWEST_ROWS: Final = 2
MOST_ROWS: Final = 18
ROW_LENGTH: Final = 90


class WordsForm(forms.Form):
    """The parts of one template. Nothing is checked here but their length: notices.checking says what is wrong."""

    order_ref = forms.CharField(
        label="Try it on order",
        required=False,
        max_length=100,
        help_text="Empty: the last one that had such a message.",
    )
    instead_of = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, parts: tuple[Part, ...], *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.parts = parts
        shown = self.data if self.is_bound else self.initial
        for part in parts:
            self.fields[part.name] = forms.CharField(
                label=part.label,
                help_text=part.meaning,
                required=part.is_needed,
                error_messages={"required": "It must say something."},
                strip=False,
                max_length=LONGEST_SOURCE,
                widget=forms.Textarea(attrs={"rows": _rows(str(shown.get(part.name, ""))), "class": "code"}),
            )

    def words(self) -> dict[str, str]:
        """The words as they were written."""
        return {part.name: self.cleaned_data[part.name].replace("\r\n", "\n") for part in self.parts}

    def part_fields(self) -> list[forms.BoundField]:
        """The fields of the parts, in their order."""
        return [self[part.name] for part in self.parts]

    def say(self, faults: tuple[PartFault, ...]) -> None:
        """Puts what is wrong beside its part."""
        for found in faults:
            self.add_error(found.part if found.part in self.fields else None, as_sentence(str(found.fault)))


def _rows(source: str) -> int:
    """As many as the words take, within reason."""
    taken = sum(1 + len(line) // ROW_LENGTH for line in source.split("\n"))
    return min(max(taken, FEWEST_ROWS), MOST_ROWS)


def first_shown(words: Mapping[str, str], instead_of: int) -> dict[str, Any]:
    """What the form shows first."""
    return {**words, "instead_of": instead_of}
