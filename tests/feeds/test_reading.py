"""Files as they come: whole, foreign, broken or hostile. Each fault is named by file, line and field."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from raincheck.core.errors import Malformed
from raincheck.feeds import lines
from raincheck.feeds.kinds import KINDS, kind_named
from raincheck.feeds.mapping import parse_map
from raincheck.feeds.read import open_reading

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.feeds.refusal import Refusal

LONDON = ZoneInfo("Europe/London")
ORDERS = KINDS["orders"]
HEADER = "ref,sku,quantity,placed_at\n"


def read(path: Path, kind: str = "orders", maps: str = "") -> tuple[list[dict[str, Any]], list[Refusal]]:
    """All good rows (with their line as `line`), and what was refused."""
    renamed = parse_map(maps, KINDS[kind]) if maps else {}
    with open_reading(path, KINDS[kind], renamed, LONDON) as reading:
        rows = [{"line": line, **row} for batch in reading.batches(3) for line, row in batch.rows()]
    return rows, reading.refusals


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


def malformed(path: Path, kind: str = "orders", maps: str = "") -> str:
    with pytest.raises(Malformed) as error:
        read(path, kind, maps)
    message = str(error.value)
    assert "\n" not in message
    return message


def test_rows_come_typed_with_the_line_they_start_on(file: Path) -> None:
    file.write_text(HEADER + 'O1,LAMP,2,2026-07-01 08:26\n\n"O\n1",X,1,\nO3,SET,1,\n')
    rows, refused = read(file)
    assert [(row["line"], row["ref"], row["quantity"]) for row in rows] == [(2, "O1", 2), (6, "O3", 1)]
    assert rows[1]["placed_at"] is None
    assert [(row.line, row.field) for row in refused] == [(4, "ref")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comma_semicolon_and_tab_are_recognised(file: Path, delimiter: str, start: str, end: str) -> None:
    text = start + HEADER.replace(",", delimiter) + delimiter.join(["O1", '"LAMP, red; large"', "2", ""]) + "\n"
    file.write_bytes(text.replace("\n", end).encode())
    rows, refused = read(file)
    assert not refused
    assert rows == [{"line": 2, "ref": "O1", "sku": "LAMP, red; large", "quantity": 2, "placed_at": None}]


def test_a_packed_file_is_known_by_its_content_not_its_name(file: Path) -> None:
    file.write_bytes(gzip.compress((HEADER + "O1,LAMP,2,\n").encode()))
    assert read(file)[0][0]["sku"] == "LAMP"


def test_a_workbook_gives_the_same_rows_as_a_csv_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ref", "sku", "quantity", "placed_at", None])
    sheet.append([536365, "85123A", 6.0, __import__("datetime").datetime(2026, 7, 1, 8, 26), None])
    sheet.append([None] * 5)
    sheet.append(["O2", "LAMP", 1.5, None, None])
    path = tmp_path / "orders.xlsx"
    book.save(path)
    rows, refused = read(path)
    assert [(row["line"], row["ref"], row["quantity"]) for row in rows] == [(2, "536365", 6)]
    assert rows[0]["placed_at"].isoformat() == "2026-07-01T07:26:00+00:00"
    assert [(row.line, row.field, row.value) for row in refused] == [(4, "quantity", "1.5")]


def test_each_refused_row_is_named_with_its_first_fault_and_the_others_go_on(file: Path) -> None:
    file.write_text(
        HEADER + "O1,LAMP,0,\nO2,LAMP,1,12/1/2010\nO3,LAMP,1,2026-01-01\n,LAMP,x,\nO5,LAMP,1,,extra\nO6,LAMP\n"
    )
    rows, refused = read(file)
    assert [row["ref"] for row in rows] == ["O3"]
    assert [(row.line, row.field, row.value) for row in sorted(refused, key=lambda row: row.line)] == [
        (2, "quantity", "0"),
        (3, "placed_at", "12/1/2010"),
        (5, "ref", ""),
        (6, "placed_at", "extra"),
        (7, "quantity", ""),
    ]


def test_cells_are_trimmed_and_an_empty_cell_is_nothing(file: Path) -> None:
    file.write_text(HEADER + " O1 , LAMP ,2,   \n")
    assert read(file)[0] == [{"line": 2, "ref": "O1", "sku": "LAMP", "quantity": 2, "placed_at": None}]


def test_the_columns_of_a_foreign_file_are_named_by_a_map_and_the_rest_is_left_out(file: Path) -> None:
    file.write_text("InvoiceNo,StockCode,Description,Quantity,Country\n536365,85123A,HEART,6,EIRE\n")
    with open_reading(
        file, ORDERS, parse_map("ref=InvoiceNo, sku=StockCode,quantity=Quantity", ORDERS), LONDON
    ) as reading:
        assert [row for _, row in next(reading.batches()).rows()] == [{"ref": "536365", "sku": "85123A", "quantity": 6}]
        assert reading.left_out == ("Description", "Country")


@pytest.mark.parametrize(
    ("header", "maps", "says"),
    [
        ("ref,sku,quantty\n", "", "“quantty”; did you mean quantity?"),
        ("ref,sku,quantity,Description\n", "", "--map"),
        ("ref,sku\n", "", "need the column quantity"),
        ("InvoiceNo,sku,quantity\n", "", "“InvoiceNo”"),
        ("ref,sku,quantity,ref\n", "", "two columns are named “ref”"),
        ("ref,,quantity\n", "", "column 2 has no name"),
        ("ref,sku,quantity\n", "ref=InvoceNo", "mapped to ref"),
        ("InvoiceNo,sku,quantity\n", "ref=InvoceNo", "did you mean “InvoiceNo”?"),
    ],
)
def test_a_header_that_does_not_fit_is_told_with_the_way_out(file: Path, header: str, maps: str, says: str) -> None:
    file.write_text(header + "a,b,1,d\n")
    message = malformed(file, maps=maps)
    assert message.startswith(f"{file}:1: ")
    assert says in message


@pytest.mark.parametrize(
    ("maps", "says"),
    [
        ("ref", "not of the form our=theirs"),
        ("reff=A", "did you mean ref?"),
        ("ref=A,ref=B", "named twice"),
        ("=A", "not of the form our=theirs"),
        ('"ref=A', "--map"),
    ],
)
def test_a_map_that_cannot_be_read_is_refused(maps: str, says: str) -> None:
    with pytest.raises(Malformed, match=says.replace("?", r"\?")):
        parse_map(maps, ORDERS)


def test_a_file_column_with_a_comma_in_its_name_can_be_mapped() -> None:
    assert parse_map('"quantity=Qty, ordered",ref=No', ORDERS) == {"quantity": "Qty, ordered", "ref": "No"}


def test_an_unknown_kind_names_the_likeliest() -> None:
    with pytest.raises(Malformed, match="did you mean purchase-orders"):
        kind_named("purchase_orders")


def test_other_encodings_are_named_with_the_line(file: Path) -> None:
    file.write_bytes((HEADER + "O1,LAMP,2,\n").encode() + "O2,Café,1,\n".encode("cp1252"))
    message = malformed(file)
    assert message.startswith(f"{file}:3: not UTF-8")
    assert "Café" in message
    file.write_bytes((HEADER + "O1,LAMP,2,\n").encode("utf-16"))
    assert "UTF-16" in malformed(file)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"ref,sku,quantity\nO1,LA\x00MP,1\n", ":2: holds a NUL byte"),
        (b'ref,sku,quantity\nO1,"LAMP,1\nO2,LAMP,1\n', ":2: a quotation mark"),
        (b'ref,sku,quantity\nO1,"LAMP"x,1\n', ":2: text follows a closing quotation mark"),
        (b"ref,sku,quantity\rO1,LAMP,1\r", "carriage return"),
        (b"ref,sku,quantity\n" + b"x" * 10_000_000 + b"\n", ":2: the line is longer"),
        (b"ref,sku,quantity\n" + b'"' + b"x\n" * 500_000, ":2: a quotation mark"),
        (b"\x1f\x8b\x08\x00garbage", "gzip file is damaged"),
        (b"PK\x03\x04garbage", "not a workbook"),
        (bytes(range(256)) * 10, ":1: "),
        (b",".join(b"c%d" % i for i in range(600)) + b"\n", "more than 500 columns"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(file: Path, content: bytes, says: str) -> None:
    file.write_bytes(content)
    assert says in malformed(file)


def test_a_gzip_file_cut_off_in_the_middle_is_told(file: Path) -> None:
    packed = gzip.compress((HEADER + "".join(f"O{i},LAMP,{i + 1},\n" for i in range(5000))).encode())
    file.write_bytes(packed[: len(packed) // 2])
    assert "damaged or cut off" in malformed(file)


def test_a_gzip_bomb_stops_before_it_fills_the_memory(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_BYTES", 1_000_000)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as bomb:
        bomb.write(HEADER.encode())
        for _ in range(300):
            bomb.write(b"O1,LAMP,1,\n" * 10_000)
    file.write_bytes(packed.getvalue())
    tracemalloc.start()
    try:
        with (
            open_reading(file, ORDERS, {}, LONDON) as reading,
            pytest.raises(Malformed, match="unpacks to more than"),
        ):
            sum(len(batch) for batch in reading.batches(1000))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_workbook_that_unpacks_without_end_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("xl/sharedStrings.xml", "w") as member:
        for _ in range(600):
            member.write(b"0" * 1_000_000)
    assert "too large" in malformed(path)


def test_a_workbook_with_entities_that_expand_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    path = tmp_path / "laughs.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["xl/workbook.xml"].replace(
        b"<?xml version='1.0' encoding='UTF-8'?>", b""
    )
    with zipfile.ZipFile(path, "w") as harmful:
        for name, content in parts.items():
            harmful.writestr(name, content)
    assert "not a workbook" in malformed(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "No such file" in malformed(tmp_path / "nothing.csv")
    assert "cannot be read" in malformed(tmp_path)


def test_memory_stays_bounded_however_long_the_file_is(file: Path) -> None:
    with file.open("w") as out:
        out.write(HEADER)
        out.writelines(f"O{i // 5},SKU{i % 900},{i % 7},2026-01-{1 + i % 28:02}\n" for i in range(42_000))
    tracemalloc.start()
    try:
        with open_reading(file, ORDERS, {}, LONDON) as reading:
            rows = sum(len(batch) for batch in reading.batches())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (rows, reading.rows, len(reading.refusals)) == (36_000, 42_000, 6_000)
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [
        ("receipts", "site,sku,quantity,damaged\nA,L,0,\n", "quantity"),
        ("cancellations", "ref,quantity\nO1,3\n", "quantity"),
        (
            "purchase-orders",
            "po,supplier,site,sku,quantity,ordered_on,due_on\nP,S,A,L,1,2026-02-02,2026-02-01\n",
            "due_on",
        ),
        ("products", "sku,kit\nSET,LAMP:1 SET:1\n", "kit"),
        ("products", "sku,supplier,alternative_supplier\nSET,S1,S1\n", "alternative_supplier"),
    ],
)
def test_a_row_whose_cells_contradict_each_other_is_refused(file: Path, kind: str, text: str, field: str) -> None:
    file.write_text(text)
    rows, refused = read(file, kind)
    assert not rows
    assert [row.field for row in refused] == [field]


def test_all_units_of_a_delivery_may_be_damaged(file: Path) -> None:
    file.write_text("site,sku,quantity,damaged\nA,L,0,3\n")
    assert read(file, "receipts")[0][0]["damaged"] == 3


def test_how_much_is_read_is_known_while_reading(file: Path) -> None:
    file.write_text(HEADER + "O1,LAMP,1,\n" * 100_000)
    with open_reading(file, ORDERS, {}, LONDON) as reading:
        shares = [reading.progress.done for _ in reading.batches()]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5
    assert reading.progress.done == 1.0
