"""What people say about accessibility: a text and the day that it came, and nothing about who wrote it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Connection, Date, String, Table, Text, delete, func, select

from survey_service.storage.database import upsert
from survey_service.storage.metadata import metadata

accessibility_feedback = Table(
    "accessibility_feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", Date, nullable=False),
    Column("text", Text, nullable=False),
    # In the order of random ids, so that the place of a row does not tell when it came within its day.
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class Feedback:
    """One text; `id` is random."""

    id: str
    day: date
    text: str


def add_feedback(connection: Connection, item: Feedback) -> bool:
    """Write a text. False where it came before."""
    return upsert(connection, accessibility_feedback, vars(item), replaces=False)


def list_feedback(connection: Connection) -> list[Feedback]:
    """Every text, the newest day first."""
    table = accessibility_feedback
    rows = connection.execute(select(table).order_by(table.c.day.desc(), table.c.id))
    return [Feedback(row.id, row.day, row.text) for row in rows]


def count_feedback(connection: Connection) -> int:
    """How many texts there are."""
    return connection.execute(select(func.count()).select_from(accessibility_feedback)).scalar_one()


def remove_feedback(connection: Connection, feedback_id: str) -> bool:
    """Remove a text. False where it is gone already."""
    gone = delete(accessibility_feedback).where(accessibility_feedback.c.id == feedback_id)
    return connection.execute(gone).rowcount == 1
