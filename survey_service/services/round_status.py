"""How a round is going: who is expected and how many have answered, from the whole down to each group."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from survey_service.domain.access import Access
from survey_service.domain.survey_round import Collection, Round, State
from survey_service.services.find import existing_round
from survey_service.storage.database import Database
from survey_service.storage.round_figures import (
    LinkFigures,
    UnitFigures,
    figures_of_collections,
    figures_of_links,
    figures_of_units,
)
from survey_service.storage.rounds import list_rounds

MOST_URGENT_FIRST = (State.OPEN, State.CLOSING, State.CLOSED, State.PLANNED, State.COMPILED)
"""A round with collections in several states is called by the one that somebody must look after first."""

Place = tuple[str, str]
"""Ids of a collection and a unit in it."""

SWEDISH_ORDER = str.maketrans("åäö", "{|}")
"""The three letters after z, in the order of the Swedish alphabet."""


@dataclass(frozen=True)
class Turnout:
    """Answers against the expected head-count."""

    expected: int
    answered: int

    @property
    def rate(self) -> float | None:
        """Answers for each one expected, 0–1 and beyond where more came; None where nobody is expected."""
        return self.answered / self.expected if self.expected else None

    @property
    def over_expected(self) -> bool:
        """Whether more answered than are known to be there."""
        return self.answered > self.expected


@dataclass(frozen=True)
class GroupStatus:
    """A class, avdelning or arbetslag, by its link in one collection."""

    name: str
    access: Access
    turnout: Turnout


@dataclass(frozen=True)
class UnitStatus:
    """A unit in one collection; `closes` is its last local day.

    `groups` is empty where the unit answers as a whole, or where groups were left out.
    """

    code: str
    name: str
    access: Access
    closes: date
    turnout: Turnout
    groups: tuple[GroupStatus, ...]


@dataclass(frozen=True)
class CollectionStatus:
    """One collection with its units by name. `opens` and `closes` are local dates, inclusive."""

    id: str
    school_form: str
    audience: str
    grades: tuple[int, ...]
    form: str
    access: Access
    state: State
    opens: date
    closes: date
    turnout: Turnout
    units: tuple[UnitStatus, ...]


@dataclass(frozen=True)
class RoundStatus:
    """A whole round. `name` is by language. In a list of rounds the collections are without their units."""

    id: str
    name: Mapping[str, str]
    school_year: str
    collections: tuple[CollectionStatus, ...]

    @cached_property
    def turnout(self) -> Turnout:
        """All collections together."""
        return total(collection.turnout for collection in self.collections)

    @property
    def state(self) -> State:
        """The state of the collection that most needs somebody."""
        states = {collection.state for collection in self.collections}
        return next((state for state in MOST_URGENT_FIRST if state in states), State.PLANNED)


def round_status(
    database: Database,
    round_id: str,
    now: datetime,
    *,
    unit_code: str | None = None,
    most_groups: int | None = None,
) -> RoundStatus:
    """One round down to its groups, in four queries whatever its size. Raises UnknownRound.

    With `unit_code`, only the collections that ask this unit, with its figures as theirs. Where the round has more
    groups than `most_groups`, they are left out and every unit is shown as a whole.
    """
    with database.read() as connection:
        survey_round = existing_round(connection, round_id)
        units = figures_of_units(connection, round_id, unit_code)
        detailed = most_groups is None or sum(unit.links for unit in units) <= most_groups
        links = figures_of_links(connection, round_id, unit_code) if detailed else []
    groups: dict[Place, list[LinkFigures]] = defaultdict(list)
    for link in links:
        groups[link.collection_id, link.unit_code].append(link)
    by_collection: dict[str, list[UnitFigures]] = defaultdict(list)
    for unit in units:
        by_collection[unit.collection_id].append(unit)
    collections = (
        _collection(item, now, _total_of(by_collection[item.id]), _units(item, by_collection[item.id], groups))
        for item in survey_round.collections
        if unit_code is None or item.id in by_collection
    )
    return _round(survey_round, collections)


def list_rounds_status(database: Database, now: datetime) -> list[RoundStatus]:
    """Every round with its collections, the one that closes last first, in three queries."""
    with database.read() as connection:
        rounds = list_rounds(connection)
        figures = figures_of_collections(connection)
    turnouts = {(item.round_id, item.collection_id): Turnout(item.expected, item.answered) for item in figures}
    statuses = [
        _round(
            survey_round,
            (
                _collection(item, now, turnouts.get((survey_round.id, item.id), Turnout(0, 0)), ())
                for item in survey_round.collections
            ),
        )
        for survey_round in rounds
    ]
    return sorted(statuses, key=_last_day, reverse=True)


def total(turnouts: Iterable[Turnout]) -> Turnout:
    """Several turnouts as one."""
    together = list(turnouts)
    return Turnout(sum(item.expected for item in together), sum(item.answered for item in together))


def as_people_sort(name: str) -> list[tuple[int, str]]:
    """A key by which class 4B comes before 10A and å before ä, whatever their case."""
    parts = re.findall(r"(\d*)(\D*)", name.casefold().translate(SWEDISH_ORDER))
    return [(int(digits or 0), rest) for digits, rest in parts]


def _round(survey_round: Round, collections: Iterable[CollectionStatus]) -> RoundStatus:
    return RoundStatus(survey_round.id, survey_round.name, survey_round.school_year, tuple(collections))


def _last_day(status: RoundStatus) -> tuple[date, str]:
    return (max((item.closes for item in status.collections), default=date.min), status.id)


def _collection(item: Collection, now: datetime, turnout: Turnout, units: tuple[UnitStatus, ...]) -> CollectionStatus:
    return CollectionStatus(
        id=item.id,
        school_form=item.school_form,
        audience=item.audience,
        grades=item.grades,
        form=item.form,
        access=item.access,
        state=item.state(now),
        opens=item.opens,
        closes=item.closes,
        turnout=turnout,
        units=units,
    )


def _units(
    item: Collection, units: Iterable[UnitFigures], groups: Mapping[Place, Sequence[LinkFigures]]
) -> tuple[UnitStatus, ...]:
    in_order = sorted(units, key=lambda unit: (as_people_sort(unit.unit_name), unit.unit_code))
    return tuple(_unit(item, unit, groups.get((item.id, unit.unit_code), ())) for unit in in_order)


def _unit(item: Collection, unit: UnitFigures, links: Sequence[LinkFigures]) -> UnitStatus:
    as_a_whole = len(links) == 1 and not links[0].group
    groups = () if as_a_whole else sorted(links, key=lambda link: as_people_sort(link.group))
    return UnitStatus(
        code=unit.unit_code,
        name=unit.unit_name,
        access=item.access_for(unit.unit_code),
        closes=item.closes_by_unit.get(unit.unit_code, item.closes),
        turnout=Turnout(unit.expected, unit.answered),
        groups=tuple(
            GroupStatus(link.group, Access(link.access), Turnout(link.expected, link.answered)) for link in groups
        ),
    )


def _total_of(units: Sequence[UnitFigures]) -> Turnout:
    return Turnout(sum(unit.expected for unit in units), sum(unit.answered for unit in units))
