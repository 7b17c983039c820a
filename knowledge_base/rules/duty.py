"""Import duty and tax on a consignment: `estimate_duty`. Pure: rules, figures and exchange rates in, a DutyResult out."""

from __future__ import annotations

from knowledge_base.rules.consignment import Consignment
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_result import DutyResult
from knowledge_base.rules.exchange import Exchange
from knowledge_base.rules.figure_book import FigureBook


def estimate_duty(rules: DutyRules, book: FigureBook, exchange: Exchange, consignment: Consignment) -> DutyResult:
    """What `consignment` pays on the day of `book`, every lawful way side by side.

    Never raises for what somebody asked: what is not known stands in the result, and what would change it in `needs`.
    """
    raise NotImplementedError
