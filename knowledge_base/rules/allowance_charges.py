"""What is due on what the pools charge: rows of duty, excise and tax, each with base and rate. What is not known stays a row without amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from knowledge_base.rules.allowance_data import AllowanceRules, Charge
from knowledge_base.rules.allowance_excise import ExciseTable, dues_of
from knowledge_base.rules.allowance_lines import Line
from knowledge_base.rules.allowance_pools import Pools, people
from knowledge_base.rules.allowance_when import belongs, holds
from knowledge_base.rules.basket import Money
from knowledge_base.rules.customs_value import rounded
from knowledge_base.rules.measures import ZERO, decimal, factor, in_unit
from knowledge_base.rules.results import Rate, Row


def _made(charge: Charge, line: Line) -> bool:
    if charge.made is None:
        return True
    if line.made_in is None:
        return not charge.made.among
    return (not charge.made.among or belongs(line.made_in, charge.made.among)) and not belongs(
        line.made_in, charge.made.excluded
    )


class Charger:
    """Makes the rows of one person. `pools` have been filled with `lines`."""

    def __init__(self, rules: AllowanceRules, pools: Pools, lines: Sequence[Line], excise: ExciseTable) -> None:
        self.rules, self.pools, self.book, self.excise = rules, pools, pools.book, excise
        self.lines = {line.id: line for line in lines}
        self.rows: list[tuple[Charge, Row]] = []

    def charge(self, charges: Sequence[Charge]) -> list[Row]:
        """The rows, in the order of `charges`; none for a charge that nothing falls under."""
        for charge in charges:
            parts = self._parts(charge)
            if not parts or not holds(charge.when, self.pools.facts, self.book):
                continue
            if charge.table:
                self.rows += [(charge, row) for row in self._by_table(charge, parts)]
            else:
                row = self._by_quantity(charge, parts) if charge.amount else self._by_value(charge, parts)
                if row:
                    self.rows.append((charge, row))
        return [row for _, row in self.rows]

    def _parts(self, charge: Charge) -> dict[str, Fraction | None]:
        """By line the fraction of it that the charge is on."""
        parts: dict[str, Fraction | None] = {}
        for pool in charge.pools:
            for name, part in self.pools.dealt.charged.get(pool, {}).items():
                line = self.lines[name]
                if part == 0 or (charge.kinds and line.kind not in charge.covered) or not _made(charge, line):
                    continue
                before = parts.get(name, ZERO)
                parts[name] = None if before is None or part is None else before + part
        return parts

    def _by_value(self, charge: Charge, parts: Mapping[str, Fraction | None]) -> Row | None:
        if not charge.percent and not (charge.first or charge.beyond or charge.up_to):
            return self._row(charge, parts, None, None, charge.why)
        values = [self._value(name, part) for name, part in parts.items()]
        before = [
            row.amount
            for earlier, row in self.rows
            if row.kind in charge.plus and set(earlier.pools) & set(charge.pools)
        ]
        if any(value is None for value in values):
            return self._row(charge, parts, None, None, "value_not_known")
        if any(amount is None for amount in before):
            return self._row(charge, parts, None, None, "earlier_row_not_known")
        base = sum((value for value in values if value), ZERO) + sum(
            (Fraction(amount.amount) for amount in before if amount), ZERO
        )
        return self._slice(charge, parts, base)

    def _by_table(self, charge: Charge, parts: Mapping[str, Fraction | None]) -> list[Row]:
        lines = [(self.lines[name], part) for name, part in parts.items()]
        dues = dues_of(self.excise, lines, self.pools.reader, self.book)
        return [
            replace(
                self._row(charge, due.lines, None, due.amount, due.why, due.rate),
                code=due.kind,
                figures=due.figures,
                sources=due.sources,
            )
            for due in dues
        ]

    def _slice(self, charge: Charge, parts: Mapping[str, Fraction | None], base: Fraction) -> Row | None:
        """The row on the part of `base` for which the rate is."""
        heads = sum(people(self.pools.facts)) if charge.joint else 1
        borders = {name: self.book.number(name) for name in (charge.first, charge.beyond, charge.up_to) if name}
        if any(border is None for border in borders.values()):
            return self._row(charge, parts, None, None, "figure_not_known")
        if charge.first:
            base = min(base, Fraction(borders[charge.first]) * heads)
        if charge.beyond:
            base = max(ZERO, base - Fraction(borders[charge.beyond]) * heads)
        if base <= 0:
            return None
        if charge.up_to and base > Fraction(borders[charge.up_to]):
            return self._row(charge, parts, base, None, charge.why or "rate_does_not_hold")
        if not charge.percent:
            return self._row(charge, parts, base, None, charge.why)
        percent = self.book.number(charge.percent)
        if percent is None:
            return self._row(charge, parts, base, None, "figure_not_known")
        return self._row(charge, parts, base, base * Fraction(percent) / 100, None, Rate(percent))

    def _by_quantity(self, charge: Charge, parts: Mapping[str, Fraction | None]) -> Row | None:
        amount = self.book.money(charge.amount or "")
        per, quantity, unit = charge.per or "", ZERO, ""
        for name, part in parts.items():
            line = self.lines[name]
            own, unit = self.pools.reader.quantity(line), line.unit
            if own is None or part is None:
                return self._row(charge, parts, None, None, "quantity_not_known")
            quantity += own * part
        each = in_unit(self.book, per, unit) if "." in per else factor(per, unit)
        if amount is None or each is None:
            return self._row(charge, parts, None, None, "figure_not_known")
        due = quantity / Fraction(each) * Fraction(amount.amount)
        return self._row(charge, parts, None, due, None, Rate(amount.amount, amount.currency, unit, each))

    def _value(self, name: str, part: Fraction | None) -> Fraction | None:
        value = self.pools.reader.value(self.lines[name])
        return None if value is None or part is None else value * part

    def _row(
        self, charge: Charge, parts: Iterable[str], base: Fraction | None, amount: Fraction | None,
        why: str | None, rate: Rate | None = None,
    ) -> Row:  # fmt: skip
        def money(number: Fraction | None) -> Money | None:
            exact = decimal(number)
            amount = None if exact is None else rounded(exact, self.rules.rounding)
            return None if amount is None else Money(amount=amount, currency=self.rules.currency)

        named = (charge.percent, charge.amount, charge.per, charge.first, charge.beyond, charge.up_to)
        figures = tuple(name for name in named if name and "." in name)
        sources = tuple(dict.fromkeys(self.book.source_of(name) for name in figures))
        return Row(
            charge.kind, money(amount), money(base), rate, tuple(parts), charge.kinds[0] if len(charge.kinds) == 1 else None,
            None if amount is not None else why, figures, sources,
        )  # fmt: skip
