"""A questionnaire: its sections, questions, scales and indexes, with texts in one language at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

BEST = Fraction(10)
"""Scores run from 0 to 10, evenly spaced (domain rule: 10 * k / (steps - 1))."""

Translate = Callable[[str, str], str]
"""From (message context, source text) to the text in another language."""


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen; its id is what is stored, whatever the language of its text."""

    id: str
    text: str


@dataclass(frozen=True)
class Scale:
    """An ordered set of options from best (10) to worst (0), shared by questions and forms."""

    id: str
    options: tuple[Option, ...]
    positive: frozenset[str]
    dont_know: str | None = None

    @property
    def scores(self) -> tuple[Fraction, ...]:
        """Points of each option, evenly spaced from 10 down to 0."""
        steps = len(self.options) - 1
        return tuple(BEST * (steps - place) / steps for place in range(steps + 1))


@dataclass(frozen=True)
class Question:
    """One question: on a scale, or with options of its own that carry no score.

    `dont_know` is that answer's label, None where the answer is not offered.
    """

    id: str
    text: str
    options: tuple[Option, ...]
    scale: Scale | None = None
    dont_know: str | None = None
    reversed: bool = False
    help: str | None = None

    @property
    def scores(self) -> tuple[Fraction, ...] | None:
        """Points of each option in their order, flipped where the question is reversed; None without a scale."""
        if self.scale is None:
            return None
        return self.scale.scores[::-1] if self.reversed else self.scale.scores

    @property
    def positive(self) -> frozenset[str]:
        """Ids of the options that count as positive, mirrored where the question is reversed."""
        if self.scale is None:
            return frozenset()
        if not self.reversed:
            return self.scale.positive
        mirrored = zip(self.options, reversed(self.options), strict=True)
        return frozenset(option.id for option, opposite in mirrored if opposite.id in self.scale.positive)


@dataclass(frozen=True)
class Section:
    """Questions under one heading."""

    id: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Index:
    """An area's measure: the plain mean of its questions' means. A question may belong to none."""

    id: str
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One version of a questionnaire for one audience. Breakdowns name questions of the form, at most two."""

    id: str
    version: int
    audience: str
    presentation: str
    voice: str
    title: str
    introduction: str
    sections: tuple[Section, ...]
    indexes: tuple[Index, ...] = ()
    breakdowns: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order they are asked."""
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, question_id: str) -> Question:
        """The question with that id. Raises KeyError where there is none."""
        return {question.id: question for question in self.questions}[question_id]

    def translated(self, translate: Translate) -> "Form":
        """The same form with every text passed through `translate`; ids, order and scores stay."""
        return replace(
            self,
            title=translate(self.id, self.title),
            introduction=translate(self.id, self.introduction),
            sections=tuple(self._section(section, translate) for section in self.sections),
            indexes=tuple(
                replace(index, title=translate(f"{self.id}.{index.id}", index.title)) for index in self.indexes
            ),
        )

    def _section(self, section: Section, translate: Translate) -> Section:
        return replace(
            section,
            title=translate(f"{self.id}.{section.id}", section.title),
            questions=tuple(self._question(question, translate) for question in section.questions),
        )

    def _question(self, question: Question, translate: Translate) -> Question:
        own = f"{self.id}.{question.id}"
        shared = f"scale.{question.scale.id}" if question.scale else own
        return replace(
            question,
            text=translate(own, question.text),
            help=question.help and translate(own, question.help),
            options=tuple(replace(option, text=translate(shared, option.text)) for option in question.options),
            dont_know=question.dont_know and translate(shared, question.dont_know),
        )

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every (message context, text) that a respondent can meet, each once, in reading order."""
        seen: dict[tuple[str, str], None] = {}

        def note(context: str, text: str) -> str:
            seen[context, text] = None
            return text

        self.translated(note)
        return iter(seen)
