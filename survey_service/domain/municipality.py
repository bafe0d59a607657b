"""What a municipality tells respondents of itself: name, logo, colour, and texts by language and by unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto

from survey_service.domain.languages import SOURCE
from survey_service.domain.thresholds import MINIMUM_ANSWERS

LONGEST_NAME = 100
LONGEST_TEXT = 2_000
"""Characters."""

SELF_ASSESSED = date(2026, 11, 21)
"""When the makers of this version last went through its pages themselves; counts until a municipality has its day."""


class TooLong(ValueError):
    """A text has more characters than there is room for; the message says how many are too many."""


def plain_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text as somebody typed it, without what cannot be seen or stored. Raises TooLong."""
    even = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    clean = "".join(symbol for symbol in even if symbol == "\n" or symbol.isprintable() or symbol in JOINERS).strip()
    if len(clean) > longest:
        raise TooLong(str(len(clean) - longest))
    return clean


JOINERS = "\u200c\u200d\u200e\u200f\u00ad\u00a0\u202f\u2009"
"""Not printable by themselves, but scripts need them."""


class Kind(StrEnum):
    """What a text is about."""

    SUPPORT = auto()
    """Whom a pupil can talk to if something feels bad."""

    CONTACT = auto()
    """Whom to ask about the survey."""

    RESULTS = auto()
    """When the results come, and where."""

    DATA_PROTECTION = auto()
    """How the data protection officer is reached."""

    SHORTCOMINGS = auto()
    """What is known not to be accessible, and why."""

    METHOD = auto()
    """How accessibility was assessed."""


OF_A_UNIT = (Kind.SUPPORT, Kind.CONTACT)
"""What a unit may say in words of its own."""

Texts = Mapping[str, Mapping[str, str]]
"""Texts by kind, and by the tag of their language; an empty text is not there."""


@dataclass(frozen=True)
class Text:
    """A text in the language that it was found in."""

    text: str
    tag: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Its lines that are not empty."""
        return tuple(line.strip() for line in self.text.splitlines() if line.strip())


@dataclass(frozen=True)
class Face:
    """How pages look: `name` as it is shown, `colour` as `#rrggbb` and `logo` as its file's name, or empty."""

    name: str = ""
    colour: str = ""
    logo: str = ""


@dataclass(frozen=True)
class Words:
    """What pages say for the municipality, or for a unit.

    `assessed` is the day of a dated test of accessibility, `conforms` whether it found nothing that falls short,
    `changed` the day on which any of this was last edited.
    """

    texts: Texts = field(default_factory=dict)
    assessed: date | None = None
    conforms: bool = False
    changed: date | None = None

    @property
    def fully_conformant(self) -> bool:
        """Whether a dated test says so, by a method that is told, and no shortcoming is known."""
        told = self.find(Kind.METHOD, SOURCE) is not None and self.find(Kind.SHORTCOMINGS, SOURCE) is None
        return self.conforms and self.assessed is not None and told

    @property
    def assessed_on(self) -> date:
        """The day of the last assessment: a dated test, or the makers' own."""
        return self.assessed or SELF_ASSESSED

    @property
    def updated_on(self) -> date:
        """The day on which what these words say last changed."""
        return max(self.assessed_on, self.changed or SELF_ASSESSED)

    def find(self, kind: Kind, tag: str) -> Text | None:
        """A text in that language, else in Swedish, else in whatever language there is; None where there is none."""
        there = {language: text for language, text in self.texts.get(kind, {}).items() if text}
        found = next((language for language in (tag, SOURCE, *there) if language in there), None)
        return Text(there[found], found) if found else None


@dataclass(frozen=True)
class Municipality:
    """All that respondents are told of who asks them. `version` changes whenever anything of it was edited.

    `operators` are names; `minimums` the fewest answers behind what is shown, by outlet; `disposal_decisions` those
    by which the answers of the rounds that are going on are destroyed.
    """

    face: Face = Face()
    words: Words = Words()
    of_units: Mapping[str, Words] = field(default_factory=dict)
    operators: tuple[str, ...] = ()
    minimums: Mapping[str, int] = field(default_factory=lambda: MINIMUM_ANSWERS)
    disposal_decisions: tuple[str, ...] = ()
    version: int = 0

    def text(self, kind: Kind, tag: str, unit_code: str = "") -> Text | None:
        """The unit's own text, else the municipality's; each in the best language there is."""
        own = self.of_units.get(unit_code, Words()).find(kind, tag)
        return own or self.words.find(kind, tag)
