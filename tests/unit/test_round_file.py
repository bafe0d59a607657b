"""A round file becomes a round, or every mistake in it is named with its line."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from survey_service.domain.access import Access
from survey_service.domain.survey_round import Collection, Round
from survey_service.questionnaires.round_file import RoundFileRejected, read_round
from tests.support.small_form import SMALL_FORM

FORMS = {
    "small": SMALL_FORM,
    "staff": replace(SMALL_FORM, id="staff", audience="staff", version=3),
}

GOOD = """\
round: ht-2026
name: {sv: "Höstens enkät 2026", en: "Autumn survey 2026"}
school_year: 2026/27
disposal_decision: "UN 2026/123"
thresholds:
  administrator: {minimum_answers: 7}
collections:
  - id: pupils
    school_form: grundskola
    audience: pupil
    grades: [F, 4, 5]
    form: small
    access: group
    seats: 30
    opens: 2026-09-14
    closes: 2026-10-30
    languages: [sv, en]
    access_by_unit: {10000001: unit}
    closes_by_unit: {10000001: 2026-11-06}
  - id: staff
    school_form: grundskola
    audience: staff
    form: staff
    access: single-use
    per: group
    spare: 10%
    opens: 2026-09-14
    closes: 2026-09-14
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "round.yaml"


def read(file: Path, text: str | bytes) -> Round:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_round(file, FORMS, "fingerprint")


def mistakes(file: Path, text: str | bytes) -> list[str]:
    """Every complaint as `line: message`."""
    with pytest.raises(RoundFileRejected) as rejection:
        read(file, text)
    lines = str(rejection.value).splitlines()
    assert all(line.startswith(f"{file}:") for line in lines)
    return [line.removeprefix(f"{file}:") for line in lines]


