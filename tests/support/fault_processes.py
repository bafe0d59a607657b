"""Processes that do the service's work on a shared database and may be killed at any moment."""

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection, wait
from typing import Any

from survey_service.domain.counting_key import CountingKey
from survey_service.services.forms_in_use import FormsInUse
from survey_service.services.scrub import scrub
from survey_service.services.work import Worker
from survey_service.storage.database import Database
from tests.support.open_round import CLOSED, DURING, Fields, HandedOut, Keys, OpenRound
from tests.support.sixty_answers import WatchedKey

READY = "ready"
PATIENCE = 60.0
"""Seconds after which a process that says nothing has failed."""

Form = tuple[HandedOut, Fields]

# A server forks children that have everything imported, yet none of this process's connections.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["__main__", __name__])


class Running:
    """A process that works on a database, and the line on which it tells how far it is."""

    def __init__(self, target: Any, database: Database, *arguments: object) -> None:
        self.line, theirs = CONTEXT.Pipe()
        url = database.url.render_as_string(hide_password=False)
        self.process = CONTEXT.Process(target=target, args=(url, theirs, *arguments))
        self.process.start()
        theirs.close()

    def hear(self) -> object:
        """The next thing it tells. AssertionError where it stays silent; EOFError where it has ended."""
        assert self.line.poll(PATIENCE), "the process says nothing"
        return self.line.recv()

    def told_so_far(self) -> Iterator[Any]:
        """Everything it has told and nobody heard yet; after its end, to the last word."""
        while self.line.poll():
            try:
                yield self.line.recv()
            except EOFError:
                return

    def runs_on(self, seconds: float) -> bool:
        """Whether it still works after that time."""
        return not wait([self.process.sentinel], seconds)

    def kill(self) -> None:
        """SIGKILL: it cannot tidy up."""
        self.process.kill()
        self.process.join(PATIENCE)

    def end(self) -> int | None:
        """Let it come to its end; its exit status."""
        self.process.join(PATIENCE)
        return self.process.exitcode


@contextmanager
def running(target: Any, database: Database, *arguments: object) -> Iterator[Running]:
    """A process that is ready to work, killed at the latest when the block ends."""
    started = Running(target, database, *arguments)
    try:
        assert started.hear() == READY
        yield started
    finally:
        started.kill()
        started.line.close()


def keep_counting(url: str, line: Connection, counting_key: bytes) -> None:
    """A worker whose turns never end."""
    worker = Worker(Database(url), CountingKey([counting_key]))
    line.send(READY)
    while True:
        worker.turn(DURING)


def stop_in_counting(url: str, line: Connection, counting_key: bytes, batches: int) -> None:
    """A worker that stands still within a counting's transaction, after as many countings that went well."""
    left = iter(range(batches))

    def stand_still() -> None:
        if next(left, None) is None:
            line.send("in the midst")
            line.recv()

    worker = Worker(Database(url), WatchedKey(counting_key, stand_still))
    line.send(READY)
    while True:
        worker.turn(DURING)


def finish_round(url: str, line: Connection, counting_key: bytes) -> None:
    """A worker that counts a closed round to the end and compiles it."""
    worker = Worker(Database(url), CountingKey([counting_key]))
    line.send(READY)
    worker.finish("ht-2026", CLOSED)


def finish_without_scrub(url: str, line: Connection, counting_key: bytes) -> None:
    """As `finish_round`, but it stands still where it would scrub."""
    database = StoppedAtScrub(url, line)
    worker = Worker(database, CountingKey([counting_key]))
    line.send(READY)
    worker.finish("ht-2026", CLOSED)


class StoppedAtScrub(Database):
    """A database that is never scrubbed: the process waits instead."""

    def __init__(self, url: str, line: Connection) -> None:
        super().__init__(url)
        self._line = line

    def scrub(self) -> None:
        self._line.send("about to scrub")
        self._line.recv()


def finish_when_told(url: str, line: Connection, counting_key: bytes) -> None:
    """As `finish_round`, at a word from outside."""
    worker = Worker(Database(url), CountingKey([counting_key]))
    line.send(READY)
    line.recv()
    worker.finish("ht-2026", CLOSED)


def keep_scrubbing(url: str, line: Connection) -> None:
    """What `doctor --scrub` does, over and over."""
    database = Database(url)
    line.send(READY)
    while True:
        scrub(database)


def send_forms(url: str, line: Connection, keys: Keys, forms: Sequence[Form], now: datetime = DURING) -> None:
    """A web process that tells the number of each form whose sender it thanked."""
    database = Database(url)
    given = OpenRound(database, keys, (), FormsInUse(database))
    line.send(READY)
    for number, (form, fields) in enumerate(forms):
        given.send(form, fields, now)
        line.send(number)


def moment(longest: float) -> float:
    """A random time in seconds."""
    return random.uniform(0, longest)
