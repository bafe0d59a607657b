"""The linter of questionnaires: everything wrong in their files, with file, line and how to mend it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_service.domain.form import Kind
from survey_service.questionnaires.form_format import FormFile, ScalesFile, format_problems, kind_of
from survey_service.questionnaires.lined_yaml import Document, Place, Problem, read_document
from survey_service.questionnaires.question_rules import (
    Finding,
    Surroundings,
    of_condition,
    of_form,
    of_question,
    of_scale,
)
from survey_service.settings import shipped

SYMBOLS = "symbols"
"""The folder beside the forms that holds drawings."""

RECORDINGS = "audio"
"""The folder of a form that holds recorded questions; it may stand alone, for a form that is shipped."""

Entries = list[tuple[Place, dict[str, Any]]]
"""Parts of a document, each with where it stands."""


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
        if entry.is_dir()
        and not entry.name.startswith((".", "_"))
        and entry.name != SYMBOLS
        and {part.name for part in entry.iterdir()} != {RECORDINGS}
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
        if isinstance(entry, dict):
            options = _entries(entry, "options")
            yield from _repeated(document, [((scale_id, *at), option) for at, option in options])
            for inner, message in of_scale(scale_id, entry, [option for _, option in options], _symbols()):
                yield document.problem((scale_id, *inner), message)


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
    surroundings = Surroundings(form, scales, _symbols())
    findings = [
        *((at, of_question(question, surroundings)) for at, question in questions),
        *(
            (at, of_condition(question, [earlier for _, earlier in questions[:n]], scales or {}))
            for n, (at, question) in enumerate(questions)
        ),
        *((at, _of_index(index, by_id, scales or {})) for at, index in indexes),
        ((), _of_breakdowns(form, by_id)),
        ((), of_form(form, questions)),
    ]
    for at, found in findings:
        yield from (document.problem((*at, *inner), message) for inner, message in found)


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
        elif kind_of(questions[question_id]) is not Kind.CHOICE:
            yield place, f"{question_id} has no options of its own to choose one from, so answers cannot be split by it"
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


def _symbols() -> frozenset[str]:
    return frozenset(file.stem for file in (shipped("forms") / SYMBOLS).glob("*.svg"))


def _list(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _entries(data: dict[str, Any], key: str, at: Place = ()) -> Entries:
    """The well-shaped entries of a list: what is not a mapping is reported by its format, not here."""
    return [((*at, key, n), entry) for n, entry in enumerate(_list(data, key)) if isinstance(entry, dict)]
