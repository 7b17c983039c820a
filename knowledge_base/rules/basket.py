"""What a sum is asked about: goods, money, and who carries them where.

Everything is plain data that survives JSON, as a conversation remembers it. What nobody has said is None, never 0.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

Number = Annotated[Decimal, PlainSerializer(str, return_type=str, when_used="json")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]  # ISO 3166-1, or 3166-2 for a part: GB-NIR
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Means = Literal["air", "sea", "land", "private"]  # private: one's own boat or aircraft


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(_Data):
    """An amount of one currency (ISO 4217). Amounts of two currencies are never added."""

    amount: Number
    currency: Currency


class Good(_Data):
    """One line of a basket.

    `kind` is an id of the product tree (goods.yml), None when it is not known what it is. `quantity` is in `unit`: litres, grams or
    pieces. `value` is the price of the whole line. `strength` is per cent of alcohol by volume. `said` holds the asker's words,
    `description` names goods of no kind of their own ("watch"), `made_in` and `bought_in` are countries. `carried_by` names another
    traveller who carries it ("wife"; "child" is a minor). `assumed` lists what was taken for granted, by codes of goods.yml ("bottle" of 750 ml).
    """

    id: str
    kind: str | None = None
    quantity: Number | None = None
    unit: Literal["L", "g", "each"] | None = None
    value: Money | None = None
    strength: Number | None = None
    said: str = ""
    description: str | None = None
    made_in: Country | None = None
    bought_in: Country | None = None
    carried_by: str | None = None
    assumed: tuple[str, ...] = ()


class Traveller(_Data):
    """Who carries the goods, and on which journey.

    Only where an allowance asks for them: `away_hours` abroad, `staying_hours` that a visitor means to stay, `days_since_last` use of the
    allowance, `in_transit` to a place outside.
    """

    age: int | None = None
    resident: bool | None = None
    arriving_from: Country | None = None
    arriving_in: Country | None = None
    port: str | None = None
    by: Means | None = None
    away_hours: Number | None = None
    staying_hours: Number | None = None
    days_since_last: int | None = None
    in_transit: bool | None = None
    crew: bool | None = None
    adults: int | None = None
    minors: int | None = None


class Basket(_Data):
    """All that one conversation has said about goods: the lines in their order, the traveller, the day of arrival.

    `ages` are those told of others who carry something, by the names of `Good.carried_by`, in years.
    """

    goods: tuple[Good, ...] = ()
    ages: dict[str, int] = Field(default_factory=dict)
    traveller: Traveller = Traveller()
    day: date | None = None
