"""How many answers have come: one coarse figure for each link, and one a day; nothing finer exists."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    Table,
    func,
    select,
)

from survey_service.storage.database import upsert
from survey_service.storage.metadata import Instant, metadata

progress = Table(
    "progress",
    metadata,
    Column("link_id", ForeignKey("link.id"), primary_key=True),
    Column("shown", Integer, nullable=False),
    Column("shown_at", Instant, nullable=False),
)

answers_per_day = Table(
    "answers_per_day",
    metadata,
    Column("link_id", ForeignKey("link.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("received", Integer, nullable=False),
)


@dataclass(frozen=True)
class Shown:
    """The figure that every outlet shows for a link, and when it was last renewed."""

    number: int
    at: datetime


def all_shown(connection: Connection) -> dict[str, Shown]:
    """The shown figure of every link that has one."""
    return {row.link_id: Shown(row.shown, row.shown_at) for row in connection.execute(select(progress))}


def show(connection: Connection, link_id: str, shown: Shown, day: date) -> None:
    """Renew a link's figure, and the count of the day in local time."""
    upsert(connection, progress, {"link_id": link_id, "shown": shown.number, "shown_at": shown.at})
    counted = func.coalesce(func.sum(answers_per_day.c.received), 0)
    earlier = select(counted).where(answers_per_day.c.link_id == link_id, answers_per_day.c.day != day)
    received = shown.number - connection.execute(earlier).scalar_one()
    upsert(connection, answers_per_day, {"link_id": link_id, "day": day, "received": received})
