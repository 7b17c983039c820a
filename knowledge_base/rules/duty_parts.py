"""The parts of content/<cc>/duties.yml: when something applies, tax, excise, duties on top, preferences, reliefs, flat rates, fees, notes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge_base.model import ID
from knowledge_base.rules.basket import Currency, Number
from knowledge_base.rules.consignment import Channel, Importer, Sender
from knowledge_base.rules.duty_goods import Group, Measure

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
    under it. `not_for` leaves goods out, `group_limits` lines of a group that cost more than a figure. Each of `pools` limits goods inside the relief: a share of each limit is used, by excise
    category or id of the good, and goods of a pool that is used up are charged.
    """

    id: Id
    frees: tuple[Literal["duty", "tax"], ...]
    instead: FigureId | None = None
    when: When = When()
    limit: FigureId | None = None
    over: Literal["whole", "fitting"] = "whole"
    not_for: tuple[Group, ...] = ()
    group_limits: dict[Group, FigureId] = {}
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
