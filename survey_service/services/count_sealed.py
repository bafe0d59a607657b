"""Count sealed answers into the running tallies, in batches that tell nothing, and destroy them."""

import random
from dataclasses import dataclass, field, replace

from survey_service.domain.answers import NO_GROUP, CountedAnswer, ForeignAnswer, answer_context
from survey_service.domain.counting_key import CountingKey, Unopenable
from survey_service.domain.tally import TallyLayout, from_bytes, to_bytes
from survey_service.services.forms_in_use import FormInUse, FormsInUse
from survey_service.storage.database import Connection, Database, lock_counting, lock_link
from survey_service.storage.links import change_link, find_entrance
from survey_service.storage.running_tallies import find_tally, own_groups_of, put_own_group, put_tally
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
    tallies = _OpenTallies(connection, room, form, place)
    context = answer_context(*place, form.digest)
    unopened = []
    for box in boxes:
        try:
            tallies.add(form.layout.decode(room.key.open_answer(box[1]), context))
        except (Unopenable, ForeignAnswer):
            unopened.append(box)
    tallies.close(counted=len(boxes) - len(unopened), quarantined=len(unopened))
    quarantine(connection, *place, unopened)
    remove_waiting(connection, *place, [box_id for box_id, _ in boxes])


class _OpenTallies:
    """The running tallies of a link version while they are open in memory: its own, and those of own groups."""

    def __init__(self, connection: Connection, room: CountingRoom, form: FormInUse, place: tuple[str, int]) -> None:
        self._connection, self._key, self._place = connection, room.key, place
        self._layout = room.layout(form)
        self._before = find_tally(connection, *place)
        self._closed = {} if self._before.closed_cells is None else {"": self._before.closed_cells}
        if form.form.asks_own_group:
            stored = own_groups_of(connection, [place[0]])
            self._closed |= {key: cells for (_, version, key), cells in stored.items() if version == place[1]}
        self._cells: dict[str, list[int]] = {"": self._open("")}

    def add(self, answer: CountedAnswer) -> None:
        """Count an answer into the tally of its own group, or the link's own where none was chosen."""
        group = "" if answer.group == NO_GROUP else answer.group.hex()
        if group not in self._cells:
            self._cells[group] = self._open(group)
        self._layout.add(self._cells[group], answer)

    def close(self, counted: int, quarantined: int) -> None:
        """Encrypt and write what was added to, with the numbers of the link version."""
        for group, cells in self._cells.items():
            closed = self._key.close_tally(to_bytes(cells), *self._place, group)
            if group:
                put_own_group(self._connection, *self._place, group, closed)
            else:
                own = closed
        before = self._before
        put_tally(
            self._connection,
            replace(
                before,
                closed_cells=own,
                counted=before.counted + counted,
                quarantined=before.quarantined + quarantined,
            ),
        )

    def _open(self, group: str) -> list[int]:
        closed = self._closed.get(group)
        return from_bytes(self._key.open_tally(closed, *self._place, group)) if closed else self._layout.empty()
