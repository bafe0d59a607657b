"""Waiting for something to become true, instead of for a while."""

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Return as soon as it holds; fail where it does not within the time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "this did not come true in time"
        time.sleep(0.1)
