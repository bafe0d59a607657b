"""A round as an office writes it down: one YAML file, read into a domain Round with every mistake named by its line."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from survey_service.domain.access import Access
from survey_service.domain.form import Form
from survey_service.domain.languages import LANGUAGES
from survey_service.domain.organisation import SCHOOL_FORMS, Grades, UnknownGrade
from survey_service.domain.survey_round import Collection, Round
from survey_service.questionnaires.form_format import Slug, Text, format_problems
from survey_service.questionnaires.lined_yaml import Place, Problem, read_document

Finding = tuple[Place, str]


class RoundFileRejected(Exception):
    """A round file has mistakes; its text is one line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _not_a_number(given: Any) -> Any:
    if isinstance(given, int | float):
        raise PydanticCustomError("day", "must be a date such as 2026-09-14")
    return given


Day = Annotated[date, Field(strict=False), BeforeValidator(_not_a_number)]
Way = Annotated[Access, Field(strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ThresholdsEntry(_Strict):
    """What an outlet asks of a table."""

    minimum_answers: Annotated[int, Field(ge=5, le=100)]


class CollectionEntry(_Strict):
    """One form put to one audience of one school form."""

    id: Slug
    school_form: str
    audience: Literal["child", "pupil", "guardian", "staff", "head"]
    grades: list[int | str] = []
    form: Slug
    version: int | None = None
    access: Way
    per: Literal["unit", "group"] = "unit"
    spare: str | float = 0.0
    seats: Annotated[int, Field(ge=1, le=1000)] | None = None
    opens: Day
    closes: Day
    languages: list[str] = []
    access_by_unit: dict[str, Way] = {}
    closes_by_unit: dict[str, Day] = {}


class RoundFile(_Strict):
    """All of a round file."""

    round: Slug
    name: dict[str, Text]
    school_year: Annotated[str, Field(pattern=r"^\d{4}/\d{2}$")]
    disposal_decision: Text
    thresholds: dict[Literal["public", "unit", "administrator"], ThresholdsEntry] = {}
    collections: Annotated[list[CollectionEntry], Field(min_length=1)]


def read_round(file: Path, forms: Mapping[str, Form], link_key: str) -> Round:
    """The round in a file, with forms by id and the fingerprint of the link key that a new round gets.

    Raises RoundFileRejected with all its mistakes, or OSError where the file cannot be read.
    """
    document = read_document(file, file.read_bytes())
    problems = list(document.problems)
    if document.data is not None and not problems:
        problems += format_problems(RoundFile, document)
    if not problems:
        entry = RoundFile.model_validate(document.data)
        problems += [document.problem(place, message) for place, message in _mistakes(entry, forms)]
    if problems:
        raise RoundFileRejected(sorted(set(problems)))
    return Round(
        id=entry.round,
        name=entry.name,
        school_year=entry.school_year,
        disposal_decision=entry.disposal_decision,
        link_key=link_key,
        collections=tuple(_collection(item, forms[item.form]) for item in entry.collections),
        thresholds={outlet: rule.model_dump() for outlet, rule in entry.thresholds.items()},
    )


def _mistakes(entry: RoundFile, forms: Mapping[str, Form]) -> Iterator[Finding]:
    for tag in entry.name:
        if tag not in LANGUAGES:
            yield ("name", tag), f"no language is called {tag}: use one of {', '.join(LANGUAGES)}"
    ids = [item.id for item in entry.collections]
    for number, item in enumerate(entry.collections):
        place: Place = ("collections", number)
        if item.id in ids[:number]:
            yield (*place, "id"), f"collection {item.id} stands here twice: rename one of them"
        for key, message in _collection_mistakes(item, forms):
            yield (*place, key), message


def _collection_mistakes(item: CollectionEntry, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    if item.school_form not in SCHOOL_FORMS:
        yield "school_form", f"no school form is called {item.school_form}: use one of {', '.join(SCHOOL_FORMS)}"
    yield from _form_mistakes(item, forms)
    yield from _access_mistakes(item)
    for last_day in (item.closes, *item.closes_by_unit.values()):
        if last_day < item.opens:
            yield "closes", f"closes on {last_day}, before it opens on {item.opens}: turn the dates round"
    for tag in item.languages:
        if tag not in LANGUAGES:
            yield "languages", f"no language is called {tag}: use some of {', '.join(LANGUAGES)}"
    for grade in item.grades:
        try:
            Grades.parse(str(grade))
        except UnknownGrade as error:
            yield "grades", str(error)


def _form_mistakes(item: CollectionEntry, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    form = forms.get(item.form)
    if form is None:
        yield "form", f"no form is called {item.form}: choose one of {', '.join(forms) or 'none yet'}"
    elif form.audience != item.audience:
        yield "form", f"form {item.form} is for {form.audience}, not for {item.audience}: choose another form"
    elif item.version not in (None, form.version):
        yield "version", f"form {item.form} is at version {form.version}: there is no file of version {item.version}"


def _access_mistakes(item: CollectionEntry) -> Iterator[tuple[str, str]]:
    try:
        _spare(item.spare)
    except ValueError:
        yield "spare", f"{item.spare} is not a share of spare cards: write 10% or 0.1, at most 100%"
    if Access.SINGLE_USE not in (item.access, *item.access_by_unit.values()):
        for key in sorted({"per", "spare"} & item.model_fields_set):
            yield key, f"`{key}` belongs to single-use access only: take it away"


def _collection(entry: CollectionEntry, form: Form) -> Collection:
    return Collection(
        id=entry.id,
        school_form=entry.school_form,
        audience=entry.audience,
        form=form.id,
        form_version=form.version,
        access=entry.access,
        opens=entry.opens,
        closes=entry.closes,
        grades=tuple(sorted({grade for written in entry.grades for grade in _grades(written)})),
        languages=tuple(entry.languages),
        per=entry.per,
        spare=_spare(entry.spare),
        seats=entry.seats,
        access_by_unit=entry.access_by_unit,
        closes_by_unit=entry.closes_by_unit,
    )


def _grades(written: int | str) -> range:
    """The grades of `F`, `4` or `4-6`. Raises UnknownGrade."""
    grades = Grades.parse(str(written))
    return range(grades.low, grades.high + 1)


def _spare(written: str | float) -> float:
    """A share between 0 and 1, written as `10%` or `0.1`. Raises ValueError."""
    text = str(written).strip()
    share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share
