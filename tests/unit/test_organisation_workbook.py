"""The organisation file as a workbook, and that what is written reads back as the same organisation."""

import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey_service.domain.organisation import (
    OPERATOR_KINDS,
    SCHOOL_FORMS,
    Grades,
    Group,
    Headcounts,
    Operator,
    Organisation,
    Unit,
    UnitSchoolForm,
)
from survey_service.outputs.spreadsheet import WRITERS
from survey_service.services import table_file
from survey_service.services.demo_municipality import demo_municipality
from survey_service.services.organisation_columns import COLUMNS
from survey_service.services.organisation_file import organisation_rows, read_organisation_file
from tests.support.organisation_files import problems, the_problem, workbook_file

TITLES: list[object] = list(COLUMNS)
SCHOOL: list[object] = ["0099", "Ekviken", "1", "Kommunen", "municipal", "09000001", "Sjöskolan", "grundskola"]


def school(**cells: object) -> list[object]:
    """A row of a class, some of its cells changed."""
    row = dict(zip(COLUMNS, [*SCHOOL, "4A", 4, 24, None, None, None, None], strict=True))
    return list((row | cells).values())


def round_trip(organisation: Organisation, suffix: str, folder: Path) -> Organisation:
    path = folder / f"organisation{suffix}"
    with path.open("wb") as stream:
        WRITERS[suffix](stream, organisation_rows(organisation))
    return read_organisation_file(path).organisation


def test_a_workbook_says_the_same_as_a_csv_file(tmp_path: Path) -> None:
    organisation = read_organisation_file(workbook_file(tmp_path, TITLES, school())).organisation
    assert organisation.units == {"09000001": Unit("09000001", "Sjöskolan", "1")}
    (section,) = organisation.school_forms.values()
    assert section.groups == (Group("4A", Grades(4, 4), Headcounts(pupils=24)),)


def test_codes_that_became_numbers_get_their_leading_zeros_back(tmp_path: Path) -> None:
    row = school(municipality_code=99, operator_code=2120000099, unit_code=9000001, group_name=4)
    organisation = read_organisation_file(workbook_file(tmp_path, TITLES, row)).organisation
    assert organisation.municipality_code == "0099"
    assert list(organisation.operators) == ["2120000099"]
    assert list(organisation.units) == ["09000001"]
    assert organisation.school_forms["09000001", "grundskola"].groups[0].name == "4"


def test_a_short_number_is_a_units_own_id_unless_its_format_shows_zeros(tmp_path: Path) -> None:
    rows = [school(unit_code=17), school(unit_code=18, unit_name="Strandskolan")]
    path = workbook_file(tmp_path, TITLES, *rows, formats={"F3": "00000"})
    assert list(read_organisation_file(path).organisation.units) == ["17", "00018"]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("pupils", "=12+12", "this is a formula: put its value here instead, as text or a number"),
        ("pupils", 24.5, "'24.5' is not a number of people: 0, 1, 2 and so on, or empty if not known"),
        ("pupils", -24, "'-24' is not a number of people: 0, 1, 2 and so on, or empty if not known"),
        ("pupils", "#N/A", "the spreadsheet program shows an error in this cell: mend it"),
        (
            "grade",
            date(2026, 3, 1),
            "the spreadsheet program has made a date of this: format the column as text and type it again",
        ),
    ],
)
def test_a_cell_that_is_no_plain_text_is_told_with_its_row(
    column: str, cell: object, reason: str, tmp_path: Path
) -> None:
    path = workbook_file(tmp_path, TITLES, [], school(**{column: cell}))
    assert the_problem(path) == f"3: {column}: {reason}"


