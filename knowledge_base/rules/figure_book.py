"""The figures of one administration on one day, as sums read them: what is not verified is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from knowledge_base.model import Figure
from knowledge_base.rules.basket import Money


class FigureBook:
    """`figures` by id, read for `day`. A figure that is unverified, unknown, or has no value on that day is None: never 0."""

    def __init__(self, figures: dict[str, Figure], day: date) -> None:
        self._figures = figures
        self.day = day

    def __getitem__(self, figure_id: str) -> Figure:
        """The figure itself. Raises KeyError for an id that the pack lacks (`customs check` finds it)."""
        return self._figures[figure_id]

    def value(self, figure_id: str) -> Decimal | date | str | None:
        """The value of a figure of any unit, None when it is not known."""
        figure = self._figures[figure_id]
        if figure.status == "unverified":
            return None
        try:
            return figure.value_on(self.day)
        except LookupError:
            return None

    def number(self, figure_id: str) -> Decimal | None:
        """The value of a figure that is a number, None when it is not known."""
        value = self.value(figure_id)
        return value if isinstance(value, Decimal) else None

    def money(self, figure_id: str) -> Money | None:
        """The value of a figure that is an amount of money. Raises ValueError when the figure has no currency."""
        figure = self._figures[figure_id]
        if figure.currency is None:
            raise ValueError(f"figure {figure_id} is in {figure.unit}, no currency")
        value = self.number(figure_id)
        return None if value is None else Money(amount=value, currency=figure.currency)

    def source_of(self, figure_id: str) -> str:
        """The id of the source that the figure rests on."""
        return self._figures[figure_id].source
