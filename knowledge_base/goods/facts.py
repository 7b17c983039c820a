"""What a message tells of the traveller: age, home, journey, crew, company; and which parts of the message told it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base.goods.lexicon import key, lexicon, table
from knowledge_base.goods.tokens import Message
from knowledge_base.places import Administrations, Place, find_places
from knowledge_base.quantities import read_yaml

_HOURS = {"hour": 1, "day": 24, "week": 168}
_OLDEST = 120
_TO = frozenset("to into towards à a до إلى الى 到 至".split())
_OTHERS = frozenset("our my his her their the s nuestro nuestra mi notre mon ma мой наш моему".split())
_NOT_AFTER_AGE = frozenset({"pack", "kind", "brand", "thing", "currency", "unit"})


@dataclass(frozen=True)
class Origin:
    """Where goods were made or bought (`field` of a line), and where the text tells it. `before`: goods follow it ("french wine")."""

    start: int
    field: str
    country: str
    before: bool = False


@dataclass
class Facts:
    """What was told: `values` by the field names of Traveller, `origins` of goods, `masked` spans, `home` the country one lives in."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)
    home: str | None = None
    masked: list[tuple[int, int]] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)  # countries that were named without saying what for
    spans: list[tuple[Decimal, str]] = field(default_factory=list)


