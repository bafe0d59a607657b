"""Forms read from their files, and frozen into self-contained definitions that the database keeps."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from survey_service.domain.form import Bounds, Condition, Form, Index, Kind, Option, Question, Scale, Section
from survey_service.questionnaires.check import problems_in, read_sources
from survey_service.questionnaires.form_format import (
    LONGEST,
    FormFile,
    OptionEntry,
    QuestionEntry,
    ScalesFile,
    kind_of,
)
from survey_service.questionnaires.lined_yaml import Problem

_DEFINITION = TypeAdapter(Form)


class FormsHaveProblems(Exception):
    """Forms cannot be used before what is wrong in their files is mended; its text is one line a problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load_forms(*folders: Path) -> dict[str, Form]:
    """All forms of the folders by id, in Swedish. A later folder may use the scales of an earlier one.

    Raises FormsHaveProblems with every problem where there is any.
    """
    sources = read_sources(*folders)
    if problems := problems_in(sources):
        raise FormsHaveProblems(problems)
    scales = _scales(ScalesFile.model_validate(sources.shared))
    entries = [FormFile.model_validate(document.data) for document in sources.forms]
    return {entry.form: _form(entry, scales) for entry in entries}


def to_definition(form: Form) -> dict[str, Any]:
    """The form as data that JSON can hold, its scales inlined: all that is needed to use it again."""
    definition: dict[str, Any] = json.loads(json.dumps(asdict(form), default=sorted))
    return definition


def from_definition(definition: dict[str, Any]) -> Form:
    """The form that `to_definition` froze. Raises pydantic.ValidationError where that is no definition."""
    return _DEFINITION.validate_python(definition)


def digest(form: Form) -> str:
    """SHA-256, in hex, of all that the form says and how it is scored; its version number is not part of it.

    Two versions with one digest ask and measure exactly the same.
    """
    content = {key: value for key, value in to_definition(form).items() if key != "version"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _scales(file: ScalesFile) -> dict[str, Scale]:
    return {
        scale_id: Scale(
            scale_id,
            _options(entry.options),
            frozenset(option.id for option in entry.options if option.positive),
            entry.dont_know,
            entry.faces,
        )
        for scale_id, entry in file.root.items()
    }


def _form(entry: FormFile, scales: dict[str, Scale]) -> Form:
    return Form(
        id=entry.form,
        version=entry.version,
        audience=entry.audience,
        presentation=entry.presentation,
        voice=entry.voice,
        title=entry.title,
        introduction=entry.introduction,
        sections=tuple(
            Section(section.id, section.title, tuple(_question(part, scales) for part in section.questions))
            for section in entry.sections
        ),
        indexes=tuple(Index(index.id, index.title, tuple(index.questions)) for index in entry.indexes),
        breakdowns=tuple(entry.breakdowns),
        adult_reads=entry.adult_reads,
    )


def _question(entry: QuestionEntry, scales: dict[str, Scale]) -> Question:
    kind = kind_of(entry.model_dump(exclude_unset=True)) or Kind.SCALE
    scale = scales[entry.scale] if entry.scale else None
    number = Bounds(entry.number.lowest, entry.number.highest, tuple(entry.number.bins)) if entry.number else None
    return Question(
        id=entry.id,
        text=entry.text,
        options=scale.options if scale else _bins(number) if number else _options(entry.options or ()),
        scale=scale,
        dont_know=scale.dont_know if scale and entry.dont_know is None else entry.dont_know or None,
        reversed=entry.reversed,
        help=entry.help,
        kind=kind,
        symbol=entry.symbol,
        when=Condition(entry.when.question, tuple(entry.when.values)) if entry.when else None,
        number=number,
        longest=(entry.longest or LONGEST) if kind is Kind.TEXT else None,
    )


def _options(entries: Sequence[OptionEntry]) -> tuple[Option, ...]:
    return tuple(Option(entry.id, entry.text, entry.symbol) for entry in entries)


def _bins(number: Bounds) -> tuple[Option, ...]:
    """The bins as options, `0–4` and `5–30`: what a number is tallied as."""
    ends = [*(following - 1 for following in number.bins[1:]), number.highest]
    return tuple(
        Option(f"from_{first}", str(first) if first == last else f"{first}–{last}")
        for first, last in zip(number.bins, ends, strict=True)
    )
