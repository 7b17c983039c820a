"""The rows of a sum of money as a table: what is due, on what, at which rate, how much."""

from __future__ import annotations

from collections.abc import Iterable

from actions.context import Turn
from actions.reply import say
from actions.sums.duty_names import additional_name
from actions.sums.telling import money, quantity, written_rate
from customs.blocks import Block
from knowledge_base.rules.basket import Money
from knowledge_base.rules.results import Rate, Row, Sum

_KINDS = {
    "customs_value": "Customs value", "exchange": "Converted price", "duty": "Customs duty",
    "excise": "Excise duty", "vat": "VAT", "vat_at_sale": "VAT taken by the seller", "fee": "Fee", "flat_rate": "Flat rate",
}  # fmt: skip
_WHY = {
    "rate_by_kind": "depends on the kind of goods",
    "rate_by_kind_and_origin": "depends on the kind of goods and where they were made",
    "rate_of_arrival_country": "depends on the country of arrival",
    "value_not_known": "the price is not known",
    "value_unknown": "the price is not known",
    "no_rate": "no exchange rate is known",
    "additional_unknown": "not known whether it is due",
    "depends": "depends on the answer",
}


def charges_table(
    turn: Turn, basket: object, sums: Iterable[Sum], name: str, caption: str | None = None
) -> list[Block]:
    """A table for each sum with rows; a row that is not known says so, and then there is no total."""
    found: list[Block] = []
    for each in sums:
        rows = [row_cells(turn, row, name) for row in each.rows]
        if not rows:
            continue
        total = money(turn, each.total, name)
        rows.append([say(turn.language, "In all"), "", "", total])
        columns = [
            say(turn.language, "What"),
            say(turn.language, "On"),
            say(turn.language, "Rate"),
            say(turn.language, "Amount"),
        ]
        block: Block = {"type": "table", "columns": columns, "rows": rows}
        found.append(block | ({"caption": caption} if caption else {}))
    return found


def row_cells(turn: Turn, row: Row, name: str) -> list[str]:
    """One row: what it is, its base, its rate, its amount or why that is not known."""
    what = say(turn.language, _KINDS[row.kind]) if row.kind in _KINDS else row.kind
    if row.kind == "additional_duty":
        what = additional_name(turn, row.code)
    base = money(turn, row.base, name) if row.base else ""
    amount = money(turn, row.amount, name)
    if row.amount is None and row.why in _WHY:
        amount = say(turn.language, _WHY[row.why])
    rate = rate_text(turn, row.rate, name) if row.rate else ""
    if row.kind == "exchange" and row.rate:
        rate = written_rate(turn, row.rate.value, name)
    return [what, base, rate, amount]


def rate_text(turn: Turn, rate: Rate, name: str) -> str:
    """A rate: "20 %", "£32.79 / litre"."""
    if rate.currency is None:
        return f"{rate.value.normalize():f}\N{NO-BREAK SPACE}%"
    amount = money(turn, Money(amount=rate.value, currency=rate.currency), name)
    unit = rate.per_unit or "each"
    if unit in {"L", "g", "kg"}:
        unit = quantity(turn, rate.per_quantity, unit, name)
    elif unit == "each":
        unit = f"{rate.per_quantity.normalize():f}"
    return f"{amount} / {unit}"
