"""Excise on what a traveller brings above the allowance, by the same table as for parcels: `excise` in duties.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from knowledge_base.goods.tree import tree
from knowledge_base.rules.allowance_lines import Line, Reader
from knowledge_base.rules.duty_parts import Excise
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.measures import ZERO, factor, in_unit
from knowledge_base.rules.results import Rate

ExciseTable = Mapping[str, Sequence[Excise]]


@dataclass
class Due:
    """The excise by one rate on goods of one kind: `lines` are the ids of the goods, `amount` None with the reason `why`."""

    kind: str
    part: Excise | None
    lines: list[str] = field(default_factory=list)
    amount: Fraction | None = ZERO
    why: str | None = None
    rate: Rate | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures of the rate."""
        return tuple(name for name in (self.part.rate, self.part.quantity) if name) if self.part else ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that the table names."""
        return self.part.sources if self.part else ()

    def unknown(self, why: str) -> None:
        """The amount is not known, whatever the other lines are."""
        self.amount, self.why = None, why


def dues_of(
    table: ExciseTable, lines: Sequence[tuple[Line, Fraction | None]], reader: Reader, book: FigureBook
) -> list[Due]:
    """The excise on `lines`, each with the fraction of it that is charged. A kind that the table lacks is due, but not known."""
    dues: dict[tuple[str, Excise | None], Due] = {}
    for line, fraction in lines:
        kind = next((name for name in tree()[line.kind].line if name in table), None)
        parts = [part for part in table[kind] if _holds(part, line, reader, book)] if kind else [None]
        for part in parts or [None]:
            due = dues.setdefault((line.kind, part), Due(line.kind, part))
            due.lines.append(line.id)
            _add(due, line, fraction, reader, book)
    return list(dues.values())


def _holds(part: Excise, line: Line, reader: Reader, book: FigureBook) -> bool:
    """Is the part for a drink of this strength? Where the strength is not known, every part may be: the row then says so."""
    bounds = ((part.at_least, "ge"), (part.above, "gt"), (part.below, "lt"), (part.at_most, "le"))
    if not any(name for name, _ in bounds):
        return True
    strength = reader.strength(line)
    for name, how in bounds:
        border = in_unit(book, name, "percent") if name else None
        if border is None or strength is None:
            continue
        if not {"ge": strength >= border, "gt": strength > border, "lt": strength < border, "le": strength <= border}[
            how
        ]:
            return False
    return True


def _add(due: Due, line: Line, fraction: Fraction | None, reader: Reader, book: FigureBook) -> None:
    part = due.part
    if part is None or part.rate is None:
        return due.unknown("excise_rate_unknown")
    if part.per in ("value", "retail"):
        return due.unknown("retail_price_unknown" if part.per == "retail" else "excise_base_unknown")
    amount = book.money(part.rate)
    per = book.number(part.quantity) if part.quantity else Decimal(1)
    if amount is None or per is None:
        return due.unknown("figure_not_known")
    due.rate = Rate(amount.amount, amount.currency, part.per, per)
    measured = _measured(line, part.per, reader)
    if measured is None or fraction is None:
        return due.unknown("quantity_not_known")
    if due.amount is not None:
        due.amount += measured * fraction / Fraction(per) * Fraction(amount.amount)
    return None


def _measured(line: Line, per: str, reader: Reader) -> Fraction | None:
    """The quantity of a line in the measure of a rate; None where it cannot be told, as of the weight of cigars that were counted."""
    pure = per == "L pure alcohol"
    times = factor(line.unit, "L" if pure else per)
    own = reader.quantity(line)
    if times is None or own is None:
        return None
    strength = reader.strength(line) if pure else Decimal(100)
    return None if strength is None else own * Fraction(times) * Fraction(strength) / 100
