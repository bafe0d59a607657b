"""Codes that open nothing: counted, alerted on when they come thick, and at most one at a time answered slowly."""

import logging
import time
from collections import deque
from threading import BoundedSemaphore, Lock

log = logging.getLogger(__name__)

A_MINUTE = 60.0
ALERT_FROM = 60
"""Failures a minute and process: a few classes mistyping at once stay below it."""


class FailedCodes:
    """What a process knows of failed codes: only when they came. No valid code is ever slowed or refused."""

    def __init__(self, pause_seconds: float, alert_from: int = ALERT_FROM) -> None:
        self._pause_seconds = min(pause_seconds, 1.0)
        self._alert_from = alert_from
        self._times: deque[float] = deque(maxlen=alert_from)
        self._lock = Lock()
        # One thread of the process may wait, so that guessing is slow for one guesser and all others are served.
        self._waiting = BoundedSemaphore(1)

    def note(self) -> None:
        """Count one failure, alert where there are too many, and perhaps wait."""
        self._count(time.monotonic())
        if self._pause_seconds and self._waiting.acquire(blocking=False):
            try:
                time.sleep(self._pause_seconds)
            finally:
                self._waiting.release()

    def _count(self, now: float) -> None:
        with self._lock:
            self._times.append(now)
            too_many = len(self._times) == self._alert_from and now - self._times[0] < A_MINUTE
            if too_many:
                self._times.clear()
        if too_many:
            log.warning("%d codes that open nothing were tried within a minute", self._alert_from)
