"""How each fact of a traveller and of goods is asked for, with the answers that the rules tell apart as buttons."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from actions.context import Turn
from actions.offices import name_of
from actions.reply import say
from actions.sums.calculator import Question
from actions.sums.goods import kind_name, line_text
from knowledge_base.figures import format_value
from knowledge_base.goods.tree import tree
from knowledge_base.index.release import Shelf
from knowledge_base.model import country_groups
from knowledge_base.names import country_name
from knowledge_base.rules.allowance_data import AllowanceRules
from knowledge_base.rules.allowance_values import possible_values
from knowledge_base.rules.basket import Basket, Traveller
from knowledge_base.rules.figure_book import FigureBook

_ASKED = {
    "goods": "What are you bringing? Write it as you would say it, for example: 2 bottles of whisky, 200 cigarettes and a watch for 500 dollars.",
    "arriving_in": "Where do you arrive?",
    "arriving_from": "Which country do you come from?",
    "by": "How do you travel?",
    "age": "How old are you?",
    "away_hours": "How long were you away?",
    "staying_hours": "How long will you stay?",
    "days_since_last": "When did you last use your allowance?",
    "in_transit": "Do you only pass through on the way to another country?",
    "crew": "Do you work on the ship or aircraft?",
    "adults": "How many adults travel together?",
    "minors": "How many children travel with you?",
}
_OF_GOODS = {
    "kind": "What exactly is this: {line}?",
    "quantity": "How much is it: {line}?",
    "strength": "How strong is it: {line}?",
    "value": "What did it cost: {line}? Tell the price with its currency.",
}
_MEANS = {"air": "By air", "sea": "By sea", "land": "By road or rail", "private": "In my own boat or aircraft"}
_RESIDENCE = {True: "Resident", False: "Visitor"}
_PARTS = {
    "GB-NIR": "Northern Ireland", "ES-CN": "Canary Islands", "AE-DU": "Dubai", "AE-AZ": "Abu Dhabi", "AE-SH": "Sharjah",
}  # fmt: skip
_WITH_ARTICLE = frozenset({"ae", "eu", "us"})  # "the United States"
_TOP = ("spirits", "wine", "beer", "cigarettes", "loose_tobacco", "perfume", "other")
_HOURS_A_DAY = 24
_DAYS_A_MONTH = Decimal("30.4375")
_WHOLE = frozenset({"age", "days_since_last", "adults", "minors"})
_MOST_CHOICES = 7

Choices = list[tuple[str, str]]


def question_for(
    turn: Turn, shelf: Shelf, rules: AllowanceRules, book: FigureBook, fact: str, basket: Basket
) -> Question:
    """The question about `fact`, as `check_allowance` names it, or about `goods` when there are none yet."""
    line, _, name = fact.rpartition(".")
    if line:
        good = next((good for good in basket.goods if good.id == line), None)
        words = line_text(turn, good, shelf.administration.id) if good else line
        choices = _goods_choices(turn, rules, book, fact, name, good.kind if good else None)
        return Question(say(turn.language, _OF_GOODS[name], line=words), _buttons(fact, choices))
    if fact == "resident":
        country = name_of(shelf, turn.language)
        if turn.language == "en" and shelf.administration.id in _WITH_ARTICLE:
            country = f"the {country}"
        text = say(turn.language, "Do you live in {country}?", country=country)
        return Question(text, _buttons(fact, _yes_no(turn)))
    if fact == "goods":
        return Question(say(turn.language, _ASKED["goods"]))
    home = basket.traveller.arriving_in if fact == "arriving_from" else None
    return Question(say(turn.language, _ASKED[fact]), _buttons(fact, _choices(turn, rules, book, fact, home)))


def facts_in_words(turn: Turn, traveller: Traveller, administration: str) -> list[tuple[str, str]]:
    """What is known of the traveller, as (fact, words); each can be said anew."""
    found: list[tuple[str, str]] = []
    if traveller.age is not None:
        found.append(("age", say(turn.language, "Age: {age}", age=traveller.age)))
    if traveller.arriving_from and (name := _place_name(turn, traveller.arriving_from)):
        found.append(("arriving_from", say(turn.language, "From: {country}", country=name)))
    apart = any(part.startswith(f"{administration.upper()}-") for part in _PARTS) or administration == "eu"
    if apart and traveller.arriving_in and (name := _place_name(turn, traveller.arriving_in)):
        found.append(("arriving_in", say(turn.language, "To: {country}", country=name)))
    if traveller.by:
        found.append(("by", say(turn.language, _MEANS[traveller.by])))
    if traveller.resident is not None:
        found.append(("resident", say(turn.language, _RESIDENCE[traveller.resident])))
    return found


def _buttons(fact: str, choices: Choices) -> tuple[tuple[str, str], ...]:
    once = dict((title, value) for title, value in reversed(choices))
    in_order = [(title, once[title]) for title, _ in choices if title in once]
    unique = list(dict.fromkeys(in_order))[:_MOST_CHOICES]
    return tuple((title, f'/set_fact{{"fact":"{fact}","value":"{value}"}}') for title, value in unique)


def _yes_no(turn: Turn) -> Choices:
    return [(say(turn.language, "Yes"), "yes"), (say(turn.language, "No"), "no")]


def _choices(turn: Turn, rules: AllowanceRules, book: FigureBook, fact: str, home: str | None) -> Choices:
    values = [value for value in possible_values(rules, book, fact) if value is not None]
    if fact in ("arriving_from", "arriving_in"):
        return _places(turn, rules, fact, values, home)
    if fact == "by":
        return [(say(turn.language, _MEANS[name]), name) for name in _MEANS if name in values]
    if any(isinstance(value, bool) for value in values):
        return _yes_no(turn)
    return _ranges(turn, fact, values)


def _places(turn: Turn, rules: AllowanceRules, fact: str, values: Sequence[str], home: str | None) -> Choices:
    """The places that the rules name, groups by their name; any other is "another country". What most come from stands first."""
    named = {name for each, test in rules.conditions() if each == fact for name in (*test.among, *test.excluded)}
    common: Choices = []
    special: Choices = []
    for value in values:
        if (value in named or value in _PARTS) and value != home:
            if name := _place_name(turn, value):
                special.append((name, value))
        elif value in country_groups()["EU"] and "EU" in named:
            common.insert(0, (say(turn.language, "An EU country"), value))
        elif value != home:
            common.append((say(turn.language, "Another country"), value))
    return [*common, *special]


def _place_name(turn: Turn, place: str) -> str | None:
    """The name of a country or of a part that we have words for; None for another part: it can still be typed."""
    if place in _PARTS:
        return say(turn.language, _PARTS[place])
    if place == "GB":
        return say(turn.language, "Great Britain")
    return None if "-" in place else country_name(place, turn.language)


def _ranges(turn: Turn, fact: str, values: Sequence[Any]) -> Choices:
    """Numbers as the ranges between the borders that the rules name: "under 17", "17 or older"."""
    borders = sorted(value for value in values if value - 1 in values)
    if fact in ("adults", "minors") or not borders:
        return [(str(number), str(number)) for number in range(1 if fact == "adults" else 0, 5)]
    choices: Choices = [(_below(turn, fact, borders[0]), str(whole(fact, borders[0]) - 1))]
    choices += [
        (
            _at_least(turn, fact, border) if border == borders[-1] else _between(turn, fact, border, upper),
            str(whole(fact, border)),
        )
        for border, upper in zip(borders, [*borders[1:], 0])
    ]
    return choices


def whole(fact: str, value: Any) -> Any:
    """A value that the rules tell apart as the fact can have it: half a year is counted in whole days."""
    return ceil(value) if fact in _WHOLE else value


def _said(turn: Turn, fact: str, number: Decimal | int) -> str:
    unit = {"age": "year", "days_since_last": "day"}.get(fact, "hour")
    number = Decimal(number)
    if unit == "day" and number != number.to_integral_value():
        unit, number = "month", round(number / _DAYS_A_MONTH)
    if unit == "hour" and number % _HOURS_A_DAY == 0 and number > 2 * _HOURS_A_DAY:
        unit, number = "day", number / _HOURS_A_DAY
    return format_value(Decimal(number), unit, None, turn.language, "")


def _below(turn: Turn, fact: str, border: Any) -> str:
    return say(turn.language, "Less than {limit}", limit=_said(turn, fact, border))


def _at_least(turn: Turn, fact: str, border: Any) -> str:
    return say(turn.language, "{limit} or more", limit=_said(turn, fact, border))


def _between(turn: Turn, fact: str, border: Any, upper: Any) -> str:
    return say(
        turn.language,
        "{limit} or more, less than {next}",
        limit=_said(turn, fact, border),
        next=_said(turn, fact, upper),
    )


def _goods_choices(
    turn: Turn, rules: AllowanceRules, book: FigureBook, fact: str, name: str, kind: str | None
) -> Choices:
    if name == "strength":
        *borders, above = possible_values(rules, book, fact)
        if not borders:
            return []
        percent = f"{borders[-1].normalize():f}\N{NO-BREAK SPACE}%"
        return [
            (say(turn.language, "{percent} or weaker", percent=percent), str(borders[-1])),
            (say(turn.language, "Stronger than {percent}", percent=percent), str(above)),
        ]
    if name == "kind":
        below = [each.id for each in tree().values() if kind and each.parent == kind]
        return [(kind_name(each, turn.language), each) for each in (below or _TOP)]
    return []
