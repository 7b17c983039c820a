"""Whether something in duties.yml applies to a consignment: yes, no, or not known (None) because somebody has not said it yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from knowledge_base.model import country_groups
from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Consignment
from knowledge_base.rules.duty_parts import When
from knowledge_base.rules.figure_book import FigureBook


def among(country: str | None, places: Iterable[str]) -> bool | None:
    """Is `country` one of `places` (countries, parts of them, or groups)? A part belongs to its country as well."""
    if country is None:
        return None
    names = {country, country.partition("-")[0]}
    return any(place in names or names & set(country_groups().get(place, ())) for place in places)


def both(answers: Iterable[bool | None]) -> bool | None:
    """All of `answers`: False as soon as one is, else None as soon as one is not known."""
    found = list(answers)
    return False if False in found else None if None in found else True


def within(value: Decimal | None, limit: Money | None, at_limit: str | None) -> bool | None:
    """Is `value` (of the limit's currency) inside `limit`? Exactly the limit is, unless the figure says otherwise."""
    if value is None or limit is None:
        return None
    return value < limit.amount if at_limit == "over" else value <= limit.amount


def holds(when: When, consignment: Consignment, price: Decimal | None, book: FigureBook) -> bool | None:
    """Does `when` hold for `consignment`, whose goods cost `price` without delivery?"""

    def same(said: object, asked: object) -> bool | None:
        return True if asked is None else None if said is None else said == asked

    def inside(figure: str | None) -> bool | None:
        return within(price, book.money(figure), book[figure].at_limit) if figure else True

    not_over = inside(when.value_over) if when.value_over else False
    not_from = among(consignment.sent_from, when.not_sent_from) if when.not_sent_from else False
    channel = consignment.channel
    return both(
        (
            True if not when.channels else None if channel is None else channel in when.channels,
            same(consignment.sender, when.sender),
            same(consignment.importer, when.importer),
            same(consignment.gift, when.gift),
            among(consignment.sent_from, when.sent_from) if when.sent_from else True,
            None if not_from is None else not not_from,
            _reached(when.start, book),
            None if (ended := _reached(when.end, book) if when.end else False) is None else not ended,
            inside(when.value_up_to),
            None if not_over is None else not not_over,
        )
    )


def _reached(figure: str | None, book: FigureBook) -> bool | None:
    """Is the day of the book the figure's day or a later one?"""
    if figure is None:
        return True
    value = book.value(figure)
    return book.day >= value if isinstance(value, date) else None
