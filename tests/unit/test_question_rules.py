"""What the linter says of one question: keys that do not go with its kind, drawings, bounds, and conditions."""

from pathlib import Path

import pytest

from tests.support.sample_form import FORM, SCALES, altered, check

# For every fault the line it is told on, what is altered in the sample, and words of the message.
FAULTS = {
    "an unknown type": (12, "scale: agree-4", "type: essay", "`type` (essay) must be one of 'scale', 'choice'"),
    "several choices without options": (12, "scale: agree-4", "type: choices", "of type choices needs `options`"),
    "a scale question without scale": (19, "- id: gender", "- id: gender\n        type: scale", "needs `scale`"),
    "a choice on a scale": (12, "scale: agree-4", "scale: agree-4, type: choice", "needs `options`"),
    "several choices on a scale": (12, "scale: agree-4", "scale: agree-4, type: choices", "has no `scale`"),
    "a number without bounds": (12, "scale: agree-4", "type: number", "a question of type number needs `number`"),
    "a number with options": (
        19,
        'text: "Vem är du?"',
        'number: {lowest: 0, highest: 9, bins: [0, 5]}\n        text: "Vem är du?"',
        "a question of type choice has no `number`",
    ),
    "bounds the wrong way": (
        12,
        "scale: agree-4",
        "type: number, number: {lowest: 9, highest: 0, bins: [9, 10]}",
        "`highest` must be more than `lowest`",
    ),
    "a bound below nothing": (
        12,
        "scale: agree-4",
        "type: number, number: {lowest: -5, highest: 9, bins: [-5, 0]}",
        "`lowest` (-5) must be 0 or more",
    ),
    "a bound too high": (
        12,
        "scale: agree-4",
        "type: number, number: {lowest: 0, highest: 1000000, bins: [0, 9]}",
        "`highest` (1000000) must be 999999 or less",
    ),
    "bins that do not ascend": (
        12,
        "scale: agree-4",
        "type: number, number: {lowest: 0, highest: 9, bins: [0, 5, 5]}",
        "`bins` must be the smallest number of each bin, ascending",
    ),
    "a first bin that is not the lowest": (
        12,
        "scale: agree-4",
        "type: number, number: {lowest: 0, highest: 9, bins: [1, 5]}",
        "the first bin must begin with 0, and the last with 9 at most",
    ),
    "a bin beyond the highest": (
        12,
        "scale: agree-4",
        "type: number, number: {lowest: 0, highest: 9, bins: [0, 10]}",
        "the first bin must begin with 0, and the last with 9 at most",
    ),
    "a single bin": (
        12,
        "scale: agree-4",
        "type: number, number: {lowest: 0, highest: 9, bins: [0]}",
        "`bins` must have at least 2, here 1",
    ),
    "a pupil's own words": (12, "scale: agree-4", "type: text", "the form must say `free_text: true`"),
    "own words of endless length": (12, "scale: agree-4", "type: text, longest: 5000", "must be 2000 or less"),
    "own words with a don't know": (12, "scale: agree-4", 'type: text, dont_know: "Nej"', "has no `dont_know`"),
    "own words in reverse": (12, "scale: agree-4", "type: text, reversed: true", "on a scale can be reversed"),
    "a length of a scale": (12, "scale: agree-4", "scale: agree-4, longest: 9", "type scale has no `longest`"),
    "information on a scale": (12, "scale: agree-4", "scale: agree-4, type: information", "has no `scale`"),
    "a pupil's own group": (12, "scale: agree-4", "type: own_group", "only guardians are asked for the group"),
    "a group that is asked for twice": (
        13,
        'scale: agree-4}\n      - {id: calm, text: "Det är lugnt.", scale: agree-4}',
        'type: own_group}\n      - {id: calm, text: "Det är lugnt.", type: own_group}',
        "the group of the child is asked for twice",
    ),
    "an unknown drawing": (12, "scale: agree-4", "scale: agree-4, symbol: dragon", "no drawing is called dragon"),
    "an unknown drawing of an option": (22, 'text: "Pojke"', 'text: "Pojke", symbol: dragon', "called dragon"),
    "a condition on no question": (
        13,
        "scale: agree-4}\n  - id: about",
        "scale: agree-4, when: {question: gone, is: [fully]}}\n  - id: about",
        "no earlier question is called gone",
    ),
    "a condition on a later question": (
        12,
        "scale: agree-4",
        "scale: agree-4, when: {question: calm, is: [fully]}",
        "no earlier question is called calm",
    ),
    "a condition on itself": (
        12,
        "scale: agree-4",
        "scale: agree-4, when: {question: safe, is: [fully]}",
        "no earlier question is called safe",
    ),
    "a condition on an unknown answer": (
        17,
        "scale: faces-3",
        "scale: faces-3, when: {question: safe, is: [fully, glad]}",
        "safe has no answer glad: choose among fully, mostly, slightly, not_at_all, dont_know",
    ),
    "a condition on a don't know that is not offered": (
        19,
        'text: "Vem är du?"',
        'when: {question: mood, is: [dont_know]}\n        text: "Vem är du?"',
        "mood has no answer dont_know",
    ),
    "a condition on information": (
        13,
        'scale: agree-4}\n      - {id: calm, text: "Det är lugnt.", scale: agree-4}',
        'type: information}\n      - {id: calm, text: "Det är lugnt.", when: {question: safe, is: [fully]}}',
        "safe has no options, so nothing can depend on its answer",
    ),
    "a condition without answers": (
        13,
        "scale: agree-4}\n  - id: about",
        "scale: agree-4, when: {question: safe, is: []}}\n  - id: about",
        "`is` must have at least 1",
    ),
    "a condition of another shape": (
        13,
        "scale: agree-4}\n  - id: about",
        "scale: agree-4, when: safe}\n  - id: about",
        "`when` (safe) must hold keys and values",
    ),
    "a breakdown of several choices": (
        28,
        "- id: gender",
        "- id: gender\n        type: choices",
        "gender has no options of its own to choose one from",
    ),
    "an adult who reads to a pupil": (4, "audience: pupil", "audience: pupil\nadult_reads: true", "audience child"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_question_is_named_with_its_file_and_line(tmp_path: Path, fault: str) -> None:
    line, old, new, message = FAULTS[fault]
    problems = check(tmp_path, altered(FORM, old, new))
    named = [(problem.file, problem.line) for problem in problems if message in problem.message]
    assert named == [(tmp_path / "sample" / "form.yaml", line)], problems


def test_faces_that_smile_at_the_worst_answer_are_a_fault(tmp_path: Path) -> None:
    scales = altered(SCALES, "faces-3:\n", "faces-3:\n  faces: true\n")
    [problem] = check(tmp_path, altered(FORM, "scale: faces-3", "scale: faces-3, reversed: true"), scales)
    assert (problem.line, "faces would smile" in problem.message) == (17, True)
