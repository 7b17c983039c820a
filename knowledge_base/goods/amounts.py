"""From what was counted to how much it is: "2 bottles" of spirits are 1.4 litres, "a carton" of cigarettes is 200 pieces.

What nobody said (the size of a bottle) is taken from packs.yml and told as assumed, in codes like "bottle=0.7 L".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from knowledge_base.goods.tree import is_a, tree
from knowledge_base.goods.writing import table

_FLUID_OUNCE = Decimal("0.0295735295625")
_OUNCE = Decimal("28.349523125")
_LARGEST_PACKAGE = Decimal(5)  # litres: more than that is what several hold together
_PLACES = Decimal("0.001")


@dataclass(frozen=True)
class Measure:
    """A number with what it counts: a package, a unit of a basket ("oz" until it is known whether of a drink), or neither.

    `number` is None where only the package was said ("a carton" has 1). `total`: said to be that of all together.
    """

    number: Decimal | None = None
    pack: str | None = None
    unit: str | None = None
    singular: bool = False
    total: bool = False


@dataclass(frozen=True)
class Amount:
    """How much there is, in litres, grams or pieces; `count` packages or pieces; `assumed` codes of what was taken for granted."""

    quantity: Decimal | None = None
    unit: str | None = None
    count: Decimal | None = None
    pack: str | None = None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Content:
    number: Decimal
    unit: str


def unit_of(kind: str | None) -> str:
    """The unit in which a kind is counted; pieces for what is not known."""
    return tree()[kind].unit if kind in tree() else "each"


@cache
def _holds() -> dict[str, dict[str, Any]]:
    return table("packs")["holds"]


def _content(pack: str, kind: str, country: str | None, duty_free: bool) -> _Content | None:
    """What a package of `kind` usually holds, the nearest kind of the tree deciding; None when nobody can say."""
    told = _holds().get(pack, {})
    for name in tree()[kind].line:
        if name in told:
            held = told[name]
            if isinstance(held, dict):
                free = held.get("duty_free") if duty_free else None
                held = free or held.get("from", {}).get((country or "")[:2]) or held["usual"]
            number, unit = str(held).split()
            return _Content(Decimal(number), unit)
    return None


def tidy(number: Decimal) -> Decimal:
    """Without more places than people say, and without noughts at the end."""
    number = number.quantize(_PLACES) if number == number.quantize(_PLACES) or number.adjusted() > -3 else number
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def amount_of(
    measures: Sequence[Measure],
    kind: str | None,
    country: str | None = None,
    duty_free: bool = False,
    size: str | None = None,
) -> Amount:
    """How much `measures` of `kind` are. `country` is where the goods come from; `size` a content told before ("bottle=1 L")."""
    if not measures:
        return Amount()
    kind = kind if kind in tree() else None
    unit = unit_of(kind)
    amounts = [measure for measure in measures if measure.unit]
    packs = [measure for measure in measures if measure.pack]
    counts = [measure for measure in measures if not measure.pack and not measure.unit]
    if amounts and kind == "vape_device":
        amounts = []  # "a vape with 2 ml" is one device
        counts = counts or [Measure(Decimal(1))]
    if amounts:
        return _measured(amounts, packs, counts, kind)
    if packs:
        return _packed(packs, counts, kind, unit, country, duty_free, size)
    number = counts[0].number or Decimal(1)
    for further in counts[1:]:
        number *= further.number or 1  # "2 x 200"
    if kind and unit == "L":
        served = table("packs")["served_in"]
        pack = next((served[name] for name in tree()[kind].line if name in served), None)
        if pack:
            return _packed([Measure(number, pack)], [], kind, unit, country, duty_free, size)
        return Amount(count=number)
    if unit == "g":
        return Amount(count=number)  # "2 gold chains": their weight is not known
    return Amount(tidy(number), "each", number)


def _in_unit(measure: Measure, kind: str | None) -> tuple[Decimal, str]:
    number = measure.number or Decimal(1)
    if measure.unit == "oz":
        drink = kind is not None and unit_of(kind) == "L"
        return (number * _FLUID_OUNCE, "L") if drink else (number * _OUNCE, "g")
    return number, str(measure.unit)


def _measured(amounts: list[Measure], packs: list[Measure], counts: list[Measure], kind: str | None) -> Amount:
    """A volume or a weight, and how often it is there."""
    number, unit = _in_unit(amounts[0], kind)
    for further in amounts[1:]:
        more, its_unit = _in_unit(further, kind)
        if its_unit == unit and more < number and more != number:
            number += more  # "1 kg 500 g"
    times = Decimal(1)
    together = amounts[0].total or (unit == "L" and number > _LARGEST_PACKAGE and any(pack.number for pack in packs))
    for measure in [*packs, *counts]:
        times *= measure.number or 1
    quantity = number if together else number * times
    return Amount(tidy(quantity), unit, times, packs[0].pack if packs else None)


def _packed(
    packs: list[Measure],
    counts: list[Measure],
    kind: str | None,
    unit: str,
    country: str | None,
    duty_free: bool,
    size: str | None,
) -> Amount:
    pack = packs[0]
    times = pack.number or Decimal(1)
    if kind is None:
        return Amount(count=times, pack=pack.pack)
    inner = packs[1:]
    if pack.singular and pack.number and not inner and not counts and _is_content(kind, pack.number):
        counts, times = [Measure(pack.number)], Decimal(1)  # "a 20 pack": one of 20
    if not counts and not inner and size and size.startswith(f"{pack.pack}="):
        number, held_unit = size.partition("=")[2].split()
        return Amount(tidy(times * Decimal(number)), held_unit, times, pack.pack, (size,))
    if counts and not inner:
        number = counts[0].number or Decimal(1)
        held = _content(str(pack.pack), kind, country, duty_free)
        if held and held.unit == "each" and number == times * held.number:
            return Amount(tidy(number), "each", times, pack.pack)  # "2 cartons, 400 cigarettes"
        if unit == "each":
            return Amount(tidy(times * number), "each", times, pack.pack)
        if held and held.unit not in {"L", "g", "each"}:
            inner = [Measure(number, held.unit)]  # "a case of 24 beers"
        elif unit == "L":
            inner = [Measure(number, table("packs")["served_in"].get(kind, "bottle"))]
    assumed: list[str] = []
    name, outer = str(pack.pack), times
    for measure in inner:
        held = _content(name, kind, country, duty_free)
        if measure.number:
            times *= measure.number
        elif held and held.unit == measure.pack:
            times *= held.number
            assumed.append(f"{name}={held.number} {held.unit}")
        name = str(measure.pack)
    while held := _content(name, kind, country, duty_free):
        times *= held.number
        assumed.append(f"{name}={held.number} {held.unit}")
        if held.unit in {"L", "g", "each"}:
            return Amount(tidy(times), held.unit, outer, pack.pack, tuple(assumed))
        name = held.unit
    if kind == "other":
        return Amount(tidy(outer), "each", outer, pack.pack)  # "3 jars of honey"
    return Amount(count=outer, pack=pack.pack)


def _is_content(kind: str, number: Decimal) -> bool:
    told = table("packs")["pieces_in_a_pack"]
    return any(number in told.get(name, ()) for name in tree()[kind].line)


def packs_of(kind: str) -> frozenset[str]:
    """The packages in which goods of `kind` usually come."""
    return frozenset(pack for pack, told in _holds().items() if any(is_a(kind, name) for name in told))


def usually_of(pack: str | None) -> str | None:
    """What a package holds when nobody says what is in it: a carton cigarettes; None where nobody can tell."""
    return table("packs")["usually_of"].get(pack or "")
