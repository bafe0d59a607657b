"""What a process remembers to spare work: bounded in number, and in age where it can change."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

FOREVER = float("inf")


class Kept(Generic[Key, Value]):
    """Values by key, made when first asked for and again when older than `seconds`; the least used make room."""

    def __init__(self, at_most: int, seconds: float = FOREVER, timer: Callable[[], float] = time.monotonic) -> None:
        self._at_most = at_most
        self._seconds = seconds
        self._timer = timer
        self._values: OrderedDict[Key, tuple[float, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, make: Callable[[], Value], seconds: float | None = None) -> Value:
        """The value of a key; `seconds` is how old it may be for this once.

        What `make` raises is passed on and nothing is kept.
        """
        now, oldest = self._timer(), self._seconds if seconds is None else seconds
        with self._lock:
            if (known := self._values.get(key)) and now - known[0] < oldest:
                self._values.move_to_end(key)
                return known[1]
        value = make()
        with self._lock:
            self._values[key] = (now, value)
            self._values.move_to_end(key)
            while len(self._values) > self._at_most:
                self._values.popitem(last=False)
        return value
