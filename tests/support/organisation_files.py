"""Small organisation files for tests, and what is wrong in a file."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from survey_service.services.organisation_columns import COLUMNS
from survey_service.services.organisation_file import (
    FileProblem,
    OrganisationFileRejected,
    read_organisation_file,
)

HEADER = ",".join(COLUMNS)
START = "0099,Ekviken,212000-0099,Ekvikens kommun,municipal,09000001,Sjöängsskolan,grundskola"
CLASS_4A = f"{START},4A,4,24,,,,"


def csv_file(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A .csv file of these lines."""
    path = folder / "organisation.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def workbook_file(folder: Path, *rows: list[object], formats: dict[str, str] | None = None) -> Path:
    """A workbook of these rows, with number formats for some of its cells."""
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    for place, number_format in (formats or {}).items():
        workbook.worksheets[0][place].number_format = number_format
    path = folder / "organisation.xlsx"
    workbook.save(path)
    return path


def problems(path: Path) -> list[FileProblem]:
    """What is wrong in a file that must be refused."""
    with pytest.raises(OrganisationFileRejected) as rejected:
        read_organisation_file(path)
    return rejected.value.problems


def the_problem(path: Path) -> str:
    """The one thing that is wrong in a file, with its line."""
    (found,) = problems(path)
    return f"{found.line}: {found}"
