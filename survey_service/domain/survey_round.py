"""A round of the survey and its collections: who is asked what, from when until when, and in which state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from survey_service.domain.access import Access

LOCAL_TIME = ZoneInfo("Europe/Stockholm")
GRACE = timedelta(minutes=15)
"""How long a form opened before closing may still be sent."""

RECEIPTS_KEPT = timedelta(hours=1)
"""How long after the grace a repeated sending is still recognised."""


class State(StrEnum):
    """Where a collection is in its life; it only ever moves forward."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    COMPILED = "compiled"


@dataclass(frozen=True)
class Collection:
    """One form put to one audience of one school form in a round.

    `opens` and `closes` are local dates, inclusive. `opened_at`, `closed_at` and `compiled_at` are instants in UTC
    at which somebody or the clock did it; opening is an act, closing happens by the clock even if nobody acts.
    `grades` limits it to groups whose lowest grade is among them. `languages` empty means every one the form has.
    `spare` is the share of extra cards of a single-use collection, `per` whether a pile is for a unit or a group.
    """

    id: str
    school_form: str
    audience: str
    form: str
    form_version: int
    access: Access
    opens: date
    closes: date
    grades: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    per: str = "unit"
    spare: float = 0.0
    seats: int | None = None
    access_by_unit: Mapping[str, Access] = field(default_factory=dict)
    closes_by_unit: Mapping[str, date] = field(default_factory=dict)
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    compiled_at: datetime | None = None

    def access_for(self, unit_code: str) -> Access:
        """How this unit hands out its links."""
        return self.access_by_unit.get(unit_code, self.access)

    def closes_at(self, unit_code: str = "") -> datetime:
        """The instant after the unit's last day, local midnight."""
        last_day = self.closes_by_unit.get(unit_code, self.closes)
        return datetime.combine(last_day + timedelta(days=1), time.min, LOCAL_TIME)

    def last_closes_at(self) -> datetime:
        """When the last unit closes."""
        return max(self.closes_at(unit_code) for unit_code in ("", *self.closes_by_unit))

    def opens_at(self) -> datetime:
        """Local midnight of the first day."""
        return datetime.combine(self.opens, time.min, LOCAL_TIME)

    def state(self, now: datetime, unit_code: str | None = None) -> State:
        """The state at an instant: for one unit, or for the collection as a whole (its last unit counts)."""
        if self.compiled_at is not None:
            return State.COMPILED
        if self.opened_at is None:
            return State.PLANNED
        closes_at = self.last_closes_at() if unit_code is None else self.closes_at(unit_code)
        if self.closed_at is not None or now >= closes_at + GRACE:
            return State.CLOSED
        return State.OPEN if now < closes_at else State.CLOSING

    def forgets_receipts_at(self, unit_code: str) -> datetime:
        """When the unit's receipts may go: an hour after the grace, however it ended."""
        ended = self.closes_at(unit_code) + GRACE
        if self.closed_at is not None:
            ended = min(ended, self.closed_at)
        return ended + RECEIPTS_KEPT


@dataclass(frozen=True)
class Round:
    """A survey round (enkätomgång): `name` by language, `link_key` the fingerprint of the key of its codes."""

    id: str
    name: Mapping[str, str]
    school_year: str
    disposal_decision: str
    link_key: str
    collections: tuple[Collection, ...] = ()
    thresholds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def collection(self, collection_id: str) -> Collection:
        """The collection with that id. Raises KeyError where there is none."""
        return {collection.id: collection for collection in self.collections}[collection_id]
