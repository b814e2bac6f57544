"""The record of an order that is handed to a regulator: all of it, provable, and never rewritten."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psycopg
import pytest
from click.testing import CliRunner
from django.db import transaction
from tests.actions.law_shop import NORTH, at, open_shop, order_lamps, pass_time, truck

from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.law_delivery import withdraw
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.sellers import save_sellers
from raincheck.actions.track_parcel import track_parcel
from raincheck.cli.evidence import command
from raincheck.core.errors import Malformed, NotFound
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, run
from raincheck.store.reads.evidence_pack import evidence_pack
from raincheck.store.reads.law_evidence import evidence

pytestmark = pytest.mark.django_db


def test_the_file_to_hand_over_proves_itself() -> None:
    open_shop(charge="order")
    save_sellers([NORTH], {"lamp": "north"})
    order_lamps()
    pass_time(70)
    drain(Mailbox(), at(70))
    pack = evidence_pack("O1", at(71))
    assert pack is not None
    assert pack == evidence_pack("O1", at(71)), "the same record is the same file"
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        names = set(archive.namelist())
        sums = dict(line.split("  ")[::-1] for line in archive.read("MANIFEST.sha256").decode().splitlines())
        assert set(sums) == names - {"MANIFEST.sha256"}
        for name, checksum in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == checksum, name
        story = archive.read("chronology.txt").decode()
        record = orjson.loads(archive.read("record.json"))
        option = next(name for name in names if name.endswith("-option_notice.txt"))
        letter = archive.read(option).decode()
        rules = archive.read("rules.txt").decode()
    times = [line.split("  ")[0] for line in story.splitlines()[2:]]
    assert times == sorted(times)
    assert "16 CFR 435 (US): Clock started: due Wed 1 Apr 2026, as the law has it: no day was told." in story
    assert "Based on: 2 without any supply." in story
    assert "Order cancelled (lines lamp: 2)." in story
    assert "Money: capture 80.00 USD" in story
    assert "Refunded 80.00 USD" in story
    for words in ("The order was received.", "Clock started", "Asked to wait or cancel", "Time ran out", "refund"):
        assert words in story, words
    assert "Words: as shipped, language en" in letter
    assert "to ann@example.com" in letter
    assert "/my/[link]" in letter
    assert "/my/[link]/preferences" in letter, "the secret part of a link opens nothing for others"
    assert "we cannot say when we will ship them" in letter
    assert "(§435.2(b)(1)(iii); long_delay)" in rules
    assert record["lines"][0]["seller"] == {"code": "north", "name": "North Lights", "address": "Pier 4, Hamburg"}
    assert evidence_pack("nobody", at(71)) is None


def test_the_record_names_the_carrier_that_took_the_goods_and_the_day_that_was_told() -> None:
    open_shop()
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(10))
    track_parcel(int(one("SELECT id FROM shipment")[0]), "UPS", "1Z999AA10123456784", at=at(10))
    record = evidence("O1")
    assert record is not None
    story = [entry["what"] for entry in record["chronology"]]
    assert any("handed to the carrier (UPS 1Z999AA10123456784): 2 lamp" in what for what in story), story
    assert any("due Thu 12 Mar 2026, by the day told when the order was placed" in what for what in story), story
    assert any("Based on: 2 from P1, due Thu 12 Mar 2026." in what for what in story), story


def test_answers_on_record_say_how_they_came() -> None:
    open_shop()
    order_lamps()
    pass_time(1)
    for actor in ("customer", "api:shop", "sue"):
        answer_order("O1", Answer("wait"), at=at(2), actor=actor)
    record = evidence("O1")
    assert record is not None
    came = [entry["came_by"] for entry in record["chronology"] if "agreed to wait" in entry["what"]]
    assert came == ["the customer's page", "API", "a person in the console"]


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    open_shop()
    order_lamps()
    file = tmp_path / "record.zip"
    done = CliRunner().invoke(command, ["O1", str(file)])
    assert done.exit_code == 0, done.output
    assert zipfile.is_zipfile(file)
    assert isinstance(CliRunner().invoke(command, ["nothing", str(file)]).exception, NotFound)
    assert isinstance(CliRunner().invoke(command, ["O1", str(tmp_path / "no" / "x.zip")]).exception, Malformed)


def test_withdrawals_on_record_cannot_be_rewritten() -> None:
    open_shop(law="eu-2011-83")
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(10))
    withdraw("O1", None, "by phone", at=at(12))
    assert one("SELECT declared_at FROM law_withdrawal")[0] == datetime(2026, 3, 14, 9, tzinfo=UTC)
    with pytest.raises(psycopg.errors.RaiseException), transaction.atomic():
        run("UPDATE law_withdrawal SET units = 1")
