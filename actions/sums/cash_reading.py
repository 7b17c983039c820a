"""What a message says of money that is carried: amounts, their form, who carries them, the journey.

>>> read_cash("9000 pounds, my wife has 2000 euros", "en", CashCase(), currency="GBP").held[1].by
'adult'
"""

from __future__ import annotations

import re

from actions.sums.words import begins_with, forms_in, part_of_country, says
from knowledge_base.model import country_groups
from knowledge_base.places import Named
from knowledge_base.quantities import Quantity, find_kinds, find_quantities
from knowledge_base.rules.basket import Money
from knowledge_base.rules.cash import CashCase, Held

# A form is named near its amount: "a necklace worth 30000", "2000 in traveller's cheques".
_CLAUSE = re.compile(r"[.!?;؟۔।,，،、\n]|\s(?:and|plus|y|et|и|و|और|اور)\s|\bو(?=\d)|和|还有")
# A bare number is money from here on; below, it is a count of people or things.
_LEAST_BARE = 100
# Kinds of goods that are themselves money, or worn like it: no price of something bought.
_MONEY_KINDS = frozenset({"cash", "gold", "silver", "jewellery"})
_MOST_PERSONS = 20


def tells_cash(text: str, language: str, declared: bool) -> bool:
    """Does `text` tell an amount of money that somebody carries? `declared`: the classifier takes it for a question about cash."""
    amounts = [quantity for quantity in find_quantities(text, language) if _is_money(quantity, bare=declared)]
    goods = {kind for kind, _, _ in find_kinds(text)} - _MONEY_KINDS
    return bool(amounts) and not goods and (says("cash", text) or declared)


def _is_money(quantity: Quantity, bare: bool) -> bool:
    if quantity.currency:
        return True
    return bare and quantity.unit is None and quantity.kind in {None, "cash"} and quantity.value >= _LEAST_BARE


def read_cash(
    text: str, language: str, case: CashCase, *, currency: str, expecting: str | None = None, named: Named | None = None
) -> CashCase:
    """`case` after `text`; the same when it says nothing. Amounts without a currency are in `currency`. Never fails."""
    case = _journey(text, case, named, expecting)
    if case.held:
        currency = case.held[-1].money.currency  # "actually 15000" is money of the kind that was told
    amounts = [quantity for quantity in find_quantities(text, language) if _is_money(quantity, bare=True)]
    persons = _persons(text, language, expecting)
    if persons is not None:
        case = case.model_copy(update={"persons": persons})
    if expecting == "most" and amounts:
        money = Money(amount=amounts[0].value, currency=amounts[0].currency or currency)
        return case.model_copy(update={"most": money})
    if expecting == "persons" and persons is not None:
        return case
    # Of "10,000 (about 8,500 pounds)" each is an amount of its own only when they are told apart.
    held = [_held(text, quantity, currency) for quantity in amounts]
    if held:
        case = case.model_copy(update={"held": _merged(case.held, held, text), "most": None})
    elif case.held and says("remove", text) and (gone := _forms_to_remove(text)):
        case = case.model_copy(update={"held": tuple(one for one in case.held if one.form not in gone)})
    if held or (case.held and not amounts):
        case = _shared(text, case, bool(held))
    return case


def _journey(text: str, case: CashCase, named: Named | None, expecting: str | None) -> CashCase:
    if named is None or not named.places:
        return case
    start, end = named.origin, named.destination
    for place in named.places:
        part = part_of_country(place.country)
        if part and place.role == "from":
            start = part
        elif part:
            end = part
    if expecting == "other_end" and (start is None) != (end is None):
        return with_other_end(
            case, start or end or ""
        )  # whatever its small word, "paris" is the end that was asked for
    found = {name: value for name, value in (("start", start), ("end", end)) if value}
    return case.model_copy(update=found)


def with_other_end(case: CashCase, place: str) -> CashCase:
    """`case` with the end of the journey that was not known; where none was, the other one is the administration's."""
    if case.start or case.end:
        return case.model_copy(update={"start": place} if case.end else {"end": place})
    inside = place in country_groups()["EU"] or place == "EU"
    return case.model_copy(update={"start": place, "end": "EU" if inside else None})


def _persons(text: str, language: str, expecting: str | None) -> int | None:
    counts = [
        quantity.value
        for quantity in find_quantities(text, language)
        if not quantity.currency and quantity.unit in {None, "each"} and 1 <= quantity.value <= _MOST_PERSONS
    ]
    if counts and (expecting == "persons" or says("family_of", text)) and counts[0] == int(counts[0]):
        return int(counts[0])
    return None


def _held(text: str, quantity: Quantity, currency: str) -> Held:
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, quantity.start)), default=0)
    after = _CLAUSE.search(text, quantity.end)
    clause = text[start : after.start() if after else len(text)]
    forms = [form for form, _, _ in forms_in(clause)]
    by = "minor" if says("minors", clause) else "adult" if says("adults", clause) else "self"
    shared = by != "self" and says("together", text)
    money = Money(amount=quantity.value, currency=quantity.currency or currency)
    return Held(money=money, form=forms[0] if forms else "notes", by="self" if shared else by)


def _merged(before: tuple[Held, ...], held: list[Held], text: str) -> tuple[Held, ...]:
    """New amounts beside the old ones after "and" or of another person or form, else in their place."""
    if not before:
        return tuple(held)
    if begins_with("also", text) and not says("instead", text):
        return (*before, *held)
    kept = tuple(one for one in before if (one.form, one.by) not in {(new.form, new.by) for new in held})
    own = any(new.by == "self" and new.form == "notes" for new in held)
    return tuple(held) if own and len(held) == len(before) else (*kept, *held)


def _forms_to_remove(text: str) -> set[str]:
    return {form for form, _, _ in forms_in(text)}


def _shared(text: str, case: CashCase, told: bool) -> CashCase:
    """Whether the amount is that of each person, or of all together."""
    changes: dict[str, object] = {}
    if told and says("each", text):
        changes["each"] = True
    if says("together", text):
        changes["each"] = False
    companions = says("adults", text) or says("minors", text)
    if companions and case.persons is None and (says("together", text) or says("each", text)):
        changes["persons"] = 2
    return case.model_copy(update=changes)