def spoiled(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def collection(file: Path, old: str, new: str, number: int = 0) -> Collection:
    return read(file, spoiled(old, new)).collections[number]


def test_a_good_file_becomes_the_round_that_it_describes(file: Path) -> None:
    assert read(file, GOOD) == Round(
        id="ht-2026",
        name={"sv": "Höstens enkät 2026", "en": "Autumn survey 2026"},
        school_year="2026/27",
        disposal_decision="UN 2026/123",
        link_key="fingerprint",
        thresholds={"administrator": {"minimum_answers": 7}},
        collections=(
            Collection(
                id="pupils",
                school_form="grundskola",
                audience="pupil",
                grades=(0, 4, 5),
                form="small",
                form_version=1,
                access=Access.GROUP,
                seats=30,
                opens=date(2026, 9, 14),
                closes=date(2026, 10, 30),
                languages=("sv", "en"),
                access_by_unit={"10000001": Access.UNIT},
                closes_by_unit={"10000001": date(2026, 11, 6)},
            ),
            Collection(
                id="staff",
                school_form="grundskola",
                audience="staff",
                form="staff",
                form_version=3,
                access=Access.SINGLE_USE,
                per="group",
                spare=0.1,
                opens=date(2026, 9, 14),
                closes=date(2026, 9, 14),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("written", "share"), [("10%", 0.1), ("0.1", 0.1), ("'12.5 %'", 0.125), ("0", 0.0), ("1", 1.0), ("100%", 1.0)]
)
def test_spare_cards_are_a_share_however_it_is_written(file: Path, written: str, share: float) -> None:
    assert collection(file, "spare: 10%", f"spare: {written}", 1).spare == share


@pytest.mark.parametrize("written", ["101%", "-1%", "2", "many", "%", "nan", ".inf"])
def test_spare_cards_that_are_no_share_are_refused(file: Path, written: str) -> None:
    assert mistakes(file, spoiled("spare: 10%", f"spare: {written}"))[0].startswith("26: ")


def test_a_range_of_grades_means_every_grade_in_it(file: Path) -> None:
    assert collection(file, "[F, 4, 5]", '["F-2", 5]').grades == (0, 1, 2, 5)


def test_a_units_code_is_taken_as_it_is_written(file: Path) -> None:
    # YAML reads 01234567 as an octal number.
    assert collection(file, "{10000001: 2026-11-06}", "{01234567: 2026-11-06}").closes_by_unit == {
        "01234567": date(2026, 11, 6)
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("round: ht-2026", "round: HT 2026", 1, "a-z, 0-9 and -"),
        ("round: ht-2026", "round: 2026", 1, "must be text"),
        ("sv: ", "xx: ", 2, "no language is called xx"),
        ("2026/27", "26/27", 3, "school_year"),
        ('"UN 2026/123"', '""', 4, "empty"),
        ("administrator:", "everybody:", 6, "everybody"),
        ("minimum_answers: 7", "minimum_answers: 4", 6, "5 or more"),
        ("school_form: grundskola", "school_form: gymnasium", 9, "no school form is called gymnasium"),
        ("audience: pupil", "audience: pupils", 10, "must be one of"),
        ("audience: pupil", "audience: guardian", 12, "form small is for pupil, not for guardian"),
        ("[F, 4, 5]", "[4, 11]", 11, "'11' is not a grade"),
        ("form: small", "form: smal", 12, "no form is called smal: choose one of small, staff"),
        ("form: small", "form: small\n    version: 2", 13, "form small is at version 1"),
        ("access: group", "access: class", 13, "access"),
        ("seats: 30", "seats: 0", 14, "1 or more"),
        ("seats: 30", "spare: 10%", 14, "belongs to single-use access only"),
        ("seats: 30", "per: unit", 14, "belongs to single-use access only"),
        ("opens: 2026-09-14", "opens: 2026-11-14", 16, "before it opens"),
        ("opens: 2026-09-14", "opens: 2026-02-30", 15, "in quotes"),
        ("closes: 2026-10-30", "closes: 30/10 2026", 16, "closes"),
        ("[sv, en]", "[sv, tlh]", 17, "no language is called tlh"),
        ("10000001: unit", "10000001: bus", 18, "10000001"),
        ("2026-11-06", "2026-09-01", 16, "before it opens"),
        ("id: staff", "id: pupils", 20, "stands here twice"),
        ("seats: 30", "seat: 30", 14, "is `seats` meant?"),
        ("disposal_decision", "disposal_decisions", 4, "is `disposal_decision` meant?"),
        ("seats: 30", "seats: 30\n    seats: 31", 15, "stands here twice"),
        ("access: single-use", "access: group", 25, "`per` belongs to single-use access only"),
        ("[sv, en]", "[sv, no]", 17, "YAML takes no for yes or no"),
        ("spare: 10%", "spare: many", 26, "write 10% or 0.1"),
    ],
)
def test_every_mistake_is_named_with_its_line(file: Path, old: str, new: str, line: int, message: str) -> None:
    found = mistakes(file, spoiled(old, new))
    assert any(item.startswith(f"{line}: ") and message in item for item in found), found


def test_what_is_missing_is_named(file: Path) -> None:
    assert any(
        "`disposal_decision` is missing" in item
        for item in mistakes(file, spoiled('disposal_decision: "UN 2026/123"\n', ""))
    )
    assert any("`closes` is missing" in item for item in mistakes(file, spoiled("    closes: 2026-10-30\n", "")))


def test_all_mistakes_are_told_at_once_and_in_order(file: Path) -> None:
    text = spoiled("grundskola", "gymnasium").replace("[sv, en]", "[tlh]").replace("10%", "many")
    assert [item.partition(":")[0] for item in mistakes(file, text)] == ["9", "17", "26"]


def test_a_round_without_collections_is_refused(file: Path) -> None:
    (only,) = mistakes(file, GOOD.partition("collections:")[0] + "collections: []\n")
    assert "at least 1" in only


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "the file is empty"),
        (b"- ht-2026", "must hold keys and values"),
        (b"round: [", "this is not YAML"),
        (b"round: \xff", "this is not UTF-8"),
        (b"round: &a x\nname: *a", "by an alias"),
    ],
)
def test_a_file_that_is_no_round_is_refused_in_words(file: Path, source: bytes, message: str) -> None:
    assert any(message in item for item in mistakes(file, source))


def test_a_file_that_is_not_there_is_an_operating_systems_error(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_round(file, FORMS, "fingerprint")


@pytest.mark.parametrize("written", ["20260914", "1789344000", "2026-09-14 10:00:00", "true"])
def test_a_date_is_a_date(file: Path, written: str) -> None:
    assert any(item.startswith("15: ") for item in mistakes(file, spoiled("opens: 2026-09-14", f"opens: {written}")))


def test_a_date_may_stand_in_quotes(file: Path) -> None:
    assert collection(file, "opens: 2026-09-14", 'opens: "2026-09-14"').opens == date(2026, 9, 14)


@pytest.mark.parametrize(("old", "new", "line"), [("spare: 10%", "spare: true", 26), ("seats: 30", "seats: true", 14)])
def test_true_is_no_number(file: Path, old: str, new: str, line: int) -> None:
    assert any(item.startswith(f"{line}: ") for item in mistakes(file, spoiled(old, new)))
