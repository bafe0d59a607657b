"""The linter of questionnaires: everything wrong in their files, with file, line and how to mend it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_service.questionnaires.form_format import FormFile, ScalesFile, format_problems
from survey_service.questionnaires.lined_yaml import Document, Place, Problem, read_document

Entries = list[tuple[Place, dict[str, Any]]]
"""Parts of a document, each with where it stands."""

Finding = tuple[Place, str]
"""What is wrong where, inside the part that was looked at."""


@dataclass(frozen=True)
class Sources:
    """The files of forms folders, as read: a scales.yaml at most per folder, a form.yaml per form."""

    scales: tuple[Document, ...]
    forms: tuple[Document, ...]

    @property
    def shared(self) -> dict[str, Any]:
        """All scales by id, in the shape of the file."""
        readable = [document.data for document in self.scales if isinstance(document.data, dict)]
        return {key: entry for data in readable for key, entry in data.items()}


def read_sources(*folders: Path) -> Sources:
    """Everything in the folders `<folder>/scales.yaml` and `<folder>/<form-id>/form.yaml`."""
    scales = [folder / "scales.yaml" for folder in folders]
    forms = [
        entry / "form.yaml"
        for folder in folders
        if folder.is_dir()
        for entry in sorted(folder.iterdir())
        if entry.is_dir() and not entry.name.startswith((".", "_"))
    ]
    return Sources(
        tuple(read_document(file, file.read_bytes()) for file in scales if file.is_file()),
        tuple(_read_form(file) for file in forms),
    )


def _read_form(file: Path) -> Document:
    if file.is_file():
        return read_document(file, file.read_bytes())
    document = Document(file)
    document.problems.append(document.problem((), "there is no such file: write the form here, or remove the folder"))
    return document


def check_forms(*folders: Path) -> list[Problem]:
    """All problems in the forms and scales of the folders, by file and line; an empty list where all is well.

    A later folder may use the scales of an earlier one.
    """
    return problems_in(read_sources(*folders))


def problems_in(sources: Sources) -> list[Problem]:
    """All problems in what was read, by file and line."""
    documents = (*sources.scales, *sources.forms)
    problems = [problem for document in documents for problem in document.problems]
    for document in sources.scales:
        problems += _of_scales(document)
    scales_are_known = all(document.data is not None for document in sources.scales)
    for document in sources.forms:
        problems += _of_form(document, sources.shared if scales_are_known else None)
    problems += _given_twice(sources)
    return sorted(set(problems))


def _of_scales(document: Document) -> Iterator[Problem]:
    if document.data is None:
        return
    yield from format_problems(ScalesFile, document)
    scales = document.data if isinstance(document.data, dict) else {}
    for scale_id, entry in scales.items():
        options = _entries(entry, "options", (scale_id,)) if isinstance(entry, dict) else []
        yield from _repeated(document, options)
        positive = [bool(option.get("positive")) for _, option in options]
        if options and (not positive[0] or positive != sorted(positive, reverse=True)):
            message = f"scale {scale_id} must say `positive: true` of its first options, best first"
            yield document.problem((scale_id,), message)


def _of_form(document: Document, scales: dict[str, Any] | None) -> Iterator[Problem]:
    if document.data is None:
        return
    yield from format_problems(FormFile, document)
    form = document.data if isinstance(document.data, dict) else {}
    folder = document.file.parent.name
    if isinstance(form.get("form"), str) and form["form"] != folder:
        message = f"the form is called {form['form']} but its folder {folder}: give both the same name"
        yield document.problem(("form",), message)
    sections, indexes = _entries(form, "sections"), _entries(form, "indexes")
    questions = [entry for at, section in sections for entry in _entries(section, "questions", at)]
    options = [_entries(question, "options", at) for at, question in questions]
    for entries in (sections, questions, indexes, *options):
        yield from _repeated(document, entries)
    by_id = {str(question.get("id")): question for _, question in questions}
    findings = [
        *((at, _of_question(question, scales)) for at, question in questions),
        *((at, _of_index(index, by_id, scales or {})) for at, index in indexes),
        ((), _of_breakdowns(form, by_id)),
    ]
    for at, found in findings:
        yield from (document.problem((*at, *inner), message) for inner, message in found)


def _of_question(question: dict[str, Any], scales: dict[str, Any] | None) -> Iterator[Finding]:
    scale, dont_know = question.get("scale"), question.get("dont_know")
    if ("scale" in question) == ("options" in question):
        yield (), "a question has either `scale` or `options`: give it one of them"
    if isinstance(scale, str) and scales is not None and scale not in scales:
        yield ("scale",), f"no scale is called {scale}: choose one of {', '.join(scales) or 'none yet'}"
    if "scale" not in question and question.get("reversed"):
        yield ("reversed",), "only a question on a scale can be reversed: take `reversed` away"
    if "scale" in question and isinstance(dont_know, str):
        yield ("dont_know",), "a question on a scale has the scale's don't know: take it away, or write false"
    if "scale" not in question and dont_know is False:
        yield ("dont_know",), "there is no don't know to leave out: take `dont_know` away"


def _of_index(index: dict[str, Any], questions: dict[str, Any], scales: dict[str, Any]) -> Iterator[Finding]:
    steps: dict[int, str] = {}
    for number, question_id in enumerate(_list(index, "questions")):
        question, place = questions.get(str(question_id)), ("questions", number)
        if question is None:
            yield place, f"no question is called {question_id}: correct the name or take it away"
        elif "scale" not in question:
            yield place, f"{question_id} is on no scale, so it has no mean: take it away from the index"
        elif scale := scales.get(str(question["scale"])):
            steps.setdefault(len(_entries(scale, "options")), str(question_id))
    if len(steps) > 1:
        unlike = " and ".join(f"{question_id} ({count} steps)" for count, question_id in steps.items())
        yield ("questions",), f"the index mixes unlike scales, {unlike}: split it into one index each"
    counts = Counter(str(name) for name in _list(index, "questions"))
    if repeated := [name for name, count in counts.items() if count > 1]:
        yield ("questions",), f"{', '.join(repeated)} stands more than once in the index: keep one"


def _of_breakdowns(form: dict[str, Any], questions: dict[str, Any]) -> Iterator[Finding]:
    breakdowns = [str(name) for name in _list(form, "breakdowns")]
    for number, question_id in enumerate(breakdowns):
        place: Place = ("breakdowns", number)
        if question_id not in questions:
            yield place, f"no question is called {question_id}: correct the name or take it away"
        elif "options" not in questions[question_id]:
            yield place, f"{question_id} has no options of its own, so answers cannot be split by it"
        elif question_id in breakdowns[:number]:
            yield place, f"{question_id} stands more than once in the breakdowns: keep one"


def _given_twice(sources: Sources) -> Iterator[Problem]:
    """Scales and forms that two folders both define."""
    named: list[tuple[str, Place, Document]] = [
        (f"scale {scale_id}", (scale_id,), document)
        for document in sources.scales
        if isinstance(document.data, dict)
        for scale_id in document.data
    ]
    named += [(f"form {document.file.parent.name}", ("form",), document) for document in sources.forms]
    first: dict[str, Path] = {}
    for name, place, document in named:
        known = first.setdefault(name, document.file)
        if known != document.file:
            yield document.problem(place, f"{name} is also in {known}: rename one of them")


def _repeated(document: Document, entries: Entries) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for place, entry in entries:
        identifier, at = entry.get("id"), (*place, "id")
        if isinstance(identifier, str) and first.setdefault(identifier, at) != at:
            line = document.line(first[identifier])
            yield document.problem(at, f"id {identifier} is taken already on line {line}: rename one of them")


def _list(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _entries(data: dict[str, Any], key: str, at: Place = ()) -> Entries:
    """The well-shaped entries of a list: what is not a mapping is reported by its format, not here."""
    return [((*at, key, n), entry) for n, entry in enumerate(_list(data, key)) if isinstance(entry, dict)]
