"""What import duty and tax are asked about: goods that come in together, how they come, from whom, to where."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge_base.rules.basket import Country, Money, Number

Channel = Literal["post", "courier", "online", "freight", "traveller"]
"""How goods come: `online` is an order whose carrier is not known, `traveller` what somebody carries beyond an allowance."""
Sender = Literal["business", "private"]
Importer = Literal["person", "business"]
Quantity = Literal["kg", "g", "L", "each", "pair", "m2"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConsignmentLine(_Data):
    """Goods of one kind.

    `good` is an id of knowledge_base/tariff/goods.yml that somebody confirmed, None when it is not known what it is; `value` the price
    of the whole line without delivery. `origin` is where it was made, not where it is sent from. `weight` is net, in kilograms;
    `strength` per cent of alcohol by volume. `proof_of_origin`: does the importer hold one? `said` holds the asker's words.
    """

    id: str
    good: str | None = None
    value: Money | None = None
    origin: Country | None = None
    quantity: Number | None = None
    unit: Quantity | None = None
    weight: Number | None = None
    strength: Number | None = None
    proof_of_origin: bool | None = None
    said: str = ""


class Consignment(_Data):
    """Goods that come in together. What nobody has said is None, never 0: delivery that costs nothing is Money 0.

    `freight` is what is paid for the way, `insurance` what is paid for it apart from the freight (None: nothing apart). `destination` is
    a country or a part of one: it decides the rate of tax where states of one administration differ. `seller_registered`: did the
    seller take the tax when it sold?
    """

    lines: tuple[ConsignmentLine, ...] = ()
    freight: Money | None = None
    insurance: Money | None = None
    channel: Channel | None = None
    sender: Sender | None = None
    importer: Importer | None = None
    gift: bool | None = None
    sent_from: Country | None = None
    destination: Country | None = None
    seller_registered: bool | None = None
    day: date | None = None
