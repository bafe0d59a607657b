"""Releases: what was compiled and may be read. What was hidden is not here, nor anywhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    select,
)

from survey_service.domain.disclosure import Node, ReleasedTable, Status
from survey_service.domain.tally import TableKey, from_bytes, to_bytes
from survey_service.storage.metadata import Instant, metadata

release = Table(
    "release",
    metadata,
    Column("round_id", ForeignKey("survey_round.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Instant, nullable=False),
    Column("rules", JSON, nullable=False),
)

NODE_COLUMNS = ("level", "operator_code", "operator_kind", "unit_code", "group", "grade")

released_table = Table(
    "released_table",
    metadata,
    Column("round_id", String(80), primary_key=True),
    Column("release", Integer, primary_key=True, autoincrement=False),
    Column("collection_id", String(80), primary_key=True),
    Column("level", String(20), primary_key=True),
    Column("operator_code", String(20), primary_key=True),
    Column("unit_code", String(20), primary_key=True),
    Column("group", String(200), primary_key=True),
    Column("breakdown", String(80), primary_key=True),
    Column("breakdown_value", String(80), primary_key=True),
    Column("operator_kind", String(20), nullable=False),
    Column("grade", String(5), nullable=False),
    Column("expected", Integer),
    Column("answered", Integer),
    Column("status", String(20), nullable=False),
    Column("cells", LargeBinary),
    ForeignKeyConstraint(["round_id", "release"], ["release.round_id", "release.number"]),
)


@dataclass(frozen=True)
class Counted:
    """How many were asked and answered at a node: always shown."""

    expected: int
    answered: int


@dataclass(frozen=True)
class Release:
    """A numbered, immutable release of a round: all collections compiled up to it."""

    round_id: str
    number: int
    made_at: datetime
    rules: dict[str, int]


def releases_of(connection: Connection, round_id: str) -> list[Release]:
    """A round's releases in order."""
    query = select(release).where(release.c.round_id == round_id).order_by(release.c.number)
    return [Release(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001


def add_release(connection: Connection, round_id: str, made_at: datetime, rules: dict[str, int]) -> Release:
    """The next numbered release of a round."""
    latest = connection.execute(
        select(func.coalesce(func.max(release.c.number), 0)).where(release.c.round_id == round_id)
    ).scalar_one()
    made = Release(round_id, latest + 1, made_at, rules)
    connection.execute(insert(release), vars(made))
    return made


def add_tables(
    connection: Connection,
    made: Release,
    collection_id: str,
    tables: Iterable[tuple[ReleasedTable, Counted | None]],
) -> None:
    """Write a collection's tables into a release; `Counted` stands beside a node's whole table only."""
    rows = []
    for item, counted in tables:
        node = {name: getattr(item.node, name) for name in NODE_COLUMNS}
        rows.append(
            node
            | {
                "round_id": made.round_id,
                "release": made.number,
                "collection_id": collection_id,
                "breakdown": item.key.breakdown,
                "breakdown_value": item.key.value,
                "expected": counted.expected if counted else None,
                "answered": counted.answered if counted else None,
                "status": item.status.value,
                "cells": to_bytes(item.table) if item.table else None,
            }
        )
    if rows:
        connection.execute(insert(released_table), rows)


def tables_of(
    connection: Connection, round_id: str, number: int, collection_id: str
) -> Iterator[tuple[ReleasedTable, Counted | None]]:
    """A collection's tables as of release `number`, from the municipality down."""
    query = select(released_table).where(
        released_table.c.round_id == round_id,
        released_table.c.release <= number,
        released_table.c.collection_id == collection_id,
    )
    order = ("operator_code", "unit_code", "group", "breakdown", "breakdown_value")
    for row in connection.execute(query.order_by(*(released_table.c[name] for name in order))):
        node = Node(**{name: getattr(row, name) for name in NODE_COLUMNS})
        cells = tuple(from_bytes(row.cells)) if row.cells is not None else None
        counted = None if row.expected is None else Counted(row.expected, row.answered)
        yield (
            ReleasedTable(node, TableKey(row.breakdown, row.breakdown_value), Status(row.status), cells),
            counted,
        )
