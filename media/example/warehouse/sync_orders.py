"""Fetches new orders from the shop and books them out of stock, once each, however often it runs."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import urllib.error
import urllib.request
from pathlib import Path

from backoff import CircuitBreaker, call_patiently
from throttle import TokenBucket

bucket = TokenBucket(rate=5, size=10)
breaker = CircuitBreaker()


def temporary(problem: Exception) -> bool:
    """Timeouts, refusals and overload pass; a wrong request stays wrong."""
    if isinstance(problem, urllib.error.HTTPError):
        return problem.code == 429 or problem.code >= 500
    return isinstance(problem, (TimeoutError, ConnectionError, urllib.error.URLError))


def fetch_page(base: str, after: int) -> list[dict]:
    def ask() -> list[dict]:
        bucket.spend()
        with urllib.request.urlopen(f"{base}/orders?after={after}", timeout=10) as answer:
            return json.load(answer)

    return breaker.call(lambda: call_patiently(ask, worth_repeating=temporary))


def book(database: sqlite3.Connection, order: dict) -> bool:
    """Take an order's goods out of stock. False where that was done before: the order number is the key."""
    with database:  # one transaction: all lines or none
        seen = database.execute("insert or ignore into booked(number) values (?)", (order["number"],))
        if seen.rowcount == 0:
            return False
        for line in order["lines"]:
            database.execute("update stock set count = count - ? where sku = ?", (line["quantity"], line["sku"]))
    return True


def sync(base: str, database: sqlite3.Connection) -> int:
    """Book every order that is new. Returns how many were."""
    booked = 0
    (after,) = database.execute("select coalesce(max(number), 0) from booked").fetchone()
    while page := fetch_page(base, after):
        booked += sum(book(database, order) for order in page)
        after = page[-1]["number"]
    return booked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="address of the shop's interface")
    parser.add_argument("--database", type=Path, default=Path("warehouse.sqlite"))
    options = parser.parse_args()
    with sqlite3.connect(options.database) as database:
        database.execute("create table if not exists booked(number integer primary key)")
        database.execute("create table if not exists stock(sku text primary key, count integer not null)")
        print(f"{sync(options.base, database)} new orders")
    return 0


if __name__ == "__main__":
    sys.exit(main())
