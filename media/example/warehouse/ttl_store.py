"""A small memory for answers that are expensive to get."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class TtlStore:
    """Keeps at most ``room`` answers, each for ``seconds``; the least recently used one makes way for a new one."""

    def __init__(self, room: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.room = room
        self.seconds = seconds
        self.clock = clock
        self.shelf: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def lookup(self, name: Hashable) -> Any | None:
        """The answer stored under a name, or None where there is none or it is too old."""
        if name not in self.shelf:
            return None
        best_before, answer = self.shelf[name]
        if best_before <= self.clock():
            del self.shelf[name]
            return None
        self.shelf.move_to_end(name)
        return answer

    def remember(self, name: Hashable, answer: Any, seconds: float | None = None) -> None:
        """Store an answer; ``seconds`` overrides the usual lifetime for this one."""
        lifetime = self.seconds if seconds is None else seconds
        self.shelf[name] = (self.clock() + lifetime, answer)
        self.shelf.move_to_end(name)
        while len(self.shelf) > self.room:
            self.shelf.popitem(last=False)

    def forget(self, name: Hashable) -> None:
        self.shelf.pop(name, None)


class SingleFlight:
    """Lets one thread fetch an answer while the others that want the same wait for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pending: dict[Hashable, threading.Event] = {}
        self.answers: dict[Hashable, Any] = {}

    def get(self, name: Hashable, fetch: Callable[[], Any]) -> Any:
        with self.lock:
            event = self.pending.get(name)
            leader = event is None
            if leader:
                event = self.pending[name] = threading.Event()
        if not leader:
            event.wait()
            return self.answers.get(name)
        try:
            self.answers[name] = fetch()
            return self.answers[name]
        finally:
            with self.lock:
                del self.pending[name]
            event.set()
