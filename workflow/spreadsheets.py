"""The only door to spreadsheets: rows written as CSV and XLSX that compute nothing, and rows read from either.

Files are built beside the memory, a row at a time, however many rows there are.
"""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from .rules.refusals import Invalid

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 2_000
MAX_COLUMNS = 40
MAX_UNPACKED = 48 * 1024 * 1024
LONGEST_CELL = 32_000
"""Excel takes no more than 32,767 characters in a cell."""

SIGNS = "=+\\-@＝＋－＠"
COMPUTES = re.compile(rf"^\s*(?=[{SIGNS}])")
COMPUTES_AFTER = re.compile(rf"(^\s*|;\s*)(?=[{SIGNS}])")
"""Where a program would begin a formula: at the start, and after a semicolon, which some take for the next cell."""

QUOTED = re.compile(rf"(^\s*|;\s*)'(?=[{SIGNS}])")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

MIME_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    headings: list[str]
    rows: Iterable[list[Cell]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the number that it bears in the spreadsheet."""

    number: int
    cells: list[str]


def csv_file(table: Table) -> IO[bytes]:
    """UTF-8 with a mark that Excel recognises; what could compute gets an apostrophe before it."""
    file = _blank()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(table.headings)
    for row in table.rows:
        writer.writerow([_inert(cell) for cell in row])
    text.flush()
    text.detach()
    file.seek(0)
    return file


def xlsx_file(*tables: Table) -> IO[bytes]:
    """Each table on a sheet, its headings always in sight; every text is stored as text, whatever it begins with."""
    book = Workbook(write_only=True)
    for table in tables:
        _fill(book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:31] or None), table)
    file = _blank()
    book.save(file)
    file.seek(0)
    return file


def _fill(sheet: WriteOnlyWorksheet, table: Table) -> None:
    sheet.freeze_panes = "A2"
    for column in range(1, len(table.headings) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 24
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")

    def cell(value: Cell, font: Font | None = None) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=_writable(value) if value != "" else None)
        made.alignment = wrapped
        if font:
            made.font = font
        if isinstance(made.value, str):
            made.data_type = "s"
            made.quotePrefix = bool(COMPUTES.match(value))
        return made

    sheet.append([cell(heading, bold) for heading in table.headings])
    for row in table.rows:
        sheet.append([cell(value) for value in row])


def _blank() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _inert(cell: Cell) -> Cell:
    return COMPUTES_AFTER.sub(r"\1'", _writable(cell)) if isinstance(cell, str) else cell


def _writable(cell: Cell) -> Cell:
    """The text without signs that no file can hold, and not longer than a cell."""
    if not isinstance(cell, str):
        return cell
    text = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", cell).replace("\r\n", "\n")
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def read(content: bytes) -> list[Row]:
    """The rows of a CSV file or of the first sheet of an XLSX file, empty ones left out. Raises `Invalid`."""
    if len(content) > MAX_BYTES:
        raise Invalid("file", "This file is larger than 2 MB. Please split it.")
    if not content.strip():
        raise Invalid("file", "This file is empty.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            "file", "This is an old Excel file (.xls). Please save it as .xlsx or as CSV."
        )
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(_decoded(content))
    kept: list[Row] = []
    for number, cells in enumerate(rows, 1):
        texts = [QUOTED.sub(r"\1", _text(cell)).strip() for cell in cells[:MAX_COLUMNS]]
        if any(texts):
            kept.append(Row(number, texts))
        if len(kept) > MAX_ROWS + 1 or number > 20 * MAX_ROWS:
            raise Invalid("file", "This file has more than 2,000 rows. Please split it.")
    return kept


def _decoded(content: bytes) -> str:
    """Text as programs of today save it, else as older ones in Central Europe did."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1250"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("file", "This file cannot be read. Please save it as .xlsx or as CSV in UTF-8.")


def _csv_rows(text: str) -> Iterator[list[str]]:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as fault:
        raise Invalid(
            "file", "This file cannot be read. Please save it as .xlsx or as CSV in UTF-8."
        ) from fault


def _xlsx_rows(content: bytes) -> Iterator[tuple]:
    """The first sheet, from a file that does not unpack to more than it seems to hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MAX_UNPACKED:
            raise Invalid("file", "This file holds far more than it seems. Please save it as CSV.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS)
    except Invalid:
        raise
    except Exception as fault:  # a broken file breaks the reader in many ways
        raise Invalid(
            "file", "This file cannot be read. Please save it as .xlsx or as CSV in UTF-8."
        ) from fault


def _text(cell: object) -> str:
    """What a person sees in the cell, as far as the file tells."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case float() if re.fullmatch(r"-?\d+\.\d{3}", str(cell)):
            return f"{cell}0"  # three decimals could be taken for thousands
        case datetime() | date():
            return cell.isoformat()
        case _:
            return str(cell).replace("\x00", "")
