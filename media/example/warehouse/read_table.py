"""Reading the tables that suppliers send: comma or tab separated, quoted or not, now and then in a Chinese encoding."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BadRow:
    """A line that could not be used, and why; shown to whoever uploaded the table."""

    line: int
    reason: str


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Yield each record of a file as a mapping from column name to text. Blank lines are passed over."""
    text = decode(path.read_bytes())
    lines = text.splitlines(keepends=True)
    if not lines:
        return
    separator = "\t" if lines[0].count("\t") >= lines[0].count(",") else ","
    for record in csv.DictReader(lines, delimiter=separator):
        if any(record.values()):
            yield {name.strip(): (value or "").strip() for name, value in record.items() if name is not None}


def decode(raw: bytes) -> str:
    """UTF-8 with or without a byte order mark, else what suppliers in China send."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def check_stock_list(path: Path) -> tuple[dict[str, int], list[BadRow]]:
    """Quantities by SKU, and the lines that make no sense. The header is line 1."""
    quantities: dict[str, int] = {}
    bad: list[BadRow] = []
    for line, record in enumerate(read_table(path), start=2):
        sku = record.get("sku", "")
        if not sku:
            bad.append(BadRow(line, "no product code"))
            continue
        try:
            quantity = int(record.get("quantity", ""))
        except ValueError:
            bad.append(BadRow(line, f"{record.get('quantity')!r} is not a whole number"))
            continue
        if quantity < 0:
            bad.append(BadRow(line, "a negative quantity"))
        elif sku in quantities:
            bad.append(BadRow(line, f"{sku} was listed before"))
        else:
            quantities[sku] = quantity
    return quantities, bad
