"""Links, and the hashes by which their codes are looked up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from survey_service.domain.access import Access, Link
from survey_service.domain.survey_round import Collection
from survey_service.storage.metadata import metadata
from survey_service.storage.organisation import unit
from survey_service.storage.rounds import collection, to_collection
from survey_service.storage.sealed_answers import receipt

link = Table(
    "link",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("round_id", String(80), nullable=False),
    Column("collection_id", String(80), nullable=False),
    Column(
        "unit_code",
        # Deferred, so that an import may write the organisation anew within one transaction.
        ForeignKey("unit.code", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    Column("group", String(200), nullable=False),
    Column("access", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("codes", Integer, nullable=False),
    Column("expected", Integer, nullable=False),
    Column("seats", Integer),
    Column("final", Boolean, nullable=False),
    ForeignKeyConstraint(["round_id", "collection_id"], ["collection.round_id", "collection.id"]),
    UniqueConstraint("round_id", "collection_id", "unit_code", "group"),
)

link_code = Table(
    "link_code",
    metadata,
    Column("look_up", LargeBinary(32), primary_key=True),
    Column("link_id", ForeignKey("link.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class Entrance:
    """A link as a respondent meets it.

    `code_version` is None where it was found by its id. Only there, and only where it has seats, `received` is how many
    submissions its version took.
    """

    link: Link
    collection: Collection
    unit_name: str
    code_version: int | None = None
    received: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether all its seats are taken."""
        return self.link.seats is not None and self.received is not None and self.received >= self.link.seats


def _entrance() -> Select[Any]:
    # `id` stands in both tables: the collection's columns come second under their own labels.
    columns = [column.label(f"c_{column.name}") for column in collection.c]
    return (
        select(link, *columns, unit.c.name.label("unit_name"))
        .join(
            collection,
            (collection.c.round_id == link.c.round_id) & (collection.c.id == link.c.collection_id),
        )
        .join(unit, unit.c.code == link.c.unit_code)
    )


def _received() -> ColumnElement[int | None]:
    its_own = (receipt.c.link_id == link.c.id) & (receipt.c.version == link.c.version)
    number = select(func.count()).select_from(receipt).where(its_own).correlate(link).scalar_subquery()
    return case((link.c.seats.is_not(None), number))


BY_ID = _entrance().add_columns(_received().label("received")).where(link.c.id == bindparam("link_id"))
BY_CODE = (
    _entrance()
    .add_columns(link_code.c.version.label("code_version"))
    .join(link_code, link_code.c.link_id == link.c.id)
    .where(link_code.c.look_up.in_(bindparam("hashes", expanding=True)))
)
"""Made once, because every respondent passes here and making these takes longer than running them."""


def find_by_code(connection: Connection, look_up: Iterable[bytes]) -> Entrance | None:
    """The entrance behind a code's hash, under any of the lookup keys; None where nothing is behind it."""
    row = connection.execute(BY_CODE, {"hashes": list(look_up)}).first()
    return _to_entrance(row, code_version=row.code_version) if row else None


def find_entrance(connection: Connection, link_id: str) -> Entrance | None:
    """The entrance of a link that was found before."""
    row = connection.execute(BY_ID, {"link_id": link_id}).first()
    return _to_entrance(row, received=row.received) if row else None


def find_link(connection: Connection, link_id: str) -> Link | None:
    """One link, None where there is none."""
    row = connection.execute(select(link).where(link.c.id == link_id)).first()
    return to_link(row) if row else None


def links_of(
    connection: Connection, round_id: str, collection_id: str | None = None, unit_code: str | None = None
) -> list[Link]:
    """The links of a round, or of one of its collections or units, by collection, unit and group."""
    query = select(link).where(link.c.round_id == round_id)
    if collection_id is not None:
        query = query.where(link.c.collection_id == collection_id)
    if unit_code is not None:
        query = query.where(link.c.unit_code == unit_code)
    order = (link.c.collection_id, link.c.unit_code, link.c.group)
    return [to_link(row) for row in connection.execute(query.order_by(*order))]


def final_links(connection: Connection) -> set[str]:
    """Ids of the links that were counted to the end."""
    return set(connection.execute(select(link.c.id).where(link.c.final)).scalars())


def add_links(connection: Connection, links: Iterable[Link]) -> None:
    """Write new links."""
    rows = [vars(item) for item in links]
    if rows:
        connection.execute(insert(link), rows)


def change_link(connection: Connection, link_id: str, **values: Any) -> None:
    """Change some of a link's columns."""
    connection.execute(update(link).where(link.c.id == link_id).values(values))


def remove_links(connection: Connection, link_ids: Iterable[str]) -> None:
    """Remove links and their codes."""
    for link_id in link_ids:
        connection.execute(delete(link_code).where(link_code.c.link_id == link_id))
        connection.execute(delete(link).where(link.c.id == link_id))


def add_codes(connection: Connection, codes: Iterable[tuple[bytes, str, int]]) -> None:
    """Write (look-up hash, link id, version) for codes, sorted by hash so that their order tells nothing."""
    rows = [{"look_up": look_up, "link_id": link_id, "version": version} for look_up, link_id, version in sorted(codes)]
    if rows:
        connection.execute(insert(link_code), rows)


def to_link(row: Row[Any]) -> Link:
    """A link from a row that has its columns."""
    values = {name: getattr(row, name) for name in link.c.keys()}  # noqa: SIM118 - columns, not a dict
    return Link(**values | {"access": Access(row.access)})


class _Prefixed:
    """The collection's part of an entrance row, under its plain column names."""

    def __init__(self, row: Row[Any]) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, f"c_{name}")


def _to_entrance(row: Row[Any], **found: int | None) -> Entrance:
    return Entrance(to_link(row), to_collection(_Prefixed(row)), row.unit_name, **found)
