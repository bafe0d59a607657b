"""The organisation in the domain: grades, head-counts, and the links that a collection needs."""

from dataclasses import replace
from datetime import date

import pytest

from survey_service.domain.access import Access
from survey_service.domain.link_plan import PlannedLink, in_collection, plan_links
from survey_service.domain.organisation import (
    Grades,
    Group,
    Headcounts,
    Operator,
    Organisation,
    Unit,
    UnitSchoolForm,
    UnknownGrade,
)
from survey_service.domain.survey_round import Collection

CLASSES = (
    Group("3A", Grades(3, 3), Headcounts(pupils=20)),
    Group("4-5", Grades(4, 5), Headcounts(pupils=25, guardians=24)),
    Group("6A", Grades(6, 6), Headcounts(pupils=3)),
)
SCHOOL = UnitSchoolForm("99000001", "grundskola", Headcounts(staff=31), CLASSES)
PRESCHOOL = UnitSchoolForm("F001", "forskola", groups=(Group("Blåsippan", None, Headcounts(pupils=15)),))
ORGANISATION = Organisation(
    "0099",
    "Ekviken",
    {"1": Operator("1", "Ekvikens kommun", "municipal")},
    {code: Unit(code, f"Enhet {code}", "1") for code in ("99000001", "F001")},
    {(section.unit_code, section.school_form): section for section in (SCHOOL, PRESCHOOL)},
)
PUPILS = Collection(
    id="pupil",
    school_form="grundskola",
    audience="pupil",
    form="pupil-4-6",
    form_version=1,
    access=Access.GROUP,
    opens=date(2026, 9, 14),
    closes=date(2026, 10, 30),
)
GUARDIANS = replace(PUPILS, id="guardian", audience="guardian", access=Access.UNIT)
STAFF = replace(PUPILS, id="staff", audience="staff", access=Access.SINGLE_USE)


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("F", Grades(0, 0)),
        ("f", Grades(0, 0)),
        ("4", Grades(4, 4)),
        ("1-3", Grades(1, 3)),
        (" F–1 ", Grades(0, 1)),
        ("10", Grades(10, 10)),
    ],
)
def test_a_grade_is_read_alone_or_as_a_range(text: str, grades: Grades) -> None:
    assert Grades.parse(text) == grades


@pytest.mark.parametrize("text", ["", "0", "11", "4A", "1-3-5", "6-4", "1-F", "Blåsippan"])
def test_what_is_no_grade_is_refused(text: str) -> None:
    with pytest.raises(UnknownGrade):
        Grades.parse(text)


@pytest.mark.parametrize("text", ["F", "4", "1-3", "F-9"])
def test_grades_are_written_as_they_were_read(text: str) -> None:
    assert str(Grades.parse(text)) == text


def test_guardians_are_as_many_as_the_pupils_unless_they_were_counted() -> None:
    assert Headcounts(pupils=20).expected("guardian") == 20
    assert Headcounts(pupils=20, guardians=0).expected("guardian") == 0
    assert Headcounts(guardians=7).expected("pupil") is None


def test_a_child_is_counted_among_the_pupils() -> None:
    assert Headcounts(pupils=15).expected("child") == 15


def test_a_school_form_expects_the_sum_of_its_groups() -> None:
    assert SCHOOL.expected("pupil") == 48
    assert SCHOOL.expected("guardian") == 47


def test_the_units_own_row_comes_before_the_sum() -> None:
    assert replace(SCHOOL, counts=Headcounts(pupils=50)).expected("pupil") == 50


def test_a_school_form_has_one_head_unless_the_file_said_otherwise() -> None:
    assert SCHOOL.expected("head") == 1
    assert replace(SCHOOL, counts=Headcounts(heads=2)).expected("head") == 2


def test_staff_who_were_not_counted_are_none() -> None:
    assert PRESCHOOL.expected("staff") == 0


def test_a_group_collection_has_a_link_with_seats_for_every_group_of_its_school_form() -> None:
    links = plan_links(PUPILS, ORGANISATION)
    assert links == (
        PlannedLink("99000001", "3A", Access.GROUP, codes=1, expected=20, seats=23),
        PlannedLink("99000001", "4-5", Access.GROUP, codes=1, expected=25, seats=28),
        PlannedLink("99000001", "6A", Access.GROUP, codes=1, expected=3, seats=6),
    )


def test_a_group_of_several_grades_belongs_to_the_collection_that_holds_its_lowest() -> None:
    mixed = CLASSES[1]
    assert in_collection(replace(PUPILS, grades=(4,)), mixed)
    assert not in_collection(replace(PUPILS, grades=(5, 6)), mixed)
    asked = [link.group for link in plan_links(replace(PUPILS, grades=(5, 6)), ORGANISATION)]
    assert asked == ["6A"]


def test_a_group_without_grade_is_only_asked_where_the_collection_names_no_grades() -> None:
    group = PRESCHOOL.groups[0]
    assert in_collection(PUPILS, group)
    assert not in_collection(replace(PUPILS, grades=(4,)), group)


def test_a_collection_may_set_its_seats_itself() -> None:
    assert {link.seats for link in plan_links(replace(PUPILS, seats=40), ORGANISATION)} == {40}


def test_a_unit_collection_has_one_link_without_seats_for_the_groups_it_asks() -> None:
    (link,) = plan_links(replace(GUARDIANS, grades=(4, 6)), ORGANISATION)
    assert link == PlannedLink("99000001", "", Access.UNIT, codes=1, expected=27, seats=None)


def test_a_unit_without_any_group_in_the_grades_gets_no_link() -> None:
    assert plan_links(replace(GUARDIANS, grades=(9,)), ORGANISATION) == ()


def test_a_unit_where_nobody_is_expected_gets_no_link() -> None:
    assert plan_links(replace(STAFF, school_form="forskola"), ORGANISATION) == ()


def test_a_pile_of_cards_has_the_spare_ones_rounded_up() -> None:
    (link,) = plan_links(replace(STAFF, spare=0.1), ORGANISATION)
    assert (link.group, link.codes, link.expected, link.seats) == ("", 35, 31, None)


def test_a_pile_of_cards_may_be_for_each_group() -> None:
    links = plan_links(replace(STAFF, audience="pupil", per="group"), ORGANISATION)
    assert [(link.group, link.codes) for link in links] == [("3A", 20), ("4-5", 25), ("6A", 3)]


def test_a_pile_for_a_group_that_was_not_counted_has_one_card() -> None:
    links = plan_links(replace(STAFF, per="group"), ORGANISATION)
    assert {link.codes for link in links} == {1}


def test_one_unit_may_hand_out_its_links_in_its_own_way() -> None:
    own_way = replace(PUPILS, access_by_unit={"99000001": Access.UNIT})
    (link,) = plan_links(own_way, ORGANISATION)
    assert (link.access, link.group, link.expected) == (Access.UNIT, "", 48)
    assert len(plan_links(replace(PUPILS, access_by_unit={"F001": Access.UNIT}), ORGANISATION)) == 3
