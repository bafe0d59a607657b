"""A questionnaire: its sections, questions, scales and indexes, with texts in one language at a time."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

BEST = Fraction(10)
"""Scores run from 0 to 10, evenly spaced (domain rule: 10 * k / (steps - 1))."""

YES_NO = ("yes", "no")
"""Values of a slot that holds one of several choices."""

Translate = Callable[[str, str], str]
"""From (message context, source text) to the text in another language."""


class Kind(StrEnum):
    """What a question asks for."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TEXT = "text"
    OWN_GROUP = "own_group"
    INFORMATION = "information"


NOT_TALLIED = frozenset({Kind.TEXT, Kind.OWN_GROUP, Kind.INFORMATION})
"""Kinds that no tally holds: texts are read, an own group says which tally is meant, information asks nothing."""


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen; its id is what is stored, whatever the language of its text."""

    id: str
    text: str
    symbol: str | None = None


@dataclass(frozen=True)
class Scale:
    """An ordered set of options from best (10) to worst (0), shared by questions and forms.

    `faces`: its steps are drawn as faces, three or five.
    """

    id: str
    options: tuple[Option, ...]
    positive: frozenset[str]
    dont_know: str | None = None
    faces: bool = False

    @property
    def scores(self) -> tuple[Fraction, ...]:
        """Points of each option, evenly spaced from 10 down to 0."""
        steps = len(self.options) - 1
        return tuple(BEST * (steps - place) / steps for place in range(steps + 1))


@dataclass(frozen=True)
class Condition:
    """When a follow-up is asked: an earlier question was answered with one of these values."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Bounds:
    """The whole numbers that may be typed, and the smallest number of each bin in which they are tallied."""

    lowest: int
    highest: int
    bins: tuple[int, ...]

    def bin_of(self, number: int) -> int:
        """Place of the bin that a number within the bounds falls into."""
        return bisect_right(self.bins, number) - 1


@dataclass(frozen=True)
class Slot:
    """What one byte of an answer holds: a question, or one option of a question with several choices."""

    id: str
    question: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question. Options stand in their order; those of a number are its bins, those of an own group come later.

    `dont_know` is that answer's label, None where the answer is not offered; `longest` is how many characters
    a text may have.
    """

    id: str
    text: str
    options: tuple[Option, ...] = ()
    scale: Scale | None = None
    dont_know: str | None = None
    reversed: bool = False
    help: str | None = None
    kind: Kind = Kind.SCALE
    symbol: str | None = None
    when: Condition | None = None
    number: Bounds | None = None
    longest: int | None = None

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

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that tally it: one, one for each of several choices, or none for what is not tallied."""
        if self.kind in NOT_TALLIED:
            return ()
        if self.kind is Kind.CHOICES:
            return tuple(Slot(f"{self.id}.{option.id}", self.id, YES_NO) for option in self.options)
        return (Slot(self.id, self.id, tuple(option.id for option in self.options)),)


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
    """One version of a questionnaire for one audience. Breakdowns name questions of the form, at most two.

    `adult_reads`: an adult reads the questions and taps for the child, and so sees the answers.
    """

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
    adult_reads: bool = False

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All slots in the order of their questions: the bytes of an answer."""
        return tuple(slot for question in self.questions for slot in question.slots)

    @property
    def asks_own_group(self) -> bool:
        """Whether respondents may say which group of the unit they belong to."""
        return any(question.kind is Kind.OWN_GROUP for question in self.questions)

    @property
    def texts_asked(self) -> tuple[Question, ...]:
        """The questions that are answered in the respondent's own words."""
        return tuple(question for question in self.questions if question.kind is Kind.TEXT)

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
            options=question.options
            if question.kind is Kind.NUMBER  # its bins are figures
            else tuple(replace(option, text=translate(shared, option.text)) for option in question.options),
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
