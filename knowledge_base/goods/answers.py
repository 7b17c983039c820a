"""A short message as the answer to the question that was asked last: "19", "yes", "by ferry", "dubai", "about 900", "نعم", "१९"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from knowledge_base.goods.amounts import amount_of, unit_of
from knowledge_base.goods.changes import Change, Understood
from knowledge_base.goods.draft import said_measures
from knowledge_base.goods.facts import said
from knowledge_base.goods.items import Item, strength_of
from knowledge_base.goods.messages import Message
from knowledge_base.goods.phrases import Facts
from knowledge_base.goods.tree import tree
from knowledge_base.rules.basket import Basket, Good, Money

_LONG_AGO = 9_999  # days: who never used an allowance has it whole
_COUNTS = frozenset({"age", "adults", "minors", "days_since_last"})
_BOOLEANS = frozenset({"resident", "crew"})
_LONGEST = 12  # words: more is no answer to one question only


def answered(
    expecting: str, message: Message, facts: Facts, items: Sequence[Item], basket: Basket, currency: str
) -> Understood | None:
    """The basket with the answer in it, None when the message is read better as something else."""
    if len(message.pieces) > _LONGEST or any(
        item.ops & {"remove", "correct", "swap", "more", "also", "negate"} for item in items
    ):
        return None
    line, _, name = expecting.rpartition(".")
    if line:
        good = next((good for good in basket.goods if good.id == line), None)
        return _of_line(good, name, message, facts, items, basket, currency) if good else None
    if any(item.is_named and item.has_amount for item in items):
        return None
    found = _of_traveller(name, message, facts)
    if found is None:
        return None
    before = getattr(basket.traveller, name, None)
    told = {key: value for key, value in facts.values.items() if key != name} | {name: found}
    changes = tuple(
        Change("fact", None, key, getattr(basket.traveller, key), value)
        for key, value in told.items()
        if getattr(basket.traveller, key) != value
    )
    if not changes and before != found:
        return None
    return Understood(
        basket.model_copy(update={"traveller": basket.traveller.model_copy(update=told)}), changes, (), False
    )


def _of_traveller(name: str, message: Message, facts: Facts) -> Any:
    if name in facts.values:
        return facts.values[name]
    numbers = [value for _, value in message.numbers.values()]
    if name in _COUNTS and numbers:
        number = numbers[0]
        if facts.spans and name == "days_since_last":
            number = facts.spans[0][0] * {"week": 7, "day": 1}.get(facts.spans[0][1], 1)
        fits = (
            number == int(number) and 0 <= number < (120 if name == "age" else 10_000) and (number > 0 or name != "age")
        )
        return int(number) if fits else None
    if name == "days_since_last" and any(said(message, word) for word in ("never", "no", "nothing")):
        return _LONG_AGO
    if name == "minors" and (said(message, "no") or said(message, "nothing")):
        return 0
    if name == "away_hours" and numbers:
        return numbers[0] if 0 < numbers[0] < 10_000 else None
    if name in _BOOLEANS:
        yes, no = said(message, "yes"), said(message, "no")
        return yes if yes != no else False if no else None
    if name == "arriving_in":
        return next(iter(facts.arrivals), None)
    if name == "arriving_from":
        return next(
            iter([*facts.bare, *([facts.values["arriving_in"]] if "arriving_in" in facts.values else [])]), None
        )
    return None


def _of_line(
    good: Good, name: str, message: Message, facts: Facts, items: Sequence[Item], basket: Basket, currency: str
) -> Understood | None:
    fields = _fields(good, name, message, facts, items, basket, currency)
    if not fields:
        return None
    changed = good.model_copy(update=fields)
    changes = tuple(
        Change("changed", good.id, key, getattr(good, key), value)
        for key, value in fields.items()
        if getattr(good, key) != value and key not in {"assumed", "unit", "said"}
    )
    goods = tuple(changed if each.id == good.id else each for each in basket.goods)
    told = {
        key: value
        for key, value in facts.values.items()
        if key != "arriving_from" or name not in {"made_in", "bought_in"}
    }
    traveller = basket.traveller.model_copy(update=told) if told else basket.traveller
    changes += tuple(
        Change("fact", None, key, getattr(basket.traveller, key), value)
        for key, value in told.items()
        if getattr(basket.traveller, key) != value
    )
    return Understood(basket.model_copy(update={"goods": goods, "traveller": traveller}), changes, (), False)


def _fields(
    good: Good, name: str, message: Message, facts: Facts, items: Sequence[Item], basket: Basket, currency: str
) -> dict[str, Any]:
    numbers = [value for _, value in message.numbers.values()]
    item = items[0] if len(items) == 1 else None
    other = item is not None and item.is_named and item.kind != good.kind and name != "kind"
    if len(items) > 1 or other:
        return {}
    if name == "strength":
        number = item.strength if item and item.strength is not None else next(iter(numbers), None)
        return {"strength": number} if number is not None and 0 <= number <= 100 else {}
    if name == "value":
        if item and item.price is not None and item.price.value is not None:
            times = good.quantity if item.each and good.unit == "each" and good.quantity else Decimal(1)
            return {"value": Money(amount=item.price.value * times, currency=item.price.unit or currency)}
        times = good.quantity if item and item.each and good.unit == "each" and good.quantity else Decimal(1)
        return {"value": Money(amount=numbers[0] * times, currency=currency)} if numbers else {}
    if name == "quantity" and item is not None and item.measures:
        amount = amount_of(item.measures, good.kind, basket.traveller.arriving_from, item.duty_free)
        if not any(measure.pack or measure.unit for measure in item.measures) and good.kind in tree():
            unit = unit_of(good.kind)  # "how many litres?" "2"
            return {"quantity": item.measures[0].number, "unit": unit, "assumed": ()}
        if amount.quantity is not None:
            return {"quantity": amount.quantity, "unit": amount.unit, "assumed": amount.assumed}
        return {}
    if name in {"made_in", "bought_in"}:
        countries = [
            *facts.bare,
            *(origin.country for origin in facts.origins),
            *([facts.values["arriving_from"]] if "arriving_from" in facts.values else []),
        ]
        return {name: countries[0]} if countries else {}
    if name == "kind" and item is not None and item.kind:
        fields: dict[str, Any] = {"kind": item.kind}
        if good.quantity is None and (measures := said_measures(good.said, message.language)):
            amount = amount_of(measures, item.kind, basket.traveller.arriving_from)
            fields |= {"quantity": amount.quantity, "unit": amount.unit, "assumed": amount.assumed}
        usual = strength_of(item.terms)
        return fields | ({"strength": usual} if usual is not None and good.strength is None else {})
    return {}
