"""The lines of a text file, read as a stream with every bound kept: a hostile file costs no memory."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from raincheck.feeds.refusal import MalformedFile, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE = 1_000_000  # bytes
MOST_BYTES = 4 * 1024**3  # unpacked
GZIP_MAGIC = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Progress:
    """How much of a file has been read, as a share from 0 to 1 of its bytes on disk."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._raw: IO[bytes] | None = None
        self._done = 0.0

    def watch(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def set(self, done: float) -> None:
        self._done = done

    @property
    def done(self) -> float:
        if self._raw is not None:
            self._done = 1.0 if self._raw.closed or not self.size else self._raw.tell() / self.size
        return self._done


@contextmanager
def open_lines(path: Path, progress: Progress) -> Iterator[Iterator[str]]:
    """The lines of a UTF-8 file, plain or gzip, whatever its name says.

    Raises MalformedFile with the line for what is no UTF-8, a NUL byte, a line or a file without end.
    """
    with path.open("rb") as raw:
        progress.watch(raw)
        packed = raw.peek(2)[:2] == GZIP_MAGIC
        if packed:
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield _lines(path, io.BufferedReader(cast("io.RawIOBase", unpacked), 1 << 18))
        else:
            yield _lines(path, raw)


def _lines(path: Path, stream: io.BufferedReader) -> Iterator[str]:
    number = 0
    taken = 0
    readline = stream.readline
    while True:
        number += 1
        try:
            line = readline(LONGEST_LINE + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise MalformedFile(path, number, f"the gzip file is damaged or cut off ({error})") from error
        if not line:
            return
        if number == 1:
            line = _without_mark(path, line)
        if len(line) > LONGEST_LINE:
            raise MalformedFile(path, number, f"the line is longer than {LONGEST_LINE:,} bytes; is this a CSV file?")
        taken += len(line)
        if taken > MOST_BYTES:
            raise MalformedFile(path, number, f"unpacks to more than {MOST_BYTES // 1024**3} GB; split the file")
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise MalformedFile(path, number, _other_encoding(line, error)) from error
        if "\0" in text:
            raise MalformedFile(path, number, "holds a NUL byte; is this a CSV file?")
        yield text


def _without_mark(path: Path, line: bytes) -> bytes:
    if line.startswith(UTF16_MARKS):
        raise MalformedFile(path, 1, "the file is in UTF-16; save it as CSV in UTF-8")
    return line.removeprefix(UTF8_MARK)


def _other_encoding(line: bytes, error: UnicodeDecodeError) -> str:
    near = line[max(0, error.start - 10) : error.start + 10].decode("cp1252", errors="replace").strip()
    return (
        f"not UTF-8 at byte {error.start + 1}, near {shown(near)}; "
        "save the file as CSV in UTF-8 (a sheet program offers it under Save as)"
    )
