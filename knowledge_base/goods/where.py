"""Places of a message: where one comes from and goes to, where one lives, where goods were made or bought."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge_base.goods.lexicon import lexicon
from knowledge_base.goods.messages import Message
from knowledge_base.goods.phrases import Facts, Origin, mask, phrases_of, role_at
from knowledge_base.goods.writing import key, table
from knowledge_base.packs import read_yaml
from knowledge_base.places import Administrations, Place, find_places

# Arabic writes these to the name of a place.
_ATTACHED = ("ل", "ب", "و", "ول", "لل", "ال")
_TO = frozenset("to into towards à a до إلى الى 到 至".split())


def read_places(message: Message, facts: Facts, places: Administrations | None, arriving_in: str | None) -> None:
    """Puts what the places of a message tell into `facts`. `arriving_in` is what was known of the destination before."""
    found = places.find(message.text).places if places is not None else find_places(message.text)
    by_start = {piece.start: index for index, piece in enumerate(message.pieces)}
    home: str | None = None
    airport = False
    for place in found:
        index = by_start.get(place.start)
        if index is None or _is_goods(message, index, place):
            continue
        country = _part(place)
        if country is None:
            continue
        last = next((at for at in range(index, len(message.pieces)) if message.pieces[at].end >= place.end), index) + 1
        if place.kind == "demonym":
            facts.origins.append(Origin(place.start, "made_in", country, before=True))
            mask(message, facts, index, last)
            continue
        facts.arrivals.append(_part(place, arrives=True) or country)
        around = _around(message, index, last)
        toward = index > 0 and message.pieces[index - 1].form in _TO
        if around in {"made_in", "bought_in"}:
            facts.origins.append(Origin(place.start, around, country))
        elif around == "lives":
            home = country
        elif place.role == "from" and not toward:
            facts.values.setdefault("arriving_from", country)
        elif place.role == "to" or toward:
            facts.values["arriving_in"] = _part(place, arrives=True)
        elif place.role is None:
            facts.bare.append(country)
        airport = airport or place.kind == "airport"
        mask(message, facts, index, last)
    if airport:
        facts.values.setdefault("by", "air")
    if home is not None:
        facts.home = home
        goal = facts.values.get("arriving_in") or arriving_in
        if goal:
            facts.values["resident"] = same_territory(home, goal)


def _part(place: Place, arrives: bool = False) -> str | None:
    """The part of a country with rules of its own that a place is, else its country."""
    parts = _parts()
    name = key(place.text)
    for called in (name, *(name.removeprefix(prefix) for prefix in _ATTACHED if name.startswith(prefix))):
        part = parts["parts"].get(called) or (parts["arrival"].get(called) if arrives else None)
        if part:
            return part
    return _country(place)


@cache
def _parts() -> dict[str, dict[str, str]]:
    facts = table("facts")
    return {
        which: {key(name): part for part, names in facts[which].items() for name in names}
        for which in ("parts", "arrival")
    }


def _country(place: Place) -> str | None:
    code = place.country.upper()
    return code if len(code) == 2 and code.isalpha() else None


def _is_goods(message: Message, index: int, place: Place) -> bool:
    """Is a name of goods meant: "bombay sapphire", "a bottle of cologne", "panama hat"?"""
    match = lexicon().at([piece.form for piece in message.pieces[index : index + 5]], 0, message.language)
    if match is not None and match[0].role in {"unit", "pack"}:
        return True  # "литра" lies near Литва
    if match is None or match[0].role not in {"brand", "kind", "thing"}:
        return False
    covers = message.pieces[min(index + match[1], len(message.pieces)) - 1].end
    if covers > place.end:
        return True
    if covers < place.end or match[0].doubtful and place.role in {"from", "to"}:
        return False
    before = {piece.form for piece in message.pieces[max(index - 3, 0) : index]}
    packs = any(role_at(message, at)[0] in {"pack", "kind"} for at in range(max(index - 3, 0), index))
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
        "lives": tuple(phrase for value, phrase in phrases_of()["resident"] if value == "lives"),
        "made_in": tuple(f" {key(word)} " for listed in made.values() for word in listed),
        "bought_in": tuple(phrase for _, phrase in phrases_of()["bought"]),
    }


@cache
def _groups() -> dict[str, list[str]]:
    return read_yaml(Path(__file__).parent.parent / "country_groups.yml")


def same_territory(first: str, second: str) -> bool:
    """Are two countries one customs territory: the same country, or two of the European Union?"""
    union = set(_groups()["EU"]) | {"EU"}
    return first[:2] == second[:2] or {first[:2], second[:2]} <= union
