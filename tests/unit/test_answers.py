"""Answers become a row of bytes whose length says nothing, and come back only where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.answers import (
    NO_ANSWER,
    NOT_APPLICABLE,
    OPTIONS_FROM,
    AnswerLayout,
    ForeignAnswer,
    UnknownField,
    UnknownValue,
    answer_context,
    is_blank,
)
from tests.support.small_form import SMALL_FORM

LAYOUT = AnswerLayout(SMALL_FORM)
HERE = answer_context("link", 1, "digest")

FULL = {"safe": "not_at_all", "noisy": "never", "gender": "other"}

answers = st.fixed_dictionaries(
    {}, optional={question: st.sampled_from(sorted(values)) for question, values in LAYOUT.codes.items()}
)


def values_of(row: bytes) -> dict[str, str]:
    """The answers in an opened row."""
    named = zip(row, LAYOUT.codes.items(), strict=True)
    return {question: {byte: value for value, byte in codes.items()}[byte] for byte, (question, codes) in named if byte}


@given(answers)
def test_what_was_answered_is_what_is_opened(given_answers: dict[str, str]) -> None:
    read = LAYOUT.read({question: [value] for question, value in given_answers.items()})
    assert values_of(LAYOUT.decode(LAYOUT.encode(read, HERE), HERE)) == given_answers


@given(answers)
def test_every_answer_is_as_long_as_any_other(given_answers: dict[str, str]) -> None:
    assert len(LAYOUT.encode(given_answers, HERE)) == len(LAYOUT.encode({}, HERE)) == len(LAYOUT.encode(FULL, HERE))


def test_a_question_is_one_byte_and_its_options_follow_the_three_that_are_none() -> None:
    row = LAYOUT.decode(LAYOUT.encode({"safe": "fully", "gender": "dont_know"}, HERE), HERE)
    assert row == bytes([OPTIONS_FROM, 0, 1])


@pytest.mark.parametrize("fields", [{"sheo": ["fully"]}, {"": ["fully"]}, {"safe ": ["fully"]}])
def test_a_field_that_is_no_question_is_refused(fields: dict[str, list[str]]) -> None:
    with pytest.raises(UnknownField):
        LAYOUT.read(fields)


@pytest.mark.parametrize(
    "values",
    [
        ["always"],
        [""],
        ["FULLY"],
        ["fully", "fully"],
        ["fully", "mostly"],
        [],
        ["no_answer"],
        ["not_applicable"],
        ["3"],
    ],
)
def test_a_value_that_the_question_does_not_have_is_refused(values: list[str]) -> None:
    with pytest.raises(UnknownValue):
        LAYOUT.read({"safe": values})


def test_dont_know_is_refused_where_it_is_not_offered() -> None:
    with pytest.raises(UnknownValue):
        LAYOUT.read({"noisy": ["dont_know"]})


def test_what_can_be_understood_is_given_back_and_the_rest_left_out() -> None:
    fields = {"safe": ["fully"], "noisy": ["loud"], "sheo": ["x"], "gender": []}
    assert LAYOUT.readable(fields) == {"safe": "fully"}


@pytest.mark.parametrize("place", [("knil", 1, "digest"), ("link", 2, "digest"), ("link", 1, "other")])
def test_an_answer_made_for_another_link_version_or_form_is_foreign(place: tuple[str, int, str]) -> None:
    with pytest.raises(ForeignAnswer):
        LAYOUT.decode(LAYOUT.encode(FULL, answer_context(*place)), HERE)


@given(st.binary(max_size=60))
def test_what_is_no_answer_is_foreign(plaintext: bytes) -> None:
    with pytest.raises(ForeignAnswer):
        LAYOUT.decode(plaintext, HERE)


@pytest.mark.parametrize("row", [b"", b"\0\0", b"\0\0\0\0", b"\xff\0\0", b"\x07\0\0", b"\0\x01\0"])
def test_a_row_that_the_form_cannot_give_is_foreign(row: bytes) -> None:
    with pytest.raises(ForeignAnswer):
        LAYOUT.decode(LAYOUT.encode({}, HERE)[: -len(LAYOUT.codes)] + row, HERE)


def test_only_an_answer_without_any_answered_question_is_blank() -> None:
    assert is_blank(LAYOUT.decode(LAYOUT.encode({}, HERE), HERE))
    assert is_blank(bytes([NO_ANSWER, NOT_APPLICABLE, NO_ANSWER]))
    for question, value in [("safe", "dont_know"), ("noisy", "always"), ("gender", "other")]:
        assert not is_blank(LAYOUT.decode(LAYOUT.encode({question: value}, HERE), HERE))


def test_the_context_cannot_be_confused_by_moving_its_parts() -> None:
    assert answer_context("link1", 1, "d") != answer_context("link", 11, "d")
