"""Close a round's collections now, without grace."""

from datetime import datetime

from survey_service.domain.survey_round import State
from survey_service.services.find import existing_collections, existing_round
from survey_service.storage.database import Database
from survey_service.storage.rounds import mark_collection


class NotOpen(Exception):
    """Nothing of what was named is open, so there is nothing to close."""


def close_round(database: Database, round_id: str, now: datetime, only: str | None = None) -> list[str]:
    """Close the open collections of a round, or one of them; returns those closed.

    From this transaction on no answer is taken. The worker counts what waits and compiles.
    Raises UnknownRound, UnknownCollection or NotOpen.
    """
    with database.write() as connection:
        survey_round = existing_round(connection, round_id)
        closed = [
            name
            for name in existing_collections(survey_round, only)
            if survey_round.collection(name).state(now) in (State.OPEN, State.CLOSING)
        ]
        if not closed:
            raise NotOpen(f"nothing is open in round {round_id}" + (f", collection {only}" if only else ""))
        for name in closed:
            mark_collection(connection, round_id, name, closed_at=now)
        return closed
