"""What was written in free text, opened together after the count; somebody reads it before a unit may."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Column, Connection, ForeignKeyConstraint, String, Table, Text, func, insert, select

from survey_service.storage.metadata import metadata

WAITING = "waiting"

comment = Table(
    "comment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("round_id", String(80), nullable=False),
    Column("collection_id", String(80), nullable=False),
    Column("unit_code", String(20), nullable=False),
    Column("question", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False),
    ForeignKeyConstraint(["round_id", "collection_id"], ["collection.round_id", "collection.id"]),
)


@dataclass(frozen=True)
class Comment:
    """One text, with the unit and the question that it is about and nothing else."""

    unit_code: str
    question: str
    text: str


def add_comments(connection: Connection, round_id: str, collection_id: str, comments: Iterable[Comment]) -> None:
    """Put texts in the queue under random ids, in the order of those ids."""
    rows = [
        {
            "id": secrets.token_hex(16),
            "round_id": round_id,
            "collection_id": collection_id,
            "state": WAITING,
            **vars(item),
        }
        for item in comments
    ]
    if rows:
        connection.execute(insert(comment), sorted(rows, key=lambda row: row["id"]))


def comments_waiting(connection: Connection, round_id: str) -> dict[str, int]:
    """How many texts of a round wait to be read, by unit."""
    query = select(comment.c.unit_code, func.count().label("number")).where(
        comment.c.round_id == round_id, comment.c.state == WAITING
    )
    return {row.unit_code: row.number for row in connection.execute(query.group_by(comment.c.unit_code))}
