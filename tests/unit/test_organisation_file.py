"""The organisation file as .csv: what is understood, and what is refused and where."""

from pathlib import Path

import pytest

from survey_service.domain.organisation import (
    SCHOOL_FORMS,
    Grades,
    Group,
    Headcounts,
    Operator,
    Organisation,
    Unit,
    UnitSchoolForm,
)
from survey_service.services.organisation_file import (
    OrganisationFile,
    OrganisationFileRejected,
    read_organisation_file,
)
from tests.support.organisation_files import CLASS_4A, HEADER, START, csv_file, problems, the_problem

SWEDISH = (
    "Kommunkod;Kommun;Huvudmannakod;Huvudman;Huvudmannatyp;Enhetskod;Enhet;Skolform;Klass;Årskurs;"
    "Antal elever;Vårdnadshavare;Personal;Rektorer;E-post"
)


def the_section(file: OrganisationFile) -> UnitSchoolForm:
    (section,) = file.organisation.school_forms.values()
    return section


def test_a_file_is_read_into_operators_units_school_forms_and_groups(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        HEADER,
        f"{START},,,,,31,2,rektor@ekviken.example",
        CLASS_4A,
        f"{START},1-3,1-3,20,19,,,",
        "0099,Ekviken,559000-0099,Almhaga AB,independent,F001,Ugglan,forskola,Blåsippan,,15,,,,",
    )
    file = read_organisation_file(path)
    assert file.ignored_columns == ()
    assert file.organisation == Organisation(
        "0099",
        "Ekviken",
        {
            "212000-0099": Operator("212000-0099", "Ekvikens kommun", "municipal"),
            "559000-0099": Operator("559000-0099", "Almhaga AB", "independent"),
        },
        {
            "09000001": Unit("09000001", "Sjöängsskolan", "212000-0099", "rektor@ekviken.example"),
            "F001": Unit("F001", "Ugglan", "559000-0099"),
        },
        {
            ("09000001", "grundskola"): UnitSchoolForm(
                "09000001",
                "grundskola",
                Headcounts(staff=31, heads=2),
                (
                    Group("4A", Grades(4, 4), Headcounts(pupils=24)),
                    Group("1-3", Grades(1, 3), Headcounts(pupils=20, guardians=19)),
                ),
            ),
            ("F001", "forskola"): UnitSchoolForm(
                "F001", "forskola", groups=(Group("Blåsippan", None, Headcounts(pupils=15)),)
            ),
        },
    )


def test_guardians_default_to_the_pupils(tmp_path: Path) -> None:
    section = the_section(read_organisation_file(csv_file(tmp_path, HEADER, CLASS_4A)))
    assert section.expected("guardian") == 24


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_encoding_and_separator_is_understood(encoding: str, separator: str, tmp_path: Path) -> None:
    lines = (line.replace(",", separator) for line in (HEADER, CLASS_4A))
    file = read_organisation_file(csv_file(tmp_path, *lines, encoding=encoding))
    assert file.organisation.units["09000001"].name == "Sjöängsskolan"


def test_swedish_headers_and_words_are_understood(tmp_path: Path) -> None:
    row = "0099;Ekviken;1;Almhaga;Fristående;09000001;Almhaga friskola;Anpassad grundskola;Lyktan;1-6;8;;;;"
    file = read_organisation_file(csv_file(tmp_path, SWEDISH, row, encoding="cp1252"))
    assert file.organisation.operators["1"].kind == "independent"
    assert the_section(file).school_form == "anpassad_grundskola"
    assert the_section(file).groups[0].counts.pupils == 8


def test_unknown_columns_are_ignored_and_named_and_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"Rektors namn,{HEADER},Anmärkning", f"=SUMMA(A1),{CLASS_4A},\ufffd")
    file = read_organisation_file(path)
    assert file.ignored_columns == ("Rektors namn", "Anmärkning")
    assert the_section(file).groups[0].name == "4A"


def test_columns_that_may_be_empty_may_be_absent(tmp_path: Path) -> None:
    short = HEADER.removesuffix(",guardians,staff,heads,contact_email")
    file = read_organisation_file(csv_file(tmp_path, short, f"{START},4A,4,24"))
    assert the_section(file).expected("head") == 1


