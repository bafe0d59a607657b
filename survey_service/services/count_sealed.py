"""Count sealed answers into the running tallies, in batches that tell nothing, and destroy them."""

import random
from dataclasses import dataclass, field, replace

from survey_service.domain.answers import ForeignAnswer, answer_context
from survey_service.domain.counting_key import CountingKey, Unopenable
from survey_service.domain.tally import TallyLayout, from_bytes, to_bytes
from survey_service.services.forms_in_use import FormInUse, FormsInUse
from survey_service.storage.database import Connection, Database, lock_counting, lock_link
from survey_service.storage.links import change_link, find_entrance
from survey_service.storage.running_tallies import find_tally, put_tally
from survey_service.storage.sealed_answers import (
    Box,
    quarantine,
    remove_waiting,
    versions_waiting,
    waiting,
    waiting_per_link,
)

FEWEST_TAKEN = 5
FEWEST_LEFT = 5
MOST_TAKEN = 500
"""A batch is short, so that nobody who sends an answer waits long for it."""


@dataclass(frozen=True)
class CountingRoom:
    """Where sealed answers are opened: the database, the key, and the forms that say how to read them."""

    database: Database
    key: CountingKey
    forms: FormsInUse
    _layouts: dict[str, TallyLayout] = field(default_factory=dict, init=False, repr=False)

    def layout(self, form: FormInUse) -> TallyLayout:
        """Where a form version's counters stand: worked out once, not for every batch."""
        return self._layouts.setdefault(form.digest, TallyLayout(form.form))


def due_for_a_batch(room: CountingRoom) -> list[tuple[str, int]]:
    """(link, version) of those that have enough waiting."""
    with room.database.read() as connection:
        return [place for place, number in waiting_per_link(connection).items() if _batch_fits(number)]


def count_batches(room: CountingRoom) -> int:
    """One random batch for every link version that has enough waiting; returns how many answers were taken."""
    return sum(count_batch(room, *place) for place in due_for_a_batch(room))


def count_batch(room: CountingRoom, link_id: str, version: int) -> int:
    """Count a random subset of what waits for a link version, in one transaction; returns how many were taken."""
    form = _form_of(room, link_id)
    with room.database.write() as connection:
        lock_counting(connection, link_id)
        boxes = waiting(connection, link_id, version)
        if not _batch_fits(len(boxes)):
            return 0
        chance = random.SystemRandom()
        size = chance.randint(FEWEST_TAKEN, min(len(boxes) - FEWEST_LEFT, MOST_TAKEN))
        chosen = chance.sample(boxes, size)
        _count(connection, room, form, (link_id, version), chosen)
        return size


def count_finally(room: CountingRoom, link_id: str) -> int:
    """Count everything that waits for a closed link, once, and let no more in; returns how many were taken."""
    form = _form_of(room, link_id)
    with room.database.write() as connection:
        lock_counting(connection, link_id)
        lock_link(connection, link_id, alone=True)
        taken = 0
        for version in versions_waiting(connection, link_id):
            boxes = waiting(connection, link_id, version)
            _count(connection, room, form, (link_id, version), boxes)
            taken += len(boxes)
        change_link(connection, link_id, final=True)
        return taken


def _batch_fits(waiting_now: int) -> bool:
    return waiting_now >= FEWEST_TAKEN + FEWEST_LEFT


def _form_of(room: CountingRoom, link_id: str) -> FormInUse:
    with room.database.read() as connection:
        entrance = find_entrance(connection, link_id)
    if entrance is None:
        raise LookupError(f"link {link_id} is gone")
    return room.forms.get(entrance.collection.form, entrance.collection.form_version)


def _count(
    connection: Connection, room: CountingRoom, form: FormInUse, place: tuple[str, int], boxes: list[Box]
) -> None:
    """Add boxes to the running tally and destroy them; those that do not open are quarantined."""
    key, layout = room.key, room.layout(form)
    context = answer_context(*place, form.digest)
    before = find_tally(connection, *place)
    closed = before.closed_cells
    cells = from_bytes(key.open_tally(closed, *place)) if closed else layout.empty()
    unopened = []
    for box in boxes:
        try:
            layout.add(cells, form.layout.decode(key.open_answer(box[1]), context))
        except (Unopenable, ForeignAnswer):
            unopened.append(box)
    put_tally(
        connection,
        replace(
            before,
            closed_cells=key.close_tally(to_bytes(cells), *place),
            counted=before.counted + len(boxes) - len(unopened),
            quarantined=before.quarantined + len(unopened),
        ),
    )
    quarantine(connection, *place, unopened)
    remove_waiting(connection, *place, [box_id for box_id, _ in boxes])
