"""Running tallies: one encrypted array for each link version, beside the plain numbers that must always add up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    select,
    update,
)

from survey_service.storage.database import upsert
from survey_service.storage.metadata import metadata
from survey_service.storage.sealed_answers import receipt

running_tally = Table(
    "running_tally",
    metadata,
    Column("link_id", ForeignKey("link.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("closed_cells", LargeBinary),
    Column("counted", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("voided", Integer, nullable=False),
    Column("received", Integer),
    sqlite_with_rowid=False,
)


own_group_tally = Table(
    "own_group_tally",
    metadata,
    Column("link_id", ForeignKey("link.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("group_key", String(16), primary_key=True),
    Column("closed_cells", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class RunningTally:
    """What a link version has counted so far.

    `closed_cells` are encrypted, and None before the first count and after compiling.
    `received` is filled in when the receipts that it counts are forgotten.
    """

    link_id: str
    version: int
    closed_cells: bytes | None = None
    counted: int = 0
    quarantined: int = 0
    voided: int = 0
    received: int | None = None


def find_tally(connection: Connection, link_id: str, version: int) -> RunningTally:
    """The running tally of a link version; an empty one where nothing was counted yet."""
    where = (running_tally.c.link_id == link_id) & (running_tally.c.version == version)
    row = connection.execute(select(running_tally).where(where)).one_or_none()
    return RunningTally(**row._mapping) if row else RunningTally(link_id, version)  # noqa: SLF001


def tallies_of(connection: Connection, link_ids: Sequence[str] | None = None) -> list[RunningTally]:
    """The running tallies of some links, or of all."""
    query = select(running_tally)
    if link_ids is not None:
        query = query.where(running_tally.c.link_id.in_(link_ids))
    return [RunningTally(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001


def put_tally(connection: Connection, tally: RunningTally) -> None:
    """Write a running tally in place of the one that was."""
    upsert(connection, running_tally, vars(tally))


def own_groups_of(connection: Connection, link_ids: Sequence[str]) -> dict[tuple[str, int, str], bytes]:
    """The encrypted tallies of own groups that respondents chose, by link, version and hexadecimal group key."""
    query = select(own_group_tally).where(own_group_tally.c.link_id.in_(link_ids))
    return {(row.link_id, row.version, row.group_key): bytes(row.closed_cells) for row in connection.execute(query)}


def put_own_group(connection: Connection, link_id: str, version: int, group_key: str, closed_cells: bytes) -> None:
    """Write an own group's encrypted tally in place of the one that was."""
    row = {"link_id": link_id, "version": version, "group_key": group_key, "closed_cells": closed_cells}
    upsert(connection, own_group_tally, row)


def destroy_cells(connection: Connection, link_ids: Sequence[str]) -> None:
    """Forget what the links counted; only how many stays."""
    for link_id in link_ids:
        connection.execute(update(running_tally).where(running_tally.c.link_id == link_id).values(closed_cells=None))
        connection.execute(delete(own_group_tally).where(own_group_tally.c.link_id == link_id))


def links_with_answers(connection: Connection, link_ids: Sequence[str]) -> set[str]:
    """Those of the links that took an answer, counted or still waiting."""
    counted = select(running_tally.c.link_id).where(running_tally.c.link_id.in_(link_ids))
    received = select(receipt.c.link_id).where(receipt.c.link_id.in_(link_ids)).distinct()
    return {link_id for query in (counted, received) for link_id in connection.execute(query).scalars()}
