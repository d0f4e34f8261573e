"""Prices and offers, in pence. The shop front computes the same in web/cart; the tests of both share their examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Item:
    code: str
    price: int
    amount: int
    taxed: bool = True

    @property
    def cost(self) -> int:
        return self.price * self.amount


def sum_of_goods(items: list[Item]) -> int:
    return sum(item.cost for item in items)


def multi_buy(item: Item, take: int, pay_for: int) -> int:
    """Three for the price of two and the like: what the customer saves."""
    return (item.amount // take) * (take - pay_for) * item.price


def coupon_value(items: list[Item], *, percent: int = 0, fixed: int = 0, at_least: int = 0, until: date, today: date) -> int:
    """What a coupon is worth on this basket. Nothing after its last day or below its minimum spend."""
    goods = sum_of_goods(items)
    if today > until or goods < at_least:
        return 0
    return min(goods, fixed or round(goods * percent / 100))


def shipping(paid: int, free_from: int = 3500, fee: int = 395) -> int:
    return 0 if paid >= free_from else fee


def tax_included(items: list[Item], off: int, postage: int, rate: int = 20) -> int:
    """The tax that the price already holds. A reduction lowers taxed and untaxed goods in proportion."""
    goods = sum_of_goods(items)
    if goods == 0:
        return 0
    taxed = sum(item.cost for item in items if item.taxed) * (goods - off) / goods
    return round((taxed + postage) * rate / (100 + rate))


def clearance_price(price: int, days_left: int) -> int:
    """Goods that expire soon get cheaper: a third off in the last month, two thirds in the last week, then a gift."""
    if days_left <= 0:
        return 0
    if days_left <= 7:
        return round(price / 3)
    if days_left <= 30:
        return round(price * 2 / 3)
    return price
