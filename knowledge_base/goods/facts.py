"""What a message tells of the traveller: age, home, journey, crew, company; and which parts of the message told it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from knowledge_base.goods.lexicon import lexicon
from knowledge_base.goods.messages import Message
from knowledge_base.goods.phrases import Facts, mask, matches, number_in, phrases_of, role_at
from knowledge_base.goods.tokens import is_modal
from knowledge_base.goods.where import read_places
from knowledge_base.goods.writing import key, table
from knowledge_base.places import Administrations

_HOURS = {"hour": 1, "day": 24, "week": 168}
_OLDEST = 120
_YOUNGEST_BARE = 5  # "my wife one": not her age
_OTHERS = frozenset("our my his her their the s nuestro nuestra mi notre mon ma мой наш моему".split())
_NOT_AFTER_AGE = frozenset({"pack", "kind", "brand", "thing", "currency", "unit"})


def read_facts(message: Message, places: Administrations | None, arriving_in: str | None = None) -> Facts:
    """The facts of a message. `arriving_in` is what was known of the destination before."""
    facts = Facts()
    read_places(message, facts, places, arriving_in)
    _ages_of_others(message, facts)
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
        if role in _NOT_AFTER_AGE and name != "year" and not is_modal(_form(message, last), _form(message, last + 1)):
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


def _ages_of_others(message: Message, facts: Facts) -> None:
    """ "my daughter is 16", "my 17 year old son", "дочь, 16 лет"."""
    persons = list(_persons(message))
    for index, (end, value) in message.numbers.items():
        if not persons or not 0 < value < _OLDEST or value != int(value):
            continue
        stop = end
        while role_at(message, stop)[1] == "year" or _form(message, stop) in _years():
            stop += 1
        role = role_at(message, stop)[0]
        if role in _NOT_AFTER_AGE and stop == end and not is_modal(_form(message, stop), _form(message, stop + 1)):
            continue  # "my son has 2 bottles"
        before = [
            person for person in persons if person[2] <= index <= person[2] + 3 and _is_of(message, person[2], index)
        ]
        behind = [name for name, first, _ in persons if first == stop > end]
        bare = (
            value >= _YOUNGEST_BARE and not any(_form(message, at).isalnum() for at in range(before[-1][2], index))
            if before
            else False
        )
        is_told = stop > end or _form(message, index - 1) in _is() or bare
        for name in ([name for name, _, _ in before[-1:]] or behind) if is_told else ():
            facts.ages[name] = int(value)
            mask(message, facts, index, stop)


def _persons(message: Message) -> Iterator[tuple[str, int, int]]:
    """(name, first piece, piece after the last) of everybody whom facts.yml knows."""
    forms = [piece.form for piece in message.pieces]
    for index in range(len(forms)):
        match = lexicon().at(forms, index, message.language)
        if match and match[0].role == "person":
            yield match[0].name, index, index + match[1]


def _is_of(message: Message, first: int, last: int) -> bool:
    """Does nothing stand between a person and a number but words that lead to an age?"""
    between = range(first, last)
    return all(_form(message, at) in _is() or not _form(message, at).isalnum() for at in between)


@cache
def _is() -> frozenset[str]:
    return frozenset(key(word) for word in table("facts")["is_aged"])


@cache
def _years() -> frozenset[str]:
    return frozenset(key(word) for word in table("facts")["years_of_age"])


def _is_old(message: Message, index: int) -> bool:
    return _form(message, index) in {"old", "yo", "yrs"}


def _form(message: Message, index: int) -> str:
    return message.pieces[index].form if index < len(message.pieces) else ""


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
