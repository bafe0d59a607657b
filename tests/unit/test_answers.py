"""Answers become a row of bytes whose length says nothing, and come back only where they belong."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.answers import (
    NO_GROUP,
    OPTIONS_FROM,
    AnswerLayout,
    ForeignAnswer,
    answer_context,
    group_key,
)
from survey_service.domain.form import Bounds, Condition, Kind, Question, Section
from tests.support.small_form import SAFE, SMALL_FORM, options

LAYOUT = AnswerLayout(SMALL_FORM)
HERE = answer_context("link", 1, "digest")

FULL = {"safe": ("not_at_all",), "noisy": ("never",), "gender": ("other",)}

answers = st.fixed_dictionaries(
    {}, optional={name: st.tuples(st.sampled_from(sorted(values))) for name, values in LAYOUT.codes.items()}
)


def values_of(row: bytes) -> dict[str, tuple[str]]:
    """The answers in an opened row."""
    named = zip(row, LAYOUT.codes.items(), strict=True)
    return {slot: ({byte: value for value, byte in codes.items()}[byte],) for byte, (slot, codes) in named if byte}


@given(answers)
def test_what_was_answered_is_what_is_opened(given_answers: dict[str, tuple[str]]) -> None:
    assert values_of(LAYOUT.decode(LAYOUT.encode(given_answers, HERE), HERE).row) == given_answers


@given(answers)
def test_every_answer_is_as_long_as_any_other(given_answers: dict[str, tuple[str]]) -> None:
    assert len(LAYOUT.encode(given_answers, HERE)) == len(LAYOUT.encode({}, HERE)) == len(LAYOUT.encode(FULL, HERE))


def test_a_question_is_one_byte_and_its_options_follow_the_three_that_are_none() -> None:
    answer = LAYOUT.decode(LAYOUT.encode({"safe": ("fully",), "gender": ("dont_know",)}, HERE), HERE)
    assert answer.row == bytes([OPTIONS_FROM, 0, 1])


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
    assert not LAYOUT.decode(LAYOUT.encode({}, HERE), HERE).answered
    for question, value in [("safe", "dont_know"), ("noisy", "always"), ("gender", "other")]:
        assert LAYOUT.decode(LAYOUT.encode({question: (value,)}, HERE), HERE).answered


def test_the_context_cannot_be_confused_by_moving_its_parts() -> None:
    assert answer_context("link1", 1, "d") != answer_context("link", 11, "d")


NUMBER = Bounds(0, 40, (0, 5, 10))
EVERY_KIND = replace(
    SMALL_FORM,
    sections=(
        Section(
            "all",
            "Allt",
            (
                SAFE,
                Question("why", "Varför?", kind=Kind.TEXT, longest=20, when=Condition("safe", ("not_at_all",))),
                Question(
                    "likes", "Jag gillar", options("maths", "sport", "art"), kind=Kind.CHOICES, dont_know="Vet inte"
                ),
                Question("weeks", "Veckor", options("b0", "b5", "b10"), kind=Kind.NUMBER, number=NUMBER),
                Question("more", "Mer", options("a", "b"), kind=Kind.CHOICE, when=Condition("likes", ("art",))),
                Question("class", "Klass", kind=Kind.OWN_GROUP),
                Question("so_far", "Bra!", kind=Kind.INFORMATION),
            ),
        ),
    ),
    indexes=(),
    breakdowns=(),
)
EVERY = AnswerLayout(EVERY_KIND)


def opened(**answers: tuple[str, ...]) -> dict[str, int]:
    """The bytes of an opened answer by slot."""
    row = EVERY.decode(EVERY.encode(answers, HERE), HERE).row
    return dict(zip(EVERY.codes, row, strict=True))


def test_what_is_not_tallied_has_no_byte() -> None:
    assert list(EVERY.codes) == ["safe", "likes.maths", "likes.sport", "likes.art", "weeks", "more"]


def test_several_choices_are_a_yes_or_a_no_each() -> None:
    row = opened(likes=("maths", "art"))
    assert (row["likes.maths"], row["likes.sport"], row["likes.art"]) == (3, 4, 3)
    assert opened(likes=("dont_know",))["likes.sport"] == 1
    assert opened()["likes.sport"] == 0


@pytest.mark.parametrize(("typed", "place"), [("0", 3), ("4", 3), ("5", 4), ("9", 4), ("10", 5), ("40", 5)])
def test_a_number_is_kept_as_its_bin(typed: str, place: int) -> None:
    assert opened(weeks=(typed,))["weeks"] == place


def test_a_follow_up_is_not_applicable_unless_its_condition_holds() -> None:
    assert opened(likes=("maths",), more=("a",))["more"] == 2
    assert opened(likes=("art",), more=("a",))["more"] == 3
    assert opened(likes=("art",))["more"] == 0


def test_the_own_group_goes_along_as_eight_bytes_whatever_its_name() -> None:
    short = EVERY.encode({"class": ("4A",)}, HERE)
    long = EVERY.encode({"class": ("Åk 4 " + "ö" * 190,)}, HERE)
    assert len(short) == len(long) == len(EVERY.encode({}, HERE))
    assert EVERY.decode(short, HERE).group == group_key("4A")
    assert EVERY.decode(EVERY.encode({"safe": ("fully",)}, HERE), HERE).group == NO_GROUP


@given(st.text(max_size=20))
def test_texts_come_back_whole_and_are_all_of_one_length(text: str) -> None:
    sealed = EVERY.encode_texts({"safe": ("not_at_all",), "why": (text,)}, HERE)
    nothing = EVERY.encode_texts({}, HERE)
    assert sealed is not None
    assert nothing is not None
    assert len(sealed) == len(nothing)
    assert EVERY.decode_texts(sealed, HERE) == {"why": text}
    with pytest.raises(ForeignAnswer):
        EVERY.decode_texts(sealed, answer_context("other", 1, "digest"))


def test_a_form_without_texts_has_no_second_box() -> None:
    assert LAYOUT.encode_texts(FULL, HERE) is None
