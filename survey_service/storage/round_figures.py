"""How many are expected and how many have answered, read in one query whatever the size of the round."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from survey_service.storage.links import link
from survey_service.storage.organisation import unit
from survey_service.storage.progress import progress

EXPECTED = func.coalesce(func.sum(link.c.expected), 0)
ANSWERED = func.coalesce(func.sum(progress.c.shown), 0)
"""A link that no figure is shown for has no answers yet."""


class LinkFigures(NamedTuple):
    """One link's place and its two figures; `group` is empty where the link is the whole unit's."""

    collection_id: str
    unit_code: str
    unit_name: str
    group: str
    access: str
    expected: int
    answered: int


class UnitFigures(NamedTuple):
    """The two figures of a unit in one collection, and how many links it has there."""

    collection_id: str
    unit_code: str
    unit_name: str
    links: int
    expected: int
    answered: int


class CollectionFigures(NamedTuple):
    """The two figures of a collection as a whole."""

    round_id: str
    collection_id: str
    expected: int
    answered: int


def figures_of_links(connection: Connection, round_id: str, unit_code: str | None = None) -> list[LinkFigures]:
    """The links of a round or of one of its units, in no order."""
    query = (
        select(
            link.c.collection_id,
            link.c.unit_code,
            unit.c.name,
            link.c.group,
            link.c.access,
            link.c.expected,
            func.coalesce(progress.c.shown, 0),
        )
        .join(unit, unit.c.code == link.c.unit_code)
        .outerjoin(progress, progress.c.link_id == link.c.id)
        .where(link.c.round_id == round_id)
    )
    if unit_code is not None:
        query = query.where(link.c.unit_code == unit_code)
    return [LinkFigures(*row) for row in connection.execute(query)]


def figures_of_units(connection: Connection, round_id: str, unit_code: str | None = None) -> list[UnitFigures]:
    """The units of a round or one of them, collection by collection, in no order."""
    place = (link.c.collection_id, link.c.unit_code, unit.c.name)
    query = (
        select(*place, func.count(), EXPECTED, ANSWERED)
        .join(unit, unit.c.code == link.c.unit_code)
        .outerjoin(progress, progress.c.link_id == link.c.id)
        .where(link.c.round_id == round_id)
        .group_by(*place)
    )
    if unit_code is not None:
        query = query.where(link.c.unit_code == unit_code)
    return [UnitFigures(*row) for row in connection.execute(query)]


def figures_of_collections(connection: Connection) -> list[CollectionFigures]:
    """Every collection of every round that has links, in no order."""
    place = (link.c.round_id, link.c.collection_id)
    query = select(*place, EXPECTED, ANSWERED).outerjoin(progress, progress.c.link_id == link.c.id).group_by(*place)
    return [CollectionFigures(*row) for row in connection.execute(query)]
