"""What may stand in scales.yaml and form.yaml, as strict models, and what to say when something else does."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, RootModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from survey_service.domain.form import Kind
from survey_service.questionnaires.lined_yaml import Document, Problem

RESERVED = frozenset({"dont_know", "no_answer", "not_applicable"})
"""What the service tallies beside a question's options, so no option can have these ids."""

LONGEST, LONGEST_POSSIBLE = 500, 2000
"""Characters of a text, unless the form says otherwise, and at most: sealed texts are padded to their limit."""

HIGHEST_POSSIBLE = 999_999

_MARKUP = re.compile(r"<[a-zA-Z/!]")


def _plain(text: str) -> str:
    text = text.strip()
    if not text:
        raise PydanticCustomError("empty", "is empty: write its text")
    if _MARKUP.search(text):
        raise PydanticCustomError("markup", "holds HTML: forms are plain text, so take it away")
    return text


def _named(identifier: str) -> str:
    if identifier.startswith("_"):
        raise PydanticCustomError("own", "begins with an underscore, as only the service's own do: rename it")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", identifier):
        raise PydanticCustomError("id", "must be of a-z, 0-9 and _, beginning with a letter")
    return identifier


def _slug(identifier: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+", identifier):
        raise PydanticCustomError("slug", "must be of a-z, 0-9 and -")
    return identifier


def _unreserved(identifier: str) -> str:
    if identifier in RESERVED:
        raise PydanticCustomError("reserved", "is reserved: don't know is the key `dont_know`, no option")
    return identifier


def _text_or_false(given: Any) -> str | Literal[False]:
    if given is False:
        return False
    if not isinstance(given, str):
        raise PydanticCustomError("dont_know", "must be a text, or false to leave out the scale's don't know")
    return _plain(given)


Text = Annotated[str, AfterValidator(_plain)]
Id = Annotated[str, AfterValidator(_named)]
Slug = Annotated[str, AfterValidator(_slug)]
OptionId = Annotated[Id, AfterValidator(_unreserved)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OptionEntry(_Strict):
    """An answer to choose."""

    id: OptionId
    text: Text
    symbol: Slug | None = None


class ScaleOptionEntry(OptionEntry):
    """A step of a scale."""

    positive: bool = False


class ScaleEntry(_Strict):
    """A scale, best step first."""

    options: Annotated[list[ScaleOptionEntry], Field(min_length=2, max_length=10)]
    dont_know: Text | None = None
    faces: bool = False


class ScalesFile(RootModel[dict[Slug, ScaleEntry]]):
    """All of a scales.yaml: scales by id."""


class NumberEntry(_Strict):
    """The whole numbers that may be typed, and the smallest one of each bin."""

    lowest: Annotated[int, Field(ge=0)]
    highest: Annotated[int, Field(le=HIGHEST_POSSIBLE)]
    bins: Annotated[list[int], Field(min_length=2, max_length=20)]


class WhenEntry(_Strict):
    """The earlier question and those of its answers after which a follow-up is asked."""

    question: str
    values: Annotated[list[str], Field(alias="is", min_length=1)]


class QuestionEntry(_Strict):
    """A question of any kind; which keys go with which kind is a matter of the check."""

    id: Id
    text: Text
    type: Literal["scale", "choice", "choices", "number", "text", "own_group", "information"] | None = None
    scale: Slug | None = None
    options: Annotated[list[OptionEntry], Field(min_length=2, max_length=100)] | None = None
    number: NumberEntry | None = None
    longest: Annotated[int, Field(ge=1, le=LONGEST_POSSIBLE)] | None = None
    dont_know: Annotated[str | Literal[False] | None, PlainValidator(_text_or_false)] = None
    reversed: bool = False
    help: Text | None = None
    symbol: Slug | None = None
    when: WhenEntry | None = None


class SectionEntry(_Strict):
    """Questions under a heading."""

    id: Id
    title: Text
    questions: Annotated[list[QuestionEntry], Field(min_length=1)]


class IndexEntry(_Strict):
    """An area and the questions whose means it is the mean of."""

    id: Id
    title: Text
    questions: Annotated[list[str], Field(min_length=1)]


class FormFile(_Strict):
    """All of a form.yaml."""

    form: Slug
    version: Annotated[int, Field(ge=1)]
    audience: Literal["child", "pupil", "guardian", "staff", "head"]
    presentation: Literal["one-at-a-time", "sections"]
    voice: Literal["child", "adult"]
    title: Text
    introduction: Text
    sections: Annotated[list[SectionEntry], Field(min_length=1)]
    indexes: list[IndexEntry] = []
    breakdowns: Annotated[list[str], Field(max_length=2)] = []
    adult_reads: bool = False
    free_text: bool = False


def kind_of(question: dict[str, Any]) -> Kind | None:
    """What a question of a form.yaml asks for: its type, or what its other keys tell; None where nothing does."""
    if "type" in question:
        return Kind(question["type"]) if question["type"] in set(Kind) else None
    return next((kind for key, kind in _TOLD_BY.items() if key in question), None)


_TOLD_BY = {"scale": Kind.SCALE, "options": Kind.CHOICE, "number": Kind.NUMBER}


_MESSAGES = {
    "missing": "is missing: add it",
    "string_type": "must be text: write it, in quotes where YAML would take it for something else",
    "int_type": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "bool_type": "must be true or false",
    "literal_error": "must be one of {expected}",
    "list_type": "must be a list: put it in [ ], or begin each of its lines with a dash",
    "dict_type": "must hold keys and values",
    "model_type": "must hold keys and values",
    "too_short": "must have at least {min_length}, here {actual_length}",
    "too_long": "can have at most {max_length}, here {actual_length}",
}


def format_problems(model: type[BaseModel], document: Document) -> Iterator[Problem]:
    """Every way in which the document does not have the shape of the model."""
    try:
        model.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            yield document.problem(detail["loc"], _message(detail, model))


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    keys = [step for step in detail["loc"] if isinstance(step, str) and step != "[key]"]
    name = keys[-1] if keys else "the file"
    if detail["type"] == "extra_forbidden":
        meant = get_close_matches(name, _known_keys(model), n=1)
        return f"unknown key `{name}`: " + (f"is `{meant[0]}` meant?" if meant else "remove it")
    given = detail["input"] if isinstance(detail["input"], str | int) else None
    template = _MESSAGES.get(detail["type"])
    what = template.format(**detail.get("ctx", {})) if template else detail["msg"]
    return f"`{name}` {what}" if given in {None, "", name} else f"`{name}` ({given}) {what}"


def _known_keys(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema()
    return {key for part in (schema, *schema.get("$defs", {}).values()) for key in part.get("properties", {})}
