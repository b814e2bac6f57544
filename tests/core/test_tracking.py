"""Numbers, names and addresses of carriers: what is kept, and what is refused with the way out."""

import pytest

from raincheck.core.errors import Malformed
from raincheck.core.tracking import READY, Carrier, link_to, named, tidy_link, tidy_name, tidy_number


def test_a_number_is_kept_as_it_is_read_aloud_without_the_spaces_of_the_label() -> None:
    assert tidy_number(" 1z 999 aa1 01 2345 6784 ") == "1Z999AA10123456784"
    assert tidy_number("JD-0146-0000") == "JD-0146-0000"
    assert tidy_number("  ") == ""


@pytest.mark.parametrize(
    "number", ["<b>1</b>", "1/../2", "1?x=2", "1&2", "é1", "-", "A-", "1" * 41, "1{number}", "1%2F"]
)
def test_what_is_no_plain_token_is_no_number(number: str) -> None:
    with pytest.raises(Malformed, match="tracking number"):
        tidy_number(number)


@pytest.mark.parametrize(
    "link",
    [
        "http://carrier.example/{number}",
        "javascript:alert({number})",
        "https://{number}.example/",
        "https://carrier.example@evil.example{number}",
        "https://carrier.example@evil.example/{number}",
        "https://carrier.example/track",
        "https://carrier.example/{number}/{number}",
        "https://carrier.example/{id}",
        "https://carrier.example/{number}/{x}",
        'https://carrier.example/"onclick={number}',
        "https://carrier.example/ {number}",
        "https://carrier.example/\n{number}",
        "https:///{number}",
        "https://carrier.example/" + "a" * 500 + "{number}",
    ],
)
def test_a_page_is_https_with_the_number_s_place_once_behind_the_host(link: str) -> None:
    with pytest.raises(Malformed, match="tracking link"):
        tidy_link(link)


def test_every_ready_carrier_would_be_accepted_if_somebody_wrote_it() -> None:
    for carrier in READY:
        assert (tidy_name(carrier.name), tidy_link(carrier.link)) == (carrier.name, carrier.link)
        assert link_to(carrier, "AB-12").count("AB-12") == 1


def test_a_carrier_without_a_page_has_no_link_and_one_without_a_number_neither() -> None:
    assert tidy_link(" ") == ""
    assert link_to(Carrier("City bikes"), "4711") == ""
    assert link_to(READY[0], "") == ""


def test_a_carrier_is_known_by_its_name_in_any_capitals_and_a_wrong_one_has_a_nearest() -> None:
    assert named(" royal  mail ", READY).name == "Royal Mail"
    with pytest.raises(Malformed, match="did you mean 'FedEx'"):
        named("Fedx", READY)
    with pytest.raises(Malformed, match="Settings, Carriers"):
        named("zzz", READY)
