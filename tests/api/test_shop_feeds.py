"""What search engines and comparison sites are given: schema.org and the Merchant feed, by their specifications."""

import csv
import io
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest
from click.testing import CliRunner
from tests.api.caller import Caller, content, in_days

from raincheck.actions.catalogue import save_products, save_settings, set_stock
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.save_shop import renew_feed_key, save_shop
from raincheck.cli.export import command as export
from raincheck.core.errors import Malformed
from raincheck.core.settings import Settings
from raincheck.store.records import ProductRecord
from raincheck.store.shop import ShopSettings, read_shop

G = "{http://base.google.com/ns/1.0}"
# Merchant Center Help, "Availability date": YYYY-MM-DDThh:mm[±hhmm], 1 to 25 characters.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d{4}")
XSD_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT00:00:00[+-]\d\d:\d\d")
PRICE = re.compile(r"\d+(\.\d{2})? [A-Z]{3}")
AVAILABILITY = {"in_stock", "out_of_stock", "preorder", "backorder"}


@pytest.fixture
def feed_shop(shop: Caller) -> Caller:
    """The test company with a style, hostile names, a far date, and addresses for its pages; days begin in Berlin."""
    save_settings(Settings(warehouse="manual", timezone="Europe/Berlin", transit_days=2))
    save_products(
        [
            ProductRecord("tee-m", "Tee <b>&\u0007", Decimal(15), "EUR", style="tee", size="M", colour="sage",
                          gtin="4006381333931"),
            ProductRecord("tee-l", "Tee", Decimal(15), "EUR", style="tee", size="L", colour="sage", gtin="123"),
            ProductRecord("far", "Far\toff", Decimal("9.5")),
            ProductRecord("yen", "Yen", Decimal(1200), "JPY"),
            ProductRecord("free", "No price", None),
        ]
    )  # fmt: skip
    set_stock("east", {"tee-m": 4})
    purchase(PurchaseRequest("P7", "slow", "east", {"far": 3}, in_days(500), "confirmed"))
    save_shop(ShopSettings("https://shop.example/p/{sku}", "https://img.example/{sku}.jpg"))
    renew_feed_key()
    return shop


def fetch(form: str = "xml", key: str | None = None) -> Any:
    return Caller(None).get(f"/feeds/{key or read_shop().feed_key}/merchant.{form}")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def feed() -> dict[str, dict[str, str]]:
    root = ET.fromstring(body(fetch()))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel is not None
    assert [channel.findtext(name) for name in ("title", "link", "description")] != [None, None, None]
    found = [{field.tag.removeprefix(G): field.text or "" for field in item} for item in channel.findall("item")]
    return {item["id"]: item for item in found}


def test_every_item_has_what_google_requires_in_its_form(feed_shop: Caller) -> None:
    items = feed()
    assert "free" not in items
    for item in items.values():
        assert {"id", "title", "description", "link", "image_link", "availability", "price"} <= item.keys()
        assert item["availability"] in AVAILABILITY
        assert PRICE.fullmatch(item["price"]), item["price"]
        assert ("availability_date" in item) == (item["availability"] in ("preorder", "backorder"))
        if day := item.get("availability_date"):
            assert DATE.fullmatch(day)
            assert datetime.fromisoformat(day) <= datetime.now().astimezone() + timedelta(days=366)
        assert len(item["id"]) <= 50
        assert len(item["title"]) <= 150


def test_a_product_on_its_way_is_a_backorder_with_the_day_on_which_it_is_sent(feed_shop: Caller) -> None:
    Caller(feed_shop.key).post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 5}]})
    lamp = feed()["lamp"]
    assert lamp["availability"] == "backorder"
    assert lamp["availability_date"].startswith(f"{in_days(10).isoformat()}T00:00+0")
    assert lamp["price"] == "40.00 USD"


def test_a_style_is_a_group_of_sizes_and_colours(feed_shop: Caller) -> None:
    tee = feed()["tee-m"]
    assert {name: tee[name] for name in ("item_group_id", "color", "size", "gtin", "link")} == {
        "item_group_id": "tee",
        "color": "sage",
        "size": "M",
        "gtin": "4006381333931",
        "link": "https://shop.example/p/tee-m",
    }
    other = feed()["tee-l"]
    assert ("gtin" in other, other["identifier_exists"]) == (False, "no")


def test_what_comes_in_more_than_a_year_or_nobody_knows_when_is_out_of_stock(feed_shop: Caller) -> None:
    items = feed()
    assert (items["far"]["availability"], "availability_date" in items["far"]) == ("out_of_stock", False)
    assert items["desk/oak 80"]["availability"] == "out_of_stock"
    assert items["desk/oak 80"]["link"] == "https://shop.example/p/desk%2Foak%2080"


