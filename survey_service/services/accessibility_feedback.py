"""What people say about accessibility, without anything about them: taken in, read and removed."""

from datetime import datetime

from survey_service.domain.municipality import plain_text
from survey_service.domain.survey_round import LOCAL_TIME
from survey_service.storage import accessibility_feedback as stored
from survey_service.storage.accessibility_feedback import Feedback
from survey_service.storage.database import Database

__all__ = ["Feedback", "NothingWritten", "TooMuchFeedback", "give_feedback", "read_feedback", "remove_feedback"]

MOST_KEPT = 1_000
"""Beyond it nobody reads: the office removes what it has dealt with."""


class NothingWritten(ValueError):
    """The text is empty."""


class TooMuchFeedback(Exception):
    """More texts are there already than anybody has read."""


def give_feedback(database: Database, feedback_id: str, text: str, now: datetime) -> None:
    """Keep a text with the local day. What comes again with the same id is kept once.

    Raises NothingWritten, TooLong or TooMuchFeedback.
    """
    clean = plain_text(text)
    if not clean:
        raise NothingWritten("there is nothing to read")
    with database.write() as connection:
        if stored.count_feedback(connection) >= MOST_KEPT:
            raise TooMuchFeedback(f"{MOST_KEPT} texts are waiting")
        stored.add_feedback(connection, Feedback(feedback_id, now.astimezone(LOCAL_TIME).date(), clean))


def read_feedback(database: Database) -> list[Feedback]:
    """Every text, the newest day first."""
    with database.read() as connection:
        return stored.list_feedback(connection)


def remove_feedback(database: Database, feedback_id: str) -> bool:
    """Remove a text that was dealt with. False where it is gone already."""
    with database.write() as connection:
        return stored.remove_feedback(connection, feedback_id)
