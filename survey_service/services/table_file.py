"""Reading a table that somebody made in a spreadsheet program, .csv or .xlsx, as rows of plain text."""

import csv
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from survey_service.outputs.spreadsheet import unguarded

LARGEST_FILE = 50_000_000
LARGEST_UNPACKED = 300_000_000
MOST_COLUMNS = 100

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WIDE = (b"\xff\xfe", b"\xfe\xff")
UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")
"""A letter such as å in UTF-8; in Windows-1252 it would read Ã¥, which no Swedish file says."""

LOST = re.compile("\ufffd|Ã[¥¤¶…„–©]")
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

LOST_LETTER = "a letter is lost here (broken encoding): save the file anew as UTF-8"
FORMULA = "this is a formula: put its value here instead, as text or a number"
DATE = "the spreadsheet program has made a date of this: format the column as text and type it again"
CELL_ERROR = "the spreadsheet program shows an error in this cell: mend it"


class UnreadableTable(Exception):
    """The file as a whole cannot be read as a table; `line` is 0 where no line is to blame."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class NumberText(str):
    """The text of a cell that the spreadsheet program keeps as a number, so that leading zeros may be gone."""

    __slots__ = ()


@dataclass(frozen=True)
class Unreadable:
    """A cell that holds no plain text, and why."""

    reason: str


Cell = str | Unreadable
Row = tuple[int, list[Cell]]
"""A line number, counted from 1, and the cells of the row that begins there."""


def read_table(path: Path) -> Iterator[Row]:
    """The rows that are not empty, at least one. Raises UnreadableTable.

    Cells are stripped and in the composed form of Unicode. In a workbook only the first sheet is read; its numbers
    come as NumberText, with the leading zeros that a format such as 00000000 shows. In a .csv file an apostrophe
    before = + - @ is taken away, as our own files have it there.
    """
    try:
        # Asked first, so that a huge file is refused before it is in memory.
        source = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else None
    except OSError as error:
        raise UnreadableTable(f"cannot be read: {error.strerror}") from error
    if source is None:
        raise UnreadableTable(f"is larger than {LARGEST_FILE // 1_000_000} MB: that is no table of this kind")
    rows = _rows_of_file(source, path.suffix.lower())
    first = next(rows, None)
    if first is None:
        raise UnreadableTable("the file is empty")
    yield first
    yield from rows


def _rows_of_file(source: bytes, suffix: str) -> Iterator[Row]:
    if source.startswith(ZIP):
        return _workbook_rows(source)
    if source.startswith(OLD_OFFICE):
        raise UnreadableTable("is in an old format or has a password: save it as .xlsx without a password")
    if source.startswith(WIDE):
        raise UnreadableTable("is in UTF-16: save it as CSV UTF-8")
    if suffix == ".xlsx" and source:
        raise UnreadableTable("is not a workbook, whatever its name says: save it as .xlsx or .csv")
    return _text_rows(source)


def _text_rows(source: bytes) -> Iterator[Row]:
    text = _decoded(source)
    first_line = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for texts in reader:
            cells = [_text_cell(cell) for cell in texts]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableTable(f"a quotation mark is out of place from here on ({error})", line) from error


def _decoded(source: bytes) -> str:
    """UTF-8 or else Windows-1252; letters that are neither become U+FFFD, which the cells' check finds."""
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        is_utf8 = source.startswith(BYTE_ORDER_MARK) or UTF8_LETTER.search(source)
        return source.decode("utf-8-sig" if is_utf8 else "cp1252", errors="replace")


def _text_cell(text: str) -> Cell:
    cell = _plain(text)
    if isinstance(cell, str):
        return Unreadable(FORMULA) if cell.startswith("=") else unguarded(cell)
    return cell


def _plain(text: str) -> Cell:
    text = unicodedata.normalize("NFC", text.strip())
    if LOST.search(text):
        return Unreadable(LOST_LETTER)
    if found := UNSEEN.search(text):
        return Unreadable(f"a character that cannot be seen (U+{ord(found[0]):04X}) stands here: take it away")
    return text


def _workbook_rows(source: bytes) -> Iterator[Row]:
    try:
        with warnings.catch_warnings():
            # What the library warns of, such as styles it does not know, is no concern of a reader of values.
            warnings.simplefilter("ignore")
            rows = list(_sheet_rows(source))
    except UnreadableTable:
        raise
    except Exception as error:  # a damaged or hostile workbook may make the library fail in any way
        raise UnreadableTable("is not a workbook that can be read: save it as .xlsx again") from error
    yield from rows


def _sheet_rows(source: bytes) -> Iterator[Row]:
    with ZipFile(io.BytesIO(source)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableTable(f"unpacks to {unpacked // 1_000_000} MB: that is no table of this kind")
    workbook = load_workbook(io.BytesIO(source), read_only=True, keep_links=False)
    if not workbook.worksheets:
        raise UnreadableTable("has no sheet with a table")
    sheet = workbook.worksheets[0]
    # The size that a file declares may be wrong, by mistake or by intent.
    sheet.reset_dimensions()
    rows: Iterable[tuple[Any, ...]] = sheet.iter_rows(max_col=MOST_COLUMNS)
    width = 0
    for line, found in enumerate(rows, start=1):
        cells = [_sheet_cell(cell) for cell in found[: width or MOST_COLUMNS]]
        if any(cells):
            # Nothing counts that stands beside the columns of the first row, the header.
            width = width or max(place for place, cell in enumerate(cells, start=1) if cell)
            yield line, cells[:width]


def _sheet_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Unreadable(FORMULA)
    if cell.data_type == "e":
        return Unreadable(CELL_ERROR)
    if isinstance(value, date | time | timedelta):
        return Unreadable(DATE)
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = int(value) if value == value // 1 else value
        shown = re.fullmatch("0*", cell.number_format or "")
        return NumberText(str(whole).zfill(len(shown[0]) if shown else 0))
    return _plain(str(value))
