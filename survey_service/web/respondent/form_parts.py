"""A form as its page shows it: numbered questions, conditions in words, runs on one scale, symbols, two languages."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby

from babel.lists import format_list

from survey_service.domain.answer_fields import Answers
from survey_service.domain.form import Form, Kind, Question, Section
from survey_service.domain.languages import Language
from survey_service.web.shared.language import gettext, language

FACES = {3: ("face-2", "face-3", "face-4"), 5: ("face-1", "face-2", "face-3", "face-4", "face-5")}
"""The faces of a scale, best first, by its number of steps."""

LONGEST_ROW = 5
"""Steps of a scale whose words fit beside each other on a wide screen."""

SHORT = 3
"""Characters of an option, such as a mark, of which many fit beside each other on any screen."""


@dataclass(frozen=True)
class Choice:
    """One thing to choose; `also` is its text in the second language, `symbol` the id of its drawing."""

    value: str
    text: str
    also: str | None
    symbol: str | None


@dataclass(frozen=True)
class Asked:
    """A question on the page; information has no `number`. `also` is the question in the second language."""

    question: Question
    number: int | None
    also: Question | None
    condition: str | None
    chosen: tuple[str, ...]
    wrong: bool

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The options in their order, best first where they have one."""
        options = self.question.options
        others = self.also.options if self.also else options
        symbols: tuple[str | None, ...] = self.faces or tuple(option.symbol for option in options)
        return tuple(
            Choice(option.id, option.text, other.text if other.text != option.text else None, symbol)
            for option, other, symbol in zip(options, others, symbols, strict=True)
        )

    @property
    def faces(self) -> tuple[str, ...]:
        """The drawings of a scale of faces; empty for any other question."""
        scale = self.question.scale
        return FACES[len(scale.options)] if scale and scale.faces else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Ids of what describes the question beside its text: help, second language, hint, condition, what is wrong."""
        several = self.question.kind is Kind.CHOICES
        there = {"h": self.question.help, "b": self.also, "n": several, "w": self.condition, "e": self.wrong}
        return tuple(f"{prefix}-{self.question.id}" for prefix, note in there.items() if note)

    @property
    def layout(self) -> str:
        """The style classes of its options: how many there are, and whether they may stand in a row."""
        options = self.question.options
        names = [f"n{len(options)}", *["faces"] * bool(self.faces)]
        if self.question.scale and len(options) <= LONGEST_ROW:
            names.append("row")
        elif all(len(option.text) <= SHORT for option in options):
            names.append("short")
        return " ".join(names)

    @property
    def dont_know(self) -> Choice | None:
        """The don't know, where it is offered."""
        text = self.question.dont_know
        return Choice("dont_know", text, self.also.dont_know if self.also else None, None) if text else None


@dataclass(frozen=True)
class Part:
    """A section with what it asks; consecutive questions on one scale are one run."""

    section: Section
    also: Section | None
    runs: tuple[tuple[Asked, ...], ...]


def parts(
    form: Form, also: Form | None, answers: Answers, wrong: Collection[str], groups: Sequence[str]
) -> tuple[Part, ...]:
    """The form's sections in order, with `also` beside them; the own group is left out where there are no `groups`."""
    numbers = numbered(form, groups)
    second = {question.id: question for question in also.questions} if also else {}

    def asked(question: Question) -> Asked:
        return Asked(
            question=question,
            number=numbers.get(question.id),
            also=second.get(question.id),
            condition=_condition(form, question, numbers),
            chosen=tuple(answers.get(question.id, ())),
            wrong=question.id in wrong,
        )

    others = also.sections if also else [None] * len(form.sections)
    return tuple(
        Part(section, other, runs)
        for section, other in zip(form.sections, others, strict=True)
        if (runs := tuple(_runs(asked(question) for question in section.questions if _is_shown(question, groups))))
    )


def numbered(form: Form, groups: Sequence[str]) -> dict[str, int]:
    """The number of every question that is shown; information has none."""
    number = count(1)
    return {
        question.id: next(number)
        for question in form.questions
        if question.kind is not Kind.INFORMATION and _is_shown(question, groups)
    }


def symbols_of(form: Form) -> list[str]:
    """Ids of all drawings that the form uses, each once."""
    scales = {question.scale.id: question.scale for question in form.questions if question.scale}
    faces = {face for scale in scales.values() if scale.faces for face in FACES[len(scale.options)]}
    own = {question.symbol for question in form.questions}
    options = {
        option.symbol
        for question in form.questions
        if not (question.scale and question.scale.faces)
        for option in question.options
    }
    return sorted(name for name in faces | own | options if name)


def either(texts: Sequence[str], spoken: Language) -> str:
    """`“Yes”, “Often” or “Sometimes”`, as the language lists them."""
    return format_list([gettext("“%(answer)s”", answer=text) for text in texts], style="or", locale=spoken.locale)


def _is_shown(question: Question, groups: Sequence[str]) -> bool:
    return question.kind is not Kind.OWN_GROUP or bool(groups)


def _condition(form: Form, question: Question, numbers: dict[str, int]) -> str | None:
    if question.when is None:
        return None
    earlier = form.question(question.when.question)
    texts = {option.id: option.text for option in earlier.options} | {"dont_know": earlier.dont_know or ""}
    answers = either([texts[value] for value in question.when.values], language())
    return gettext(
        "Only if you answered %(answers)s to question %(number)s.", answers=answers, number=numbers[earlier.id]
    )


def _runs(items: Iterator[Asked]) -> Iterator[tuple[Asked, ...]]:
    for scale, run in groupby(items, key=_run_key):
        if scale is None:
            yield from ((item,) for item in run)
        else:
            yield tuple(run)


def _run_key(item: Asked) -> tuple[str, bool] | None:
    question = item.question
    return (question.scale.id, question.dont_know is None) if question.scale and not question.when else None
