"""The fields of a sent form become answers, and whatever is no answer is refused."""

from dataclasses import replace

import pytest

from survey_service.domain.answer_fields import UnknownField, UnknownValue, read_fields, readable_fields
from survey_service.domain.form import Bounds, Condition, Form, Kind, Question, Section
from tests.support.small_form import GENDER, NOISY, SAFE, SMALL_FORM, options

WHY = Question("why", "Varför?", kind=Kind.TEXT, longest=20, when=Condition("safe", ("not_at_all",)))
LIKES = Question("likes", "Jag gillar", options("maths", "sport", "art"), kind=Kind.CHOICES, dont_know="Vet inte")
WEEKS = Question("weeks", "Veckor", options("b0", "b5"), kind=Kind.NUMBER, number=Bounds(1, 40, (1, 5)), dont_know="?")
MORE = Question("more", "Mer", options("a", "b"), kind=Kind.CHOICE, when=Condition("likes", ("art", "sport")))
DEEPER = Question("deeper", "Ännu mer", options("a", "b"), kind=Kind.CHOICE, when=Condition("more", ("a",)))
CLASS = Question("class", "Klass", kind=Kind.OWN_GROUP)
DONE = Question("done", "Bra!", kind=Kind.INFORMATION)

FORM: Form = replace(
    SMALL_FORM,
    sections=(Section("all", "Allt", (SAFE, NOISY, GENDER, WHY, LIKES, WEEKS, MORE, DEEPER, CLASS, DONE)),),
    indexes=(),
    breakdowns=(),
)
GROUPS = ("4A", "4B")


def read(**fields: list[str]) -> dict[str, tuple[str, ...]]:
    return read_fields(FORM, fields, GROUPS)


@pytest.mark.parametrize("fields", [{"sheo": ["fully"]}, {"": ["fully"]}, {"safe ": ["fully"]}, {"done": ["x"]}])
def test_a_field_that_is_no_question_is_refused(fields: dict[str, list[str]]) -> None:
    with pytest.raises(UnknownField):
        read_fields(FORM, fields, GROUPS)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        *(("safe", [value]) for value in ("always", "FULLY", "no_answer", "not_applicable", "3", " fully")),
        ("safe", ["fully", "fully"]),
        ("safe", ["fully", "mostly"]),
        ("noisy", ["dont_know"]),
        ("likes", ["maths", "chess"]),
        *(("weeks", [value]) for value in ("0", "41", "4.5", "-1", "x", "٣", "1e1", "9" * 400)),
        ("weeks", ["3", "4"]),
        ("class", ["4C"]),
        ("class", ["4A", "4B"]),
    ],
)
def test_a_value_that_the_question_does_not_offer_is_refused_by_the_questions_name(
    question: str, values: list[str]
) -> None:
    with pytest.raises(UnknownValue, match=question):
        read(**{question: values})


def test_a_text_longer_than_allowed_is_refused_but_a_line_break_counts_once() -> None:
    assert read(safe=["not_at_all"], why=["1234567890\r\n123456789"])["why"] == ("1234567890\n123456789",)
    with pytest.raises(UnknownValue, match="why"):
        read(safe=["not_at_all"], why=["x" * 21])


def test_what_was_left_empty_is_no_answer() -> None:
    assert read(safe=[""], why=["  "], likes=[], weeks=[""], **{"class": [""]}) == {}


def test_every_kind_gives_back_what_was_answered() -> None:
    answers = read(safe=["fully"], likes=["art", "maths"], weeks=[" 07 "], more=["b"], **{"class": ["4B"]})
    assert answers == {
        "safe": ("fully",),
        "likes": ("maths", "art"),
        "weeks": ("7",),
        "more": ("b",),
        "class": ("4B",),
    }


def test_who_ticks_something_knows_whatever_else_was_ticked() -> None:
    assert read(likes=["dont_know", "art"])["likes"] == ("art",)
    assert read(likes=["dont_know"])["likes"] == ("dont_know",)
    assert read(weeks=["", "dont_know"])["weeks"] == ("dont_know",)
    assert read(weeks=["12", "dont_know"])["weeks"] == ("12",)


def test_a_follow_up_counts_only_where_its_condition_holds_also_along_a_chain() -> None:
    assert read(more=["a"], deeper=["b"]) == {}
    assert read(likes=["maths"], more=["a"], deeper=["b"]) == {"likes": ("maths",)}
    assert set(read(likes=["art"], more=["b"], deeper=["b"])) == {"likes", "more"}
    assert set(read(likes=["art"], more=["a"], deeper=["b"])) == {"likes", "more", "deeper"}


def test_what_can_be_understood_is_given_back_whatever_the_conditions_and_typing_stays_to_be_mended() -> None:
    fields = {"safe": ["fully"], "noisy": ["loud"], "sheo": ["x"], "gender": [], "weeks": ["400"], "more": ["a"]}
    assert readable_fields(FORM, fields, GROUPS) == {"safe": ("fully",), "weeks": ("400",), "more": ("a",)}
