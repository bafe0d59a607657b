"""How fast one worker counts what waits, and how long compiling a municipality takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sqlalchemy import insert, update

from survey_service.domain.answers import AnswerLayout
from survey_service.domain.counting_key import CountingKey
from survey_service.domain.tally import TallyLayout, to_bytes
from survey_service.services.compile_collection import compile_collection
from survey_service.services.count_sealed import count_batches, count_finally
from survey_service.storage.links import link as link_table
from survey_service.storage.links import links_of
from survey_service.storage.running_tallies import RunningTally, running_tally
from tests.load.town import Place, Town, make_town
from tests.support.installation import COUNTING_KEY, PUPILS, ROUND

WAITING = 30

ANSWERS_OF_A_CLASS = 20
SMALL_CLASS, EVERY = 3, 25
"""Every so many classes one has too few answers to be shown, so that folding has work."""

KINDS_OF_CLASSES = 20


@dataclass(frozen=True)
class Counting:
    """Answers counted a second by one worker, and a second of its processor time; while open, and at the end."""

    batches: float
    batches_cpu: float
    finally_: float
    finally_cpu: float


def measure_counting(place: Place, links: int) -> Counting:
    """Count a random batch of `links` links with thirty waiting each, then as many others to the end."""
    with place.empty() as database:
        town = make_town(database, 1 + 2 * links)
        first, *others = (item.link for item in town.issued)
        room = town.installation.counting_room
        town.let_wait([first], WAITING)
        count_finally(room, first.id)  # warm: the form is read, the statements are known
        town.let_wait(others[:links], WAITING)
        batches = _rate(lambda: count_batches(room))
        town.let_wait(others[links:], WAITING)
        at_the_end = _rate(lambda: sum(count_finally(room, link.id) for link in others[links:]))
        town.installation.assert_balanced()
    return Counting(*batches, *at_the_end)


def _rate(count: Callable[[], int]) -> tuple[float, float]:
    """(answers a second, answers a second of this process's processor time)."""
    began, began_cpu = time.perf_counter(), time.process_time()
    counted = count()
    return counted / (time.perf_counter() - began), counted / (time.process_time() - began_cpu)


def measure_compiling(place: Place, classes: int, times: int = 1) -> float:
    """Seconds to compile and write classes with `times` the usual number of answers."""
    with place.empty() as database:
        town = make_town(database, classes)
        _fill_tallies(town, times)
        town.installation.close()
        room, now = town.installation.counting_room, town.installation.clock.now
        began = time.perf_counter()
        compile_collection(room, ROUND, PUPILS.id, now)
        return time.perf_counter() - began


def _fill_tallies(town: Town, times: int) -> None:
    """Every class counted to the end, without the answers themselves."""
    tallies = _tallies(town, times)
    key = CountingKey([COUNTING_KEY])
    with town.database.write() as connection:
        rows = []
        for number, link in enumerate(links_of(connection, ROUND, PUPILS.id)):
            small = number % EVERY == 0
            cells, counted = tallies[0 if small else 1 + number % KINDS_OF_CLASSES]
            closed = key.close_tally(cells, link.id, link.version)
            rows.append(vars(RunningTally(link.id, link.version, closed, counted, received=counted)))
        connection.execute(insert(running_tally), rows)
        connection.execute(update(link_table).values(final=True))


def _tallies(town: Town, times: int) -> list[tuple[bytes, int]]:
    """(cells, answers): first those of a small class, then some of usual ones."""
    layout, answers, chance = TallyLayout(town.form), AnswerLayout(town.form), Random(5)
    made = []
    for number in (SMALL_CLASS, *[ANSWERS_OF_A_CLASS] * KINDS_OF_CLASSES):
        cells = layout.empty()
        for _ in range(number):
            layout.add(cells, answers.decode(answers.encode(town.answers(chance), b""), b""))
        factor = 1 if number == SMALL_CLASS else times
        made.append((to_bytes([factor * cell for cell in cells]), factor * number))
    return made
