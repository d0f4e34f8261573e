"""Staying below the number of requests that the carrier allows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class TokenBucket:
    """A bucket that holds ``size`` tokens and gains ``rate`` of them per second; each request costs one.

    Safe to share between threads. The clock and the sleep are arguments, so that tests take no time.
    """

    def __init__(
        self,
        rate: float,
        size: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rate = rate
        self.size = size
        self.level = size
        self.clock = clock
        self.sleep = sleep
        self.last = clock()
        self.lock = threading.Lock()

    def spend(self) -> float:
        """Wait until a token is there and take it. Returns how many seconds that took."""
        with self.lock:
            self._gain()
            shortage = 1 - self.level
            waited = max(0.0, shortage / self.rate)
            if waited:
                self.sleep(waited)
                self._gain()
            self.level -= 1
            return waited

    def _gain(self) -> None:
        moment = self.clock()
        self.level = min(self.size, self.level + (moment - self.last) * self.rate)
        self.last = moment
