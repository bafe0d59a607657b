"""The municipality's organisation: operators, units, their school forms and groups, and expected head-counts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

AUDIENCES = ("child", "pupil", "guardian", "staff", "head")
OPERATOR_KINDS = ("municipal", "independent")

SCHOOL_FORMS: dict[str, str] = {
    "forskola": "förskola",
    "forskoleklass": "förskoleklass",
    "grundskola": "grundskola",
    "anpassad_grundskola": "anpassad grundskola",
    "fritidshem": "fritidshem",
    "pedagogisk_omsorg": "pedagogisk omsorg",
    "gymnasieskola": "gymnasieskola",
    "anpassad_gymnasieskola": "anpassad gymnasieskola",
    "komvux": "komvux",
}
"""School forms by id, with the Swedish names that the law uses for them in every language."""

COUNT_OF_AUDIENCE = {
    "child": "pupils",
    "pupil": "pupils",
    "guardian": "guardians",
    "staff": "staff",
    "head": "heads",
}


class UnknownGrade(ValueError):
    """A grade is F, 1–10, or a range of two such as 1-3."""


@dataclass(frozen=True, order=True)
class Grades:
    """The grades of a group, from `low` to `high`; F is 0."""

    low: int
    high: int

    @classmethod
    def parse(cls, text: str) -> "Grades":
        """Read `F`, `4` or `1-3`. Raises UnknownGrade."""
        match = re.fullmatch(r"(F|[1-9]|10)(?:[-–](F|[1-9]|10))?", text.strip().upper())
        if match is None:
            raise UnknownGrade(f"{text!r} is not a grade: expected F, 1–10 or a range such as 1-3")
        low, high = (0 if part == "F" else int(part) for part in (match[1], match[2] or match[1]))
        if low > high:
            raise UnknownGrade(f"{text!r} runs backwards")
        return cls(low, high)

    def __str__(self) -> str:
        ends = ["F" if grade == 0 else str(grade) for grade in (self.low, self.high)]
        return ends[0] if self.low == self.high else "-".join(ends)


@dataclass(frozen=True)
class Headcounts:
    """How many there are to ask, by kind; None where the file said nothing."""

    pupils: int | None = None
    guardians: int | None = None
    staff: int | None = None
    heads: int | None = None

    def expected(self, audience: str) -> int | None:
        """The head-count of an audience; guardians default to one for each pupil."""
        count: int | None = getattr(self, COUNT_OF_AUDIENCE[audience])
        return self.pupils if audience == "guardian" and count is None else count


@dataclass(frozen=True)
class Operator:
    """A huvudman: the municipality itself or an independent owner of schools."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Unit:
    """A school or preschool; its code is text and may begin with zero."""

    code: str
    name: str
    operator_code: str
    contact_email: str = ""


@dataclass(frozen=True)
class Group:
    """A class, avdelning or arbetslag of a unit's school form."""

    name: str
    grades: Grades | None = None
    counts: Headcounts = Headcounts()


@dataclass(frozen=True)
class UnitSchoolForm:
    """One school form of a unit, with the groups in it and what is counted for it as a whole."""

    unit_code: str
    school_form: str
    counts: Headcounts = Headcounts()
    groups: tuple[Group, ...] = ()

    def expected(self, audience: str, groups: Iterable[Group] | None = None) -> int:
        """Head-count of an audience: the unit's own row, else the sum over `groups` (default all of them)."""
        whole = self.counts.expected(audience)
        if whole is not None:
            return whole
        chosen = self.groups if groups is None else groups
        known = [count for group in chosen if (count := group.counts.expected(audience)) is not None]
        if audience == "head" and not known:
            return 1
        return sum(known)


@dataclass(frozen=True)
class Organisation:
    """All of a municipality; units by code, their school forms by (unit code, school form)."""

    municipality_code: str
    municipality: str
    operators: dict[str, Operator] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    school_forms: dict[tuple[str, str], UnitSchoolForm] = field(default_factory=dict)
