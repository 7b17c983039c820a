"""What goods, units and money are called is never taken for a place with a slip: "2 литра" is not Литва, "jamón" not Japón."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge_base.packs import read_yaml
from knowledge_base.places_data import gazetteer, typos
from knowledge_base.places_data.words import key

FOLDER = Path(typos.__file__).parents[1]
FILES = [FOLDER / "quantities.yml", *(FOLDER / "goods").glob("*.yml"), FOLDER / "tariff" / "goods.yml"]
# They do name a place: goods of it.
OF_A_PLACE = {"canaria", "canarias", "canaries", "канары", "kashmiri", "palestinian", "میکسیکن"}


def words(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            yield from words(part)
    elif isinstance(data, str):
        yield from re.findall(r"[^\W\d_]+", data.lower())


def test_no_word_for_goods_is_a_slip_for_a_place():
    found = {word for path in FILES for word in words(read_yaml(path))} | {"литра", "литров", "литры"}
    names = gazetteer.load().names
    assert not {word for word in found - OF_A_PLACE if key(word) not in names and typos.near(key(word))}
