"""The organisation file: a municipality's operators, units, groups and head-counts as a table, read and written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path
from typing import Any

from survey_service.domain.organisation import (
    Group,
    Headcounts,
    Operator,
    Organisation,
    Unit,
    UnitSchoolForm,
)
from survey_service.services.organisation_columns import COLUMNS, COUNTS, OPTIONAL, PARSERS
from survey_service.services.table_file import Cell, NumberText, Unreadable, UnreadableTable, read_table

SAID_ONCE = {
    "municipality_code": "",
    "municipality": "",
    "operator": "operator_code",
    "operator_kind": "operator_code",
    "unit_name": "unit_code",
    "operator_code": "unit_code",
    "contact_email": "unit_code",
}
"""What must be the same on every row that has the same code; without a code, on all rows."""

MOST_IN_GROUP = 500
MOST_IN_UNIT = 10_000

LOST_ZEROS = {"municipality_code": (1, 4), "unit_code": (7, 8)}
"""A number of at least so many digits was a code of so many, whose leading zeros the spreadsheet program dropped.

Shorter numbers are units' own ids, which have no fixed length.
"""


@dataclass(frozen=True, order=True)
class FileProblem:
    """Something wrong on a line, counted from 1, or with the whole file (line 0); `column` may be empty."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.column}: {self.message}" if self.column else self.message


class OrganisationFileRejected(Exception):
    """The file is wrong; `problems` holds everything, in the order of the lines. Its text is one line for each."""

    def __init__(self, path: Path, problems: list[FileProblem]) -> None:
        self.path = path
        self.problems = sorted(problems)
        places = [f"{path}:{problem.line}" if problem.line else f"{path}" for problem in self.problems]
        super().__init__("\n".join(map("{}: {}".format, places, self.problems)))


@dataclass(frozen=True)
class OrganisationFile:
    """What a file says, and the columns in it that mean nothing here."""

    organisation: Organisation
    ignored_columns: tuple[str, ...] = ()


def read_organisation_file(path: Path) -> OrganisationFile:
    """Read and check a whole file. Raises OrganisationFileRejected with everything that is wrong in it."""
    reading = _Reading()
    ignored: tuple[str, ...] = ()
    try:
        rows = read_table(path)
        columns, ignored = reading.columns(*next(rows))
        for line, cells in rows:
            reading.row(line, columns, cells)
    except UnreadableTable as error:
        reading.problems.append(FileProblem(error.line, "", error.message))
    organisation = reading.organisation()
    if reading.problems:
        raise OrganisationFileRejected(path, reading.problems)
    return OrganisationFile(organisation, ignored)


def organisation_rows(organisation: Organisation) -> Iterator[list[str | int | None]]:
    """The rows of the file that says the same as `organisation`, header first."""
    yield list(COLUMNS)
    for section in organisation.school_forms.values():
        unit = organisation.units[section.unit_code]
        operator = organisation.operators[unit.operator_code]
        start = [
            *(organisation.municipality_code, organisation.municipality),
            *(operator.code, operator.name, operator.kind, unit.code, unit.name, section.school_form),
        ]
        whole = Group("", None, section.counts)
        needs_row = not section.groups or section.counts != Headcounts()
        for group in (whole, *section.groups) if needs_row else section.groups:
            counts = [getattr(group.counts, name) for name in COUNTS]
            yield [*start, group.name, str(group.grades or ""), *counts, unit.contact_email]