def test_empty_rows_and_spaces_around_texts_mean_nothing(tmp_path: Path) -> None:
    spaced = CLASS_4A.replace(",", " , ")
    section = the_section(read_organisation_file(csv_file(tmp_path, HEADER, "", spaced, "," * 14, "")))
    assert section.groups == (Group("4A", Grades(4, 4), Headcounts(pupils=24)),)


def test_letters_typed_in_two_parts_are_the_same_as_in_one(tmp_path: Path) -> None:
    in_parts = CLASS_4A.replace("Sjöängsskolan", "Sjo\u0308a\u0308ngsskolan")
    file = read_organisation_file(csv_file(tmp_path, HEADER, CLASS_4A, in_parts.replace("4A", "4B")))
    assert file.organisation.units["09000001"].name == "Sjöängsskolan"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0099", "99", "municipality_code: '99' is not a municipality's code: four digits"),
        ("Sjöängsskolan", "", "unit_name: this is empty"),
        ("09000001", "", "unit_code: '' is not a code: 1 to 20 letters and digits, with - . _ between them"),
        ("Sjöängsskolan", "x" * 201, "unit_name: this is longer than 200 characters"),
        ("4A", "x" * 201, "group_name: this is longer than 200 characters"),
        ("4A,4,24", "4A,4A,24", "grade: '4A' is not a grade: expected F, 1–10 or a range such as 1-3"),
        ("4,24", "4,-1", "pupils: '-1' is not a number of people: 0, 1, 2 and so on, or empty if not known"),
        ("4,24", "4,24.5", "pupils: '24.5' is not a number of people: 0, 1, 2 and so on, or empty if not known"),
        ("4,24", "4,many", "pupils: 'many' is not a number of people: 0, 1, 2 and so on, or empty if not known"),
        ("4,24", "4,501", "pupils: 501 is more than any group has (500)"),
        ("4A,4,24", ",,10001", "pupils: 10001 is more than any unit has (10000)"),
        ("4A,4,24", ",4,24", "grade: a grade stands on a group's row: leave it empty on the unit's own row"),
        ("municipal,", "statlig,", "operator_kind: 'statlig' is unknown; known are municipal, independent"),
        (
            "grundskola",
            "realskola",
            f"school_form: 'realskola' is unknown; known are {', '.join(SCHOOL_FORMS)}",
        ),
        ("24,,,,", "24,,,,nobody", "contact_email: 'nobody' is not an e-mail address"),
        (
            "4A",
            "4\x07A",
            "group_name: a character that cannot be seen (U+0007) stands here: take it away",
        ),
        (
            "4A",
            '"4\nA"',
            "group_name: a character that cannot be seen (U+000A) stands here: take it away",
        ),
        (
            "4A",
            "4\u202eA",
            "group_name: a character that cannot be seen (U+202E) stands here: take it away",
        ),
        ("4A", "=1+1", "group_name: this is a formula: put its value here instead, as text or a number"),
        (
            "Sjöängsskolan",
            "SjÃ¶Ã¤ngsskolan",
            "unit_name: a letter is lost here (broken encoding): save the file anew as UTF-8",
        ),
    ],
)
def test_what_is_wrong_in_a_row_is_told_with_its_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    other_unit = CLASS_4A.replace("09000001", "09000002").replace("Sjöängsskolan", "Strandskolan")
    path = csv_file(tmp_path, HEADER, other_unit, CLASS_4A.replace(old, new, 1))
    assert the_problem(path) == f"3: {message}"


