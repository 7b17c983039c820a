"""How each fact of a consignment is asked for."""

from __future__ import annotations

from actions.context import Turn
from actions.reply import say
from actions.sums.calculator import Question
from actions.sums.headings import code_of, possible_goods
from actions.sums.telling import money
from knowledge_base.index.release import Shelf
from knowledge_base.names import country_name
from knowledge_base.rules.consignment import Consignment

_ASKED = {
    "goods": "What are the goods, and what did they cost? For example: a bluetooth speaker for 80 dollars, from China.",
    "sent_from": "Which country are the goods sent from?",
    "destination": "Which country are the goods going to?",
    "channel": "How do the goods come?",
    "importer": "Who receives the goods?",
    "sender": "Who sends the goods?",
    "gift": "Is it a present from one private person to another?",
    "freight": "What does the delivery cost? Write 0 if it is free.",
    "seller_registered": "Did the seller already charge the tax when you paid?",
}
_OF_LINE = {
    "value": "What did it cost: {line}? Tell the price with its currency.",
    "quantity": "How much is it: {line}?",
    "weight": "How much does it weigh: {line}?",
    "strength": "How strong is it: {line}?",
    "origin": "Which country was it made in: {line}?",
}
_CHOICES = {
    "channel": {
        "online": "I ordered it online", "post": "By post", "courier": "By courier", "freight": "As freight",
        "traveller": "In my luggage",
    },
    "importer": {"person": "A private person", "business": "A business"},
    "sender": {"business": "A shop or business", "private": "A private person"},
}  # fmt: skip
_GIFT = {True: "A present", False: "No present"}
_LABELS = {"channel": "Way", "sender": "Sender", "importer": "Receiver"}
_COMMON_ORIGINS = ("CN", "US", "GB", "DE", "IN")


def question_for(turn: Turn, shelf: Shelf, fact: str, data: Consignment) -> Question:
    """The question about `fact`, as `estimate_duty` names it."""
    line, _, name = fact.rpartition(".")
    said = next((one.said for one in data.lines if one.id == line), "") or "?"
    if name == "good":
        return _good(turn, line, said)
    if line:
        choices: list[tuple[str, str]] = []
        if name == "origin":
            choices = [
                (country_name(code, turn.language), code)
                for code in _COMMON_ORIGINS
                if code not in shelf.administration.covers
            ]
        return Question(say(turn.language, _OF_LINE[name], line=said), _buttons(fact, choices))
    if fact in {"gift", "seller_registered"}:
        choices = [(say(turn.language, "Yes"), "yes"), (say(turn.language, "No"), "no")]
    elif fact == "freight":
        choices = [(say(turn.language, "Nothing"), "0")]
    else:
        choices = [(say(turn.language, text), value) for value, text in _CHOICES.get(fact, {}).items()]
    return Question(say(turn.language, _ASKED[fact]), _buttons(fact, choices))


def facts_in_words(turn: Turn, data: Consignment, administration: str) -> list[tuple[str, str]]:
    """What is known beside the goods, as (fact, words); each can be said anew."""
    found: list[tuple[str, str]] = []
    if data.sent_from:
        found.append(
            ("sent_from", say(turn.language, "From: {country}", country=country_name(data.sent_from, turn.language)))
        )
    if data.destination and data.destination not in {"GB", "US", "AE"}:
        found.append(
            ("destination", say(turn.language, "To: {country}", country=country_name(data.destination, turn.language)))
        )
    for fact in ("channel", "sender", "importer"):
        if value := getattr(data, fact):
            label = say(turn.language, _LABELS[fact])
            found.append((fact, f"{label}: {say(turn.language, _CHOICES[fact][value])}"))
    if data.gift is not None:
        found.append(("gift", say(turn.language, _GIFT[data.gift])))
    if data.freight is not None:
        found.append(
            ("freight", say(turn.language, "Delivery: {amount}", amount=money(turn, data.freight, administration)))
        )
    return found


def _buttons(fact: str, choices: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((title, f'/set_fact{{"fact":"{fact}","value":"{value}"}}') for title, value in choices)


def _good(turn: Turn, line: str, said: str) -> Question:
    """Which goods these are: shown to be confirmed, to be chosen from, or that nobody should rely on a guess."""
    verdict, goods = possible_goods(turn, said)
    choices = tuple(
        (f"{good.name_in(turn.language)} ({code_of(good)})", f'/confirm_heading{{"line":"{line}","good":"{good.id}"}}')
        for good in goods
    )
    if verdict == "sure":
        name = f"{goods[0].name_in(turn.language)} ({code_of(goods[0])})"
        text = say(turn.language, "Is “{said}” this: {good}? If not, describe it in other words.", said=said, good=name)
        return Question(text, ((say(turn.language, "Yes"), choices[0][1]),))
    if verdict == "which":
        hint = next((ask for good in goods if (ask := good.ask.get(turn.language) or good.ask.get("en"))), None)
        text = say(turn.language, "Which of these is “{said}”? If none, describe it in other words.", said=said)
        return Question(f"{text} {hint}" if hint else text, choices)
    text = say(
        turn.language,
        "I cannot say for certain what “{said}” is in the tariff. Describe it by material and use, or write its tariff code.",
        said=said,
    )
    return Question(text)
