"""The Monday mail about last week's reviews."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from read_table import read_table

MIDDLE_WEIGHT = 5


def load_reviews(path: Path) -> list[dict[str, str]]:
    return [row for row in read_table(path) if row["text"]]


def rank_products(reviews: list[dict[str, str]]) -> list[tuple[str, float, int]]:
    """Name, fair average and number of reviews per product, best first.

    A product with a single five-star review must not win: each gets a few imaginary reviews of the overall mean
    (a Bayesian average).
    """
    grades: dict[str, list[int]] = defaultdict(list)
    for review in reviews:
        grades[review["product"]].append(int(review["stars"]))
    if not grades:
        return []
    overall = statistics.fmean(grade for some in grades.values() for grade in some)
    fair = {
        product: (sum(some) + MIDDLE_WEIGHT * overall) / (len(some) + MIDDLE_WEIGHT) for product, some in grades.items()
    }
    return sorted(((product, fair[product], len(grades[product])) for product in grades), key=lambda each: -each[1])


def worst_of_week(reviews: list[dict[str, str]], today: date, count: int = 5) -> list[dict[str, str]]:
    """The unhappiest reviews of the last seven days, for the meeting."""
    start = today - timedelta(days=7)
    recent = [review for review in reviews if date.fromisoformat(review["date"]) > start]
    return sorted(recent, key=lambda review: (int(review["stars"]), -len(review["text"])))[:count]


def digest(reviews: list[dict[str, str]], today: date) -> str:
    lines = [f"Reviews up to {today.isoformat()}: {len(reviews)}", "", "Best liked:"]
    lines += [f"  {grade:.2f}  {product} ({count})" for product, grade, count in rank_products(reviews)[:5]]
    lines += ["", "To talk about:"]
    lines += [f"  {review['stars']}  {review['product']}: {review['text']}" for review in worst_of_week(reviews, today)]
    return "\n".join(lines)
