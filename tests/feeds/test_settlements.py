"""A processor's settlement file beside the ledger: `raincheck reconcile`."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.gateways.card_shop import open_shop, order, pay

from raincheck.actions.move_stock import return_goods
from raincheck.cli.main import raincheck
from raincheck.cli.outcome import exit_status
from raincheck.store.db import one, rows

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEADER = "key,reference,kind,order,amount,currency,fee,at\n"


def call(*words: object) -> int:
    """`raincheck WORDS`; its exit status."""
    return exit_status(
        lambda: raincheck.main([str(word) for word in words], prog_name="raincheck", standalone_mode=False)
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """What the processor has to say of two orders that were shipped and paid."""
    open_shop(MONDAY)
    order("O1", 1, MONDAY)
    order("O2", 2, MONDAY)
    pay(MONDAY)
    path = tmp_path / "march.csv"
    assert call("export", "settlements", path) == 0
    return path


def edited(file: Path, **changes: str) -> Path:
    """The file with cells of its first row changed."""
    with file.open(newline="") as source:
        lines = list(csv.DictReader(source))
    lines[0].update(changes)
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    return file


def test_the_local_processors_own_file_agrees(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("reconcile", file) == 0
    assert "2 rows: 2 match; nothing differs." in capsys.readouterr().out
    assert one("SELECT rows, matched FROM reconciliation") == (2, 2)


def test_another_currency_names_both(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("reconcile", edited(file, currency="EUR")) == 1
    assert "of order O1: here 40.00 USD, there 40.00 EUR" in capsys.readouterr().out
    assert one("SELECT currency, their_currency FROM reconciliation_difference") == ("USD", "EUR")


def test_a_damaged_file_a_row_twice_and_a_name_nobody_knows_are_named_with_their_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = file.read_text()
    first, *_ = whole.splitlines()[1:]
    _, reference, *rest = first.split(",")
    file.write_text(whole + first + "\n" + ",".join(["nobody", "ch_unknown", *rest]) + "\n")
    assert call("reconcile", file) == 1
    out = capsys.readouterr().out
    assert f"{file}:4: twice in the file: capture {reference} of order O1" in out
    assert f"{file}:5: missing here: capture ch_unknown of order O1: there 40.00 USD" in out
    file.write_bytes(whole.encode()[:-20] + b"\xff\xfe")
    assert call("reconcile", file) == 2
    assert f"{file}:3: not UTF-8" in capsys.readouterr().err


def test_a_cent_of_difference_is_found_and_kept_for_the_console(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("reconcile", edited(file, amount="39.99")) == 1
    out = capsys.readouterr().out
    assert f"{file}:2: amount differs: capture" in out
    assert "here 40.00 USD, there 39.99 USD" in out
    assert rows("SELECT difference, order_ref, ours, theirs FROM reconciliation_difference") == [
        ("amount", "O1", 40, one("SELECT 39.9900::numeric")[0])
    ]


def test_a_fee_that_only_the_file_knows_comes_into_the_ledger(file: Path) -> None:
    from raincheck.store.db import run

    run("UPDATE card_request SET fee = NULL WHERE kind = 'capture'")
    assert call("reconcile", file) == 0
    assert one("SELECT count(*) FROM card_request WHERE kind = 'capture' AND fee IS NULL") == (0,)


def test_what_the_file_lacks_in_its_period_is_missing_there(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:2]))
    assert call("reconcile", file, "--format", "json") == 1
    document = json.loads(capsys.readouterr().out)
    assert [(found["difference"], found["order"]) for found in document["differences"]] == [("missing_there", "O2")]


def test_an_empty_file_needs_a_period(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(HEADER)
    assert call("reconcile", file) == 2
    assert "--from, --until" in capsys.readouterr().err
    assert call("reconcile", file, "--from", "2026-03-02", "--until", "2026-03-02") == 1
    assert call("reconcile", file, "--from", "2026-03-03", "--until", "2026-03-01") == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("k,,capture,O,abc,USD,,2026-03-02", ":2: amount: “abc” not an amount"),
        ("k,,capture,O,-5,USD,,2026-03-02", ":2: amount: “-5” a capture is above 0"),
        (",,capture,O,5,USD,,2026-03-02", ":2: key: “” is empty, and so is reference"),
        ("k,,gift,O,5,USD,,2026-03-02", ":2: kind: “gift”"),
        ("k,,capture,O,5,USD,,03/04/2026", ":2: at: “03/04/2026”"),
        ("k,,capture,O,5,Dollars,,2026-03-02", ":2: currency: “Dollars”"),
    ],
)
def test_one_bad_row_and_nothing_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(HEADER + row + "\nk2,,capture,O,5,USD,,2026-03-02\n")
    assert call("reconcile", path) == 1
    printed = capsys.readouterr()
    assert f"{path}{said}" in printed.err
    assert "Nothing was compared" in printed.out
    assert one("SELECT count(*) FROM reconciliation") == (0,)


def test_what_is_no_such_file_is_malformed(tmp_path: Path) -> None:
    assert call("reconcile", tmp_path / "nothing.csv") == 2
    path = tmp_path / "other.csv"
    path.write_text("sku,price\nlamp,4\n")
    assert call("reconcile", path) == 2


def test_another_processors_columns_and_words_are_mapped(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refunds stand below zero there, captures are charges, and there are columns that nobody here needs."""
    text = file.read_text().replace("capture", "charge")
    header, *lines = text.splitlines()
    names = header.replace("key", "raincheck_key").replace("amount", "gross").replace("at", "created")
    file.write_text("\n".join([f"{names},net", *(f"{line},1.00" for line in lines)]) + "\n")
    assert call("reconcile", file, "--map", "key=raincheck_key,amount=gross,at=created") == 0


