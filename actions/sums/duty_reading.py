"""What a message says of a consignment: goods with their prices, how they come, from whom, what the way costs.

Goods, prices and places are read as for a traveller (knowledge_base/goods); the words of parcels are data: words.yml.
"""

from __future__ import annotations

import re
from typing import Any

from actions.context import Turn
from actions.sums.words import ends_of, says, says_only, without
from knowledge_base.goods.understanding import is_about_my_goods, understand
from knowledge_base.places import Named
from knowledge_base.quantities import Quantity, find_quantities
from knowledge_base.rules.basket import Basket, Good, Money
from knowledge_base.rules.consignment import Consignment, ConsignmentLine

# Courier before post, and both before an order: "ordered online, comes by DHL" is told apart in several respects.
_CHANNELS = ("courier", "post", "freight", "online", "luggage")
_SENT = ("courier", "post", "online", "freight")
_CHANNEL_OF = {"luggage": "traveller"}
_CLAUSE = re.compile(r"[.!?;؟۔।,，،、\n]|\s(?:and|plus|with|y|con|et|avec|и|с|و|और|اور)\s|和|加")
_BOOLEANS = ("gift", "seller_registered")
_PREPOSITION = re.compile(
    r"^\W*(?:(?:will|do|would) i (?:pay|owe)\W+)?(?:on|for|of|de|por|sobre|sur|pour|за|на|على|عن)\s+", re.I
)
_CODE = re.compile(r"\b\d{4}(?:[ .]?\d{2}){1,3}\b")


def tells_duty(turn: Turn, text: str, asked_for: bool) -> bool:
    """Does `text` tell goods with a price, to be taxed? `asked_for`: the classifier takes it for a question about duty.

    Goods with a price that somebody ordered are told for no other reason.
    """
    said = says("duty", text) or says("online", text)
    if not (asked_for or said) or not find_quantities(text, turn.language):
        return False
    if (says("luggage", text) and not tells_channel(text)) or not _has_price(turn, text):
        return False
    goods = _goods_asked_about(turn, text)
    if not is_about_my_goods(goods, turn.language, places=turn.places):
        return False
    basket = understand(goods, turn.language, Basket(), currency="USD", places=turn.places).basket
    told, traveller = basket.goods, basket.traveller
    # The classifier alone is no reason to tax as a consignment what a traveller carries: "a 500 pound watch, flying to london, i'm 30".
    carried = any(good.kind != "other" or good.carried_by for good in told)
    if not said and not tells_channel(text) and (carried or traveller.by or traveller.age or traveller.resident):
        return False
    # Of "a parcel worth 50 pounds" the guidance knows more than a sum that does not know what is in it.
    return any(not says_only("generic", good.description or good.said) for good in told)


def tells_channel(text: str) -> bool:
    """Does `text` say that the goods are sent: by post, by courier, ordered, as freight?"""
    return any(says(name, text) for name in _SENT)


def _has_price(turn: Turn, text: str) -> bool:
    return any(quantity.currency for quantity in find_quantities(text, turn.language))


def read_consignment(
    turn: Turn, text: str, before: Consignment, *, currency: str, expecting: str | None, named: Named
) -> Consignment:
    """`before` after `text`; the same when it says nothing. `expecting` is the fact that was asked ("g1.value", "channel")."""
    line, _, name = (expecting or "").rpartition(".")
    costs, rest = _costs(turn, text, currency, name or None)
    facts = costs | _facts(text, name) | _places(before, named, name)
    after = before.model_copy(update=facts)
    if (
        not line
        and name in {"freight", "insurance", *_BOOLEANS, "channel", "sender", "importer", "sent_from", "destination"}
        and name in facts
    ):
        return after
    basket = Basket(goods=tuple(_good(one) for one in after.lines))
    if line and name == "good":
        return after  # what it is, is told by the finder
    fact = {"origin": "made_in"}.get(name, name)
    rest = _goods_asked_about(turn, rest)
    for way in _SENT:
        rest = without(way, rest)  # "bluetooth speaker online" is a speaker
    found = understand(
        rest, turn.language, basket, currency=currency, expecting=f"{line}.{fact}" if line else None, places=turn.places
    )
    if not found.changes:
        return after
    lines = _lines(found.basket, after)
    return after.model_copy(update={"lines": lines}) if lines != after.lines else after


