"""The page of an order as its customer sees it: where each unit is, why, when; nothing about anybody else."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.company import order
from tests.web.customer.conftest import Visit

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import save_settings
from raincheck.actions.purchase import reschedule
from raincheck.actions.save_preferences import save_preferences
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.store.reads.company import company_face

EVERY = ("SO-MIXED", "SO-LATE", "SO-GONE", "SO-WHOLE", "SO-PRE", "SO-REFUSED", "SO-STOP", "SO-NODATE", "SO-HELD")


@pytest.mark.parametrize("ref", EVERY)
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_order_has_a_page_in_every_language(visit: Visit, ref: str, language: str) -> None:
    response = visit(ref).get(language=language)
    assert response.status_code == 200
    page = response.content.decode()
    assert f'<html lang="{language}">' in page
    assert ref in page


@pytest.mark.parametrize("ref", EVERY)
def test_the_page_names_no_supplier_no_purchase_order_and_nobody_else(visit: Visit, ref: str) -> None:
    page = visit(ref).text()
    for secret in ("Halden", "Osprey", "PO-", "Maple & Co", "Ivy Interiors", "queue", "peg", "backorder"):
        assert secret not in page, secret


def test_one_part_here_and_one_to_come_shows_both(visit: Visit) -> None:
    """Case 46: never just one state for an order in two."""
    page = visit("SO-MIXED").text()
    assert "8 · Set aside for you" in page
    assert "2 · To come" in page
    assert "on its way to our warehouse" in page
    assert "promised for" in page


def test_what_arrived_and_what_it_cost(visit: Visit) -> None:
    page = visit("SO-GONE").text()
    assert "Everything has been sent." in page
    assert "3 · Delivered" in page
    assert "3 × Stoneware mug" in page
    assert "Charged in all: £28.50" in page


def test_the_first_sentence_says_what_became_of_the_order(visit: Visit) -> None:
    assert re.search(r"Your order SO-STOP \d items? (is|are) being cancelled\.", visit("SO-STOP").text())
    order("SO-NONE", {"TOWEL": 1}, timezone.now())
    assert "Your order SO-NONE We could not accept this order." in visit("SO-NONE").text()
    cancel_order("SO-PRE", actor="sam")
    assert "Your order SO-PRE This order was cancelled." in visit("SO-PRE").text()


def test_one_new_date_of_several_products_is_told_once(visit: Visit) -> None:
    """A ship-complete order moves as a whole: one row that names its products, not one for each."""
    run(
        """INSERT INTO told_date (claim_id, at, previous_on, told_on, word, reason)
           SELECT c.id, now(), '2026-03-02', '2026-03-12', 'delayed', ''
           FROM claim c JOIN sales_order o ON o.id = c.order_id WHERE o.ref = 'SO-WHOLE'"""
    )
    page = visit("SO-WHOLE").text()
    assert page.count("New date: Thursday 12 March") == 1
    assert re.search(r"instead of Monday 2 March( 2026)? Arc floor lamp and Stoneware mug", page)


def test_only_a_long_order_leads_from_its_top_to_what_can_be_done(visit: Visit) -> None:
    order("SO-LONG", {"LAMP": 1, "MUG": 1, "THROW": 1, "SHADE": 1}, timezone.now())
    assert '<a href="#offers">What you can do</a>' in visit("SO-LONG").get().content.decode()
    assert '<a href="#offers">' not in visit("SO-MIXED").get().content.decode()


def test_a_day_that_has_passed_is_never_expected(visit: Visit) -> None:
    """Units lie reserved since a week: the day on which they could have gone is no date for the customer."""
    today = timezone.now().date()
    for ref in EVERY:
        page = visit(ref).text()
        for day in range(1, 15):
            gone = today - timedelta(days=day)
            assert f"expected {gone:%A} {gone.day} {gone:%B}" not in page


def test_it_says_why_there_is_no_date_and_what_is_refused(visit: Visit) -> None:
    assert "It should have reached our warehouse by now" in visit("SO-NODATE").text()
    assert "It goes on sale" in visit("SO-PRE").text()
    assert "out of stock and could not be ordered in" in visit("SO-REFUSED").text()
    assert "so that everything comes together" in visit("SO-WHOLE").text()
    assert "on hold: nothing is sent" in visit("SO-HELD").text()
    assert "after we had begun to pack it" in visit("SO-STOP").text()


def test_how_sure_a_date_is_only_where_that_is_on_record(visit: Visit) -> None:
    assert "times in 10" not in visit("SO-MIXED").text()
    run("UPDATE inbound_line SET confidence = 0.9, dated_on = expected_on WHERE expected_on IS NOT NULL")
    assert "Dates like this are kept 9 times in 10." in visit("SO-MIXED").text()


def test_a_later_day_that_was_not_told_yet_is_no_date(visit: Visit) -> None:
    """The truck moves by weeks; until that has settled and is told, the page does not run ahead of the message."""
    reschedule("PO-SOON", timezone.now().date() + timedelta(days=30), actor="bea")
    reschedule("PO-TODAY", timezone.now().date() + timedelta(days=30), actor="bea")
    page = visit("SO-MIXED").text()
    assert "it may take longer, and we write to you as soon as we know" in page


def test_a_day_after_one_that_was_lost_is_no_date_before_it_is_told(visit: Visit) -> None:
    """They read that there is no day any more: the page must not name one that no message has named."""
    run("UPDATE claim SET told_on = NULL WHERE order_id = (SELECT id FROM sales_order WHERE ref = 'SO-MIXED')")
    page = visit("SO-MIXED").text()
    assert re.search(r"2 · To come no date yet", page)
    assert "To come expected" not in page


def test_what_was_told_and_when(visit: Visit) -> None:
    page = visit("SO-LATE").text()
    assert "What we told you" in page
    assert "Your order was confirmed" in page
    assert "New date:" in page


def test_the_customer_s_own_language_wins_over_the_browser_s_and_the_country_s(visit: Visit) -> None:
    maple = visit("SO-MIXED")
    assert "Your order" in maple.text(language="")
    assert "Ihre Bestellung" in maple.text(language="de-CH, fr;q=0.8")
    assert "Your order" in maple.text(language="fr")
    save_preferences("maple", {"language": "es"}, actor="test")
    assert "Su pedido" in maple.text(language="de")
    assert "Ihre Bestellung" in maple.text(language="fr", lang="de"), "what is chosen on the page wins"


def test_a_chosen_language_stays_on_the_way_through_the_pages(visit: Visit) -> None:
    page = visit("SO-MIXED").get(lang="de").content.decode()
    links = re.findall(r'href="(/my/[^"]+)"', page.split("<footer")[0])
    own = [link for link in links if "/brand/" not in link]
    assert own
    assert all("lang=de" in link for link in own)


def test_whatever_stands_in_the_address_the_page_is_shown(visit: Visit) -> None:
    assert visit("SO-MIXED").get(path="x", name="y", lang="xx").status_code == 200


def test_the_company_s_name_colour_and_contact(visit: Visit) -> None:
    settings = replace(
        read_settings(),
        contact_email="help@northlight.example",
        contact_phone="+44 113 496 0000",
        postal_address="1 Canal Road\nLeeds",
        brand_colour="#5b2a86",
    )
    save_settings(settings, company_face().name)
    mixed = visit("SO-MIXED")
    page = mixed.get().content.decode()
    for said in ("Northlight Supply", "mailto:help@northlight.example", "tel:+441134960000", "1 Canal Road<br>Leeds"):
        assert said in page
    sheet = mixed.client.get("/my/brand/5b2a86.css")
    assert "--brand:#5b2a86" in sheet.content.decode()
    assert sheet["Content-Type"].startswith("text/css")


@pytest.mark.parametrize("colour", ["ffffff", "zzzzzz", "5b2a86}body{display", "12345", "1234567"])
def test_a_colour_that_is_none_is_no_sheet(visit: Visit, colour: str) -> None:
    assert visit("SO-MIXED").client.get(f"/my/brand/{colour}.css").status_code == 404


def test_hostile_names_are_text_on_the_page(visit: Visit) -> None:
    run("UPDATE product SET name = '<script>alert(1)</script>' WHERE sku = 'LAMP'")
    page = visit("SO-MIXED").get().content.decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_needs_no_script_and_little_room(visit: Visit) -> None:
    for ref in EVERY:
        page = visit(ref).get().content
        assert b"<script" not in page
        assert b"style=" not in page
        assert len(page) < 40_000
