"""Forms are read from their files as domain objects, and frozen into definitions."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from survey_service.domain.form import Form, Index, Option, Question, Scale, Section
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
options = st.lists(st.builds(Option, ids, texts), min_size=2, max_size=6, unique_by=lambda option: option.id)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    own = tuple(draw(options))
    positive = frozenset(option.id for option in own[: draw(st.integers(1, len(own) - 1))])
    return Scale(draw(ids), own, positive, draw(st.none() | texts))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    scale = draw(st.none() | scales())
    own = scale.options if scale else tuple(draw(options))
    return Question(
        draw(ids), draw(texts), own, scale, draw(st.none() | texts), draw(st.booleans()), draw(st.none() | texts)
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
    assert digest(form) == "4a63f46205ec7335024ee14d77955622af2308098f8413f6285dcab9dfe8dee3"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Jag trivs.", "Jag trivs bra."),
        ("Stämmer helt", "Helt sant"),
        ("Så är det", "Så var det"),
        ("scale: agree-4", "scale: agree-4, reversed: true"),
        ("scale: agree-4", "scale: agree-4, dont_know: false"),
        ('"Stämmer mest", positive: true', '"Stämmer mest"'),
    ],
)
def test_the_digest_changes_with_any_wording_or_scoring(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "minimal").mkdir()
    for name in ("scales.yaml", "minimal/form.yaml"):
        (tmp_path / name).write_text((TINY / name).read_text().replace(old, new))
    assert digest(load_forms(tmp_path)["minimal"]) != digest(tiny("minimal"))


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
