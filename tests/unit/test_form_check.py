"""Whatever is wrong in a form is told with its file, its line and how to mend it, all at once."""

from pathlib import Path

import pytest

from survey_service.questionnaires.check import check_forms
from survey_service.settings import shipped
from tests.support.sample_form import FORM, SCALES, altered, check

TINY = Path(__file__).parent / "forms"


def test_nothing_is_wrong_with_the_sample(tmp_path: Path) -> None:
    assert check(tmp_path) == []


def test_nothing_is_wrong_with_the_tiny_forms_and_the_shipped_ones() -> None:
    assert check_forms(TINY) == []
    assert check_forms(shipped("forms")) == []


# For every fault the line it is told on, what is altered in the sample, and words of the message.
FORM_FAULTS = {
    "the same question twice": (13, "{id: calm,", "{id: safe,", "id safe is taken already on line 12"),
    "the same section twice": (14, "- id: about", "- id: safety", "id safety is taken already on line 9"),
    "the same option twice": (22, "{id: boy,", "{id: girl,", "id girl is taken already on line 21"),
    "an unknown scale": (17, "scale: faces-3", "scale: faces-4", "no scale is called faces-4: choose one of agree-4"),
    "an unknown key": (6, "voice: child", "voice: child\ncolour: red", "unknown key `colour`: remove it"),
    "a misspelt key": (19, 'text: "Vem', 'txt: "Vem', "unknown key `txt`: is `text` meant?"),
    "an empty text": (12, '"Jag är trygg."', '""', "`text` is empty: write its text"),
    "a text of blanks": (12, '"Jag är trygg."', '"  "', "is empty: write its text"),
    "a text that is nothing": (6, 'title: "Titel"', "title:", "`title` must be text"),
    "a text that is a number": (6, 'title: "Titel"', "title: 12", "`title` (12) must be text"),
    "HTML": (12, '"Jag är trygg."', '"Jag är <b>trygg</b>."', "holds HTML"),
    "a version below 1": (2, "version: 1", "version: 0", "`version` (0) must be 1 or more"),
    "a version that is no number": (2, "version: 1", 'version: "1"', "`version` (1) must be a whole number"),
    "an unknown audience": (3, "audience: pupil", "audience: parent", "`audience` (parent) must be one of 'child'"),
    "an unknown presentation": (4, "one-at-a-time", "slides", "must be one of 'one-at-a-time' or 'sections'"),
    "an unknown voice": (5, "voice: child", "voice: teen", "`voice` (teen) must be one of 'child' or 'adult'"),
    "a folder of another name": (1, "form: sample", "form: other", "called other but its folder sample"),
    "an id of the service's own": (12, "{id: safe,", "{id: _safe,", "as only the service's own do"),
    "an id in capitals": (12, "{id: safe,", "{id: Safe,", "`id` (Safe) must be of a-z, 0-9 and _"),
    "a form id with a space": (1, "form: sample", "form: a sample", "must be of a-z, 0-9 and -"),
    "a reserved option": (22, "{id: boy,", "{id: dont_know,", "`id` (dont_know) is reserved"),
    "a word that YAML takes for false": (22, "{id: boy,", "{id: no,", 'YAML takes no for yes or no: write "no"'),
    "a word that YAML takes for true": (17, "{id: mood,", "{id: on,", 'YAML takes on for yes or no: write "on"'),
    "an impossible date": (6, 'title: "Titel"', "title: 2026-99-99", 'write "2026-99-99" in quotes'),
    "a question without scale or options": (17, ", scale: faces-3", "", "either `scale` or `options`"),
    "a question with scale and options": (18, 'text: "Vem är du?"', "scale: agree-4", "either `scale` or `options`"),
    "a single option": (20, '          - {id: boy, text: "Pojke"}\n', "", "`options` must have at least 2, here 1"),
    "no questions": (16, "questions:\n      - {id: mood", "questions: []\n    x:\n      - {id: mood", "at least 1"),
    "a list that is none": (27, "breakdowns: [gender]", "breakdowns: gender", "`breakdowns` (gender) must be a list"),
    "a question that is a word": (17, '{id: mood, text: "Så känns det.", scale: faces-3}', "mood", "keys and values"),
    "a reversed question without scale": (19, 'text: "Vem', 'reversed: true\n        text: "Vem', "can be reversed"),
    "reversed as a word": (17, "scale: faces-3", "scale: faces-3, reversed: yes", "YAML takes yes for yes or no"),
    "a don't know of its own on a scale": (
        17,
        "scale: faces-3",
        'scale: faces-3, dont_know: "Ingen aning"',
        "has the scale's don't know",
    ),
    "a don't know that is true": (17, "scale: faces-3", "scale: faces-3, dont_know: true", "must be a text, or false"),
    "a don't know left out where there is none": (
        19,
        'text: "Vem',
        'dont_know: false\n        text: "Vem',
        "there is no don't know to leave out",
    ),
    "an index of an unknown question": (26, "[safe, calm]", "[safe, still]", "no question is called still"),
    "an index of unlike scales": (
        26,
        "[safe, calm]",
        "[safe, mood]",
        "mixes unlike scales, safe (4 steps) and mood (3 steps)",
    ),
    "an index of a question without scale": (26, "[safe, calm]", "[safe, gender]", "gender is on no scale"),
    "an index with a question twice": (26, "[safe, calm]", "[safe, safe]", "safe stands more than once in the index"),
    "an unknown breakdown": (27, "breakdowns: [gender]", "breakdowns: [age]", "no question is called age"),
    "a breakdown on a scale": (27, "breakdowns: [gender]", "breakdowns: [safe]", "safe has no options of its own"),
    "a breakdown twice": (27, "breakdowns: [gender]", "breakdowns: [gender, gender]", "gender stands more than once"),
    "three breakdowns": (27, "breakdowns: [gender]", "breakdowns: [gender, mood, safe]", "can have at most 2, here 3"),
    "a repeated key": (6, "voice: child", "voice: child\nvoice: child", "`voice` stands here twice (first on line 5)"),
    "an alias": (
        7,
        'title: "Titel"\nintroduction: "Berätta."',
        'title: &same "Titel"\nintroduction: *same',
        "an alias (*)",
    ),
    "broken YAML": (4, "audience: pupil", "audience: [pupil", "this is not YAML"),
}


