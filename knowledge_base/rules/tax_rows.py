"""Excise, the tax on imports, and fees: what is counted on the customs value and the duties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from knowledge_base.rules.customs_value import Portion
from knowledge_base.rules.duty_charge import measured
from knowledge_base.rules.duty_conditions import both, holds
from knowledge_base.rules.duty_parts import Excise, Fee, Relief
from knowledge_base.rules.duty_reliefs import Treated
from knowledge_base.rules.duty_setting import Setting, Way
from knowledge_base.rules.measures import in_unit
from knowledge_base.rules.results import Rate, Row


def excise_rows(setting: Setting, treated: Treated, base: Decimal | None) -> list[Row]:
    """The excise on a portion; `base` is its customs value with the duties. None where the goods bear none or it is not charged."""
    portion, rate = treated.portion, setting.rate(treated.portion)
    if rate is None or rate.excise is None or treated.free_of("tax"):
        return []
    found = []
    for part in setting.rules.excise[rate.excise]:
        blank = Row("excise", None, goods=(portion.line.id,), code=rate.excise, sources=part.sources)
        holds_for = _strong_enough(setting, part, portion)
        if holds_for is None:
            return [replace(blank, why="strength_unknown")]
        if holds_for:
            found.append(_excise_row(setting, part, portion, base, blank))
    return found


def _strong_enough(setting: Setting, part: Excise, portion: Portion) -> bool | None:
    """Does the part hold for the strength of the goods? None when that is not known."""
    strength = portion.line.strength
    bounds = [
        (figure, reached)
        for figure, reached in (
            (part.at_least, lambda strength, bound: strength >= bound),
            (part.above, lambda strength, bound: strength > bound),
            (part.below, lambda strength, bound: strength < bound),
            (part.at_most, lambda strength, bound: strength <= bound),
        )
        if figure
    ]
    if bounds and strength is None:
        return None
    numbers = [(setting.book.number(figure), reached) for figure, reached in bounds]
    return both(None if bound is None else reached(strength, bound) for bound, reached in numbers)


def _excise_row(setting: Setting, part: Excise, portion: Portion, base: Decimal | None, blank: Row) -> Row:
    if part.rate is None:
        return replace(blank, why="excise_rate_unknown")
    blank = replace(blank, figures=(part.rate,))
    if part.per == "retail":
        number = setting.book.number(part.rate)
        return replace(
            blank, rate=None if number is None else Rate(number, per_unit="retail"), why="retail_price_unknown"
        )
    if part.per == "value":
        return setting.percent_row(part.rate, base, portion, replace(blank, base=setting.money(base)))
    amount, quantity = setting.book.money(part.rate), _quantity(setting, part)
    if amount is None or quantity is None:
        return replace(blank, why="figure_unknown")
    found, why = measured(portion, part.per)
    due = None if found is None else amount.amount * found / quantity
    rate = Rate(amount.amount, amount.currency, part.per, quantity)
    figures = (part.rate, *((part.quantity,) if part.quantity else ()))
    return replace(blank, amount=setting.money(due), rate=rate, why=why, figures=figures)


def _quantity(setting: Setting, part: Excise) -> Decimal | None:
    """For how many of its measure the rate is."""
    if part.quantity is None:
        return Decimal(1)
    return in_unit(setting.book, part.quantity, part.per.removesuffix(" pure alcohol"))


def relieved(blank: Row, relief: Relief, setting: Setting) -> Row:
    """`blank` with nothing to pay, by a relief."""
    figures = (relief.limit,) if relief.limit else ()
    free = setting.money(Decimal(0))
    return replace(blank, amount=free, code=f"relief:{relief.id}", figures=figures, sources=relief.sources)


def tax_rows(setting: Setting, treated: Treated, burden: Decimal | None) -> list[Row]:
    tax, portion = setting.rules.tax, treated.portion
    if tax is None:
        return []
    blank = Row("vat", None, goods=(portion.line.id,), sources=tax.sources)
    if treated.free_of("tax") and treated.relief:
        return [relieved(blank, treated.relief, setting)]
    price, delivery = portion.price, portion.delivery
    delivered = None if price is None or delivery is None else price + delivery
    at_sale = taken_at_sale(setting)
    if at_sale:  # the seller knows its price and its delivery, not what customs charges
        blank, base = replace(blank, kind="vat_at_sale", figures=(tax.at_sale.limit,)), delivered  # type: ignore
    else:
        base = None if delivered is None or burden is None else delivered + burden
    rate = setting.rate(portion)
    if rate is None:
        return [
            replace(
                blank, base=setting.money(base), why="goods_unknown" if portion.line.good is None else "rate_unknown"
            )
        ]
    percent, figures, sources = _tax_rate(setting, rate.tax)
    blank = replace(blank, base=setting.money(base), code=rate.tax, figures=(*blank.figures, *figures))
    blank = replace(blank, sources=(*blank.sources, *sources))
    if percent is None:
        where = setting.consignment.destination
        return [replace(blank, why="destination_unknown" if tax.states and where is None else "tax_rate_unknown")]
    if not percent:
        return [replace(blank, amount=setting.money(Decimal(0)), rate=Rate(percent))]
    why = None if base is not None else portion.why or "base_unknown"
    return [
        replace(
            blank, amount=setting.money(None if base is None else base * percent / 100), rate=Rate(percent), why=why
        )
    ]


def taken_at_sale(setting: Setting) -> bool:
    """Did a registered seller take the tax when it sold? Never where one of the goods is left out."""
    tax, consignment = setting.rules.tax, setting.consignment
    if tax is None or tax.at_sale is None or consignment.seller_registered is not True or setting.price is None:
        return False
    limit = setting.book.money(tax.at_sale.limit)
    rates = [setting.rate(treated.portion) for treated in setting.goods]
    return bool(
        limit
        and setting.price <= limit.amount
        and holds(tax.at_sale.when, consignment, setting.price, setting.book)
        and not any(rate and rate.group in tax.at_sale.not_for for rate in rates)
    )


def _tax_rate(setting: Setting, category: str) -> tuple[Decimal | None, tuple[str, ...], tuple[str, ...]]:
    """The rate of a category, with the figures and sources that it rests on."""
    tax, where = setting.rules.tax, setting.consignment.destination
    assert tax is not None
    if category == "zero":
        return Decimal(0), (), ()
    if tax.states:
        state = tax.states.get(where or "") or tax.states.get((where or "").partition("-")[0])
        return (state.rates.get(category), (), (state.source,)) if state else (None, (), ())
    figure = tax.rates.get(category)
    return (setting.book.number(figure), (figure,), ()) if figure else (None, (), ())


def fee_rows(setting: Setting, way: Way) -> list[Row]:
    """The fees of the state on the consignment as a whole."""
    found = []
    for fee in setting.rules.fees:
        preferred = [setting.preference(treated.portion, way) for treated in setting.goods]
        if all(preference and fee.id in preference.free_of for preference in preferred):
            continue
        due = holds(fee.when, setting.consignment, setting.price, setting.book)
        lines = tuple(line.id for line in setting.consignment.lines)
        blank = Row("fee", None, goods=lines, code=fee.id, sources=fee.sources)
        if due is None:
            found.append(replace(blank, why="depends"))
        elif due:
            found.append(_fee_row(setting, fee, blank))
    return found


def _fee_row(setting: Setting, fee: Fee, blank: Row) -> Row:
    if fee.amount:
        amount = setting.book.money(fee.amount)
        return replace(blank, amount=amount, why=None if amount else "figure_unknown", figures=(fee.amount,))
    assert fee.rate is not None
    values = [setting.value(treated.portion) for treated in setting.goods]
    total = None if any(value is None for value in values) else sum(values, Decimal(0))  # type: ignore[arg-type]
    percent = setting.book.number(fee.rate)
    least, most = (setting.book.money(figure) if figure else None for figure in (fee.min, fee.max))
    named = tuple(figure for figure in (fee.rate, fee.min, fee.max) if figure)
    blank = replace(blank, base=setting.money(total), figures=named)
    if percent is None or (fee.min and least is None) or (fee.max and most is None):
        return replace(blank, why="figure_unknown")
    blank = replace(blank, rate=Rate(percent))
    if total is None:
        return replace(blank, why="base_unknown")
    due = total * percent / 100
    due = max(due, least.amount) if least else due
    return replace(blank, amount=setting.money(min(due, most.amount) if most else due))
