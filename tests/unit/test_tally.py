"""Tallies count every answer once in every table it belongs to, whatever the order and the batches."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.answers import AnswerLayout, answer_context
from survey_service.domain.form import Index
from survey_service.domain.tally import (
    INDEX_BINS,
    WHOLE,
    TableKey,
    TallyLayout,
    add_up,
    from_bytes,
    to_bytes,
    value_ids,
)
from tests.support.small_form import GENDER, NOISY, SAFE, SMALL_FORM

TALLY = TallyLayout(SMALL_FORM)
ANSWERS = AnswerLayout(SMALL_FORM)
CONTEXT = answer_context("link", 1, "digest")

Answer = dict[str, str]

answer = st.fixed_dictionaries(
    {}, optional={question: st.sampled_from(sorted(values)) for question, values in ANSWERS.codes.items()}
)
many = st.lists(answer, max_size=40)


def counted(answers: list[Answer], layout: TallyLayout = TALLY) -> list[int]:
    cells = layout.empty()
    for item in answers:
        layout.add(
            cells, ANSWERS.decode(ANSWERS.encode({name: (value,) for name, value in item.items()}, CONTEXT), CONTEXT)
        )
    return cells


def index_bins(cells: list[int], number: int = 0) -> list[int]:
    table = TALLY.table(cells, WHOLE)
    start = TALLY.table_size - INDEX_BINS * (len(SMALL_FORM.indexes) - number)
    return list(table[start : start + INDEX_BINS])


def bin_of(**item: str) -> list[int]:
    """The index's bins in which one answer is counted."""
    return [place for place, number in enumerate(index_bins(counted([item]))) if number]


@given(many)
def test_the_values_of_every_question_sum_to_the_answers_in_every_table(answers: list[Answer]) -> None:
    cells = counted(answers)
    for key in TALLY.keys:
        table = TALLY.table(cells, key)
        sums: Counter[str] = Counter()
        for question, _, number in TALLY.counts(table):
            sums[question] += number
        assert set(sums.values()) == {table[0]}


@given(many)
def test_the_tables_of_a_breakdown_sum_to_the_whole(answers: list[Answer]) -> None:
    cells = counted(answers)
    parts = [TALLY.table(cells, key) for key in TALLY.keys if key.breakdown == "gender"]
    assert tuple(add_up(parts, TALLY.table_size)) == TALLY.table(cells, WHOLE)


@given(many)
def test_answers_and_blanks_are_all_that_was_sent(answers: list[Answer]) -> None:
    cells = counted(answers)
    assert cells[0] == sum(not item for item in answers)
    assert cells[0] + TALLY.table(cells, WHOLE)[0] == len(answers)


@given(many)
def test_every_value_is_counted_as_often_as_it_was_given(answers: list[Answer]) -> None:
    given_values = Counter(
        (question, item.get(question, "no_answer")) for item in answers if item for question in ANSWERS.codes
    )
    table = TALLY.table(counted(answers), WHOLE)
    assert {(question, value): number for question, value, number in TALLY.counts(table) if number} == given_values


@given(many, many)
def test_the_tally_of_two_batches_is_the_sum_of_their_tallies(first: list[Answer], second: list[Answer]) -> None:
    assert counted(first + second) == add_up([counted(first), counted(second)], TALLY.size)


@given(many, st.randoms())
def test_the_order_of_answers_leaves_no_trace(answers: list[Answer], chance: Random) -> None:
    shuffled = list(answers)
    chance.shuffle(shuffled)
    assert counted(shuffled) == counted(answers)


@given(many)
def test_a_breakdowns_table_is_the_tally_of_its_answers_alone(answers: list[Answer]) -> None:
    girls = [item for item in answers if item.get("gender") == "girl"]
    table = TALLY.table(counted(answers), TableKey("gender", "girl"))
    assert table == TALLY.table(counted(girls), WHOLE)


def test_the_tables_are_the_whole_and_one_for_each_value_of_a_breakdown() -> None:
    values = ("no_answer", "dont_know", "not_applicable", "girl", "boy", "other")
    assert TALLY.keys == (WHOLE, *(TableKey("gender", value) for value in values))
    assert value_ids(GENDER.slots[0]) == values


