"""What is on the shelves, what is promised, and what has to be ordered."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


class OutOfStock(Exception):
    """Somebody wants more than there is."""


@dataclass
class Shelf:
    """Counts by SKU. ``held`` is promised to baskets for fifteen minutes and cannot be promised twice."""

    counts: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)

    def available(self, sku: str) -> int:
        return self.counts[sku] - self.held[sku]

    def reserve(self, sku: str, quantity: int) -> None:
        if quantity > self.available(sku):
            raise OutOfStock(f"{sku}: {quantity} wanted, {self.available(sku)} left")
        self.held[sku] += quantity

    def release(self, sku: str, quantity: int) -> None:
        """Give back what a basket held when it was abandoned."""
        self.held[sku] = max(0, self.held[sku] - quantity)

    def ship(self, sku: str, quantity: int) -> None:
        """Take goods out for an order; its reservation ends."""
        if quantity > self.counts[sku]:
            raise OutOfStock(f"{sku}: the shelf holds only {self.counts[sku]}")
        self.counts[sku] -= quantity
        self.release(sku, quantity)

    def write_off(self, sku: str, quantity: int, reason: str) -> str:
        """Book out what is broken, expired or missing. Returns the line for the ledger."""
        taken = min(quantity, self.counts[sku])
        self.counts[sku] -= taken
        return f"{sku}\t-{taken}\t{reason}"


def reorder_point(daily_sales: Iterable[int], days_to_deliver: int, safety: float = 1.65) -> int:
    """The count at which to order more, so that nineteen times in twenty the new goods come before the shelf is empty."""
    sales = list(daily_sales)
    if not sales:
        return 0
    mean = sum(sales) / len(sales)
    variance = sum((each - mean) ** 2 for each in sales) / len(sales)
    return math.ceil(mean * days_to_deliver + safety * math.sqrt(variance * days_to_deliver))
