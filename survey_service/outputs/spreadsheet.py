"""Tables as .csv and .xlsx files in which every text stays text, whatever a spreadsheet program makes of it."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

Cell = str | int | float | None
Rows = Iterable[Sequence[Cell]]

RUNS_AS_FORMULA = re.compile(r"'*[=+\-@]")
AS_TEXT = "@"
"""The number format by which spreadsheet programs leave what is typed into a cell alone."""


def guarded(text: str) -> str:
    """Text for a .csv cell: an apostrophe goes before what a spreadsheet program would run as a formula."""
    return f"'{text}" if RUNS_AS_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and RUNS_AS_FORMULA.match(text) else text


def write_csv(stream: IO[bytes], rows: Rows, encoding: str = "utf-8-sig") -> None:
    """Write rows separated by commas, as UTF-8 with a byte order mark by which spreadsheet programs know it.

    Files for programs have none: `encoding` is then "utf-8".
    """
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    text.flush()
    text.detach()


def write_xlsx(stream: IO[bytes], rows: Rows) -> None:
    """Write rows as a workbook of one sheet; texts are text cells, numbers are numbers."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()

    def cell(value: Cell) -> Any:
        if not isinstance(value, str):
            return value
        text = WriteOnlyCell(sheet, value)
        text.data_type = "s"
        text.number_format = AS_TEXT
        return text

    for row in rows:
        sheet.append([cell(value) if value != "" else None for value in row])
    # By way of memory: the library complains on its own, in many lines, of a stream that breaks off.
    packed = io.BytesIO()
    workbook.save(packed)
    stream.write(packed.getbuffer())


WRITERS: dict[str, Callable[[IO[bytes], Rows], None]] = {".csv": write_csv, ".xlsx": write_xlsx}
"""How to write rows, by the ending of the file's name."""
