"""What a message tells of the traveller: age, home, journey, crew, company; and which parts of the message told it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from knowledge_base.goods.messages import Message
from knowledge_base.goods.phrases import Facts, mask, matches, number_in, phrases_of, role_at
from knowledge_base.goods.where import read_places
from knowledge_base.goods.writing import key, table
from knowledge_base.places import Administrations

_HOURS = {"hour": 1, "day": 24, "week": 168}
_OLDEST = 120
_OTHERS = frozenset("our my his her their the s nuestro nuestra mi notre mon ma мой наш моему".split())
_NOT_AFTER_AGE = frozenset({"pack", "kind", "brand", "thing", "currency", "unit"})


def read_facts(message: Message, places: Administrations | None, arriving_in: str | None = None) -> Facts:
    """The facts of a message. `arriving_in` is what was known of the destination before."""
    facts = Facts()
    read_places(message, facts, places, arriving_in)
    _age(message, facts)
    _journey(message, facts)
    _company(message, facts)
    _spans(message, facts)
    return facts


def _age(message: Message, facts: Facts) -> None:
    for value, first, last in matches(message, "age"):
        number = number_in(message, first, last)
        if number is None or not 0 < number < _OLDEST or number != int(number):
            continue
        role, name = role_at(message, last)
        if role in _NOT_AFTER_AGE and name != "year":
            continue
        before = [role_at(message, index)[0] for index in range(max(first - 4, 0), first)]
        near = before[-2:] if first < 1 or message.pieces[first - 1].form not in {",", "،", "，", "."} else []
        forms = [piece.form for piece in message.pieces[max(first - 3, 0) : first]]
        if value == "any" and forms and (forms[-1] in _OTHERS or forms[-1] == "a" and not {"i", "m"} & set(forms)):
            continue  # "our 16 year old"
        if value == "any" and ("person" in before or {"brand", "kind"} & set(near)):
            continue
        facts.values["age"] = int(number)
        while last < len(message.pieces) and role_at(message, last)[1] == "year" or _is_old(message, last):
            last += 1
        mask(message, facts, first, last)
        return


def _is_old(message: Message, index: int) -> bool:
    return index < len(message.pieces) and message.pieces[index].form in {"old", "yo", "yrs"}


def _journey(message: Message, facts: Facts) -> None:
    ways = [(way == "private", end - first, way, first, end) for way, first, end in matches(message, "by")]
    if ways:
        _, _, way, first, end = max(ways)
        facts.values["by"] = way
        for _, _, _, start, stop in ways:
            mask(message, facts, start, stop)
    if any(True for _ in matches(message, "in_transit")):
        facts.values["in_transit"] = True
    for fact in ("resident", "crew"):
        for value, first, end in matches(message, fact):
            if fact == "resident" and facts.home is not None:
                break
            facts.values.setdefault(fact, value == "yes")
            mask(message, facts, first, end)
            break


def _company(message: Message, facts: Facts) -> None:
    for value, first, end in matches(message, "company"):
        number = number_in(message, first, end)
        count = int(number) if number is not None and 0 <= number <= 50 and number == int(number) else None
        if value == "alone":
            facts.values |= {"adults": 1, "minors": 0} if "adults" not in facts.values else {}
        elif value == "couple":
            facts.values.setdefault("adults", 2)
        elif value in {"adults", "minors"} and count is not None:
            facts.values[value] = count
        elif value != "size" or count is None:
            continue
        mask(message, facts, first, end)


def _spans(message: Message, facts: Facts) -> None:
    """How long one was away, or how long the last journey lies back."""
    told = message.told
    for index, (end, value) in message.numbers.items():
        role, unit = role_at(message, end)
        form = message.pieces[end].form if end < len(message.pieces) else ""
        if unit in _HOURS and role == "unit":
            hours = value * _HOURS[unit]
        elif form in _nights():
            hours, unit = value * 24, "day"
        else:
            continue
        stop = end + 1
        near = set(_around(message, index, stop))
        last = any(phrase in told for _, phrase in phrases_of()["last_time"])
        ago = bool(near & _ago())
        facts.spans.append((value, unit))
        if last and ago and unit in {"day", "week"} and hours % 24 == 0:
            facts.values.setdefault("days_since_last", int(hours / 24))
        elif not ago and value < 10_000:
            stays = facts.values.get("resident") is False or any(True for _ in matches(message, "stays"))
            facts.values.setdefault("staying_hours" if stays else "away_hours", hours)
        mask(message, facts, index, stop)


def _around(message: Message, index: int, stop: int) -> Iterator[str]:
    """The three words before a number and the two after its unit, as far as its clause goes: "away for 4 days, last used 90 days ago"."""
    before = [at for at in range(max(index - 3, 0), index)]
    for at in reversed(before):
        if _ends_clause(message, at, at + 1):
            break
        yield message.pieces[at].form
    for at in range(stop, min(stop + 2, len(message.pieces))):
        if _ends_clause(message, at - 1, at):
            break
        yield message.pieces[at].form


def _ends_clause(message: Message, before: int, after: int) -> bool:
    """Does a comma or a full stop stand between two pieces?"""
    between = message.text[message.pieces[before].end : message.pieces[after].start]
    return any(sign in between for sign in ",.;،؛。，") or message.pieces[before].form in {",", ".", ";", "،"}


@cache
def _nights() -> frozenset[str]:
    return frozenset(key(word) for word in table("facts")["nights"])


@cache
def _ago() -> frozenset[str]:
    return frozenset(key(word) for word in table("facts")["ago"])


def said(message: Message, which: str) -> bool:
    """Does the message say a word of the list "yes", "no", "never" or "nothing", as an answer to a question?"""
    words = _answers(which)
    return any(f" {word} " in message.told for word in words)


@cache
def _answers(which: str) -> frozenset[str]:
    data = table("corrections")
    return frozenset(key(word) for listed in (data.get(which) or data["words"][which]).values() for word in listed)
