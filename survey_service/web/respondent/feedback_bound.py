"""How often a process takes feedback: often enough for people, not for a machine that fills the office's list."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

AT_MOST, SECONDS = 30, 3600.0


class TooManyAtOnce(Exception):
    """So many texts came lately that no more are taken for a while."""


class FeedbackBound:
    """Counts texts by when they came and knows nothing else of them. One object serves a process."""

    def __init__(
        self, at_most: int = AT_MOST, seconds: float = SECONDS, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._timer = timer
        self._times: deque[float] = deque(maxlen=at_most)
        self._lock = Lock()

    def take(self) -> None:
        """Let one more through. Raises TooManyAtOnce."""
        now = self._timer()
        with self._lock:
            if len(self._times) == self._times.maxlen and now - self._times[0] < self._seconds:
                raise TooManyAtOnce("more than a person reads")
            self._times.append(now)
