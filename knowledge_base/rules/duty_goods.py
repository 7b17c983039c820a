"""The rates of goods in content/<cc>/duties.yml: one good of tariff/goods.yml, its code and what it pays, with source and day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge_base.rules.basket import Currency, Number
from knowledge_base.said import Said

Measure = Literal["kg", "L", "each", "pair", "m2", "L pure alcohol"]
Group = Literal["alcohol", "tobacco", "vape", "perfume", "coffee", "tea"]
"""Goods that reliefs leave out or limit."""
TAXED_APART = frozenset(
    "art book children_clothing drink food hygiene investment_gold medical medicine pet_food plant safety".split()
)
"""Kinds of goods that many administrations tax less. Where a file has no rate for them, their tax is not known."""
TariffCode = Annotated[str, Field(pattern=r"^\d{4}( ?\.?\d{2}){0,4}$")]
GoodId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DutyPart(_Data):
    """`percent` of the customs value, or `amount` of `currency` for each `quantity` of `per`; not below `min` and not above `max`.

    {percent: 4.5, min: {amount: 0.3, currency: EUR, per: each}, max: {amount: 0.8, currency: EUR, per: each}}
    {amount: 0.1, currency: GBP, per: kg, quantity: 100}: 10 pence for 100 kg
    """

    percent: Number | None = Field(None, ge=0)
    amount: Number | None = Field(None, ge=0)
    currency: Currency | None = None
    per: Measure | None = None
    quantity: Number = Field("1", gt=0, validate_default=True)
    min: DutyPart | None = None
    max: DutyPart | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> DutyPart:
        if (self.percent is None) == (self.amount is None):
            raise ValueError(Said("needs either percent, or amount with currency and per"))
        if (self.amount is None) != (self.currency is None) or (self.amount is None) != (self.per is None):
            raise ValueError(Said("amount, currency and per go together"))
        return self


class GoodsRate(_Data):
    """What one good pays.

    `code` is the administration's own, as published. The parts of `duty` are added; without them the rate is not known, and every sum
    says so. `tax` is a category of the file's `tax`, or one of TAXED_APART. `excise` is a category of its `excise`. `additional` lists
    the additional duties (ids of the file) that name these goods; leave it out where nobody has looked: [] says that none does.
    `spared` names origins (by id) whose goods such a duty leaves out, `spared_under` the duties that a preference (its id) spares them.
    `preference` holds the duty under a preference (its id) where it is not the preference's own; `free_under` names those under which
    there is none, and they stand in `preference` too. `group` is what reliefs go by.
    """

    good: GoodId
    code: TariffCode
    duty: tuple[DutyPart, ...] | None = None
    tax: str = "standard"
    group: Group | None = None
    excise: str | None = None
    additional: tuple[str, ...] | None = None
    spared: dict[str, tuple[str, ...]] = {}
    spared_under: dict[str, tuple[str, ...]] = {}
    preference: dict[str, tuple[DutyPart, ...]] = {}
    free_under: tuple[str, ...] = ()
    source: str
    as_of: date
    status: Literal["verified", "conflicting", "unverified"]
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _freed(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(free := data.get("free_under"), list | tuple):
            return data
        nothing = {name: [{"percent": 0}] for name in free if isinstance(name, str)}
        return {**data, "preference": {**nothing, **(data.get("preference") or {})}}

    @property
    def known(self) -> bool:
        """May a sum use the duty?"""
        return self.duty is not None and self.status != "unverified"

    @property
    def free(self) -> bool:
        """Does the tariff free the goods of any origin?"""
        return self.known and all(part.percent == 0 and not part.min for part in self.duty or ())

    @property
    def kind(self) -> str:
        """The six digits of the world's common code."""
        return "".join(self.code.replace(".", "").split())[:6]