STRIPE = "reference=source_id,kind=reporting_category,amount=gross,currency=currency,fee=fee,at=created"


def stripe_file(path: Path, *others: tuple[str, ...]) -> Path:
    """Stripe's activity of an order of which one of two lamps came back: source_id, category and gross of others."""
    open_shop(MONDAY)
    order("O1", 2, MONDAY)
    return_goods("O1", {"lamp": 1}, at=MONDAY)
    pay(MONDAY)
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["source_id", "reporting_category", "gross", "currency", "fee", "net", "created"])
        for kind, reference, amount in rows(
            "SELECT kind, reference, amount FROM card_request WHERE kind IN ('capture', 'refund') ORDER BY id"
        ):
            gross, said = (amount, "charge") if kind == "capture" else (-amount, "refund")
            writer.writerow([reference, said, gross, "usd", "2.62" if gross > 0 else "0.00", "", "2026-03-02 09:00:00"])
        for source, category, gross in others:
            writer.writerow([source, category, gross, "usd", "", "", "2026-03-02 09:00:00"])
    return path


def test_stripe_s_file_is_told_apart_by_the_names_of_its_charges_and_refunds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As docs/reference/settlements.md says it: no keys, small letters, refunds below zero, the company's own time."""
    file = stripe_file(tmp_path / "activity.csv")
    assert call("reconcile", file, "--map", STRIPE) == 0, capsys.readouterr()
    assert capsys.readouterr().out == "2 rows: 2 match; nothing differs.\n"


OTHERS = (
    ("po_1", "payout", "-70.00"),
    ("po_2", "Payout", "-10.00"),
    ("", "fee", "-2.00"),
    ("dp_1", "dispute", "0"),
    ("", "payout", "by hand"),
)


def test_rows_that_are_no_captures_or_refunds_are_left_aside_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever else their cells say: without a name, with an amount of 0 or none, they are nothing to compare."""
    file = stripe_file(tmp_path / "activity.csv", *OTHERS)
    assert call("reconcile", file, "--map", STRIPE) == 0, capsys.readouterr()
    assert capsys.readouterr().out == (
        "2 rows: 2 match; nothing differs.\n5 rows of other kinds were left aside: 3 payout, 1 dispute, 1 fee.\n"
    )
    assert call("reconcile", file, "--map", STRIPE, "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"], document["left_aside"]) == (2, {"dispute": 1, "fee": 1, "payout": 3})
    assert rows("SELECT rows, matched, left_aside::text FROM reconciliation ORDER BY id DESC LIMIT 1") == [
        (2, 2, '{"fee": 1, "payout": 3, "dispute": 1}')
    ]
    (said,) = one("SELECT detail::text FROM fact WHERE verb = 'reconciled' ORDER BY id DESC LIMIT 1")
    assert json.loads(said)["left_aside"] == document["left_aside"]


def test_a_kind_that_nobody_knows_is_refused_and_what_is_left_aside_is_said_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = stripe_file(tmp_path / "activity.csv", ("gi_1", "gift", "5.00"), *OTHERS[:1])
    assert call("reconcile", file, "--map", STRIPE) == 1
    printed = capsys.readouterr()
    assert f"{file}:4: kind: “gift”" in printed.err
    assert printed.out == ("Rows refused: 1. Nothing was compared.\n1 row of another kind was left aside: 1 payout.\n")


def test_a_file_of_payouts_alone_needs_a_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "payouts.csv"
    file.write_text(HEADER + "k,,payout,,-70.00,USD,,2026-03-02\n")
    assert call("reconcile", file) == 2
    assert "the file has no captures or refunds: say which days it covers (--from, --until)" in capsys.readouterr().err