def test_what_stands_beside_the_table_or_in_unknown_columns_is_ignored(tmp_path: Path) -> None:
    path = workbook_file(tmp_path, [*TITLES, "Not"], [*school(), "=1", None, "see the other sheet"])
    assert read_organisation_file(path).ignored_columns == ("Not",)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert the_problem(workbook_file(tmp_path)) == "0: the file is empty"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"municipality_code,municipality\n", "is not a workbook, whatever its name says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is in an old format or has a password"),
        (b"PK\x03\x04 and then nothing of the kind", "is not a workbook that can be read"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_line(source: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "organisation.xlsx"
    path.write_bytes(source)
    assert the_problem(path).startswith(f"0: {message}")


def test_an_archive_of_something_else_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "organisation.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("holiday.txt", "sun")
    assert the_problem(path).startswith("0: is not a workbook that can be read")


def test_a_workbook_with_damaged_insides_is_refused_in_one_line(tmp_path: Path) -> None:
    whole = workbook_file(tmp_path, TITLES, school())
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    assert the_problem(damaged).startswith("0: is not a workbook that can be read")


def test_an_archive_that_unpacks_to_far_more_than_a_table_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "organisation.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sheet.xml", "w") as part:
        for _ in range(table_file.LARGEST_UNPACKED // 1_000_000 + 1):
            part.write(bytes(1_000_000))
    assert the_problem(path) == "0: unpacks to 301 MB: that is no table of this kind"


def test_a_file_far_larger_than_any_organisation_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "organisation.csv"
    with path.open("wb") as stream:
        stream.truncate(table_file.LARGEST_FILE + 1)
    assert the_problem(path) == "0: is larger than 50 MB: that is no table of this kind"


def test_problems_of_a_workbook_and_of_its_rows_come_together(tmp_path: Path) -> None:
    path = workbook_file(tmp_path, TITLES, school(pupils="=1", grade="x"), school(group_name="4B", pupils=900))
    assert [(problem.line, problem.column) for problem in problems(path)] == [
        *((2, "grade"), (2, "pupils")),
        (3, "pupils"),
    ]


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_demo_municipality_reads_back_as_it_was_written(suffix: str, tmp_path: Path) -> None:
    assert round_trip(demo_municipality(), suffix, tmp_path) == demo_municipality()


def test_texts_that_a_spreadsheet_program_would_run_stay_texts() -> None:
    written = {suffix: io.BytesIO() for suffix in WRITERS}
    for suffix, stream in written.items():
        WRITERS[suffix](stream, [["=1+1", "+46", "-", "@a", "'=x", "'n", "0099", "#N/A", 7, None]])
    assert written[".csv"].getvalue().decode("utf-8-sig") == "'=1+1,'+46,'-,'@a,''=x,'n,0099,#N/A,7,\r\n"
    (cells,) = load_workbook(written[".xlsx"]).worksheets[0].iter_rows()
    assert [cell.data_type for cell in cells] == ["s"] * 8 + ["n"]
    assert cells[0].value == "=1+1"


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"))
names = (
    st.one_of(st.text(LETTERS, max_size=12), st.text("=+-@'\",;åÖ4 ", max_size=6))
    .map(lambda text: unicodedata.normalize("NFC", text.strip()))
    .filter(lambda text: text and not table_file.LOST.search(text))
)
codes = st.from_regex(r"\A[0-9A-Za-zÅÄÖ][0-9A-Za-z._-]{0,9}\Z")
grades = st.tuples(st.integers(0, 10), st.integers(0, 10)).map(lambda ends: Grades(min(ends), max(ends)))
emails = st.sampled_from(["", "rektor@skolan.example"])
counts = st.builds(Headcounts, *[st.none() | st.integers(0, 500)] * 4)


@st.composite
def sections(draw: st.DrawFn, unit_code: str, school_form: str) -> UnitSchoolForm:
    """A school form in which every count stands either on the unit's row or on the groups' rows."""
    whole = draw(counts)
    free = {name: None for name, count in vars(whole).items() if count is not None}
    groups = draw(st.lists(st.builds(Group, names, st.none() | grades, counts), unique_by=lambda group: group.name))
    return UnitSchoolForm(
        unit_code,
        school_form,
        whole,
        tuple(Group(group.name, group.grades, Headcounts(**vars(group.counts) | free)) for group in groups),
    )


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Any organisation that a file can say."""
    known = st.builds(Operator, codes, names, st.sampled_from(OPERATOR_KINDS))
    operators = draw(st.lists(known, min_size=1, max_size=2, unique_by=lambda operator: operator.code))
    unit = st.builds(Unit, codes, names, st.sampled_from([item.code for item in operators]), emails)
    units = draw(st.lists(unit, min_size=1, max_size=3, unique_by=lambda unit: unit.code))
    offered = st.lists(st.sampled_from(sorted(SCHOOL_FORMS)), min_size=1, max_size=2, unique=True)
    keys = [(unit.code, school_form) for unit in units for school_form in draw(offered)]
    return Organisation(
        draw(st.from_regex(r"\A[0-9]{4}\Z")),
        draw(names),
        {item.code: item for item in operators if any(unit.operator_code == item.code for unit in units)},
        {unit.code: unit for unit in units},
        {key: draw(sections(*key)) for key in keys},
    )


@given(organisation=organisations(), suffix=st.sampled_from(sorted(WRITERS)))
@settings(max_examples=60)
def test_any_organisation_reads_back_as_it_was_written(
    organisation: Organisation, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert round_trip(organisation, suffix, tmp_path_factory.mktemp("written")) == organisation
