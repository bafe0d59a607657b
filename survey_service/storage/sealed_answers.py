"""Answers as they wait to be counted, sealed, and the receipts that make a repeated sending harmless.

Keys are random and the tables are kept in key order where the database can, so that no row tells when it came.
"""

import secrets
from collections.abc import Sequence

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from survey_service.storage.database import lock_table, upsert
from survey_service.storage.metadata import metadata

Box = tuple[str, bytes]
"""A waiting answer: its random id and the sealed box."""


def _boxes(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("link_id", ForeignKey("link.id"), primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("id", String(32), primary_key=True),
        Column("box", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


sealed_answer = _boxes("sealed_answer")
quarantined_answer = _boxes("quarantined_answer")
sealed_text = _boxes("sealed_text")

receipt = Table(
    "receipt",
    metadata,
    Column("link_id", ForeignKey("link.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("id", String(32), primary_key=True),
    sqlite_with_rowid=False,
)


def add_receipt(connection: Connection, link_id: str, version: int, submission_id: str) -> bool:
    """Note that a submission arrived. False where it had arrived before."""
    row = {"link_id": link_id, "version": version, "id": submission_id}
    return upsert(connection, receipt, row, replaces=False)


def has_receipt(connection: Connection, link_id: str, version: int, submission_ids: Sequence[str]) -> bool:
    """Whether any of the submissions arrived."""
    query = select(receipt.c.id).where(_of(receipt, link_id, version), receipt.c.id.in_(submission_ids))
    return connection.execute(query.limit(1)).first() is not None


def count_receipts(connection: Connection, link_id: str, version: int) -> int:
    """How many submissions of a link version arrived."""
    query = select(func.count()).select_from(receipt).where(_of(receipt, link_id, version))
    return int(connection.execute(query).scalar_one())


def receipts_per_link(connection: Connection) -> dict[tuple[str, int], int]:
    """How many submissions arrived, by (link, version)."""
    return _per_link(connection, receipt)


def remove_receipts(connection: Connection, link_id: str, version: int) -> None:
    """Forget which submissions of a link version arrived."""
    connection.execute(delete(receipt).where(_of(receipt, link_id, version)))


def rewrite_receipts(connection: Connection) -> None:
    """Write every receipt anew, in the order of its random id, so that nothing tells which came first."""
    # A receipt that came between reading and deleting would be lost, and its answer could be sent again.
    lock_table(connection, receipt)
    rows = [row._asdict() for row in connection.execute(select(receipt).order_by(receipt.c.id))]
    if rows:
        connection.execute(delete(receipt))
        connection.execute(insert(receipt), rows)


ADD_SEALED = insert(sealed_answer)


def add_sealed(connection: Connection, link_id: str, version: int, box: bytes) -> None:
    """Put a sealed answer to wait, under an id that nothing else knows."""
    row = {"link_id": link_id, "version": version, "id": secrets.token_hex(16), "box": box}
    connection.execute(ADD_SEALED, row)


def add_sealed_text(connection: Connection, link_id: str, version: int, box: bytes) -> None:
    """Put what somebody wrote to wait, under an id that neither its answer nor its receipt knows."""
    row = {"link_id": link_id, "version": version, "id": secrets.token_hex(16), "box": box}
    connection.execute(insert(sealed_text), row)


def texts_waiting(connection: Connection, link_id: str) -> list[tuple[int, bytes]]:
    """(version, box) of every sealed text of a link, in the order of their random ids."""
    query = select(sealed_text.c.version, sealed_text.c.box).where(sealed_text.c.link_id == link_id)
    return [(row.version, bytes(row.box)) for row in connection.execute(query.order_by(sealed_text.c.id))]


def remove_texts(connection: Connection, link_id: str) -> None:
    """Destroy a link's sealed texts."""
    connection.execute(delete(sealed_text).where(sealed_text.c.link_id == link_id))


def waiting_per_link(connection: Connection) -> dict[tuple[str, int], int]:
    """How many sealed answers wait, by (link, version)."""
    return _per_link(connection, sealed_answer)


def quarantined_per_link(connection: Connection) -> dict[tuple[str, int], int]:
    """How many boxes did not open and are kept for inspection, by (link, version)."""
    return _per_link(connection, quarantined_answer)


def waiting(connection: Connection, link_id: str, version: int) -> list[Box]:
    """The sealed answers that wait, in the order of their random ids."""
    query = select(sealed_answer.c.id, sealed_answer.c.box).where(_of(sealed_answer, link_id, version))
    return [(row.id, bytes(row.box)) for row in connection.execute(query.order_by(sealed_answer.c.id))]


def versions_waiting(connection: Connection, link_id: str) -> list[int]:
    """The versions of a link that have sealed answers waiting."""
    query = select(sealed_answer.c.version).where(sealed_answer.c.link_id == link_id).distinct()
    return sorted(connection.execute(query).scalars())


def remove_waiting(connection: Connection, link_id: str, version: int, ids: Sequence[str]) -> None:
    """Destroy sealed answers."""
    where = _of(sealed_answer, link_id, version) & (sealed_answer.c.id == bindparam("gone"))
    connection.execute(delete(sealed_answer).where(where), [{"gone": gone} for gone in ids])


def quarantine(connection: Connection, link_id: str, version: int, boxes: Sequence[Box]) -> None:
    """Keep boxes that did not open, for inspection."""
    rows = [{"link_id": link_id, "version": version, "id": box_id, "box": box} for box_id, box in boxes]
    if rows:
        connection.execute(insert(quarantined_answer), rows)


def remove_quarantined(connection: Connection, link_id: str) -> None:
    """Destroy a link's boxes that did not open."""
    connection.execute(delete(quarantined_answer).where(quarantined_answer.c.link_id == link_id))


def _of(table: Table, link_id: str, version: int) -> ColumnElement[bool]:
    return (table.c.link_id == link_id) & (table.c.version == version)


def _per_link(connection: Connection, table: Table) -> dict[tuple[str, int], int]:
    query = select(table.c.link_id, table.c.version, func.count()).group_by(table.c.link_id, table.c.version)
    return {(link_id, version): number for link_id, version, number in connection.execute(query)}
