"""What goods count for: prices in one currency, freight and insurance shared out by price, the customs value of each line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Consignment, ConsignmentLine
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_parts import Rounding
from knowledge_base.rules.exchange import Exchange
from knowledge_base.rules.results import Rate, Row

_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


@dataclass(frozen=True)
class Portion:
    """A line, or the part of it that is treated alike: `share` of its quantity.

    `price` is what it cost, `delivery` its part of freight and insurance, both in the currency of the sum; None when not known, and then
    `why` says it.
    """

    line: ConsignmentLine
    price: Decimal | None
    delivery: Decimal | None
    why: str | None = None
    share: Decimal = Decimal(1)

    def part(self, price: Decimal, rounding: Rounding) -> tuple[Portion, Portion]:
        """The part that cost `price`, and the rest. Only for a portion whose price is known and more than `price`."""
        assert self.price
        share = self.share * price / self.price
        delivery = None if self.delivery is None else rounded(self.delivery * price / self.price, rounding)
        rest = None if delivery is None else self.delivery - delivery  # type: ignore[operator]
        return (
            replace(self, price=price, delivery=delivery, share=share),
            replace(self, price=self.price - price, delivery=rest, share=self.share - share),
        )


def rounded(value: Decimal, rounding: Rounding) -> Decimal:
    """`value` as a multiple of the rounding's step."""
    return (value / rounding.step).quantize(Decimal(1), _MODES[rounding.mode]) * rounding.step


def convert(
    money: Money, line: tuple[str, ...], rules: DutyRules, exchange: Exchange, day: date, code: str | None = None
) -> tuple[Decimal | None, list[Row]]:
    """`money` in the currency of the sum, rounded, and the row that shows how; None when there is no rate."""
    if money.currency == rules.currency:
        return rounded(money.amount, rules.rounding), []
    rate = exchange.rate(money.currency, rules.currency, day)
    if rate is None:
        return None, [Row("exchange", None, base=money, goods=line, code=code, why="no_rate")]
    amount = rounded(money.amount * rate.value, rules.rounding)
    row = Row(
        "exchange",
        Money(amount=amount, currency=rules.currency),
        base=money,
        rate=Rate(rate.value, rules.currency),
        goods=line,
        code=code or rate.kind,
        figures=rate.figures,
        sources=rate.sources,
        as_of=rate.day,
    )
    return amount, [row]


def portions(
    rules: DutyRules, consignment: Consignment, exchange: Exchange, day: date
) -> tuple[tuple[Portion, ...], tuple[Row, ...]]:
    """The lines of `consignment` with price and delivery in the currency of the sum, and the rows of what was converted."""
    rows: list[Row] = []
    prices: list[tuple[Decimal | None, str | None]] = []
    for line in consignment.lines:
        price = None
        if line.value is not None:
            price, shown = convert(line.value, (line.id,), rules, exchange, day)
            rows += shown
        prices.append((price, "value_unknown" if line.value is None else "no_rate" if price is None else None))
    delivery, why, shown = _delivery(rules, consignment, exchange, day)
    rows += shown
    shares = _shared(delivery, [price for price, _ in prices], rules.rounding)
    return (
        tuple(
            Portion(line, price, share, reason or (why if share is None else None))
            for line, (price, reason), share in zip(consignment.lines, prices, shares)
        ),
        tuple(rows),
    )


def _delivery(
    rules: DutyRules, consignment: Consignment, exchange: Exchange, day: date
) -> tuple[Decimal | None, str | None, list[Row]]:
    """Freight and insurance together; what a traveller carries has none."""
    if consignment.channel == "traveller":
        return Decimal(0), None, []
    total, rows = Decimal(0), []
    if consignment.freight is None:
        return None, "freight_unknown", []
    for code, money in (("freight", consignment.freight), ("insurance", consignment.insurance)):
        if money is None or not money.amount:
            continue
        amount, shown = convert(money, (), rules, exchange, day, code)
        rows += shown
        if amount is None:
            return None, "no_rate", rows
        total += amount
    return total, None, rows


def _shared(total: Decimal | None, prices: list[Decimal | None], rounding: Rounding) -> list[Decimal | None]:
    """`total` shared out by price; the shares add up to it. Not known when a price is not, unless there is nothing to share."""
    if total == 0:
        return [Decimal(0)] * len(prices)
    if total is None or any(price is None for price in prices):
        return [None] * len(prices)
    if len(prices) == 1:
        return [total]
    whole = sum(prices, Decimal(0))  # type: ignore[arg-type]
    if not whole:  # goods without a price: nothing says whose the freight is, so the lines bear it alike
        prices, whole = [Decimal(1)] * len(prices), Decimal(len(prices))
    shares, given, passed = [], Decimal(0), Decimal(0)
    for price in prices:  # rounding what has been given so far keeps the shares' sum exact
        passed += price  # type: ignore[operator]
        upto = rounded(total * passed / whole, rounding)
        shares.append(upto - given)
        given = upto
    return shares  # type: ignore[return-value]
