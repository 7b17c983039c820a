"""The consignment as a sum sees it: goods valued and treated, and the way in which duty is charged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Consignment
from knowledge_base.rules.customs_value import Portion, rounded
from knowledge_base.rules.duty_charge import charge
from knowledge_base.rules.duty_conditions import among
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_goods import DutyPart, GoodsRate
from knowledge_base.rules.duty_parts import FlatRate, Preference
from knowledge_base.rules.duty_reliefs import Treated
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Row


@dataclass(frozen=True)
class Way:
    """How duty is charged: by the tariff, or by preferences or a flat rate in its place.

    `flat_share` is the part of each portion (by number) that the flat rate covers.
    """

    code: str = "standard"
    preferences: tuple[Preference, ...] = ()
    flat: FlatRate | None = None
    flat_share: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Setting:
    """All that the rows are worked out from. `price` is that of all goods together, None when not known."""

    rules: DutyRules
    book: FigureBook
    consignment: Consignment
    goods: tuple[Treated, ...]
    price: Decimal | None

    def money(self, amount: Decimal | None) -> Money | None:
        """`amount` rounded, in the currency of the sum."""
        if amount is None:
            return None
        return Money(amount=rounded(amount, self.rules.rounding), currency=self.rules.currency)

    def value(self, portion: Portion) -> Decimal | None:
        """The customs value of a portion: with delivery where the administration counts it."""
        if portion.price is None or self.rules.value.basis == "fob":
            return portion.price
        return None if portion.delivery is None else portion.price + portion.delivery

    def rate(self, portion: Portion) -> GoodsRate | None:
        """What the file knows of the goods."""
        return self.rules.rate_of(portion.line.good)

    def preference(self, portion: Portion, way: Way) -> Preference | None:
        """The preference of `way` that the portion may have: its origin, a rate for it, and no word that the proof is missing.

        Goods that the tariff frees anyhow claim it too where it frees of fees or duties on top.
        """
        rate = self.rate(portion)
        if rate is None or portion.line.proof_of_origin is False:
            return None
        return next(
            (
                preference
                for preference in way.preferences
                if among(portion.line.origin, preference.origins)
                and (preference.rate or preference.id in rate.preference or self._spares(preference, rate))
            ),
            None,
        )

    @staticmethod
    def _spares(preference: Preference, rate: GoodsRate) -> bool:
        return rate.free and bool(preference.free_of or rate.spared_under.get(preference.id))

    def percent_row(self, figure: str, value: Decimal | None, portion: Portion, blank: Row) -> Row:
        percent = self.book.number(figure)
        if percent is None:
            return replace(blank, why="figure_unknown", figures=(figure,))
        found = charge(DutyPart(percent=percent), portion, value)
        why = found.why or (None if found.amount is not None else "base_unknown")
        return replace(blank, amount=self.money(found.amount), rate=found.rate, why=why, figures=(figure,))