@pytest.mark.parametrize("fault", FORM_FAULTS)
def test_a_fault_in_a_form_is_named_with_its_file_and_line(tmp_path: Path, fault: str) -> None:
    line, old, new, message = FORM_FAULTS[fault]
    problems = check(tmp_path, altered(FORM, old, new))
    named = [(problem.file, problem.line) for problem in problems if message in problem.message]
    assert named == [(tmp_path / "sample" / "form.yaml", line)], problems


SCALE_FAULTS = {
    "one step": (9, SCALES[SCALES.index("    - {id: neutral") :], "", "`options` must have at least 2, here 1"),
    "eleven steps": (
        9,
        '    - {id: sad, text: "Ledsen"}\n',
        "".join(f'    - {{id: step_{step}, text: "{step}"}}\n' for step in range(9)),
        "`options` can have at most 10, here 11",
    ),
    "a reserved option": (12, "{id: sad,", "{id: no_answer,", "`id` (no_answer) is reserved"),
    "the same option twice": (12, "{id: sad,", "{id: glad,", "id glad is taken already on line 10"),
    "the same scale twice": (8, "faces-3:", "agree-4:", "`agree-4` stands here twice"),
    "a scale id in capitals": (8, "faces-3:", "Faces:", "`Faces` must be of a-z, 0-9 and -"),
    "faces for two steps": (
        9,
        '  options:\n    - {id: glad, text: "Glad", positive: true}\n    - {id: neutral, text: "Varken eller"}',
        '  faces: true\n  options:\n    - {id: glad, text: "Glad", positive: true}',
        "there are faces for 3 or 5 steps, and faces-3 has 2",
    ),
    "an unknown drawing": (12, 'text: "Ledsen"', 'text: "Ledsen", symbol: dragon', "no drawing is called dragon"),
    "no positive option": (8, '"Glad", positive: true', '"Glad"', "must say `positive: true` of its first options"),
    "a positive option last": (8, '"Ledsen"', '"Ledsen", positive: true', "of its first options, best first"),
}


@pytest.mark.parametrize("fault", SCALE_FAULTS)
def test_a_fault_in_a_scale_is_named_with_its_file_and_line(tmp_path: Path, fault: str) -> None:
    line, old, new, message = SCALE_FAULTS[fault]
    problems = check(tmp_path, scales=altered(SCALES, old, new))
    named = [(problem.file, problem.line) for problem in problems if message in problem.message]
    assert named == [(tmp_path / "scales.yaml", line)], problems


def test_drawings_beside_the_forms_are_no_form(tmp_path: Path) -> None:
    (tmp_path / "symbols").mkdir()
    assert check(tmp_path) == []


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    form = FORM.replace("version: 1", "version: 0").replace("{id: calm,", "{id: safe,")
    form = form.replace("scale: faces-3", "scale: gone").replace("[gender]", "[gender, age]")
    problems = check(tmp_path, form)
    assert [problem.line for problem in problems] == [2, 13, 17, 26, 27]
    assert str(problems[0]) == f"{tmp_path}/sample/form.yaml:2: `version` (0) must be 1 or more"


def test_several_forms_are_checked_together(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "form.yaml").write_text(FORM.replace("sample", name).replace("version: 1", "version: 0"))
    assert [problem.file.parent.name for problem in check(tmp_path)] == ["one", "two"]


def test_a_folder_without_a_form_and_an_empty_form_are_problems(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "form.yaml").write_text("# later\n")
    (tmp_path / "nothing").mkdir()
    assert [(problem.file.parent.name, problem.message) for problem in check(tmp_path)] == [
        ("empty", "the file is empty: write it first"),
        ("nothing", "there is no such file: write the form here, or remove the folder"),
    ]


def test_a_file_in_another_encoding_is_a_problem_on_the_line_of_the_first_foreign_letter(tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "form.yaml").write_bytes(FORM.encode("latin-1"))
    [problem] = check_forms(tmp_path)
    assert (problem.line, problem.message) == (7, "this is not UTF-8: save the file in that encoding")


def test_scales_that_cannot_be_read_do_not_make_every_question_wrong(tmp_path: Path) -> None:
    [problem] = check(tmp_path, scales="agree-4: [")
    assert problem.file == tmp_path / "scales.yaml"


def test_a_scale_or_form_in_two_folders_is_a_problem_that_names_both(tmp_path: Path) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    for folder in (shared, own):
        folder.mkdir()
        check(folder)
    assert [str(problem) for problem in check_forms(shared, own)] == [
        f"{own}/sample/form.yaml:1: form sample is also in {shared}/sample/form.yaml: rename one of them",
        f"{own}/scales.yaml:1: scale agree-4 is also in {shared}/scales.yaml: rename one of them",
        f"{own}/scales.yaml:8: scale faces-3 is also in {shared}/scales.yaml: rename one of them",
    ]