@cache
def _phrases() -> dict[str, list[tuple[str, str]]]:
    """fact → (value, phrase between blanks), the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for fact, values in table("facts").items():
        if isinstance(values, list):
            values = {"": values}
        if fact == "persons":
            continue
        pairs = {(str(value), f" {key(phrase)} ") for value, phrases in values.items() for phrase in phrases}
        found[fact] = sorted(pairs, key=lambda pair: (-len(pair[1]), pair))
    return found


def _matches(message: Message, fact: str) -> Iterator[tuple[str, int, int]]:
    """(value, first piece, piece after the last) of every phrase of `fact` in the message."""
    for value, phrase in _phrases()[fact]:
        if value == "lives":
            continue
        at = message.told.find(phrase)
        if at >= 0 and at + 1 in message.at:
            end = message.at.get(at + len(phrase), len(message.pieces))
            yield value, message.at[at + 1], end


def read_facts(message: Message, places: Administrations | None, arriving_in: str | None = None) -> Facts:
    """The facts of a message. `arriving_in` is what was known of the destination before."""
    facts = Facts()
    _places(message, facts, places, arriving_in)
    _age(message, facts)
    _journey(message, facts)
    _company(message, facts)
    _spans(message, facts)
    return facts


def _mask(message: Message, facts: Facts, first: int, last: int) -> None:
    facts.masked.append((message.pieces[first].start, message.pieces[last - 1].end))


def _number_in(message: Message, first: int, last: int) -> Decimal | None:
    return next((message.numbers[index][1] for index in range(first, last) if index in message.numbers), None)


def _role_at(message: Message, index: int) -> tuple[str, str]:
    """(role, name) of the term at a piece."""
    if index >= len(message.pieces):
        return "", ""
    match = lexicon().at([piece.form for piece in message.pieces[index : index + 4]], 0, message.language)
    return (match[0].role, match[0].name) if match else ("", "")


def _age(message: Message, facts: Facts) -> None:
    for value, first, last in _matches(message, "age"):
        number = _number_in(message, first, last)
        if number is None or not 0 < number < _OLDEST or number != int(number):
            continue
        role, name = _role_at(message, last)
        if role in _NOT_AFTER_AGE and name != "year":
            continue
        before = [_role_at(message, index)[0] for index in range(max(first - 4, 0), first)]
        near = before[-2:] if first < 1 or message.pieces[first - 1].form not in {",", "،", "，", "."} else []
        forms = [piece.form for piece in message.pieces[max(first - 3, 0) : first]]
        if value == "any" and forms and (forms[-1] in _OTHERS or forms[-1] == "a" and not {"i", "m"} & set(forms)):
            continue  # "our 16 year old"
        if value == "any" and ("person" in before or {"brand", "kind"} & set(near)):
            continue
        facts.values["age"] = int(number)
        while last < len(message.pieces) and _role_at(message, last)[1] == "year" or _is_old(message, last):
            last += 1
        _mask(message, facts, first, last)
        return


def _is_old(message: Message, index: int) -> bool:
    return index < len(message.pieces) and message.pieces[index].form in {"old", "yo", "yrs"}


def _journey(message: Message, facts: Facts) -> None:
    ways = [(way == "private", end - first, way, first, end) for way, first, end in _matches(message, "by")]
    if ways:
        _, _, way, first, end = max(ways)
        facts.values["by"] = way
        for _, _, _, start, stop in ways:
            _mask(message, facts, start, stop)
    if any(True for _ in _matches(message, "in_transit")):
        facts.values["in_transit"] = True
    for fact in ("resident", "crew"):
        for value, first, end in _matches(message, fact):
            if fact == "resident" and facts.home is not None:
                break
            facts.values.setdefault(fact, value == "yes")
            _mask(message, facts, first, end)
            break


def _company(message: Message, facts: Facts) -> None:
    for value, first, end in _matches(message, "company"):
        number = _number_in(message, first, end)
        count = int(number) if number is not None and 0 <= number <= 50 and number == int(number) else None
        if value == "alone":
            facts.values |= {"adults": 1, "minors": 0} if "adults" not in facts.values else {}
        elif value == "couple":
            facts.values.setdefault("adults", 2)
        elif value in {"adults", "minors"} and count is not None:
            facts.values[value] = count
        elif value != "size" or count is None:
            continue
        _mask(message, facts, first, end)


def _spans(message: Message, facts: Facts) -> None:
    """How long one was away, or how long the last journey lies back."""
    told = message.told
    for index, (end, value) in message.numbers.items():
        role, unit = _role_at(message, end)
        form = message.pieces[end].form if end < len(message.pieces) else ""
        if unit in _HOURS and role == "unit":
            hours = value * _HOURS[unit]
        elif form in _nights():
            hours, unit = value * 24, "day"
        else:
            continue
        stop = end + 1
        near = {message.pieces[at].form for at in range(max(index - 3, 0), min(stop + 2, len(message.pieces)))}
        last = any(phrase in told for _, phrase in _phrases()["last_time"])
        ago = bool(near & _ago())
        facts.spans.append((value, unit))
        if last and ago and unit in {"day", "week"} and hours % 24 == 0:
            facts.values.setdefault("days_since_last", int(hours / 24))
        elif not ago and value < 10_000:
            stays = facts.values.get("resident") is False or any(True for _ in _matches(message, "stays"))
            facts.values.setdefault("staying_hours" if stays else "away_hours", hours)
        _mask(message, facts, index, stop)


@cache
def _nights() -> frozenset[str]:
    return frozenset(key(word) for word in table("facts")["nights"])


@cache
def _ago() -> frozenset[str]:
    return frozenset(key(word) for word in table("facts")["ago"])


def _places(message: Message, facts: Facts, places: Administrations | None, arriving_in: str | None) -> None:
    found = places.find(message.text).places if places is not None else find_places(message.text)
    by_start = {piece.start: index for index, piece in enumerate(message.pieces)}
    home: str | None = None
    airport = False
    for place in found:
        index = by_start.get(place.start)
        if index is None or _is_goods(message, index, place):
            continue
        country = _country(place)
        if country is None:
            continue
        last = next((at for at in range(index, len(message.pieces)) if message.pieces[at].end >= place.end), index) + 1
        if place.kind == "demonym":
            facts.origins.append(Origin(place.start, "made_in", country, before=True))
            _mask(message, facts, index, last)
            continue
        around = _around(message, index, last)
        toward = index > 0 and message.pieces[index - 1].form in _TO
        if around in {"made_in", "bought_in"}:
            facts.origins.append(Origin(place.start, around, country))
        elif around == "lives":
            home = country
        elif place.role == "from" and not toward:
            facts.values.setdefault("arriving_from", country)
        elif place.role == "to" or toward:
            facts.values["arriving_in"] = country
        elif place.role is None:
            facts.bare.append(country)
        airport = airport or place.kind == "airport"
        _mask(message, facts, index, last)
    if airport:
        facts.values.setdefault("by", "air")
    if home is not None:
        facts.home = home
        goal = facts.values.get("arriving_in") or arriving_in
        if goal:
            facts.values["resident"] = same_territory(home, goal)


def _country(place: Place) -> str | None:
    code = place.country.upper()
    return code if len(code) == 2 and code.isalpha() else None


def _is_goods(message: Message, index: int, place: Place) -> bool:
    """Is a name of goods meant: "bombay sapphire", "a bottle of cologne", "panama hat"?"""
    match = lexicon().at([piece.form for piece in message.pieces[index : index + 5]], 0, message.language)
    if match is None or match[0].role not in {"brand", "kind", "thing"}:
        return False
    covers = message.pieces[min(index + match[1], len(message.pieces)) - 1].end
    if covers > place.end:
        return True
    if covers < place.end or match[0].doubtful and place.role in {"from", "to"}:
        return False
    before = {piece.form for piece in message.pieces[max(index - 3, 0) : index]}
    packs = any(_role_at(message, at)[0] in {"pack", "kind"} for at in range(max(index - 3, 0), index))
    numbers = any(at in message.numbers for at in range(max(index - 2, 0), index))
    return packs or numbers or place.role is None and not before & _TO


def _around(message: Message, first: int, last: int) -> str | None:
    """Is a place where goods were made or bought, or where the asker lives?"""
    forms = [piece.form for piece in message.pieces]
    near = f" {' '.join(forms[max(first - 5, 0) : first])} | {' '.join(forms[last : last + 4])} "
    for name, phrases in _places_told().items():
        for phrase in phrases:
            if f"{phrase}|" in near or f"{phrase}the |" in near or f"|{phrase}" in near:
                return name
    return None


@cache
def _places_told() -> dict[str, tuple[str, ...]]:
    """What a place is, by the phrases beside it."""
    made = table("corrections")["words"]["made_in"]
    return {
        "lives": tuple(phrase for value, phrase in _phrases()["resident"] if value == "lives"),
        "made_in": tuple(f" {key(word)} " for listed in made.values() for word in listed),
        "bought_in": tuple(phrase for _, phrase in _phrases()["bought"]),
    }


@cache
def _groups() -> dict[str, list[str]]:
    return read_yaml(Path(__file__).parent.parent / "country_groups.yml")


def same_territory(first: str, second: str) -> bool:
    """Are two countries one customs territory: the same country, or two of the European Union?"""
    union = set(_groups()["EU"]) | {"EU"}
    return first[:2] == second[:2] or {first[:2], second[:2]} <= union


def said(message: Message, which: str) -> bool:
    """Does the message say a word of the list "yes", "no" or "nothing", as an answer to a question?"""
    words = _answers(which)
    return any(f" {word} " in message.told for word in words)


@cache
def _answers(which: str) -> frozenset[str]:
    data = table("corrections")
    return frozenset(key(word) for listed in (data.get(which) or data["words"][which]).values() for word in listed)
