"""The lawful ways to pay for one consignment: by the tariff, by a preference, by a flat rate in place of the duties."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from knowledge_base.rules.duty_charge import charge
from knowledge_base.rules.duty_conditions import holds
from knowledge_base.rules.duty_parts import FlatRate
from knowledge_base.rules.duty_reliefs import Treated
from knowledge_base.rules.duty_setting import Setting, Way
from knowledge_base.rules.results import Finding
from knowledge_base.rules.tax_rows import taken_at_sale


def ways(setting: Setting) -> Iterator[Way]:
    """The ways, the one that holds without asking first. Some may come to the same amounts."""
    flats = [flat for flat in setting.rules.flat_rates if _offered(setting, flat)]
    yield from (_flat_way(setting, flat) for flat in flats if flat.first)
    yield Way()
    preferences = Way("preference", setting.rules.preferences)
    claimable = any(setting.preference(treated.portion, preferences) for treated in setting.goods)
    if claimable and not _declared_shortly(setting):
        yield preferences
    yield from (_flat_way(setting, flat) for flat in flats if not flat.first)


def _declared_shortly(setting: Setting) -> bool:
    """Did the seller take the tax on goods that pay an amount for each kind? No preference goes with that declaration."""
    return taken_at_sale(setting) and any(treated.relief and treated.relief.instead for treated in setting.goods)


def conditions(setting: Setting, way: Way) -> tuple[Finding, ...]:
    """What a way asks for: a proof of origin, or to ask for it in time."""
    found = []
    for preference in way.preferences:
        goods = tuple(t.portion.line.id for t in setting.goods if setting.preference(t.portion, way) is preference)
        if goods:
            values = {"preference": preference.id, **({"entry": preference.entry} if preference.entry else {})}
            found.append(Finding("proof_of_origin", values, goods, (), preference.sources))
    if way.flat:
        values = {"rate": way.flat.id, **({"entry": way.flat.entry} if way.flat.entry else {})}
        found.append(Finding("flat_rate", values, (), (way.flat.rate, way.flat.up_to), way.flat.sources))
    return tuple(found)


def _able(setting: Setting, flat: FlatRate) -> list[int]:
    """The numbers of the portions that the flat rate may cover: dutiable ones that it does not leave out."""

    def able(treated: Treated) -> bool:
        rate = setting.rate(treated.portion)
        if rate is None or rate.group in flat.not_for or treated.free_of("duty"):
            return False
        return not rate.known or any(part.percent != 0 for part in rate.duty or ())

    return [number for number, treated in enumerate(setting.goods) if able(treated)]


def _offered(setting: Setting, flat: FlatRate) -> bool:
    able, most = _able(setting, flat), setting.book.money(flat.up_to)
    if not able or most is None or not holds(flat.when, setting.consignment, setting.price, setting.book):
        return False
    prices = [setting.goods[number].portion.price for number in able]
    if any(price is None for price in prices):
        return False
    return flat.over == "rest" or sum(prices, Decimal(0)) <= most.amount  # type: ignore[arg-type]


def _flat_way(setting: Setting, flat: FlatRate) -> Way:
    shares = [Decimal(0)] * len(setting.goods)
    most = setting.book.money(flat.up_to)
    left = most.amount if most else Decimal(0)
    # The dearest rates first: that is what the officer does, and what helps.
    for number in sorted(_able(setting, flat), key=lambda number: (-_burden(setting, number), number)):
        price = setting.goods[number].portion.price or Decimal(0)
        covered = min(price, left)
        shares[number] = covered / price if price else Decimal(1)
        left -= covered
    return Way("flat_rate", flat=flat, flat_share=tuple(shares))


def _burden(setting: Setting, number: int) -> Decimal:
    """The ordinary duty of a portion as a part of its value; goods whose duty is not known come last."""
    portion = setting.goods[number].portion
    rate, value = setting.rate(portion), setting.value(portion)
    if rate is None or not rate.known or not value:
        return Decimal(-1)
    amounts = [charge(part, portion, value).amount for part in rate.duty or ()]
    return Decimal(-1) if any(amount is None for amount in amounts) else sum(amounts, Decimal(0)) / value  # type: ignore