def test_a_separator_inside_a_text_without_quotation_marks_is_told(tmp_path: Path) -> None:
    row = CLASS_4A.replace("Sjöängsskolan", "Sjöängs,skolan") + "a@b.se"
    message = "the row has 16 cells, the header 15: put quotation marks around texts that hold the separator"
    assert the_problem(csv_file(tmp_path, HEADER, row)) == f"2: {message}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0099", "0098", "municipality_code: the file has '0098' here but '0099' on line 2"),
        ("Ekviken,", "Ekvik,", "municipality: the file has 'Ekvik' here but 'Ekviken' on line 2"),
        (
            "Ekvikens kommun",
            "Kommunen",
            "operator: operator_code 212000-0099 has 'Kommunen' here but 'Ekvikens kommun' on line 2",
        ),
        (
            "municipal,",
            "independent,",
            "operator_kind: operator_code 212000-0099 has 'independent' here but 'municipal' on line 2",
        ),
        (
            "Sjöängsskolan",
            "Sjöskolan",
            "unit_name: unit_code 09000001 has 'Sjöskolan' here but 'Sjöängsskolan' on line 2",
        ),
        (
            "212000-0099",
            "2",
            "operator_code: unit_code 09000001 has '2' here but '212000-0099' on line 2",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_told(old: str, new: str, message: str, tmp_path: Path) -> None:
    other = CLASS_4A.replace("4A", "4B").replace(old, new, 1)
    assert the_problem(csv_file(tmp_path, HEADER, CLASS_4A, other)) == f"3: {message}"


def test_a_group_that_stands_twice_is_told(tmp_path: Path) -> None:
    message = "group 4A of grundskola of unit 09000001 stands already on line 2"
    assert the_problem(csv_file(tmp_path, HEADER, CLASS_4A, CLASS_4A)) == f"3: group_name: {message}"


def test_the_same_group_name_may_stand_in_two_school_forms(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER, CLASS_4A, CLASS_4A.replace("grundskola", "fritidshem"))
    assert len(read_organisation_file(path).organisation.school_forms) == 2


def test_a_count_stands_on_the_units_row_or_on_the_groups_rows_not_on_both(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER, CLASS_4A, f"{START},,,400,,31,,")
    message = "stands on the unit's own row and on those of its groups (line 2): keep one"
    assert the_problem(path) == f"3: pupils: {message}"


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        HEADER,
        CLASS_4A.replace("grundskola", "realskola").replace("24", "-2"),
        CLASS_4A,
        CLASS_4A.replace("Sjöängsskolan", ""),
    )
    with pytest.raises(OrganisationFileRejected) as rejected:
        read_organisation_file(path)
    starts = [":".join(line.split(":")[:3]) for line in str(rejected.value).splitlines()]
    assert starts == [
        f"{path}:2: pupils",
        f"{path}:2: school_form",
        f"{path}:4: group_name",
        f"{path}:4: unit_name",
    ]


def test_the_line_is_right_after_a_text_of_several_lines(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"note,{HEADER}", f'"one\ntwo",{CLASS_4A}', f",{CLASS_4A}")
    assert the_problem(path).startswith("4: group_name")


def test_a_missing_column_is_told_and_the_one_that_may_be_meant(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER.replace("unit_name", "unit_nam").replace("pupils,", ""), CLASS_4A)
    found = [str(problem) for problem in problems(path) if problem.line == 1]
    assert found == [
        "pupils: this column is missing",
        "unit_name: this column is missing; is it the one called unit_nam?",
    ]


def test_a_column_that_stands_twice_is_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"{HEADER},klass", f"{CLASS_4A},4A")
    assert the_problem(path) == "1: group_name: this column stands here more than once: keep one"


def test_a_file_of_two_encodings_is_refused_with_the_line(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER, CLASS_4A)
    path.write_bytes(path.read_bytes() + b"\n" + CLASS_4A.replace("4A", "4Å").encode("cp1252"))
    assert {problem.line for problem in problems(path)} == {3}
    assert all("broken encoding" in problem.message for problem in problems(path))


def test_a_byte_that_no_encoding_has_is_refused_with_the_line(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER, CLASS_4A, encoding="cp1252")
    path.write_bytes(path.read_bytes().replace(b"4A", b"4\x81"))
    assert the_problem(path).startswith("2: group_name: a letter is lost here")


def test_an_open_quotation_mark_is_refused_with_the_line_where_it_begins(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER, CLASS_4A, CLASS_4A.replace("4A", '"4B'), CLASS_4A)
    assert the_problem(path).startswith("3: a quotation mark is out of place")


@pytest.mark.parametrize("source", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b",,,\n,,,\n"])
def test_an_empty_file_is_refused(source: bytes, tmp_path: Path) -> None:
    path = tmp_path / "organisation.csv"
    path.write_bytes(source)
    assert the_problem(path) == "0: the file is empty"


def test_a_file_with_a_header_only_is_refused(tmp_path: Path) -> None:
    assert the_problem(csv_file(tmp_path, HEADER)) == "0: the file has a header but no rows"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    with pytest.raises(OrganisationFileRejected, match="cannot be read: No such file or directory"):
        read_organisation_file(path)


def test_a_utf_16_file_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "UTF-16" in the_problem(csv_file(tmp_path, HEADER, CLASS_4A, encoding="utf-16"))