def test_an_array_is_as_long_as_its_tables_and_the_blanks() -> None:
    size = 1 + sum(len(value_ids(slot)) for slot in SMALL_FORM.slots) + INDEX_BINS
    assert TALLY.table_size == size == 1 + 7 + 8 + 6 + 11
    assert TALLY.size == 1 + 7 * size == len(TALLY.empty())


def test_a_worked_example_stands_where_it_should() -> None:
    cells = counted([{"safe": "fully", "gender": "boy"}, {"safe": "slightly", "noisy": "never"}, {}])
    whole = TALLY.table(cells, WHOLE)
    assert (cells[0], whole[0]) == (1, 2)
    assert whole[1:8] == (0, 0, 0, 1, 0, 1, 0)  # safe: fully and slightly
    assert whole[8:16] == (1, 0, 0, 0, 0, 0, 0, 1)  # noisy: skipped and never
    assert whole[16:22] == (1, 0, 0, 0, 1, 0)  # gender: skipped and boy


def test_an_index_is_the_mean_of_the_answered_scores_rounded_half_up() -> None:
    # fully is 10 and slightly 3.33; noisy is reversed, so never is 10, seldom 7.5 and always 0.
    assert bin_of(safe="fully", noisy="never") == [10]
    assert bin_of(safe="fully", noisy="always") == [5]
    assert bin_of(safe="slightly", noisy="never") == [7]  # 6.67
    assert bin_of(safe="slightly", noisy="seldom") == [5]  # 5.42
    assert bin_of(safe="not_at_all", noisy="always") == [0]
    assert bin_of(safe="slightly") == [3]
    assert bin_of(noisy="seldom") == [8]  # 7.5, half up
    assert bin_of(noisy="often") == [3]  # 2.5, half up
    assert bin_of(safe="fully", noisy="sometimes") == [8]  # 7.5, half up


def test_who_took_no_position_is_in_no_bin() -> None:
    assert bin_of(safe="dont_know", gender="girl") == []
    assert bin_of(safe="dont_know", noisy="never") == [10]


@given(answer)
def test_every_bin_is_the_rounded_mean_of_exact_scores(item: Answer) -> None:
    scores = [
        (question.scores or ())[[option.id for option in question.options].index(item[question.id])]
        for question in (SAFE, NOISY)
        if item.get(question.id, "dont_know") != "dont_know"
    ]
    expected = [int(sum(scores, Fraction(0)) / len(scores) + Fraction(1, 2))] if scores else []
    assert bin_of(**item) == expected


def test_two_breakdowns_are_never_crossed_with_each_other() -> None:
    layout = TallyLayout(replace(SMALL_FORM, breakdowns=("gender", "safe")))
    cells = counted([{"safe": "fully", "gender": "boy"}], layout)
    filled = [key for key in layout.keys if layout.table(cells, key)[0]]
    assert filled == [WHOLE, TableKey("gender", "boy"), TableKey("safe", "fully")]


def test_two_indexes_have_bins_of_their_own() -> None:
    layout = TallyLayout(replace(SMALL_FORM, indexes=(Index("a", "A", ("safe",)), Index("b", "B", ("noisy",)))))
    table = layout.table(counted([{"safe": "fully", "noisy": "always"}], layout), WHOLE)
    assert table[-22:-11] == (0,) * 10 + (1,)
    assert table[-11:] == (1,) + (0,) * 10


def test_a_form_without_breakdowns_and_indexes_has_one_table() -> None:
    layout = TallyLayout(replace(SMALL_FORM, indexes=(), breakdowns=()))
    assert layout.keys == (WHOLE,)
    assert layout.size == 1 + 1 + 7 + 8 + 6


def test_nothing_adds_up_to_zeros() -> None:
    assert add_up([], 3) == [0, 0, 0]


def test_arrays_of_different_forms_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="zip"):
        add_up([[1, 2], [1]], 2)


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_counters_come_back_from_their_bytes(cells: list[int]) -> None:
    assert from_bytes(to_bytes(cells)) == cells
    assert len(to_bytes(cells)) == 4 * len(cells)
