"""Names of products as addresses, file names and search words."""

from __future__ import annotations

import re
import unicodedata

FILLER = frozenset("a an and are for from in is it of on or the this to with".split())


def without_accents(text: str) -> str:
    """Crème brûlée becomes creme brulee."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def url_name(title: str) -> str:
    """A title in the form that web addresses like: small letters and digits with hyphens between."""
    return re.sub(r"[^\w]+|_+", "-", without_accents(title).lower()).strip("-")


def search_words(text: str) -> list[str]:
    """The words of a text that are worth indexing, reduced to the singular."""
    words = re.findall(r"\w+", without_accents(text).lower())
    return [singular(word) for word in words if word not in FILLER]


def singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def shorten(text: str, width: int) -> str:
    """Cut a text to a width without cutting a word in two, and say so with an ellipsis."""
    if len(text) <= width:
        return text
    head = text[: width - 1].rsplit(" ", 1)[0]
    return head.rstrip(",.;: ") + "…"
