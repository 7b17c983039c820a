"""What the rules of the served release say of the cases of test_parity.py, as a reader of each case must see it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from actions.reply import say
from knowledge_base.figures import format_value
from knowledge_base.model import Figure
from knowledge_base.rules.allowance import check_allowance
from knowledge_base.rules.basket import Basket, Money
from knowledge_base.rules.cash import CashCase, check_cash
from knowledge_base.rules.consignment import Consignment
from knowledge_base.rules.duty import estimate_duty
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.files import rule_model

WORDS = None  # a cell with words in place of a number that is not known
VERDICTS = {
    "within": ("free", "You are within your allowance: nothing to pay on these goods."),
    "at_limit": ("exactly at the limit, still free", "You are exactly at the limit, and that is still free."),
    "unknown": ("not certain yet", "I cannot say it for certain, because something is not known. If in doubt, declare it."),
    "over": ("too much", "Declare it, you are over your allowance: {goods}."),
    "not_allowed": ("not allowed", "Not all of this may come in: {goods}."),
}  # fmt: skip
CASH = {
    ("declare", True): "Yes, declare it: you have {counted}, and from {limit} on cash must be declared.",
    ("declare", False): "Yes, declare it: you have {counted}, and above {limit} cash must be declared.",
    ("no_need", True): "No declaration is needed: you have {counted}, and cash must be declared from {limit} on.",
    ("no_need", False): "No declaration is needed: you have {counted}, and cash must be declared above {limit}.",
}
Cells = list[str | None]


@dataclasses.dataclass(frozen=True)
class Expected:
    """What the rules say of a case: `result` itself, the parts of the deciding sentence, the tables without their first column."""

    result: Any
    sentence: list[str]
    tables: list[list[Cells]]


class Writing:
    """Numbers as the readers of one case see them."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.language, self.administration = case.get("language", "en"), case["administration"]

    def say(self, sentence: str, **values: str) -> str:
        return plain(say(self.language, sentence, **values))

    def money(self, money: Money | None) -> str:
        cents = money and money.amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return plain(format_value(cents, None, money and money.currency, self.language, self.administration))

    def quantity(self, value: Decimal | None, unit: str) -> str:
        if unit not in {"L", "g", "kg", "each"}:
            return self.money(None if value is None else Money(amount=value, currency=unit))
        rounded = None if value is None else Decimal(f"{value.quantize(Decimal('0.001'), ROUND_HALF_UP).normalize():f}")
        return plain(format_value(rounded, unit, None, self.language, self.administration))

    def rate(self, row: Any) -> str:
        rate = row.rate
        if rate is None:
            return ""
        if row.kind == "exchange":
            four = Decimal(f"{Context(prec=4).plus(rate.value).normalize():f}")
            return plain(format_value(four, "each", None, self.language, ""))
        if rate.currency is None:
            return f"{rate.value.normalize():f} %"
        unit, per = rate.per_unit or "each", rate.per_quantity
        named = (
            self.quantity(per, unit) if unit in {"L", "g", "kg"} else f"{per.normalize():f}" if unit == "each" else unit
        )
        return f"{self.money(Money(amount=rate.value, currency=rate.currency))} / {named}"


def plain(text: str) -> str:
    """Without the marks of direction, and with plain spaces."""
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", text).replace("\N{NO-BREAK SPACE}", " ").strip()


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(amount=Decimal(amount), currency=currency)


def numbered(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"id": f"g{number}"} | line | ({"value": money(line["value"])} if "value" in line else {})
        for number, line in enumerate(case["goods"], 1)
    ]


def charges(write: Writing, one: Any) -> list[Cells]:
    rows: list[Cells] = [
        [write.money(row.base) if row.base else "", write.rate(row), write.money(row.amount) if row.amount else WORDS]
        for row in one.rows
    ]
    return [*rows, ["", "", write.money(one.total) if one.total else WORDS]] if rows else []


def pools(write: Writing, result: Any) -> Iterator[Cells]:
    for pool in result.pools:
        if not pool.goods:
            continue
        verdict = write.say(VERDICTS[pool.verdict][0])
        used = [part for part in pool.parts if part.used is None or part.used]
        if not used:
            yield ["–", "–", verdict]
        for part in used:
            amounts: Cells = [write.quantity(part.limit, part.unit), write.quantity(part.used, part.unit)]
            yield [*amounts, verdict if len(used) == 1 else ""]
        if len(used) > 1:
            yield ["100 %", f"{pool.share * 100:.0f} %" if pool.share is not None else "–", verdict]


def allowance(write: Writing, case: dict[str, Any], rules: Any, book: FigureBook) -> Expected:
    duties, basket = rules["duties"], Basket(goods=numbered(case), traveller=case["who"])
    result = check_allowance(rules["allowances"], book, basket, duties.rates(book), duties.excise)
    sentence = [part for part in write.say(VERDICTS[result.verdict][1], goods="\0").split("\0") if len(part) > 3]
    if result.verdict == "over" and result.total and result.total.amount:
        sentence.append(write.say("About {amount} is due.", amount=write.money(result.total)))
    free = list(pools(write, result))
    return Expected(result, sentence, [rows for rows in (free, *(charges(write, one) for one in result.sums)) if rows])


def duty(write: Writing, case: dict[str, Any], rules: Any, book: FigureBook) -> Expected:
    facts = case["facts"] | {"freight": money(case["facts"]["freight"])}
    result = estimate_duty(
        rules["duties"], book, rules["duties"].rates(book), Consignment(lines=numbered(case), **facts)
    )
    totals = [option.total for option in result.options if option.total]
    first = result.options[0].total or min(totals, key=lambda total: total.amount, default=None)
    if first is None:
        sentence = write.say("I cannot give the whole amount, because a part is not known. What is known stands below.")
    elif not first.amount:
        sentence = write.say("Nothing is due: no duty and no tax on this.")
    else:
        sentence = write.say("About {amount} is due.", amount=write.money(first))
    return Expected(result, [sentence], [rows for one in result.sums if (rows := charges(write, one))])


def cash(write: Writing, case: dict[str, Any], rules: Any, book: FigureBook) -> Expected:
    held = [line | {"money": money(line["money"])} for line in case["held"]]
    result = check_cash(rules["cash"], book, CashCase(held=held, **case["facts"]), exchange=rules["duties"].rates(book))
    values = {"counted": write.money(result.counted), "limit": write.money(result.threshold)}
    rows: list[Cells] = [
        [write.money(row.base), write.money(row.amount) if row.amount else WORDS] for row in result.sum.rows
    ]
    rows.append(["", values["counted"]])
    alone = len(rows) == 2 and result.sum.rows[0].base == result.sum.rows[0].amount  # one amount of the own currency
    sentence = write.say(CASH[result.verdict, result.counts_equal], **values)
    return Expected(result, [sentence], [] if alone else [rows])


_SUMS = {"allowance": allowance, "duty": duty, "cash": cash}


def by_the_rules(case: dict[str, Any], pack: dict[str, Any]) -> Expected:
    """What the rules of `pack`, a release's pack.json, say of `case` today."""
    rules = {name: rule_model(name).model_validate(told) for name, told in pack["rules"].items()}
    book = FigureBook({told["id"]: Figure.model_validate(told) for told in pack["figures"]}, date.today())
    return _SUMS[case["sum"]](Writing(case), case, rules, book)
