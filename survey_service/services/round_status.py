"""How a round is going: who is expected and how many have answered, from the whole down to each group."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from survey_service.domain.access import Access
from survey_service.domain.survey_round import Collection, Round, State
from survey_service.services.find import existing_round
from survey_service.storage.database import Database
from survey_service.storage.round_figures import LinkFigures, figures_of_collections, figures_of_links
from survey_service.storage.rounds import list_rounds

MOST_URGENT_FIRST = (State.OPEN, State.CLOSING, State.CLOSED, State.PLANNED, State.COMPILED)
"""A round with collections in several states is called by the one that somebody must look after first."""

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
    """A unit in one collection; `groups` is empty where the unit answers as a whole. `closes` is its last local day."""

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

    def only(self, unit_code: str) -> "RoundStatus":
        """What concerns one unit: its collections, with its figures as theirs. Empty for a unit that is not asked."""
        return replace(
            self,
            collections=tuple(
                replace(collection, turnout=unit.turnout, units=(unit,))
                for collection in self.collections
                for unit in collection.units
                if unit.code == unit_code
            ),
        )


def round_status(database: Database, round_id: str, now: datetime) -> RoundStatus:
    """One round down to its groups, in three queries whatever its size. Raises UnknownRound."""
    with database.read() as connection:
        survey_round = existing_round(connection, round_id)
        figures = figures_of_links(connection, round_id)
    by_collection: dict[str, list[LinkFigures]] = defaultdict(list)
    for link in figures:
        by_collection[link.collection_id].append(link)
    collections = (
        _collection(item, now, _total_of(by_collection[item.id]), _units(item, by_collection[item.id]))
        for item in survey_round.collections
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
        state=item.state(now),
        opens=item.opens,
        closes=item.closes,
        turnout=turnout,
        units=units,
    )


def _units(item: Collection, links: Sequence[LinkFigures]) -> tuple[UnitStatus, ...]:
    by_unit: dict[str, list[LinkFigures]] = defaultdict(list)
    for link in links:
        by_unit[link.unit_code].append(link)
    units = (_unit(item, own) for own in by_unit.values())
    return tuple(sorted(units, key=lambda unit: (_as_people_sort(unit.name), unit.code)))


def _unit(item: Collection, links: list[LinkFigures]) -> UnitStatus:
    code = links[0].unit_code
    as_a_whole = len(links) == 1 and not links[0].group
    groups = () if as_a_whole else sorted(links, key=lambda link: _as_people_sort(link.group))
    return UnitStatus(
        code=code,
        name=links[0].unit_name,
        access=item.access_for(code),
        closes=item.closes_by_unit.get(code, item.closes),
        turnout=_total_of(links),
        groups=tuple(
            GroupStatus(link.group, Access(link.access), Turnout(link.expected, link.answered)) for link in groups
        ),
    )


def _total_of(links: Sequence[LinkFigures]) -> Turnout:
    return Turnout(sum(link.expected for link in links), sum(link.answered for link in links))


def _as_people_sort(name: str) -> list[tuple[int, str]]:
    """A key by which class 4B comes before 10A and å before ä, whatever their case."""
    parts = re.findall(r"(\d*)(\D*)", name.casefold().translate(SWEDISH_ORDER))
    return [(int(digits or 0), rest) for digits, rest in parts]
