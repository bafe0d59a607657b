"""Tallies: how often each option was chosen, as one array of counters for a form version."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm

from survey_service.domain.answers import OPTIONS_FROM, SPECIAL, CountedAnswer
from survey_service.domain.form import Form, Slot

INDEX_BINS = 11
"""An answer's score on an index (0–10), rounded half up, is counted in one of eleven bins."""

Table = tuple[int, ...]
"""The counters of one table: its number of answers first, then every slot's values, then every index's bins."""


@dataclass(frozen=True, order=True)
class TableKey:
    """Which answers a table counts: all of them, or those with one value of a breakdown question."""

    breakdown: str = ""
    value: str = ""


WHOLE = TableKey()


@dataclass(frozen=True)
class TallyLayout:
    """Where every counter of a form version stands in its array: blanks, the whole table, then each breakdown's."""

    form: Form

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Place of each slot's first counter within a table."""
        offsets, place = [], 1
        for slot in self.form.slots:
            offsets.append(place)
            place += OPTIONS_FROM + len(slot.values)
        return tuple(offsets)

    @cached_property
    def table_size(self) -> int:
        """Counters in one table."""
        answers = sum(OPTIONS_FROM + len(slot.values) for slot in self.form.slots)
        return 1 + answers + INDEX_BINS * len(self.form.indexes)

    @cached_property
    def keys(self) -> tuple[TableKey, ...]:
        """All tables in the order in which they stand in the array."""
        slots = {slot.id: slot for slot in self.form.slots}
        return (WHOLE, *(TableKey(name, value) for name in self.form.breakdowns for value in value_ids(slots[name])))

    @property
    def size(self) -> int:
        """Counters in the whole array."""
        return 1 + len(self.keys) * self.table_size

    def empty(self) -> list[int]:
        """The array before anything was counted."""
        return [0] * self.size

    def add(self, cells: list[int], answer: CountedAnswer) -> None:
        """Count one answer into the array."""
        if not answer.answered:
            cells[0] += 1
            return
        row = answer.row
        places = [0, *(offset + byte for offset, byte in zip(self.offsets, row, strict=True))]
        places += self._index_places(row)
        starts = [1] + [start + row[question] * self.table_size for question, start in self._breakdowns]
        for start in starts:
            for place in places:
                cells[start + place] += 1

    def table(self, cells: Sequence[int], key: TableKey) -> Table:
        """One table cut out of the array."""
        start = 1 + self.keys.index(key) * self.table_size
        return tuple(cells[start : start + self.table_size])

    def counts(self, table: Table) -> Iterator[tuple[str, str, int]]:
        """(slot id, value id, number) for every value of every slot of a table."""
        for slot, offset in zip(self.form.slots, self.offsets, strict=True):
            for place, value in enumerate(value_ids(slot)):
                yield slot.id, value, table[offset + place]

    @cached_property
    def _breakdowns(self) -> list[tuple[int, int]]:
        """(place of the breakdown's question in a row, start of its first table) for each breakdown."""
        order = [slot.id for slot in self.form.slots]
        first = {key.breakdown: number for number, key in reversed(list(enumerate(self.keys)))}
        return [(order.index(name), 1 + first[name] * self.table_size) for name in self.form.breakdowns]

    @cached_property
    def _index_members(self) -> list[tuple[int, int, list[tuple[int, tuple[int, ...]]]]]:
        """(first bin, units in a point, members) for each index; a member is (place in a row, units by option)."""
        order = {slot.id: place for place, slot in enumerate(self.form.slots)}
        first_bin = self.table_size - INDEX_BINS * len(self.form.indexes)
        members = []
        for number, index in enumerate(self.form.indexes):
            scores = {order[name]: self.form.question(name).scores or () for name in index.questions}
            unit = lcm(*(score.denominator for points in scores.values() for score in points))
            scaled = [(place, tuple(int(score * unit) for score in points)) for place, points in scores.items()]
            members.append((first_bin + number * INDEX_BINS, unit, scaled))
        return members

    def _index_places(self, row: bytes) -> Iterator[int]:
        for first_bin, unit, members in self._index_members:
            points = [scores[row[place] - OPTIONS_FROM] for place, scores in members if row[place] >= OPTIONS_FROM]
            if points:
                yield first_bin + (2 * sum(points) + unit * len(points)) // (2 * unit * len(points))


def value_ids(slot: Slot) -> tuple[str, ...]:
    """Ids of a slot's values in the order in which they are tallied."""
    return (*SPECIAL, *slot.values)


def add_up(arrays: Sequence[Sequence[int]], size: int) -> list[int]:
    """The sum of arrays, counter by counter; zeros where there is none."""
    return [sum(column) for column in zip(*arrays, strict=True)] if arrays else [0] * size


def to_bytes(cells: Sequence[int]) -> bytes:
    """Counters as unsigned 32-bit little-endian numbers."""
    return struct.pack(f"<{len(cells)}I", *cells)


def from_bytes(data: bytes) -> list[int]:
    """The inverse of `to_bytes`."""
    return list(struct.unpack(f"<{len(data) // 4}I", data))
