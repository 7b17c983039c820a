"""The model of content/<cc>/duties.yml: how one administration works out import duty and tax. docs/duty.md shows it by example.

What law sets is a figure, named by its id; only the rates of single goods stand in the file itself, with their source and day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, Field

from knowledge_base.model import country_groups
from knowledge_base.rules.basket import Currency
from knowledge_base.rules.duty_goods import TAXED_APART, DutyPart, GoodsRate
from knowledge_base.rules.duty_parts import (
    AdditionalDuty,
    CustomsValueRules,
    EntryId,
    Excise,
    Fee,
    FigureId,
    FixedRate,
    FlatRate,
    Id,
    Note,
    Place,
    Preference,
    Relief,
    Rounding,
    TaxRules,
    When,
)
from knowledge_base.rules.exchange import ECB, Peg, Rates
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.files import RuleFile
from knowledge_base.said import Said


class DutyRules(RuleFile):
    """duties.yml.

    `inside` is the territory from which nothing is imported, `not_to` the destinations that have other rules. `since` is a figure's day
    before which the file does not know the rules. `other_rates_for` names origins that other rates than those of the goods hold for, which
    the file does not have. `ruling` is the entry that tells how to have goods classified.
    """

    administration: str = Field(pattern=r"^[a-z]{2}$")
    currency: Currency
    since: FigureId | None = None
    ruling: EntryId | None = None
    inside: tuple[Place, ...]
    not_to: tuple[Place, ...] = ()
    other_rates_for: tuple[Place, ...] = ()
    value: CustomsValueRules
    rounding: Rounding = Rounding()
    exchange: tuple[Literal["ecb_month", "ecb_day"], ...]
    pegs: tuple[FixedRate, ...] = ()
    tax: TaxRules | None = None
    excise: dict[Id, tuple[Excise, ...]] = {}
    additional: tuple[AdditionalDuty, ...] = ()
    preferences: tuple[Preference, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    flat_rates: tuple[FlatRate, ...] = ()
    fees: tuple[Fee, ...] = ()
    notes: tuple[Note, ...] = ()
    goods: tuple[GoodsRate, ...] = ()

    @cached_property
    def _by_good(self) -> dict[str, GoodsRate]:
        return {rate.good: rate for rate in self.goods}

    def rate_of(self, good: str | None) -> GoodsRate | None:
        """What the file knows of a good, None when it is not in it."""
        return self._by_good.get(good or "")

    def with_goods(self, goods: tuple[GoodsRate, ...]) -> DutyRules:
        """These rules over other goods. (A copy by pydantic would keep the goods that were looked up by id.)"""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return DutyRules.model_construct(**{**fields, "goods": goods})

    def rates(self, book: FigureBook) -> Rates:
        """The exchange rates that this administration's sums use, on the day of `book`."""
        known = ((peg, book.money(peg.figure)) for peg in self.pegs)
        pegs = tuple(Peg(peg.base, peg.quote, money.amount, peg.figure) for peg, money in known if money)
        return Rates(self.exchange, pegs)

    def _parts(self) -> Iterator[BaseModel]:
        yield self.value
        yield from (*self.additional, *self.preferences, *self.reliefs, *self.flat_rates, *self.fees, *self.notes)
        yield from (part for parts in self.excise.values() for part in parts)
        if self.tax:
            yield self.tax

    def figures(self) -> set[str]:
        """The ids of all figures that the file names."""
        named = {figure for part in self._parts() for figure in _figures(part)}
        named |= {peg.figure for peg in self.pegs}
        return named | ({self.since} if self.since else set())

    def entries(self) -> set[str]:
        """The ids of the entries that explain parts of the file, and of the one on rulings."""
        named = {entry for part in self._parts() if (entry := getattr(part, "entry", None))}
        return named | ({self.ruling} if self.ruling else set())

    def sources(self) -> set[str]:
        """The ids of the sources of parts, of states' rates and of goods."""
        named = {source for part in self._parts() for source in getattr(part, "sources", ())} | {ECB}
        if self.tax:
            named |= {state.source for state in self.tax.states.values()}
        return named | {rate.source for rate in self.goods}

    def problems(self) -> list[tuple[str, str, str]]:
        """Ids used twice; goods that name a category, a duty or a preference that the file does not have; groups that do not exist."""
        found = []
        ids = [part.id for part in self._parts() if hasattr(part, "id")]
        found += [
            (name, name, Said("This id is used twice; rename one.")) for name in sorted(set(ids)) if ids.count(name) > 1
        ]
        goods = [rate.good for rate in self.goods]
        found += [
            (good, good, Said("This good stands twice; keep one."))
            for good in sorted(set(goods))
            if goods.count(good) > 1
        ]
        categories = {"zero", "standard"} | TAXED_APART | (set(self.tax.rates) if self.tax else set())
        categories |= {name for state in (self.tax.states.values() if self.tax else ()) for name in state.rates}
        for rate in self.goods:
            for key, names, known in (
                ("tax", (rate.tax,), categories),
                ("excise", (rate.excise,) if rate.excise else (), self.excise),
                ("additional", rate.additional or (), {part.id for part in self.additional}),
                ("additional", rate.spared, rate.additional or ()),
                ("additional", _flat(rate.spared_under.values()), rate.additional or ()),
                ("preference", (*rate.preference, *rate.spared_under), {part.id for part in self.preferences}),
            ):
                unknown = [name for name in names if name not in known]
                found += [
                    (rate.good, name, Said("No such {key} here; there: {known}.", key=key, known=", ".join(known)))
                    for name in unknown
                ]
        found += [
            (
                rate.good,
                part.currency,
                Said(
                    "Amounts of this file are in {currency}; give the rate that is published in it.",
                    currency=self.currency,
                ),
            )
            for rate in self.goods
            for part in _all_parts(rate)
            if part.currency not in (None, self.currency)
        ]
        places = {place for part in self._parts() for place in _places(part)} | set(self.other_rates_for)
        places |= {place for rate in self.goods for place in _flat(rate.spared.values())}
        groups = {place for place in places if len(place) == 3}
        found += [
            (group, group, Said("Not a group of country_groups.yml."))
            for group in sorted(groups - country_groups().keys())
        ]
        return found


def _flat(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for part in names for name in part)


def _all_parts(rate: GoodsRate) -> Iterator[DutyPart]:
    for part in (*(rate.duty or ()), *(part for parts in rate.preference.values() for part in parts)):
        yield from (each for each in (part, part.min, part.max) if each is not None)


_FIGURES = (
    "rate",
    "amount",
    "min",
    "max",
    "limit",
    "instead",
    "up_to",
    "quantity",
    "at_least",
    "above",
    "below",
    "at_most",
)


def _figures(part: BaseModel) -> Iterator[str]:
    yield from (value for name in _FIGURES if isinstance(value := getattr(part, name, None), str))
    yield from getattr(part, "figures", ())
    for name in ("rates", "group_limits"):
        yield from getattr(part, name, {}).values()
    for pool in getattr(part, "pools", ()):
        yield from pool.values()
    for inner in (getattr(part, "when", None), getattr(part, "at_sale", None)):
        if inner is not None:
            yield from _figures(inner)
    if isinstance(part, When):
        yield from (value for value in (part.start, part.end, part.value_over, part.value_up_to) if value)


def _places(part: BaseModel) -> Iterator[str]:
    for name in ("origins", "not_origins", "sent_from", "not_sent_from"):
        yield from getattr(part, name, ())
    if isinstance(when := getattr(part, "when", None), When):
        yield from _places(when)
