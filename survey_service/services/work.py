"""One turn of the worker: open, count, close, compile, and clean up, each when its time has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from survey_service.domain.counting_key import CountingKey
from survey_service.domain.survey_round import Collection, Round, State
from survey_service.services.compile_collection import AlreadyCompiled, compile_collection
from survey_service.services.count_sealed import CountingRoom, count_batch, count_finally, due_for_a_batch
from survey_service.services.find import existing_collections, existing_round
from survey_service.services.forget_receipts import forget_receipts
from survey_service.services.forms_in_use import FormsInUse
from survey_service.services.open_round import open_due
from survey_service.services.renew_progress import renew_progress
from survey_service.services.scrub import scrub_if_asked
from survey_service.storage.database import Database
from survey_service.storage.installation import WORKER_SEEN, note_fact
from survey_service.storage.links import links_of
from survey_service.storage.rounds import list_rounds


@dataclass(frozen=True)
class Turn:
    """What one turn did: collections opened and compiled, answers counted; and what failed, in words."""

    opened: tuple[str, ...] = ()
    counted: int = 0
    compiled: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


class Worker:
    """Does the timed work of an installation; several may run at once and hinder nobody."""

    def __init__(self, database: Database, key: CountingKey) -> None:
        self._database = database
        self._room = CountingRoom(database, key, FormsInUse(database))

    def turn(self, now: datetime) -> Turn:
        """Everything that is due now. What fails is told in the result and keeps nothing else from being done."""
        failed: list[str] = []
        counted, compiled, opened = 0, [], []
        for place in due_for_a_batch(self._room):
            with _apart(failed, f"counting link {place[0]} version {place[1]}"):
                counted += count_batch(self._room, *place)
        with self._database.read() as connection:
            rounds = list_rounds(connection)
        for survey_round in rounds:
            for collection in survey_round.collections:
                with _apart(failed, f"closing collection {collection.id} of round {survey_round.id}"):
                    counted += self._count_closed(survey_round, collection, now)
                    if collection.state(now) is State.CLOSED:
                        self._compile(survey_round.id, collection.id, now)
                        compiled.append(collection.id)
        for what, clean_up in (
            ("renewing figures", lambda: renew_progress(self._database, now)),
            ("forgetting receipts", lambda: forget_receipts(self._database, now)),
            ("scrubbing", lambda: scrub_if_asked(self._database)),
        ):
            with _apart(failed, what):
                clean_up()
        with _apart(failed, "opening"):
            opened = open_due(self._database, now)
        with self._database.write() as connection:
            note_fact(connection, WORKER_SEEN, datetime.now(UTC).isoformat(timespec="minutes"))
        return Turn(tuple(opened), counted, tuple(compiled), tuple(failed))

    def finish(self, round_id: str, now: datetime, only: str | None = None) -> Turn:
        """Count and compile the closed collections of a round, or one of them, at once."""
        with self._database.read() as connection:
            survey_round = existing_round(connection, round_id)
        counted, compiled = 0, []
        for name in existing_collections(survey_round, only):
            collection = survey_round.collection(name)
            if collection.state(now) is State.CLOSED:
                counted += self._count_closed(survey_round, collection, now)
                self._compile(round_id, name, now)
                compiled.append(name)
        renew_progress(self._database, now)
        scrub_if_asked(self._database)
        return Turn((), counted, tuple(compiled))

    def _count_closed(self, survey_round: Round, collection: Collection, now: datetime) -> int:
        """The final count of every link whose unit has closed and that was not counted to the end yet."""
        if collection.state(now) in (State.PLANNED, State.COMPILED):
            return 0
        with self._database.read() as connection:
            links = links_of(connection, survey_round.id, collection.id)
        due = (link for link in links if not link.final and collection.state(now, link.unit_code) is State.CLOSED)
        return sum(count_finally(self._room, link.id) for link in due)

    def _compile(self, round_id: str, collection_id: str, now: datetime) -> None:
        try:
            compile_collection(self._room, round_id, collection_id, now)
        except AlreadyCompiled:
            return  # another worker was quicker


@contextmanager
def _apart(failed: list[str], what: str) -> Iterator[None]:
    """One piece of work that must not stop the others; whatever goes wrong in it is noted."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - a damaged tally, a missing form, a defect: the rest must go on
        failed.append(f"{what}: {type(error).__name__}: {error}")
