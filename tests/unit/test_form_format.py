"""Forms are read from their files as domain objects, and frozen into definitions."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from survey_service.domain.form import Bounds, Condition, Form, Index, Kind, Option, Question, Scale, Section
from survey_service.questionnaires.form_file import (
    FormsHaveProblems,
    digest,
    from_definition,
    load_forms,
    to_definition,
)
from survey_service.questionnaires.lined_yaml import read_document
from survey_service.settings import shipped

TINY = Path(__file__).parent / "forms"
"""One tiny form per feature of the format."""


def tiny(form_id: str) -> Form:
    return load_forms(TINY)[form_id]


def test_the_smallest_form_has_a_section_with_a_question_on_a_shared_scale() -> None:
    form = tiny("minimal")
    assert (form.id, form.version, form.audience) == ("minimal", 1, "pupil")
    assert (form.presentation, form.voice, form.title) == ("sections", "child", "Så är det")
    question = form.question("likes")
    assert [option.id for option in question.options] == ["fully", "mostly", "slightly", "not_at_all"]
    assert question.positive == {"fully", "mostly"}
    assert (form.indexes, form.breakdowns) == ((), ())


def test_paragraphs_of_an_introduction_are_its_lines() -> None:
    assert tiny("paragraphs").introduction.splitlines() == ["Berätta hur du har det.", "Det är frivilligt."]


def test_a_reversed_question_is_marked_so_and_keeps_the_order_of_its_options() -> None:
    question = tiny("reversed").question("noisy")
    assert question.reversed
    assert question.options[0].id == "fully"
    assert question.positive == {"slightly", "not_at_all"}


def test_dont_know_comes_from_the_scale_unless_the_question_leaves_it_out() -> None:
    form = tiny("dont-know")
    assert form.question("of_the_scale").dont_know == "Vet inte"
    assert form.question("left_out").dont_know is None
    assert form.question("scale_without").dont_know is None
    assert form.question("of_its_own").dont_know == "Minns inte"


def test_a_question_with_options_of_its_own_carries_no_scores() -> None:
    question = tiny("choices").question("travels")
    assert question.options == (Option("walking", "Till fots"), Option("bus", "Med buss"))
    assert (question.scale, question.scores) == (None, None)


def test_what_a_question_asks_for_is_told_by_its_type_or_its_other_keys() -> None:
    kinds = {name: [question.kind for question in tiny(name).questions] for name in ("minimal", "choices", "several")}
    assert kinds == {"minimal": [Kind.SCALE], "choices": [Kind.CHOICE], "several": [Kind.CHOICES]}


def test_a_number_has_bounds_and_its_bins_are_its_options() -> None:
    question = tiny("numbers").question("minutes")
    assert (question.kind, question.dont_know) == (Kind.NUMBER, "Vet inte")
    assert question.number == Bounds(0, 60, (0, 1, 15))
    assert [option.text for option in question.options] == ["0", "1–14", "15–60"]
    assert [option.id for option in question.options] == ["from_0", "from_1", "from_15"]
    assert [question.options[question.number.bin_of(number)].text for number in (0, 14, 15)] == ["0", "1–14", "15–60"]


def test_own_words_are_as_long_as_the_form_says_or_as_is_usual() -> None:
    form = tiny("own-words")
    assert [(question.kind, question.longest) for question in form.questions] == [(Kind.TEXT, 300), (Kind.TEXT, 500)]
    assert tiny("own-words-of-pupils").question("more").kind is Kind.TEXT


def test_a_guardian_can_be_asked_for_the_group_of_the_child() -> None:
    form = tiny("own-group")
    assert form.question("class_of_child").kind is Kind.OWN_GROUP
    assert form.slots == ()


def test_information_is_told_between_questions_and_asks_nothing() -> None:
    information, question = tiny("information").questions
    assert (information.kind, information.help) == (Kind.INFORMATION, "De är få.")
    assert [slot.question for slot in tiny("information").slots] == [question.id]


def test_a_follow_up_names_the_earlier_question_and_its_answers() -> None:
    assert tiny("follow-up").question("on_bus").when == Condition("travels", ("bus",))
    assert tiny("follow-up").question("travels").when is None


def test_a_scale_can_be_drawn_as_faces() -> None:
    scale = tiny("faces").question("mood").scale
    assert scale is not None
    assert scale.faces
    assert not tiny("minimal").question("likes").scale.faces  # type: ignore[union-attr]


def test_questions_and_options_name_their_drawings() -> None:
    form = tiny("drawings")
    assert form.question("play").symbol == "play"
    assert [option.symbol for option in form.question("place").options] == ["home", None]
    assert [option.symbol for option in tiny("faces").question("mood").options] == [None, None, "sad"]


def test_an_adult_can_read_to_a_child() -> None:
    assert tiny("adult-reads").adult_reads
    assert not tiny("minimal").adult_reads


def test_a_question_can_carry_help() -> None:
    assert tiny("helped").question("ideas").help == "Till exempel på klassrådet."


def test_an_index_names_its_questions_and_a_question_may_belong_to_none() -> None:
    assert tiny("indexed").indexes == (Index("safety", "Trygghet", ("safe", "unsafe")),)


def test_a_breakdown_names_a_question_with_options() -> None:
    assert tiny("split").breakdowns == ("gender",)


def test_a_later_folder_may_use_the_scales_of_an_earlier_one(tmp_path: Path) -> None:
    own = tmp_path / "minimal-two"
    own.mkdir()
    text = (TINY / "minimal" / "form.yaml").read_text()
    (own / "form.yaml").write_text(text.replace("form: minimal", "form: minimal-two"))
    forms = load_forms(TINY, tmp_path)
    assert forms["minimal-two"].question("likes").scale == forms["minimal"].question("likes").scale


def test_forms_with_problems_are_not_loaded_and_every_problem_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "form.yaml").write_text("form: broken\nversion: 0\n")
    with pytest.raises(FormsHaveProblems) as caught:
        load_forms(tmp_path)
    assert len(caught.value.problems) > 2
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]


ids = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(min_size=1, max_size=30)
symbols = st.none() | ids
options = st.lists(st.builds(Option, ids, texts, symbols), min_size=2, max_size=6, unique_by=lambda option: option.id)
bounds = st.builds(
    Bounds,
    st.just(0),
    st.integers(10, 99),
    st.lists(st.integers(1, 9), unique=True).map(lambda bins: (0, *sorted(bins))),
)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    own = tuple(draw(options))
    positive = frozenset(option.id for option in own[: draw(st.integers(1, len(own) - 1))])
    return Scale(draw(ids), own, positive, draw(st.none() | texts), draw(st.booleans()))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    scale = draw(st.none() | scales())
    return Question(
        id=draw(ids),
        text=draw(texts),
        options=scale.options if scale else tuple(draw(options)),
        scale=scale,
        dont_know=draw(st.none() | texts),
        reversed=draw(st.booleans()),
        help=draw(st.none() | texts),
        kind=draw(st.sampled_from(Kind)),
        symbol=draw(symbols),
        when=draw(st.none() | st.builds(Condition, ids, st.lists(ids, min_size=1).map(tuple))),
        number=draw(st.none() | bounds),
        longest=draw(st.none() | st.integers(1, 2000)),
    )


sections = st.builds(Section, ids, texts, st.lists(questions(), min_size=1, max_size=3).map(tuple))
forms = st.builds(
    Form,
    id=ids,
    version=st.integers(min_value=1),
    audience=st.sampled_from(["child", "pupil", "guardian", "staff", "head"]),
    presentation=st.sampled_from(["one-at-a-time", "sections"]),
    voice=st.sampled_from(["child", "adult"]),
    title=texts,
    introduction=texts,
    sections=st.lists(sections, min_size=1, max_size=3).map(tuple),
    indexes=st.lists(st.builds(Index, ids, texts, st.lists(ids).map(tuple)), max_size=2).map(tuple),
    breakdowns=st.lists(ids, max_size=2).map(tuple),
    adult_reads=st.booleans(),
)


@given(forms)
def test_any_form_comes_back_the_same_from_its_definition_through_json(form: Form) -> None:
    stored = json.dumps(to_definition(form))
    assert from_definition(json.loads(stored)) == form


def test_every_shipped_form_comes_back_the_same_from_its_definition() -> None:
    for form in load_forms(shipped("forms")).values():
        assert from_definition(json.loads(json.dumps(to_definition(form)))) == form


def test_a_definition_that_lacks_something_is_refused() -> None:
    definition = to_definition(tiny("minimal"))
    del definition["sections"]
    with pytest.raises(ValidationError, match="sections"):
        from_definition(definition)


def test_the_digest_stays_when_only_the_version_number_changes() -> None:
    form = tiny("minimal")
    assert digest(replace(form, version=2)) == digest(form)
    assert len(digest(form)) == 64


def test_the_digest_survives_freezing_and_is_the_same_in_every_process() -> None:
    form = tiny("minimal")
    assert digest(from_definition(to_definition(form))) == digest(form)
    assert digest(form) == "e07289706fc27899fd46fb89a6d34e3d9e8e43b62da691e6e19bec9e1e5728a9"


# For every change the tiny form and what is altered in it or in its scales.
CHANGES = {
    "a question's wording": ("minimal", "Jag trivs.", "Jag trivs bra."),
    "an option's wording": ("minimal", "Stämmer helt", "Helt sant"),
    "the title": ("minimal", "Så är det", "Så var det"),
    "reversing": ("minimal", "scale: agree-4", "scale: agree-4, reversed: true"),
    "leaving the don't know out": ("minimal", "scale: agree-4", "scale: agree-4, dont_know: false"),
    "what is positive": ("minimal", '"Stämmer mest", positive: true', '"Stämmer mest"'),
    "one choice or several": ("several", "        type: choices\n", ""),
    "a bin": ("numbers", "bins: [0, 1, 15]", "bins: [0, 1, 20]"),
    "a bound": ("numbers", "highest: 60", "highest: 90"),
    "the length of a text": ("own-words", "longest: 300", "longest: 200"),
    "a condition": ("follow-up", "is: [bus]", "is: [walking]"),
    "no condition": ("follow-up", ", when: {question: travels, is: [bus]}", ""),
    "faces": ("faces", "  faces: true\n", ""),
    "a question's drawing": ("drawings", "symbol: play", "symbol: friends"),
    "an option's drawing": ("drawings", "symbol: home", "symbol: calm"),
    "who reads": ("adult-reads", "adult_reads: true\n", ""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_digest_changes_with_anything_that_is_asked_or_measured(tmp_path: Path, change: str) -> None:
    form_id, old, new = CHANGES[change]
    (tmp_path / form_id).mkdir()
    for name in ("scales.yaml", f"{form_id}/form.yaml"):
        (tmp_path / name).write_text((TINY / name).read_text().replace(old, new))
    assert digest(load_forms(tmp_path)[form_id]) != digest(tiny(form_id))


EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", (shipped("forms") / "README.md").read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_manual_is_proper_yaml(example: str) -> None:
    assert read_document(Path("README.md"), example.encode()).problems == []


def test_the_smallest_form_of_the_manual_is_a_form(tmp_path: Path) -> None:
    (tmp_path / "trivsel").mkdir()
    (tmp_path / "trivsel" / "form.yaml").write_text(EXAMPLES[0])
    assert load_forms(shipped("forms"), tmp_path)["trivsel"].question("likes_school").positive


def test_the_shipped_pupil_form_covers_what_grades_4_to_6_are_asked() -> None:
    form = load_forms(shipped("forms"))["pupil-4-6"]
    assert (form.audience, form.presentation, form.voice) == ("pupil", "one-at-a-time", "child")
    assert {len(question.options) for question in form.questions if question.scale} == {4, 5}
    assert any(question.reversed for question in form.questions)
    assert form.breakdowns == ("gender",)
    assert [option.id for option in form.question("gender").options] == ["girl", "boy", "other"]


@pytest.mark.parametrize(
    ("form_id", "audience"),
    [("pupil-4-6", "pupil"), ("guardian-school", "guardian"), ("staff-school", "staff")],
)
def test_every_scored_question_of_the_shipped_forms_is_on_a_scale_and_most_are_in_an_index(
    form_id: str, audience: str
) -> None:
    form = load_forms(shipped("forms"))[form_id]
    indexed = {question_id for index in form.indexes for question_id in index.questions}
    scored = {question.id for question in form.questions if question.scale}
    assert form.audience == audience
    assert indexed <= scored
    assert len(scored - indexed) <= 1
