"""Words of a company's own: refused when they could fail, lie by leaving something out, or never end."""

from dataclasses import replace

import pytest
from tests.notices.facts import facts, said

from raincheck.notices import render
from raincheck.notices.checking import faults_of
from raincheck.notices.sandbox import Fault, parsed
from raincheck.notices.wording import shipped_words
from raincheck.store.message_templates import OwnWords


def complaints(template: str, language: str = "en", **parts: str) -> list[tuple[str, int, str]]:
    found = faults_of(template, language, {**shipped_words(template, language), **parts})
    return [(one.part, one.fault.line, one.fault.what) for one in found]


@pytest.mark.parametrize(
    "source",
    [
        "{{ order.ref",
        "{% if day %}",
        "{% for item in items %}{% for other in items %}{% endfor %}{% endfor %}",
        "{% for item in items recursive %}{% endfor %}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% include 'shared' %}",
        "{% set all = items %}",
        "{{ items[0] }}",
        "{{ company.upper() }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ order.__class__ }}",
        "{{ _voice }}",
        "{{ company|attr('x') }}",
        "{{ company is defined }}",
        "{% if a %}" * 20 + "{% endif %}" * 20,
        "{{" + "(" * 2000 + "1" + ")" * 2000 + "}}",
        "x" * 6001,
    ],
)
def test_what_can_do_harm_is_not_understood(source: str) -> None:
    assert isinstance(parsed(source), Fault)


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("{{ ordr.ref }}", 1, "`ordr` is not known here; did you mean `order`?"),
        ("Well\n\n{{ order.reff }}", 3, "`.reff`: order has no such part; did you mean `ref`?"),
        ("{% for one in items %}{{ one.nam }}{% endfor %}", 1, "`.nam`: item has no such part; did you mean `name`?"),
        ("{{ units.more }}", 1, "`.more`: a number has no parts"),
        ("{% for one in company %}{% endfor %}", 1, "there is nothing to loop over: this is a text"),
        ("{{ item.name }}", 1, "`item` is not known here; did you mean `items`?"),
        ("{{ right_to_cancel }}", 1, "`right_to_cancel` is not known here"),
        ("{{ offer.name }}", 1, "`offer` is not known here"),
        ("{{ company|shout }}", 1, "the filter `shout` is not known"),
    ],
)
def test_a_name_that_does_not_exist_is_named_with_its_line_and_the_nearest(source: str, line: int, what: str) -> None:
    ((part, found_line, found),) = complaints("delayed", lead=source)
    assert (part, found_line) == ("lead", line)
    assert found.startswith(what)


@pytest.mark.parametrize(
    ("part", "source", "what"),
    [
        ("lead", "Now {{ day.short }}", "ask first"),
        ("lead", "{{ order }}", "this is no text"),
        ("lead", "{{ items|joined }}", "this is no text"),
        ("lead", "{{ items|small }}", "'tuple' object"),
        ("lead", "{{ company|brief(1e400) }}", "name 'inf'"),
        ("lead", "{{ passed }}", "yes or no cannot be written"),
        ("heading", "{% if day %}Later{% endif %}", "it says nothing in some messages"),
        ("heading", "  ", "it must say something"),
        ("lead", "{{ units|plural('it') }}", "a filter needs what stands in its example"),
        ("sms", "Late, " * 60, "it takes 3 SMS"),
        ("sms", "Спасибо, " * 12, "it takes 3 SMS"),
    ],
)
def test_words_that_fail_for_some_orders_are_refused(part: str, source: str, what: str) -> None:
    ((found_part, _, found),) = complaints("delayed", **{part: source})
    assert found_part == part
    assert found.startswith(what) or what in found


@pytest.mark.parametrize("event", ["option_notice", "renewed_option_notice"])
@pytest.mark.parametrize("name", ["right_to_cancel", "how_to_wait", "if_silent"])
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_an_option_that_leaves_out_what_the_law_wants_said_is_refused(event: str, name: str, language: str) -> None:
    closing = shipped_words(event, language)["closing"]
    for less in (
        closing.replace(f"{{{{ {name} }}}}", ""),
        closing.replace(f"{{{{ {name} }}}}", f"{{% if units > 99 %}}{{{{ {name} }}}}{{% endif %}}"),
        closing.replace(f"{{{{ {name} }}}}", f"{{{{ {name}|brief(20) }}}}"),
        closing.replace(f"{{{{ {name} }}}}", f"{{# {{{{ {name} }}}} #}}"),
    ):
        found = complaints(event, language, closing=less)
        assert any(part == "closing" and name in what and ("435.2" in what) for part, _, what in found)


def test_an_option_has_to_say_the_new_day_and_a_cancel_what_becomes_of_the_money() -> None:
    assert "16 CFR 435.2" in complaints("option_notice", item="{{ item.expected }}")[0][2]
    assert "what becomes of the money" in complaints("cancelled", closing="Bye.")[0][2]
    assert complaints("cancelled", closing="Sorry. {{ refund_note }} Bye.") == []


def test_the_shared_words_are_tried_too() -> None:
    assert complaints("shared", greeting="Dear {{ customer }}") == []
    assert complaints("shared", ways_out="{{ ways_out }}")[0][2].startswith("`ways_out` is not known here")
    assert complaints("shared", reason="")[0][2] == "it must say something"
    assert "ask first" in complaints("shared", about="{{ until.short }}")[0][2]


def test_words_of_your_own_take_the_place_of_ours_part_by_part() -> None:
    notice = facts("delayed", said(was_on=None))
    own = replace(notice, words=(OwnWords("delayed", 4, {"heading": "Not yet, {{ customer }}"}),))
    message = render(own)
    assert "<h1>Not yet, Ann Verbeek</h1>" in message.html
    assert message.subject == render(notice).subject
    assert message.version_of("delayed") == 4


def test_words_that_fail_after_all_are_left_aside_for_the_shipped_ones() -> None:
    notice = facts("delayed", said(was_on=None))
    broken = (
        OwnWords("delayed", 4, {"lead": "{{ nothing.like.it }}"}),
        OwnWords("shared", 2, {"greeting": "{{ no }}"}),
    )
    message = render(replace(notice, words=broken))
    assert message == render(notice)
    assert message.version_of("delayed") == 0


def test_what_others_wrote_stays_text_in_words_of_your_own() -> None:
    hostile = "<b>{{ company }}</b>"
    notice = facts("delayed", said(name=hostile), customer_name=hostile)
    message = render(replace(notice, words=(OwnWords("delayed", 1, {"heading": "{{ customer }} & <i>co</i>"}),)))
    assert "<b>" not in message.html
    assert "<i>" not in message.html
    assert "&lt;b&gt;{{ company }}&lt;/b&gt;" in message.html
