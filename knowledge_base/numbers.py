"""Numbers in a text: digits of every script with the separators of every language, Chinese signs, and number words.

Works on folded texts (knowledge_base/folding.py); the words are data: quantities.yml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base.folding import LETTER, by_word, meaning_of, words_pattern
from knowledge_base.packs import read_yaml

_DIGITS = re.compile(
    r"(?<![a-z0-9_.,/:#-])(?<!\d[ ])"  # "C88" and "2027-01-01" hold no amounts; Chinese writes none apart
    r"(?:\d{1,3}(?:[ \u00a0\u202f']\d{3})*[ \u00a0\u202f']\d00|\d{1,3}(?:[\u00a0\u202f']\d{3})+|\d+(?:[.,]\d+)*)"
    r"(?![\d:/]|[.,]\d|-\d)"
)
_CHINESE_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_STEPS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
# 千万 is ten million, but before "do not" and "remember" it is "by all means".
_CHINESE = re.compile("(?!千万[别不勿要记注])(?!(?<=千)万)[零〇一二两三四五六七八九十百千万]+|半(?=[升公斤瓶])")
_BETWEEN = re.compile(r"[\s-]+(?:(?:and|y|et|و)\s*)?")


@dataclass(frozen=True)
class _Words:
    number: re.Pattern[str]
    multiplier: re.Pattern[str]
    dozen: re.Pattern[str]
    numbers: dict[str, Any]
    multipliers: dict[str, Any]


@cache
def _words() -> _Words:
    data = read_yaml(Path(__file__).with_name("quantities.yml"))
    numbers, multipliers = by_word(data["numbers"]), by_word(data["multipliers"])
    # "10k", "10 k"
    after = words_pattern(multipliers).replace(rf"(?<![{LETTER}])", "")
    return _Words(
        number=re.compile(words_pattern(numbers)),
        multiplier=re.compile(rf"[\s-]*{after}"),
        dozen=re.compile(words_pattern(word for word in multipliers if len(word) > 1)),
        numbers=numbers,
        multipliers=multipliers,
    )


def multiplied(folded: str, value: Decimal, end: int) -> tuple[Decimal, int]:
    """`value`, times the multiplier that stands at `end` if one does ("10k", "2 dozen"), and where that ends."""
    match = _words().multiplier.match(folded, end)
    if not match:
        return value, end
    return value * Decimal(str(meaning_of(_words().multipliers, match[0].strip(" -")))), match.end()


def find_numbers(folded: str, language: str) -> list[tuple[int, int, Decimal, bool]]:
    """(start, end, value, whether it is spelled) of every number, in the order of the text."""
    found = [(m.start(), m.end(), _value(m[0], language), False) for m in _DIGITS.finditer(folded)]
    found += [(m.start(), m.end(), _chinese(m[0]), True) for m in _CHINESE.finditer(folded)]
    found += _spelled(folded)
    return sorted(found)


def _value(written: str, language: str) -> Decimal:
    """The number that digits with separators say."""
    plain = re.sub(r"[ \u00a0\u202f']", "", written)
    groups = re.split("[.,]", plain)
    separators = re.findall("[.,]", plain)
    if not separators:
        return Decimal(plain)
    last = groups[-1]
    if len(set(separators)) > 1:  # "1.234,56": the last one is the decimal sign
        return Decimal("".join(groups[:-1]) + "." + last)
    thousands = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3 and groups[0] != "0"
    indian = separators[0] == "," and len(last) == 3 and all(len(group) == 2 for group in groups[1:-1])
    if len(separators) > 1:
        return Decimal("".join(groups)) if thousands or indian else Decimal(groups[0] + "." + "".join(groups[1:]))
    if thousands and (separators[0] == "," or language in {"es", "fr", "ru"}):
        return Decimal("".join(groups))
    return Decimal(groups[0] + "." + last)


def _chinese(signs: str) -> Decimal:
    if signs == "半":
        return Decimal("0.5")
    total = section = digit = 0
    for sign in signs:
        if sign in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[sign]
            continue
        step = _CHINESE_STEPS[sign]
        if step == 10_000:
            total, section, digit = (total + section + digit or 1) * step, 0, 0
        else:
            section, digit = section + (digit or 1) * step, 0
    return Decimal(total + section + digit)


def _spelled(folded: str) -> list[tuple[int, int, Decimal, bool]]:
    """Number words, with those that belong together added up: "four hundred", "deux cent cinquante"."""
    words = _words()
    found: list[tuple[int, int, Decimal, bool]] = []
    at = 0
    while match := words.number.search(folded, at):
        start, at = match.start(), match.end()
        value = Decimal(str(meaning_of(words.numbers, match[0])))
        while more := _BETWEEN.match(folded, at):
            step = words.number.match(folded, more.end())
            size = Decimal(str(meaning_of(words.numbers, step[0]))) if step else None
            larger = words.multiplier.match(folded, at)
            if larger and value < Decimal(str(meaning_of(words.multipliers, larger[0]))):
                value, at = multiplied(folded, value, at)
            elif step and size == 100 and value < 10:  # "deux cent"
                value *= 100
                at = step.end()
            elif step and size is not None and value >= 20 and 1 <= size < 100 and value % 100 % 10 == 0:
                value += size
                at = step.end()
            else:
                break
        found.append((start, at, value, True))
    # "a dozen", "hundred": a multiplier alone is a number
    for match in words.dozen.finditer(folded):
        if not any(s <= match.start() < e for s, e, _, _ in found):
            found.append((match.start(), match.end(), Decimal(str(meaning_of(words.multipliers, match[0]))), True))
    return found