def _goods_asked_about(turn: Turn, text: str) -> str:
    """ "how much duty on a 900 dollar handbag" without the question in front, which would make the handbag a thing that is only asked about."""
    for end in reversed(ends_of("duty", text)):
        if _has_price(turn, text[end:]):
            return _PREPOSITION.sub("", text[end:])
    return text


def _good(line: ConsignmentLine) -> Good:
    """A line as a basket has it."""
    unit: Any = line.unit if line.unit in {"L", "g", "each"} else None
    kind = line.good if line.good in {"spirits", "beer", "wine", "cigarettes"} else "other"
    return Good(
        id=line.id, kind=kind, quantity=line.quantity if unit else None, unit=unit, value=line.value, strength=line.strength,
        said=line.said, description=line.said or None, made_in=line.origin,
    )  # fmt: skip


def _lines(basket: Basket, before: Consignment) -> tuple[ConsignmentLine, ...]:
    known = {line.id: line for line in before.lines}
    return tuple(_line(good, known.get(good.id)) for good in basket.goods)


def _line(good: Good, before: ConsignmentLine | None) -> ConsignmentLine:
    said = good.description or (before.said if before else "") or good.said
    fields: dict[str, Any] = {"value": good.value, "origin": good.made_in, "strength": good.strength, "said": said}
    if good.quantity is not None and good.unit in {"L", "g", "each"}:
        fields |= {"quantity": good.quantity, "unit": good.unit}
    return (before or ConsignmentLine(id=good.id)).model_copy(update=fields)


def _costs(turn: Turn, text: str, currency: str, expecting: str | None) -> tuple[dict[str, Any], str]:
    """What the way and its insurance cost, and the text without them."""
    found: dict[str, Any] = {}
    rest = text
    for quantity in reversed(find_quantities(text, turn.language)):
        clause = _around(text, quantity)
        name = "insurance" if says("insurance", clause) else "freight" if says("shipping", clause) else None
        if name is None and expecting in {"freight", "insurance"} and quantity.unit is None:
            name = expecting
        if name and name not in found and (quantity.currency or quantity.unit is None):
            found[name] = Money(amount=quantity.value, currency=quantity.currency or currency)
            rest = rest.replace(clause.strip(), " ")
    if "freight" not in found and (
        expecting == "freight" and (says_only("no", text) or "0" in text) or _is_free_shipping(text)
    ):
        found["freight"] = Money(amount=0, currency=currency)  # type: ignore[arg-type]
    return found, rest


def _is_free_shipping(text: str) -> bool:
    return bool(
        re.search(
            r"\bfree (?:shipping|delivery|postage)\b|env[ií]o gratis|livraison gratuite|шипинг бесплат|бесплатн\w+ доставк|شحن مجاني|免运费|包邮",
            text,
            re.I,
        )
    )


def _around(text: str, quantity: Quantity) -> str:
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, quantity.start)), default=0)
    after = _CLAUSE.search(text, quantity.end)
    return text[start : after.start() if after else len(text)]


def _facts(text: str, expecting: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    channel = next((name for name in _CHANNELS if says(name, text)), None)
    if channel and (channel != "luggage" or expecting == "channel"):
        found["channel"] = _CHANNEL_OF.get(channel, channel)
    if says("online", text):
        found |= {"gift": False, "sender": "business"}
    if says("gift", text) and not says("online", text):
        found |= {"gift": True} | ({"sender": "private"} if says("private_sender", text) else {})
    elif says("private_sender", text):
        found["sender"] = "private"
    if says("business", text):
        found["importer"] = "business"
    if says("tax_paid", text):
        found["seller_registered"] = True
    if expecting in _BOOLEANS and expecting not in found and says_only("yes", text, 1) != says_only("no", text, 1):
        found[expecting] = says_only("yes", text, 1)
    if expecting in {"sender", "importer"} and expecting not in found:
        if says("business", text):
            found[expecting] = "business"
        elif says("private_sender", text):
            found[expecting] = "private" if expecting == "sender" else "person"
    return found


def _places(before: Consignment, named: Named, expecting: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if named.origin and expecting != "origin":
        found["sent_from"] = named.origin
    if named.destination and expecting != "origin":
        name = "sent_from" if expecting == "sent_from" and not named.origin else "destination"
        found[name] = named.destination
    return {name: value for name, value in found.items() if value != getattr(before, name) and value != "EU"}


def code_in(text: str) -> str | None:
    """A tariff code that somebody wrote: "8517 13 00"."""
    match = _CODE.search(text)
    return match[0] if match else None
