"""A form scores, mirrors and names its texts."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.form import Form, Index, Option, Question, Scale, Section


def a_scale(steps: int, positive: int = 1, dont_know: str | None = None) -> Scale:
    options = tuple(Option(f"step_{step}", f"Steg {step}") for step in range(steps))
    return Scale("scale", options, frozenset(option.id for option in options[:positive]), dont_know)


def a_question(scale: Scale, *, turned: bool = False) -> Question:
    return Question("noisy", "Det är stökigt.", scale.options, scale, scale.dont_know, reversed=turned)


def a_form(*questions: Question) -> Form:
    sections = (Section("calm", "Studiero", questions),)
    indexes = (Index("calm", "Studiero", ("noisy",)),)
    return Form("f", 1, "pupil", "sections", "child", "Titel", "Berätta.", sections, indexes)


def test_a_scale_of_four_steps_scores_10_two_thirds_one_third_and_0() -> None:
    assert a_scale(4).scores == (10, Fraction(20, 3), Fraction(10, 3), 0)


def test_a_scale_of_five_steps_scores_from_10_to_0_by_quarters() -> None:
    assert a_scale(5).scores == (10, Fraction(15, 2), 5, Fraction(5, 2), 0)


@given(st.integers(min_value=2, max_value=10))
def test_every_scale_runs_from_10_to_0_in_equal_steps(steps: int) -> None:
    scores = a_scale(steps).scores
    assert (scores[0], scores[-1]) == (10, 0)
    distances = {best - next_best for best, next_best in pairwise(scores)}
    assert distances == {Fraction(10, steps - 1)}


def test_a_reversed_question_scores_its_options_the_other_way_round() -> None:
    scale = a_scale(4)
    assert a_question(scale).scores == scale.scores
    assert a_question(scale, turned=True).scores == (0, Fraction(10, 3), Fraction(20, 3), 10)


def test_a_reversed_question_counts_the_mirrored_options_as_positive() -> None:
    scale = a_scale(5, positive=2)
    assert a_question(scale).positive == {"step_0", "step_1"}
    assert a_question(scale, turned=True).positive == {"step_3", "step_4"}


@given(st.integers(min_value=2, max_value=10).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1))))
def test_the_positive_options_are_always_the_ones_that_score_highest(size: tuple[int, int]) -> None:
    for turned in (False, True):
        question = a_question(a_scale(*size), turned=turned)
        assert question.scores is not None
        scored = dict(zip((option.id for option in question.options), question.scores, strict=True))
        others = scored.keys() - question.positive
        assert min(scored[one] for one in question.positive) > max(scored[one] for one in others)


def test_a_question_with_options_of_its_own_has_neither_scores_nor_positive_options() -> None:
    question = Question("gender", "Är du flicka eller pojke?", (Option("girl", "Flicka"), Option("boy", "Pojke")))
    assert question.scores is None
    assert question.positive == frozenset()


def test_a_form_finds_its_questions_by_id() -> None:
    question = a_question(a_scale(4))
    assert a_form(question).question("noisy") is question
    with pytest.raises(KeyError):
        a_form(question).question("unknown")


def test_texts_of_a_shared_scale_are_in_the_context_of_the_scale_and_all_others_in_that_of_the_form() -> None:
    form = a_form(a_question(a_scale(2, dont_know="Vet inte")))
    assert list(form.texts()) == [
        ("f", "Titel"),
        ("f", "Berätta."),
        ("f.calm", "Studiero"),
        ("f.noisy", "Det är stökigt."),
        ("scale.scale", "Steg 0"),
        ("scale.scale", "Steg 1"),
        ("scale.scale", "Vet inte"),
    ]


def test_translating_changes_every_text_and_nothing_else() -> None:
    form = a_form(a_question(a_scale(4, positive=2, dont_know="Vet inte"), turned=True))
    translated = form.translated(lambda context, text: f"{context}: {text}")
    assert translated.title == "f: Titel"
    assert translated.indexes[0].title == "f.calm: Studiero"
    before, after = form.question("noisy"), translated.question("noisy")
    assert after.dont_know == "scale.scale: Vet inte"
    assert after.options[0].text == "scale.scale: Steg 0"
    assert [option.id for option in after.options] == [option.id for option in before.options]
    assert (after.scores, after.positive) == (before.scores, before.positive)
