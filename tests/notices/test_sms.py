"""Text messages: two segments at the most, in the network's alphabet where that loses nothing."""

import pytest

from raincheck.notices.sms import plain, segments, text_message


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("ł" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_the_networks_count_them(text: str, count: int) -> None:
    assert segments(text) == count


def test_what_the_alphabet_has_stays_and_the_rest_is_written_plainly() -> None:
    assert plain("Grüße – „später“ … 3 × 40\u00a0€") == 'Grüße - "später" ... 3 x 40 €'
    assert plain("llegará más tarde, señor; ¿qué?") == "llegara mas tarde, señor; ¿qué?"


def test_a_name_in_another_script_goes_as_it_is() -> None:
    assert plain("Παραγγελία για την Ελένη Ωάσης ж") == "Παραγγελία για την Ελένη Ωάσης ж"


def test_a_day_at_the_end_of_a_sentence_has_one_full_stop() -> None:
    assert plain("erwartet am 24. Nov.. Danke...") == "erwartet am 24. Nov. Danke..."


def test_the_link_stays_whole_and_the_text_gives_way() -> None:
    link = "https://shop.example/my/" + "x" * 60
    message = text_message("Your order comes later. " * 30, link)
    assert message.endswith(f"... {link}")
    assert segments(message) == 2
    assert text_message("", link) == ""
