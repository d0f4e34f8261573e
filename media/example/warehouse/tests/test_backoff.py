import random

import pytest

from backoff import CircuitBreaker, Exhausted, call_patiently


def failing(times: int, problem: Exception = TimeoutError()):
    """A task that fails so often and then answers."""
    left = iter([problem] * times)

    def task() -> str:
        for each in left:
            raise each
        return "done"

    return task


def test_returns_the_first_success():
    pauses: list[float] = []
    assert call_patiently(failing(3), pause=pauses.append, dice=random.Random(1)) == "done"
    assert len(pauses) == 3


def test_pauses_stay_below_a_doubling_limit():
    pauses: list[float] = []
    with pytest.raises(Exhausted):
        call_patiently(failing(9), tries=8, pause=pauses.append, dice=random.Random(7))
    limits = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 8.0]
    assert all(0 <= pause <= limit for pause, limit in zip(pauses, limits, strict=True))


def test_believes_the_server_about_how_long_to_wait():
    problem = TimeoutError()
    problem.retry_after = 3
    pauses: list[float] = []
    call_patiently(failing(1, problem), pause=pauses.append)
    assert pauses == [3]


def test_does_not_repeat_what_cannot_succeed():
    with pytest.raises(KeyError):
        call_patiently(failing(1, KeyError()), worth_repeating=lambda problem: not isinstance(problem, KeyError))


def test_breaker_rests_after_too_many_failures():
    time = 0.0
    breaker = CircuitBreaker(limit=2, rest=30, clock=lambda: time)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            breaker.call(failing(1))
    with pytest.raises(ConnectionRefusedError):
        breaker.call(lambda: "not asked")
    time = 31.0
    assert breaker.call(lambda: "asked again") == "asked again"
