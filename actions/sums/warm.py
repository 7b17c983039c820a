"""What the sums load when they are first used, loaded at the start: the first asker would wait seconds for it."""

from __future__ import annotations

from collections.abc import Iterable

from actions.sums import words
from knowledge_base.goods.understanding import is_about_my_goods, understand
from knowledge_base.rules.basket import Basket
from knowledge_base.rules.exchange import last_day
from knowledge_base.tariff.catalogue import read_catalogue


def warm_up(languages: Iterable[str]) -> None:
    """Read the word lists, the catalogue of goods and the table of exchange rates."""
    words.read_words()
    read_catalogue()
    last_day()
    for language in languages:
        text = "2 bottles of whisky to london"
        is_about_my_goods(text, language)
        understand(text, language, Basket(), currency="GBP")
