"""A message into a basket: goods, amounts, prices, facts of the traveller, corrections and what-ifs, in eight languages.

>>> understand("2 bottles of jack daniels and a carton of marlboro, i'm 19", "en", Basket(), currency="GBP").basket.goods[1].quantity
Decimal('200')

Pure and quick; the words are data, in the YAML files beside this one.
"""

from __future__ import annotations

from datetime import date

from knowledge_base.dates import find_day
from knowledge_base.goods.amounts import usually_of
from knowledge_base.goods.answers import answered
from knowledge_base.goods.applying import apply_items
from knowledge_base.goods.changes import Change, Understood
from knowledge_base.goods.draft import Applied
from knowledge_base.goods.facts import read_facts
from knowledge_base.goods.grouping import read_items
from knowledge_base.goods.items import Item
from knowledge_base.goods.messages import Message, read_message
from knowledge_base.goods.phrases import Facts
from knowledge_base.goods.tokens import tokens
from knowledge_base.parts import asks
from knowledge_base.places import Administrations
from knowledge_base.rules.basket import Basket

__all__ = ["Change", "Understood", "is_about_my_goods", "understand", "warm_up"]

_CLEARING_AT_MOST = 3  # other words beside "start over"


def warm_up() -> None:
    """Reads the words, so that the first asker does not wait for them."""
    understand("2 botles of cigaretes", "en", Basket(), currency="EUR")


def understand(
    text: str, language: str, basket: Basket, *, currency: str,
    expecting: str | None = None, places: Administrations | None = None, today: date | None = None,
) -> Understood:  # fmt: skip
    """`basket` after what `text` says.

    `currency` (ISO 4217) is that of a price told without one. `expecting` is the fact that was asked for last ("age", "g2.strength"):
    a short text is read as its answer. `places` knows the administrations' own names of places; `today` lets days be read. A text
    that says nothing changes nothing; none makes this fail.
    """
    message = read_message(text, language)
    facts = read_facts(message, places, basket.traveller.arriving_in)
    items, ops, loose = read_items(tokens(message, facts.masked), message.text, language)
    _give_origins(items, facts)
    if "clear" in ops and not any(item.is_named for item in items) and len(loose) <= _CLEARING_AT_MOST:
        return Understood(Basket(), (Change("cleared"),), (), False)
    if expecting and (read := answered(expecting, message, facts, items, basket, currency)) is not None:
        return read
    changes = _facts(message, facts, items, ops, basket, today)
    traveller = basket.traveller.model_copy(
        update={change.field: change.after for change in changes if change.field != "day"}
    )
    day = next((change.after for change in changes if change.field == "day"), basket.day)
    applied = Applied(
        goods=list(basket.goods),
        country=traveller.arriving_from,
        currency=currency,
        text=message.text,
        language=language,
        last=basket.goods[-1].id if basket.goods else None,
    )
    meant = _meant(items, message)
    apply_items(meant, applied)
    if not items and facts.origins and (line := applied.line(applied.last)):
        applied.change(line, **{facts.origins[0].field: facts.origins[0].country})
    changes += applied.changes
    ages = basket.ages | facts.ages
    after = Basket(goods=tuple(applied.goods), ages=ages, traveller=traveller, day=day)
    unclear = tuple(dict.fromkeys(applied.unclear))
    # What is told once more changes nothing, and is understood.
    again = bool(facts.values or facts.ages) or any(item.is_named and item.has_amount for item in meant)
    return Understood(after, tuple(changes), unclear, not (changes or unclear or again))


def _give_origins(items: list[Item], facts: Facts) -> None:
    """Each place of making or buying to the goods that it stands by."""
    for origin in facts.origins:
        behind = [item for item in items if 0 <= item.end <= origin.start]
        ahead = [item for item in items if item.end > origin.start]
        nearest = (ahead[:1] or behind[-1:]) if origin.before else (behind[-1:] or ahead[:1])
        for item in nearest:
            setattr(item, origin.field, origin.country)


def _meant(items: list[Item], message: Message) -> list[Item]:
    """The items that tell goods: not cash, no bounds of a rule, and no goods that a question only asks about."""
    told = [item for item in items if not (item.bounded or item.cash) or item.ops & {"remove", "correct"}]
    others = any(item.is_named and "gifts" not in item.names for item in told)
    told = [
        item for item in told if not ("gifts" in item.names and len(item.names) == 1 and others and not item.has_amount)
    ]
    if not asks(message.text):
        return told
    if any(item.measures and not item.is_named for item in told[1:]):
        return told  # "whisky as a present, is one bottle fine"
    amounts = any(item.has_amount for item in told)
    return [
        item
        for item in told
        if item.has_amount
        or item.ops - {"also"}
        or item.person
        or item.made_in
        or item.bought_in
        or (item.article and amounts)
    ]


def _facts(
    message: Message, facts: Facts, items: list[Item], ops: set[str], basket: Basket, today: date | None
) -> list[Change]:
    told = dict(facts.values)
    if "arriving_from" not in told and facts.bare and ops & {"correct"} and not any(item.is_named for item in items):
        told["arriving_from"] = facts.bare[0]
    found = [
        Change("fact", None, name, before, after)
        for name, after in told.items()
        if (before := getattr(basket.traveller, name)) != after
    ]
    if (
        today is not None
        and (asked := find_day(message.text, today))
        and asked.precision == "day"
        and asked.day != basket.day
    ):
        found.append(Change("fact", None, "day", basket.day, asked.day))
    if "what_if" in ops:
        found = [Change("what_if", None, change.field, change.before, change.after) for change in found]
    return found


def is_about_my_goods(text: str, language: str, *, places: Administrations | None = None) -> bool:
    """Does `text` tell goods with an amount or a price, to be checked, rather than ask what the rule is?

    "can i bring 3 bottles of wine" does; "how much wine can i bring" and "is the limit 200 cigarettes" do not.
    """
    message = read_message(text, language)
    facts = read_facts(message, places)
    items, _, _ = read_items(tokens(message, facts.masked), message.text, language)
    told = [item for item in items if item.has_amount and not item.bounded and not item.cash]
    if any(_tells(item) for item in told):
        return True
    return sum(1 for item in items if item.is_named and (item.has_amount or item.article) and not item.bounded) > 1


def _tells(item: Item) -> bool:
    numbered = item.price is not None or any(measure.number is not None or measure.pack for measure in item.measures)
    usual = any(usually_of(measure.pack) and measure.number is not None for measure in item.measures)
    return numbered and (item.is_named or usual or (bool(item.words) and item.price is not None))
