"""Words of messages are written in the console: tried on a real order, refused with what is wrong, kept in versions."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from raincheck.notices.wording import TEMPLATES, shipped_words
from raincheck.store.db import one, rows
from raincheck.store.outbox_read import notice_facts
from raincheck.store.reads.message_templates import last_notices

DELAYED = dict(shipped_words("delayed", "en"))


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def write(admin: Client, template: str = "delayed", language: str = "en", do: str = "save", **parts: str) -> object:
    shipped = dict(shipped_words(template, language))
    posted = {**shipped, "instead_of": "0", "order_ref": "", "do": do, **parts}
    return admin.post(reverse("message_words", args=[template, language]), posted, follow=True)


def versions() -> list[tuple[str, str, int, bool]]:
    return rows("SELECT event, language, version, ended_at IS NULL FROM message_template ORDER BY id")


def test_every_message_can_be_looked_at_in_every_language(admin: Client) -> None:
    page = text(admin.get(reverse("message_templates")))
    for template, name in TEMPLATES.items():
        assert name in page.replace("&#x27;", "'")
        for language in ("en", "de", "es"):
            assert admin.get(reverse("message_words", args=[template, language])).status_code == 200
            assert admin.get(reverse("message_history", args=[template, language])).status_code == 200


def test_what_does_not_exist_is_not_found(admin: Client) -> None:
    for template, language in (("nothing", "en"), ("delayed", "fr"), ("law", "en")):
        assert admin.get(reverse("message_words", args=[template, language])).status_code == 404


def test_words_are_tried_on_the_last_order_that_had_such_a_message_and_nothing_is_saved(admin: Client) -> None:
    answer = write(admin, "order_confirmed", do="preview", heading="Hooray, {{ customer }}")
    page = text(answer)
    facts = notice_facts(last_notices("order_confirmed", "")[0])
    assert facts is not None
    assert f"Tried on order {facts.order_ref}" in page
    assert f"Hooray, {facts.customer_name}" in page
    assert "None is sent for this message." in page
    assert versions() == []


def test_the_letter_stands_in_a_frame_that_may_do_nothing(admin: Client) -> None:
    answer = write(admin, do="preview")
    assert 'sandbox=""' in text(answer)
    policy = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    assert "'sha256-" in policy
    assert "unsafe-inline" not in policy


def test_words_are_tried_on_any_order_as_if_it_had_the_message(admin: Client) -> None:
    ref = one("SELECT ref FROM sales_order ORDER BY id LIMIT 1")[0]
    page = text(write(admin, "shipped", "de", do="preview", order_ref=ref))
    assert f"Tried on order {ref}" in page
    answer = write(admin, do="preview", order_ref="NO-SUCH-ORDER")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "does not exist" in text(answer)


@pytest.mark.parametrize("template", ["digest", "shared", "back_in_stock", "renewed_option_notice", "cancelled"])
def test_everything_that_can_be_edited_can_be_tried(admin: Client, template: str) -> None:
    for language in ("en", "de", "es"):
        assert "What it would say" in text(write(admin, template, language, do="preview"))


@pytest.mark.parametrize(
    ("part", "words", "complaint"),
    [
        ("lead", "One\n{{ ordr.ref }}", "Line 2: `ordr` is not known here; did you mean `order`?"),
        ("lead", "{% if day %}late", "Line 1: "),
        ("heading", "{{ customer.__class__ }}", "names that begin with _ are closed"),
        ("closing", "{% for a in items %}{% for b in items %}x{% endfor %}{% endfor %}", "it might never end"),
        ("sms", "Very late. " * 30, "3 SMS with the link; 2 are the most"),
        ("subject", "", "It must say something"),
    ],
)
def test_words_that_do_not_work_are_refused_with_the_line_and_what_is_wrong(
    admin: Client, part: str, words: str, complaint: str
) -> None:
    answer = write(admin, **{part: words})
    page = text(answer).replace("&#x27;", "'").replace("&quot;", '"')
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert complaint in page
    assert "?." not in page
    assert versions() == []


def test_an_option_notice_without_what_silence_means_is_refused_with_the_rule(admin: Client) -> None:
    closing = dict(shipped_words("option_notice", "en"))["closing"].replace("{{ if_silent }}", "Yours, us.")
    page = text(write(admin, "option_notice", closing=closing))
    assert "what silence means (16 CFR 435.2(b)(1), (2))" in page
    assert versions() == []


def test_saved_words_are_in_force_and_can_be_taken_back(admin: Client) -> None:
    assert "Saved as version 1" in text(write(admin, heading="Sorry, later"))
    again = write(admin, heading="Sorry, it comes later", instead_of="1")
    assert "Saved as version 2" in text(again)
    assert versions() == [("delayed", "en", 1, False), ("delayed", "en", 2, True)]
    history = text(admin.get(reverse("message_history", args=["delayed", "en"])))
    assert "-Sorry, later" in history
    assert "+Sorry, it comes later" in history
    admin.post(reverse("use_words_again", args=["delayed", "en", 1]))
    assert versions()[-1] == ("delayed", "en", 3, True)
    assert one("SELECT parts->>'heading' FROM message_template WHERE version = 3")[0] == "Sorry, later"
    admin.post(reverse("use_shipped_words", args=["delayed", "en"]))
    assert not any(in_force for *_, in_force in versions())
    assert rows("SELECT verb, actor FROM fact WHERE subject = 'words:delayed' ORDER BY id") == [
        ("words_saved", "admin"),
        ("words_saved", "admin"),
        ("words_saved", "admin"),
        ("words_ended", "admin"),
    ]
    said = admin.post(reverse("use_shipped_words", args=["delayed", "en"]), follow=True).content.decode()
    assert "has no words of your own" in said
    assert admin.post(reverse("use_words_again", args=["delayed", "en", 9])).status_code == 404


def test_who_writes_while_somebody_else_saved_is_told_and_loses_nothing(admin: Client) -> None:
    write(admin, heading="The first")
    page = text(write(admin, heading="The second, from the shipped words"))
    assert "Somebody saved version 1 meanwhile" in page
    assert "The second, from the shipped words" in page
    assert len(versions()) == 1


def test_a_trial_goes_to_the_writer_alone(admin: Client) -> None:
    page = text(write(admin, do="send"))
    assert "No mail server is configured" in page or "You have no e-mail address" in page
    assert mail.outbox == []