def test_hostile_names_break_neither_the_xml_nor_a_line_of_text(feed_shop: Caller) -> None:
    assert feed()["tee-m"]["title"] == "Tee <b>& sage M"
    rows = list(csv.DictReader(io.StringIO(body(fetch("tsv")).decode()), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {row["id"]: row["title"] for row in rows}["far"] == "Far off"
    assert {row["id"] for row in rows} == set(feed())


def test_a_name_that_begins_with_a_quotation_mark_takes_in_nothing_that_follows(feed_shop: Caller) -> None:
    save_products([ProductRecord("far", '"Far" off, 24"', Decimal(9)), ProductRecord("lamp", 'Lamp 12"', Decimal(40))])
    rows = list(csv.DictReader(io.StringIO(body(fetch("tsv")).decode()), delimiter="\t"))
    titles = {row["id"]: row["title"] for row in rows}
    assert (titles["far"], titles["lamp"]) == ('"Far" off, 24"', 'Lamp 12"')
    assert set(titles) == set(feed())


def test_amounts_have_the_decimals_of_their_currency(feed_shop: Caller) -> None:
    assert (feed()["yen"]["price"], feed()["far"]["price"]) == ("1200 JPY", "9.50 USD")


def test_only_the_address_with_the_key_answers_and_a_new_key_ends_the_old_one(feed_shop: Caller) -> None:
    old = read_shop().feed_key
    assert fetch(key="guess").status_code == 404
    assert fetch("pdf").status_code == 404
    renew_feed_key()
    assert (fetch(key=old).status_code, fetch().status_code) == (404, 200)


def test_without_a_key_there_is_no_feed(shop: Caller) -> None:
    save_shop(ShopSettings("https://shop.example/p/{sku}"))
    assert shop.get("/feeds/x/merchant.xml").status_code == 404


def test_many_products_are_sent_piece_by_piece_each_of_them_small(feed_shop: Caller) -> None:
    save_products([ProductRecord(f"many-{number:05}", price=Decimal(1)) for number in range(2_500)])
    pieces = list(fetch().streaming_content)
    assert len(pieces) > 10
    assert max(map(len, pieces)) < 200_000
    assert b"".join(pieces).count(b"<item>") == 2_500 + 9


def test_the_command_writes_the_same_feed(feed_shop: Caller) -> None:
    done = CliRunner().invoke(export, ["merchant-feed"])
    assert (done.exit_code, done.stdout_bytes) == (0, body(fetch()))
    tsv = CliRunner().invoke(export, ["merchant-feed", "--format", "tsv"])
    assert tsv.stdout_bytes == body(fetch("tsv"))


def test_schema_org_says_when_it_is_sent_what_it_costs_and_how_many_there_are(feed_shop: Caller) -> None:
    lamp = content(feed_shop.get("/products/lamp/schema.org"))
    assert (lamp["@context"], lamp["@type"], lamp["sku"]) == ("https://schema.org/", "Product", "lamp")
    assert lamp["offers"]["availability"] == "https://schema.org/InStock"
    assert lamp["offers"]["inventoryLevel"] == {"@type": "QuantitativeValue", "value": 5}
    assert (lamp["offers"]["price"], lamp["offers"]["priceCurrency"]) == ("40.00", "USD")
    feed_shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 5}]})
    offer = content(feed_shop.get("/products/lamp/schema.org"))["offers"]
    assert offer["availability"] == "https://schema.org/BackOrder"
    assert XSD_DATE_TIME.fullmatch(offer["availabilityStarts"])
    preorder = content(feed_shop.get("/products/next/schema.org"))["offers"]
    assert preorder["availability"] == "https://schema.org/PreOrder"


def test_schema_org_of_a_style_is_a_group_with_its_variants(feed_shop: Caller) -> None:
    group = content(feed_shop.get("/products/tee-m/schema.org", "group=true"))
    assert (group["@type"], group["productGroupID"]) == ("ProductGroup", "tee")
    assert group["variesBy"] == ["https://schema.org/size"]
    assert [(one["sku"], one["size"]) for one in group["hasVariant"]] == [("tee-l", "L"), ("tee-m", "M")]
    alone = content(feed_shop.get("/products/tee-m/schema.org"))
    assert alone["isVariantOf"] == {"@type": "ProductGroup", "productGroupID": "tee"}


def test_a_name_cannot_end_the_element_of_the_snippet(feed_shop: Caller) -> None:
    save_products([ProductRecord("evil", "</script><script>alert(1)</script>", Decimal(1))])
    html = content(feed_shop.get("/products/evil/schema.org/snippet"))["html"]
    assert html.count("</script>") == 1
    inner = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert orjson.loads(inner)["name"] == "</script><script>alert(1)</script>"


def test_a_product_that_does_not_exist_is_a_404(feed_shop: Caller) -> None:
    assert feed_shop.get("/products/rug/schema.org").status_code == 404


@pytest.mark.parametrize(
    "pattern", ["shop.example/{sku}", "https://shop.example/", "javascript:{sku}", "https:// {sku}"]
)
def test_links_that_lead_nowhere_are_refused(shop: Caller, pattern: str) -> None:
    with pytest.raises(Malformed, match="product link"):
        save_shop(ShopSettings(pattern))
