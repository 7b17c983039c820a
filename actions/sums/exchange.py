"""The exchange rates that the sums of one administration use."""

from __future__ import annotations

from knowledge_base.index.release import Shelf
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.exchange import Exchange, Rates
from knowledge_base.rules.figure_book import FigureBook


def exchange_for(shelf: Shelf, book: FigureBook) -> Exchange:
    """The tables that the administration's pack names; the European Central Bank's where it names none."""
    duties = shelf.rules.get("duties")
    return duties.rates(book) if isinstance(duties, DutyRules) else Rates()