class _Reading:
    """What has been understood of a file so far, and what is wrong in it."""

    def __init__(self) -> None:
        self.problems: list[FileProblem] = []
        self.said: dict[str, dict[str, tuple[str, int]]] = {column: {} for column in SAID_ONCE}
        self.sections: dict[tuple[str, str], dict[str, tuple[Group, int]]] = {}
        self.rows = 0

    def columns(self, line: int, names: list[Cell]) -> tuple[list[str], tuple[str, ...]]:
        """The column that each cell of a row belongs to, empty for none, and the names that mean nothing."""
        meaning = {name: column for column, others in COLUMNS.items() for name in (column, *others)}
        texts = [name if isinstance(name, str) else "" for name in names]
        columns = [meaning.get(re.sub(r"[\s_-]+", "_", text.casefold()), "") for text in texts]
        ignored = tuple(text for text, column in zip(texts, columns, strict=True) if text and not column)
        for column in COLUMNS:
            if columns.count(column) > 1:
                self.wrong(line, column, "this column stands here more than once: keep one")
            if column not in columns and column not in OPTIONAL:
                alike = get_close_matches(column, ignored, n=1)
                hint = f"; is it the one called {alike[0]}?" if alike else ""
                self.wrong(line, column, f"this column is missing{hint}")
        for name in names:
            if isinstance(name, Unreadable):
                self.wrong(line, "", f"in the header: {name.reason}")
        return columns, ignored

    def row(self, line: int, columns: list[str], cells: list[Cell]) -> None:
        self.rows += 1
        if any(cells[len(columns) :]):
            message = f"the row has {len(cells)} cells, the header {len(columns)}"
            self.wrong(line, "", f"{message}: put quotation marks around texts that hold the separator")
            return
        values: dict[str, Any] = {}
        for column, cell in zip_longest(columns, cells[: len(columns)], fillvalue=""):
            if column:
                self.value(line, column, cell, values)
        for column, identity in SAID_ONCE.items():
            if values.get(column) and (not identity or identity in values):
                self.once(line, column, values.get(identity, ""), values[column])
        if {"unit_code", "school_form", "group_name"} <= values.keys():
            self.group(line, values)

    def value(self, line: int, column: str, cell: Cell, values: dict[str, Any]) -> None:
        """Put what a cell means into `values`, or tell what is wrong with it."""
        if isinstance(cell, Unreadable):
            self.wrong(line, column, cell.reason)
            return
        if isinstance(cell, NumberText) and column in LOST_ZEROS:
            fewest, whole = LOST_ZEROS[column]
            cell = cell.zfill(whole) if len(cell) >= fewest else cell
        try:
            values[column] = PARSERS[column](cell)
        except ValueError as error:
            self.wrong(line, column, str(error))

    def once(self, line: int, column: str, identity: str, value: str) -> None:
        known, first = self.said[column].setdefault(identity, (value, line))
        if known != value:
            whose = f"{SAID_ONCE[column]} {identity}" if identity else "the file"
            self.wrong(line, column, f"{whose} has {value!r} here but {known!r} on line {first}")

    def group(self, line: int, values: dict[str, Any]) -> None:
        name, grades = values["group_name"], values.get("grade")
        counts = Headcounts(**{column: values.get(column) for column in COUNTS})
        most = MOST_IN_GROUP if name else MOST_IN_UNIT
        for column in COUNTS:
            if (number := getattr(counts, column)) and number > most:
                self.wrong(line, column, f"{number} is more than any {'group' if name else 'unit'} has ({most})")
        if grades and not name:
            self.wrong(line, "grade", "a grade stands on a group's row: leave it empty on the unit's own row")
        section = self.sections.setdefault((values["unit_code"], values["school_form"]), {})
        if name in section:
            what = f"group {name}" if name else "the row without a group"
            where = f"{values['school_form']} of unit {values['unit_code']}"
            self.wrong(line, "group_name", f"{what} of {where} stands already on line {section[name][1]}")
        else:
            section[name] = (Group(name, grades, counts), line)

    def organisation(self) -> Organisation:
        """All of it; only to be used where there are no problems."""
        if not self.rows and not self.problems:
            self.wrong(0, "", "the file has a header but no rows")
        sections = {key: self.section(*key) for key in self.sections}
        first = {column: {key: value for key, (value, _) in said.items()} for column, said in self.said.items()}
        emails = first["contact_email"]
        return Organisation(
            first["municipality_code"].get("", ""),
            first["municipality"].get("", ""),
            {
                code: Operator(code, name, first["operator_kind"].get(code, ""))
                for code, name in first["operator"].items()
            },
            {
                code: Unit(code, name, first["operator_code"].get(code, ""), emails.get(code, ""))
                for code, name in first["unit_name"].items()
            },
            sections,
        )

    def section(self, unit_code: str, school_form: str) -> UnitSchoolForm:
        rows = dict(self.sections[unit_code, school_form])
        whole, line = rows.pop("", (Group(""), 0))
        for column in COUNTS:
            doubled = [row for group, row in rows.values() if getattr(group.counts, column) is not None]
            if doubled and getattr(whole.counts, column) is not None:
                message = f"stands on the unit's own row and on those of its groups (line {doubled[0]}): keep one"
                self.wrong(line, column, message)
        groups = tuple(group for group, _ in rows.values())
        return UnitSchoolForm(unit_code, school_form, whole.counts, groups)

    def wrong(self, line: int, column: str, message: str) -> None:
        self.problems.append(FileProblem(line, column, message))
