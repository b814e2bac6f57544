"""The service desk's pages: found, explained, done, undone; and who may."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.test_pages import text_of

from raincheck.actions.save_preferences import save_preferences
from raincheck.store.db import one, rows
from raincheck.store.reads.order import order_view
from raincheck.words.moments import day_text

ONCE = "one-form-of-many-forms"


def page(client: Client, route: str, *args: str, **asked: str) -> str:
    answer = client.get(reverse(route, args=args), asked)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def as_role(admin: Client, username: str) -> Client:
    """Somebody else of the same company. `admin` holds its database open."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, name
    return found.group(1)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("mixed", "SO-MIXED"), ("so-mix", "SO-MIXED"), ("Maple", "Maple &amp; Co"), ("mapel", "Maple &amp; Co"),
        ("orders@maple", "Maple &amp; Co"), ("m11aa", "Maple &amp; Co"), ("floor lamp", "Arc floor lamp"),
    ],
)  # fmt: skip
def test_anything_that_is_said_finds_them(admin: Client, said: str, found: str) -> None:
    assert found in page(admin, "service_find", q=said)


def test_the_only_hit_opens_by_itself(admin: Client) -> None:
    answer = admin.get(reverse("service"), {"q": "SO-HELD"})
    assert answer["Location"] == reverse("service_order", args=["SO-HELD"])


def test_an_order_is_explained_in_the_customer_s_words_without_our_references(admin: Client) -> None:
    html = page(admin, "service_order", "SO-MIXED")
    said = re.search(r'<p class="line-said">(Arc floor lamp.*?)</p>', html)
    assert said is not None
    assert "should reach you" in said.group(1)
    assert "PO-" not in said.group(1)
    assert "for the planner" in html.lower()


def test_a_choice_shows_what_it_does_before_it_is_done_and_is_undone_with_one_click(admin: Client) -> None:
    shown = page(admin, "service_try", "SO-HELD", choice="release")
    assert order_view("SO-HELD").state == "held"  # type: ignore[union-attr]
    answer = admin.post(
        reverse("help_customer", args=["SO-HELD"]), {"choice": "release", "seen": hidden(shown, "seen")}, follow=True
    )
    assert order_view("SO-HELD").state == "open"  # type: ignore[union-attr]
    assert reverse("hold_order", args=["SO-HELD"]) in answer.content.decode()
    assert one("SELECT actor FROM fact WHERE verb = 'order_released'") == ("admin",)


def test_what_waits_for_the_floor_s_word_is_not_offered_to_be_cancelled_again(admin: Client) -> None:
    page = text_of(admin, "/service/orders/SO-STOP")
    assert "is being cancelled: our floor stops what it has in hand" in page
    assert "Call back later" in page
    assert "Cancel what is open" not in page
    assert '"></span>' not in admin.get("/service/orders/SO-STOP").content.decode(), "an empty chip says nothing"


def test_what_was_never_shown_is_not_done(admin: Client) -> None:
    answer = admin.post(reverse("help_customer", args=["SO-HELD"]), {"choice": "release"}, follow=True)
    assert order_view("SO-HELD").state == "held"  # type: ignore[union-attr]
    assert "Something has moved" in answer.content.decode()
    assert answer.redirect_chain[0][0].startswith(reverse("service_try", args=["SO-HELD"]))


def test_what_is_given_back_for_the_trouble_is_given_once_however_often_it_is_clicked(admin: Client) -> None:
    form = page(admin, "service_try", "SO-GONE", choice="goodwill")
    asked = {"choice": "goodwill", "amount": "1.50", "words": "it came late", "once": hidden(form, "once")}
    for _ in range(2):
        answer = admin.post(reverse("help_customer", args=["SO-GONE"]), asked, follow=True)
    assert "Nothing was done twice" in answer.content.decode()
    assert rows("SELECT 1 FROM fact WHERE verb = 'goodwill'") == [(1,)]
    without = {name: value for name, value in asked.items() if name != "once"}
    assert admin.post(reverse("help_customer", args=["SO-GONE"]), without).status_code == 400


def test_service_asks_the_buyers_for_units_of_another_order_and_buyers_move_them(admin: Client) -> None:
    asked = {"choice": "move_units", "sku": "LAMP", "other": "SO-HELD", "units": "1"}
    service = as_role(admin, "service")
    shown = page(service, "service_try", "SO-WHOLE", **asked)
    assert "get it as a task" in shown
    for _ in range(2):
        service.post(reverse("help_customer", args=["SO-WHOLE"]), {**asked, "once": hidden(shown, "once")})
    assert rows("SELECT kind, team FROM task WHERE kind = 'move_units'") == [("move_units", "buyer")]


def test_whoever_may_only_look_does_nothing(admin: Client) -> None:
    reader = as_role(admin, "read-only")
    assert "What can be done" in page(reader, "service_order", "SO-HELD")
    assert reader.get(reverse("service_try", args=["SO-HELD"]), {"choice": "release"}).status_code == 403
    assert reader.post(reverse("help_customer", args=["SO-HELD"]), {"choice": "release"}).status_code == 403


