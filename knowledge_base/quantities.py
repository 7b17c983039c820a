"""Quantities in a text as people write them: "1,75 L", "£390", "10k", "४ लीटर", "400 سيجارة", "two dozen cigars".

>>> [(q.value, q.unit, q.kind) for q in find_quantities("5 litres of wine and 200 cigarettes")]
[(Decimal('5'), 'L', 'wine'), (Decimal('200'), 'each', 'cigarettes')]

Pure and quick (a text without a number costs microseconds). The words are data: quantities.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from knowledge_base.folding import LETTER, by_word, fold, meaning_of, words_pattern
from knowledge_base.numbers import find_numbers, multiplied
from knowledge_base.packs import read_yaml

# Units that are written here and kept as another: factor and unit.
_KEPT_AS = {
    "cl": (Decimal(10), "ml"), "lb": (Decimal("453.59237"), "g"), "oz": (Decimal("28.349523125"), "g"),
    "tola": (Decimal("11.6638038"), "g"),
}  # fmt: skip
# Unit → dimension and size in it. Months are no number of days.
_SIZES = {
    "L": ("volume", 1000), "ml": ("volume", 1), "kg": ("mass", 1000), "g": ("mass", 1), "km": ("length", 100_000), "m": ("length", 100),
    "cm": ("length", 1), "week": ("time", 168), "day": ("time", 24), "hour": ("time", 1), "year": ("months", 12), "month": ("months", 1),
    "percent": ("share", 1), "each": ("count", 1), "working_day": ("working days", 1),
}  # fmt: skip
_TIMES = re.compile(r"\s*[x×*]\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
# The kind stands within so many signs after the number, or before it.
_KIND_AFTER, _KIND_BEFORE = 28, 18
_CLAUSE = re.compile(r"[.!?;؟。，,\n]|\s(?:and|or|y|et|ou|и|или|و|और|اور|和)\s")


@dataclass(frozen=True)
class Quantity:
    """A number with what it counts, and where in the text it stands: text[start:end].

    `unit` is one of `knowledge_base.model.Unit`, a package (`bottle`, `carton`, `pack`, `can`, `case`) or None; `currency` an ISO
    code or None; both None: a bare number. `kind` is what is measured ("wine"), by the names in quantities.yml, when it is said.
    """

    value: Decimal
    unit: str | None
    currency: str | None
    kind: str | None
    start: int
    end: int

    @property
    def dimension(self) -> str | None:
        """`volume`, `mass`, `money:GBP` ...: only quantities of one dimension can be compared; None for a bare number or a package."""
        return dimension(self.unit, self.currency)


def dimension(unit: str | None, currency: str | None) -> str | None:
    """What a unit or currency measures, None when it cannot be compared by size."""
    if currency:
        return f"money:{currency}"
    return _SIZES[unit][0] if unit in _SIZES else None


def in_base(value: Decimal, unit: str | None) -> Decimal:
    """`value` in the smallest unit of its dimension, for comparing: 1.5 L → 1500."""
    return value * _SIZES[unit][1] if unit in _SIZES else value


@dataclass(frozen=True)
class _Words:
    unit: re.Pattern[str]
    currency: re.Pattern[str]
    before: re.Pattern[str]
    pair: re.Pattern[str]
    goods: re.Pattern[str]
    meaning: dict[str, dict[str, Any]]
    wider: dict[str, str]
    counted: frozenset[str]
    of_many: re.Pattern[str]


@cache
def _words() -> _Words:
    data = read_yaml(Path(__file__).with_name("quantities.yml"))
    units = data["units"] | data["packages"]
    tables = {
        "unit": units, "currency": data["currencies"], "pair": data["pairs"], "goods": data["goods"],
    }  # fmt: skip
    meaning = {name: by_word(table) for name, table in tables.items()}
    patterns = {name: words_pattern(words) for name, words in meaning.items()}
    # After a number a unit may stand without a blank: "5l", "10k", "20gm".
    after = {name: patterns[name].replace(rf"(?<![{LETTER}])", "") for name in ("unit", "currency")}
    return _Words(
        unit=re.compile(rf"[\s-]*{after['unit']}"),
        currency=re.compile(rf"\s*{after['currency']}"),
        before=re.compile(rf"(?<![{LETTER}])(?:[a-z]{{2,6}}|us\$|[$£€¥₹₽])[. ]{{0,2}}$"),
        pair=re.compile(patterns["pair"]),
        goods=re.compile(patterns["goods"]),
        meaning=meaning,
        wider=data["wider"],
        counted=frozenset(data["counted"]),
        of_many=re.compile(words_pattern(word for words in data["of_many"] for word in words).replace(rf"(?<![{LETTER}])", "")),
    )


def _meaning(table: str, word: str) -> Any:
    return meaning_of(_words().meaning[table], word)


def wider_kind(kind: str | None) -> str | None:
    """The kind that takes `kind` in: wine → alcohol; None when there is none."""
    return _words().wider.get(kind or "")


def is_within(kind: str, other: str) -> bool:
    """Is `kind` the same goods as `other`, or goods that `other` takes in?"""
    return kind == other or wider_kind(kind) == other


def is_counted(kind: str) -> bool:
    """Is the kind counted by the piece, as cigarettes are and wine is not?"""
    return kind in _words().counted


def find_kinds(text: str) -> list[tuple[str, int, int]]:
    """The goods that `text` names as (kind, start, end), in its order."""
    return list(_kinds(text))


# One turn looks at the same text several times.
@lru_cache(maxsize=256)
def _kinds(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((_meaning("goods", found[0]), found.start(), found.end()) for found in _words().goods.finditer(fold(text)))


def find_quantities(text: str, language: str = "en") -> list[Quantity]:
    """The quantities in `text`, in its order; `language` decides whether "1.750" is a thousand or a fraction. Never fails."""
    return list(_quantities(text, language))


def telling_currencies(text: str, language: str = "en") -> frozenset[str]:
    """The currencies (ISO codes) of amounts in `text` whose word tells the country: "£62" and "300 euros", not "20 dollars" or "5 pounds"."""
    folded = fold(text)
    return frozenset(
        amount.currency
        for amount in _quantities(text, language)
        if amount.currency and not _words().of_many.search(folded, amount.start, amount.end)
    )


@lru_cache(maxsize=256)
def _quantities(text: str, language: str) -> tuple[Quantity, ...]:
    folded = fold(text)
    numbers = find_numbers(folded, language)
    found: list[Quantity] = []
    for start, end, value, spelled in numbers:
        if any(other.start < end and start < other.end for other in found):
            continue  # it was read as part of the one before: "2 dozen"
        quantity = _with_unit(folded, start, end, value)
        if quantity is None:
            continue
        if found and _TIMES.search(folded[found[-1].end : quantity.start]) and found[-1].dimension in (None, "count"):
            first = found.pop()  # "2 x 750 ml"
            quantity = replace(quantity, value=first.value * quantity.value, start=first.start)
        next_at = next((s for s, e, _, _ in numbers if s >= quantity.end), len(folded))
        quantity = _with_kind(folded, quantity, found[-1].end if found else 0, next_at)
        # "one of them", "a two-way ticket", "in 2027": no quantities.
        bare = quantity.unit is None and quantity.currency is None
        if bare and (spelled or (_YEAR.match(folded[start:end]) and value != 2000)):
            continue
        found.append(quantity)
    return (*found, *_pairs(folded, found))


def _with_unit(folded: str, start: int, end: int, value: Decimal) -> Quantity | None:
    words = _words()
    value, end = multiplied(folded, value, end)
    unit = currency = None
    if match := words.unit.match(folded, end):
        unit, end = _meaning("unit", match[0].strip()), match.end()
    elif match := words.currency.match(folded, end):
        currency, end = _meaning("currency", match[0].strip()), match.end()
    if unit is None and (match := words.before.search(folded, 0, start)):
        if code := _meaning("currency", match[0].strip(" .")):
            currency, start = code, match.start()
    if unit in _KEPT_AS:
        factor, unit = _KEPT_AS[unit]
        value *= factor
    return Quantity(value, unit, currency, None, start, end)


def _with_kind(folded: str, quantity: Quantity, floor: int, ceiling: int) -> Quantity:
    """The quantity with the goods named right after it, else right before it."""
    words = _words()
    after = folded[quantity.end : min(quantity.end + _KIND_AFTER, ceiling)]
    if clause := _CLAUSE.search(after):
        after = after[: clause.start()]
    kind = end = None
    if match := words.goods.search(after):
        kind = _meaning("goods", match[0])
        if not after[: match.start()].strip(" -的支条根"):
            end = quantity.end + match.end()  # "400 cigarettes" is one piece of text
    else:
        before = folded[max(quantity.start - _KIND_BEFORE, floor) : quantity.start]
        before = _CLAUSE.split(before)[-1]
        matches = list(words.goods.finditer(before))
        kind = _meaning("goods", matches[-1][0]) if matches else None
    unit = quantity.unit
    if unit is None and quantity.currency is None and kind in words.counted and end is not None:
        unit = "each"
    return replace(quantity, kind=kind, unit=unit, end=end if end and unit == "each" else quantity.end)


def _pairs(folded: str, found: Iterable[Quantity]) -> list[Quantity]:
    """Arabic's words for two: "لترين"."""
    pairs = []
    for match in _words().pair.finditer(folded):
        quantity = Quantity(Decimal(2), _meaning("pair", match[0]), None, None, match.start(), match.end())
        if not any(q.start < quantity.end and quantity.start < q.end for q in found):
            pairs.append(_with_kind(folded, quantity, 0, len(folded)))
    return pairs
