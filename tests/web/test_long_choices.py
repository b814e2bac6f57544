"""A drop-down of hundreds of choices is drawn like any other."""

import pytest
from django import forms
from django.test.html import parse_html

from raincheck.web.long_choices import Select

CHOICES = [("", "none"), ("a", "A & B"), ("b", "<b>")]


class Quick(forms.Form):
    where = forms.ChoiceField(choices=CHOICES, widget=Select, help_text="Where?")


class Plain(forms.Form):
    where = forms.ChoiceField(choices=CHOICES, help_text="Where?")


@pytest.mark.parametrize("where", ["a", "b", "", "nowhere"])
def test_it_says_the_same_as_any_other_drop_down(where: str) -> None:
    quick, plain = (str(form({"where": where})["where"]) for form in (Quick, Plain))
    assert parse_html(quick) == parse_html(plain)
    assert 'class="form-select"' in quick
    assert quick.count(" selected>") == (where != "nowhere")
    assert "<b>" not in quick
