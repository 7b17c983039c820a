"""What a sum of import duty and tax says. No wording: codes, rows and facts that are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge_base.rules.basket import Money
from knowledge_base.rules.results import Finding, Sum


@dataclass(frozen=True)
class DutyOption:
    """One lawful way to pay. `code` is `standard`, `preference` or `flat_rate`; `conditions` say what it asks for.

    Rows: `exchange` (a price in another currency: base, rate, amount, day of the rate), `customs_value`, `duty`, `additional_duty`,
    `excise`, `vat`, `vat_at_sale` (the seller took it), `fee`. A row that is not known has no amount and says why: `goods_unknown`,
    `value_unknown`, `freight_unknown`, `quantity_unknown`, `weight_unknown`, `strength_unknown`, `no_rate` (of exchange),
    `rate_unverified`, `rate_in_words` (published in a way that no sum can follow), `rate_unknown`, `retail_price_unknown`, `additional_unknown`, `excise_rate_unknown`, `tax_rate_unknown`, `figure_unknown`,
    `base_unknown` (a row above it is not known), `depends` (on a fact in `needs`).
    """

    code: str
    sum: Sum
    conditions: tuple[Finding, ...] = ()

    @property
    def total(self) -> Money | None:
        """All charges, None when one is not known."""
        return self.sum.total

    @property
    def on_arrival(self) -> Money | None:
        """What is left to pay when the goods arrive: the total without tax that the seller took."""
        if self.total is None:
            return None
        taken = sum(
            (row.amount.amount for row in self.sum.rows if row.kind == "vat_at_sale" and row.amount), Decimal(0)
        )
        return Money(amount=self.total.amount - taken, currency=self.total.currency)


@dataclass(frozen=True)
class DutyResult:
    """The ways to pay side by side, the one that holds without asking first; empty when nothing is imported.

    `needs` are the facts that are not known and would change the result, in the order in which a person expects to be asked: fields of
    Consignment ("channel", "freight") and of its lines ("g1.good", "g1.value", "g1.origin", "g1.quantity", "g1.weight",
    "g1.strength"). While it is not empty, rows that hang on them say `depends` and the others are certain.
    """

    administration: str
    day: date
    options: tuple[DutyOption, ...]
    needs: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def option(self, code: str) -> DutyOption | None:
        """The option of that code, None when there is none."""
        return next((option for option in self.options if option.code == code), None)

    @property
    def sums(self) -> tuple[Sum, ...]:
        """The sum of each option."""
        return tuple(option.sum for option in self.options)

    @property
    def figures(self) -> tuple[str, ...]:
        """The ids of all figures that rows and findings rest on."""
        return tuple(dict.fromkeys(figure for part in self._parts() for figure in part.figures))

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the sources that rows and findings name themselves, beside those of their figures."""
        return tuple(dict.fromkeys(source for part in self._parts() for source in part.sources))

    def _parts(self):
        for option in self.options:
            yield from option.sum.rows
            yield from option.conditions
        yield from self.findings