def test_the_floor_has_no_service_desk(admin: Client) -> None:
    assert as_role(admin, "warehouse").get(reverse("service")).status_code == 403


def test_a_call_back_is_on_one_s_list_until_it_is_done(admin: Client) -> None:
    due = timezone.localtime(timezone.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    asked = {"choice": "call_back", "due": due, "words": "about the throws", "once": ONCE}
    admin.post(reverse("help_customer", args=["SO-LATE"]), asked)
    assert "about the throws" in page(admin, "tasks")
    task = one("SELECT id FROM task WHERE kind = 'call_back'")[0]
    assert f'action="{reverse("hand_on", args=[task])}"' in page(admin, "tasks"), "it can be handed on where it stands"
    admin.post(reverse("hand_on", args=[task]), {"to": "service"})
    assert "about the throws" not in page(admin, "tasks")
    assert "about the throws" in page(as_role(admin, "service"), "tasks")
    admin.post(reverse("close_task", args=[task]))
    assert "about the throws" not in page(admin, "tasks", whose="all")


@pytest.mark.parametrize(("whose", "word"), [("mine", "Mine"), ("team", "My teams’"), ("all", "Everybody’s")])
def test_each_list_of_tasks_says_how_long_it_is(admin: Client, whose: str, word: str) -> None:
    due = timezone.localtime(timezone.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    admin.post(
        reverse("help_customer", args=["SO-LATE"]), {"choice": "call_back", "due": due, "words": "throws", "once": ONCE}
    )
    admin.post(reverse("give_task"), {"text": "count the throws", "for": "team:admin"})
    shown = page(admin, "tasks", whose=whose)
    count = re.search(rf'{word} <span class="muted">(\d+)</span>', shown)
    assert count is not None
    assert int(count[1]) == shown.count('<li class="todo')
    assert int(count[1]) > 0


def test_midnight_is_the_end_of_the_day_before(admin: Client) -> None:
    today = timezone.localtime(timezone.now()).date()
    tomorrow = today + timedelta(days=1)
    for due, words in (
        ("T00:00", f"by the end of {day_text(today, today)}"),
        ("T09:30", f"by {day_text(tomorrow, today)}, 09:30"),
    ):
        admin.post(reverse("give_task"), {"text": "ring the inn", "for": "team:admin", "due": f"{tomorrow}{due}"})
        assert words in text_of(admin, reverse("tasks") + "?whose=all")


@pytest.mark.parametrize("due", ["", "yesterday", "2001-01-01T10:00", "9999-12-31T23:59"])
def test_a_call_back_needs_a_time_to_come(admin: Client, due: str) -> None:
    answer = admin.post(reverse("help_customer", args=["SO-LATE"]), {"choice": "call_back", "due": due, "once": ONCE})
    assert answer.status_code in (302, 400)
    assert rows("SELECT 1 FROM task WHERE kind = 'call_back'") == []


def test_a_note_is_seen_on_the_order_at_the_desk_and_with_the_customer(admin: Client) -> None:
    admin.post(
        reverse("note_order", args=["SO-LATE"]), {"text": "Wants <b>the throws</b> by Friday", "from": "service"}
    )
    for html in (
        page(admin, "service_order", "SO-LATE"), page(admin, "customer", "maple"), page(admin, "order", "SO-LATE")
    ):  # fmt: skip
        assert "Wants &lt;b&gt;the throws&lt;/b&gt; by Friday" in html


def test_a_customer_s_page_says_how_they_are_written_to(admin: Client) -> None:
    save_preferences("maple", {"language": "de", "sms": True}, actor="customer")
    assert "by e-mail, by text, in Deutsch" in text_of(admin, "/customers/maple")


def test_a_customer_s_page_counts_what_was_promised_and_kept(admin: Client) -> None:
    html = page(admin, "customer", "maple")
    assert "Promises broken" in html
    assert "SO-LATE" in html
    assert admin.get(reverse("customer", args=["nobody"])).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [{}, {"choice": "explode"}, {"choice": "cancel_line", "units": "-3"}, {"choice": "call_back", "due": "2026-99-99"}],
)
def test_a_choice_that_is_none_is_refused(admin: Client, asked: dict[str, str]) -> None:
    assert admin.post(reverse("help_customer", args=["SO-LATE"]), asked).status_code == 400


def test_an_order_that_does_not_exist_is_not_found(admin: Client) -> None:
    assert admin.get(reverse("service_order", args=["SO-NONE"])).status_code == 404
    assert admin.get(reverse("service_try", args=["SO-NONE"]), {"choice": "hold"}).status_code == 404
    assert admin.post(reverse("help_customer", args=["SO-NONE"]), {"choice": "hold"}).status_code == 404
