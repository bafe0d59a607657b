"""How many are expected and how many have answered, link by link, read in one query for a whole round."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from survey_service.storage.links import link
from survey_service.storage.organisation import unit
from survey_service.storage.progress import progress


class LinkFigures(NamedTuple):
    """One link's place and its two figures; `group` is empty where the link is the whole unit's."""

    collection_id: str
    unit_code: str
    unit_name: str
    group: str
    access: str
    expected: int
    answered: int


class CollectionFigures(NamedTuple):
    """The two figures of a collection as a whole."""

    round_id: str
    collection_id: str
    expected: int
    answered: int


def figures_of_links(connection: Connection, round_id: str) -> list[LinkFigures]:
    """Every link of a round, in no order; a link that no figure is shown for has no answers yet."""
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
    return [LinkFigures(*row) for row in connection.execute(query)]


def figures_of_collections(connection: Connection) -> list[CollectionFigures]:
    """Every collection of every round that has links, in no order."""
    query = (
        select(
            link.c.round_id,
            link.c.collection_id,
            func.sum(link.c.expected),
            func.coalesce(func.sum(progress.c.shown), 0),
        )
        .outerjoin(progress, progress.c.link_id == link.c.id)
        .group_by(link.c.round_id, link.c.collection_id)
    )
    return [CollectionFigures(*row) for row in connection.execute(query)]
