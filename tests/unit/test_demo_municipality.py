"""The invented municipality has everything that a demonstration needs, and is the same every time."""

from collections import Counter

from survey_service.domain.organisation import Grades
from survey_service.services.demo_municipality import LARGEST_GROUP, SMALLEST_GROUP, demo_municipality

DEMO = demo_municipality()
SECTIONS = DEMO.school_forms.values()


def test_it_is_the_same_every_time() -> None:
    assert demo_municipality() == DEMO


def test_it_has_two_operators_and_fourteen_units() -> None:
    assert sorted(operator.kind for operator in DEMO.operators.values()) == ["independent", "municipal"]
    assert len(DEMO.units) == 14
    assert {unit.operator_code for unit in DEMO.units.values()} == DEMO.operators.keys()


def test_it_has_preschools_a_fritidshem_and_schools_of_several_school_forms() -> None:
    forms = [frozenset(section.school_form for section in SECTIONS if section.unit_code == code) for code in DEMO.units]
    assert Counter(forms)[frozenset({"forskola"})] == 8
    assert Counter(forms)[frozenset({"fritidshem"})] == 1
    assert max(forms, key=len) == {"forskoleklass", "grundskola", "anpassad_grundskola", "fritidshem"}


def test_it_has_about_ninety_groups_of_believable_size_and_one_class_of_three_in_the_middle_grades() -> None:
    groups = [(section.school_form, group) for section in SECTIONS for group in section.groups]
    assert 85 <= len(groups) <= 95
    (small,) = [group for form, group in groups if group.counts.pupils == 3 and form == "grundskola"]
    assert small.grades in {Grades(4, 4), Grades(5, 5), Grades(6, 6)}
    others = [group.counts.pupils or 0 for _, group in groups if group != small]
    assert min(others) >= SMALLEST_GROUP
    assert max(others) <= LARGEST_GROUP


def test_every_school_form_expects_pupils_guardians_staff_and_a_head() -> None:
    for section in SECTIONS:
        assert all(section.expected(audience) > 0 for audience in ("pupil", "guardian", "staff", "head"))
