"""The model of content/<cc>/duties.yml: how one administration works out import duty and tax. docs/duty.md shows it by example.

What law sets is a figure, named by its id; only the rates of single goods stand in the file itself, with their source and day.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge_base.model import ID, country_groups
from knowledge_base.rules.basket import Currency, Number
from knowledge_base.rules.consignment import Channel, Importer, Sender
from knowledge_base.rules.duty_goods import TAXED_APART, DutyPart, GoodsRate, Group, Measure
from knowledge_base.rules.exchange import ECB, Peg, Rates
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.files import RuleFile

FigureId = Annotated[str, Field(pattern=ID)]
EntryId = Annotated[str, Field(pattern=ID)]
Place = Annotated[str, Field(pattern=r"^[A-Z]{2,3}(-[A-Z0-9]{1,3})?$")]  # ISO 3166, or a group of country_groups.yml
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class When(_Data):
    """On which consignments something applies; what is left out does not matter. Figures of days: from and until, both included."""

    channels: tuple[Channel, ...] = ()
    sender: Sender | None = None
    importer: Importer | None = None
    gift: bool | None = None
    sent_from: tuple[Place, ...] = ()
    not_sent_from: tuple[Place, ...] = ()
    start: FigureId | None = Field(None, alias="from")
    end: FigureId | None = Field(None, alias="before")  # the first day on which it no longer applies
    value_over: FigureId | None = None  # the price of all goods, without delivery
    value_up_to: FigureId | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Rounding(_Data):
    """Amounts to multiples of `step` of the currency."""

    step: Number = Field("0.01", gt=0, validate_default=True)
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"


class FixedRate(_Data):
    """A currency that its bank keeps at one rate: one `base` is `figure` of `quote`."""

    base: Currency
    quote: Currency
    figure: FigureId


class CustomsValueRules(_Data):
    """`cif`: the price with freight and insurance to the border, shared out by the price of the lines. `fob`: the price alone."""

    basis: Literal["cif", "fob"]
    sources: tuple[str, ...]


class AtSale(_Data):
    """Consignments of which a registered seller takes the tax when it sells, up to `limit` of goods."""

    when: When = When()
    limit: FigureId
    not_for: tuple[Group, ...] = ()


class StateRates(_Data):
    """Rates of tax by category in one state of the administration, per cent, with their source. What is missing is not known."""

    rates: dict[str, Number]
    source: str


class TaxRules(_Data):
    """The tax on imports: per cent of customs value, freight and insurance, duties and excise.

    `rates` names a figure for each category; `states` gives rates by destination instead. The category `zero` is always nothing.
    """

    rates: dict[str, FigureId] = {}
    states: dict[Place, StateRates] = {}
    at_sale: AtSale | None = None
    sources: tuple[str, ...] = ()


class Excise(_Data):
    """One part of the excise on goods of a category; the parts that hold for the strength of the goods are added.

    `rate` for each `per` (or for each `quantity` of it, a figure), or per cent: of customs value and duties with `per: value`, of the
    price in a shop with `per: retail`, which no invoice tells, so that the row says that it is not known. Without a `rate` goods
    pay something that nobody has verified. The strengths are figures in per cent.
    """

    rate: FigureId | None = None
    per: Measure | Literal["value", "retail"] = "value"
    quantity: FigureId | None = None
    at_least: FigureId | None = None
    above: FigureId | None = None
    below: FigureId | None = None
    at_most: FigureId | None = None
    sources: tuple[str, ...] = ()


class AdditionalDuty(_Data):
    """A duty on top of the ordinary one, per cent of the customs value, for goods of some origins.

    `goods: listed` means goods whose rate names it, `all` every good, `unread` goods of a list that was not read: not known for any.
    `with_duty`: no more than `rate` together with the ordinary duty.
    """

    id: Id
    rate: FigureId
    with_duty: bool = False
    origins: tuple[Place, ...] = ()
    not_origins: tuple[Place, ...] = ()
    goods: Literal["listed", "all", "unread"] = "listed"
    when: When = When()
    sources: tuple[str, ...] = ()


class Preference(_Data):
    """A lower duty for goods that originate in some countries, with a proof. `rate` is a figure in per cent.

    Without `rate` only goods that give their own duty for it have one.
    """

    id: Id
    origins: tuple[Place, ...]
    rate: FigureId | None = None
    free_of: tuple[Id, ...] = ()  # fees and additional duties that are not charged either
    entry: EntryId | None = None  # tells which proof
    sources: tuple[str, ...] = ()


class Relief(_Data):
    """Something that is not charged on some consignments.

    `frees` says what. `instead` is a figure charged for each kind of goods (six digits of the code) in place of the duty. `limit` is the
    price of the goods, without delivery: `over: whole` charges all of a consignment above it, `fitting` only the lines that do not fit
    under it. `not_for` leaves goods out. Each of `pools` limits goods inside the relief: a share of each limit is used, by excise
    category or id of the good, and goods of a pool that is used up are charged.
    """

    id: Id
    frees: tuple[Literal["duty", "tax"], ...]
    instead: FigureId | None = None
    when: When = When()
    limit: FigureId | None = None
    over: Literal["whole", "fitting"] = "whole"
    not_for: tuple[Group, ...] = ()
    pools: tuple[dict[Id, FigureId], ...] = ()
    entry: EntryId | None = None
    sources: tuple[str, ...] = ()


class FlatRate(_Data):
    """One rate in place of the ordinary duties, where the importer may choose.

    `over: none` means that it holds only while all dutiable goods are worth `up_to` or less, `rest` that the ordinary rates apply to what
    is above. Goods that are free in the tariff stay free. `first`: it holds unless the importer asks for the ordinary rates.
    """

    id: Id
    rate: FigureId
    up_to: FigureId
    over: Literal["none", "rest"] = "none"
    when: When = When()
    not_for: tuple[Group, ...] = ()
    first: bool = False
    entry: EntryId | None = None
    sources: tuple[str, ...] = ()


class Fee(_Data):
    """A fee of the state for each consignment: an `amount`, or a `rate` of the customs value not below `min` and not above `max`."""

    id: Id
    amount: FigureId | None = None
    rate: FigureId | None = None
    min: FigureId | None = None
    max: FigureId | None = None
    when: When = When()
    sources: tuple[str, ...] = ()


class Note(_Data):
    """Something to tell beside the sum, by code, with the entry that explains it."""

    code: Id
    when: When = When()
    origins: tuple[Place, ...] = ()
    groups: tuple[Group, ...] = ()
    entry: EntryId | None = None
    figures: tuple[FigureId, ...] = ()
    sources: tuple[str, ...] = ()


class DutyRules(RuleFile):
    """duties.yml.

    `inside` is the territory from which nothing is imported, `not_to` the destinations that have other rules. `since` is a figure's day
    before which the file does not know the rules. `ruling` is the entry that tells how to have goods classified.
    """

    administration: str = Field(pattern=r"^[a-z]{2}$")
    currency: Currency
    since: FigureId | None = None
    ruling: EntryId | None = None
    inside: tuple[Place, ...]
    not_to: tuple[Place, ...] = ()
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
            (name, name, "This id is used twice; rename one.") for name in sorted(set(ids)) if ids.count(name) > 1
        ]
        goods = [rate.good for rate in self.goods]
        found += [
            (good, good, "This good stands twice; keep one.") for good in sorted(set(goods)) if goods.count(good) > 1
        ]
        categories = {"zero", "standard"} | TAXED_APART | (set(self.tax.rates) if self.tax else set())
        categories |= {name for state in (self.tax.states.values() if self.tax else ()) for name in state.rates}
        for rate in self.goods:
            for key, names, known in (
                ("tax", (rate.tax,), categories),
                ("excise", (rate.excise,) if rate.excise else (), self.excise),
                ("additional", rate.additional or (), {part.id for part in self.additional}),
                ("preference", rate.preference, {part.id for part in self.preferences}),
            ):
                unknown = [name for name in names if name not in known]
                found += [
                    (rate.good, name, f"No such {key} in this file; there: {', '.join(known)}.") for name in unknown
                ]
        found += [
            (
                rate.good,
                part.currency,
                f"Amounts of this file are in {self.currency}; give the rate that is published in it.",
            )
            for rate in self.goods
            for part in _all_parts(rate)
            if part.currency not in (None, self.currency)
        ]
        groups = {place for part in self._parts() for place in _places(part) if len(place) == 3}
        found += [
            (group, group, "Not a group of country_groups.yml.") for group in sorted(groups - country_groups().keys())
        ]
        return found


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
    for name in ("rates",):
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
