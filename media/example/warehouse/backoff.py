"""Calling something that fails now and then, as docs/guides/writing-retries.md wants it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


class Exhausted(Exception):
    """Every attempt failed; the last failure is the cause."""


def call_patiently(
    task: Callable[[], Result],
    *,
    tries: int = 5,
    first_pause: float = 0.2,
    longest_pause: float = 8.0,
    worth_repeating: Callable[[Exception], bool] = lambda _: True,
    pause: Callable[[float], None] = time.sleep,
    dice: random.Random | None = None,
) -> Result:
    """Run ``task`` up to ``tries`` times and return what it returns.

    Between two tries it rests for a random share of an interval that grows twofold each time (exponential
    backoff with full jitter). Errors that would come back anyway are raised at once.
    """
    dice = dice or random.Random()
    ceiling = first_pause
    for number in range(1, tries + 1):
        try:
            return task()
        except Exception as problem:
            if not worth_repeating(problem):
                raise
            if number == tries:
                raise Exhausted(f"gave up after {tries} tries") from problem
            asked_for = getattr(problem, "retry_after", None)
            pause(asked_for if asked_for is not None else dice.uniform(0, ceiling))
            ceiling = min(ceiling * 2, longest_pause)
    raise ValueError("tries must be at least 1")


class CircuitBreaker:
    """Stops asking a service that is plainly down, and asks again after a while.

    After ``limit`` failures in a row every call is refused for ``rest`` seconds; then one is let through to see.
    """

    def __init__(self, limit: int = 10, rest: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.rest = rest
        self.clock = clock
        self.failures = 0
        self.closed_until = 0.0

    def call(self, task: Callable[[], Result]) -> Result:
        if self.clock() < self.closed_until:
            raise ConnectionRefusedError("the service is resting")
        try:
            answer = task()
        except Exception:
            self.failures += 1
            if self.failures >= self.limit:
                self.closed_until = self.clock() + self.rest
            raise
        self.failures = 0
        return answer
