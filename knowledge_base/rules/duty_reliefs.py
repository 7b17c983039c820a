"""Which goods a relief frees: all of a consignment under its limit, or the goods that fit under it, without those it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from knowledge_base.rules.consignment import Consignment
from knowledge_base.rules.customs_value import Portion, rounded
from knowledge_base.rules.duty_charge import measured
from knowledge_base.rules.duty_conditions import holds, within
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_goods import GoodsRate
from knowledge_base.rules.duty_parts import Relief, Rounding
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.measures import factor, in_unit

_MOST_PIECES = 200  # of all lines, looked at one by one; a line of more is taken whole


@dataclass(frozen=True)
class Treated:
    """A portion with the relief that it has, or None."""

    portion: Portion
    relief: Relief | None = None

    def free_of(self, what: str) -> bool:
        """Is `what` ("duty" or "tax") not charged, or charged otherwise?"""
        return self.relief is not None and what in self.relief.frees


def treat(
    rules: DutyRules,
    book: FigureBook,
    consignment: Consignment,
    goods: tuple[Portion, ...],
    price: Decimal | None,
) -> tuple[Treated, ...]:
    """`goods` under the first relief that takes each; a line that fits in part becomes two. `price` is that of all goods together."""
    left, done = list(goods), []
    for relief in rules.reliefs:
        if holds(relief.when, consignment, price, book) is not True:
            continue
        taken, left = _taken(relief, rules, book, left, price)
        done += [Treated(portion, relief) for portion in taken]
    done += [Treated(portion) for portion in left]
    order = {line.id: number for number, line in enumerate(consignment.lines)}
    return tuple(sorted(done, key=lambda treated: order[treated.portion.line.id]))


def _taken(
    relief: Relief, rules: DutyRules, book: FigureBook, goods: list[Portion], price: Decimal | None
) -> tuple[list[Portion], list[Portion]]:
    """The portions that `relief` frees, and the others."""
    able = [portion for portion in goods if _group(rules, portion) not in relief.not_for]
    able = [portion for portion in able if _under_group_limit(relief, rules, book, portion)]
    for pool in relief.pools:
        of_pool = [portion for portion in able if _name_in(rules, portion, pool)]
        if not _pool_holds(pool, rules, book, of_pool):
            able = [portion for portion in able if portion not in of_pool]
    if relief.limit is not None:
        limit, at_limit = book.money(relief.limit), book[relief.limit].at_limit
        if within(price, limit, at_limit) is not True:
            if relief.over == "whole" or limit is None or price is None:
                able = []
            else:
                able = _fitting(able, limit.amount, rules)
    freed = {portion.line.id: portion for portion in able}
    left = []
    for portion in goods:
        part = freed.get(portion.line.id)
        if part is None:
            left.append(portion)
        elif part.share < portion.share:
            left.append(portion.part(part.price, rules.rounding)[1])  # type: ignore[arg-type]
    return able, left


def _group(rules: DutyRules, portion: Portion) -> str | None:
    rate = rules.rate_of(portion.line.good)
    return rate.group if rate else None


def _under_group_limit(relief: Relief, rules: DutyRules, book: FigureBook, portion: Portion) -> bool:
    """May goods of this group be freed at this price? A limit that is not known is exceeded."""
    figure = relief.group_limits.get(_group(rules, portion))  # type: ignore[arg-type]
    return figure is None or within(portion.price, book.money(figure), book[figure].at_limit) is True


def _name_in(rules: DutyRules, portion: Portion, pool: dict[str, str]) -> str | None:
    """The name by which `pool` knows the goods: the good's id or its category of excise."""
    rate = rules.rate_of(portion.line.good)
    return name_in(pool, rate) if rate else None


def name_in(pool: dict[str, str], rate: GoodsRate) -> str | None:
    """The name by which `pool` knows goods of that rate, None when they are none of it."""
    return next((name for name in (rate.good, rate.excise) if name in pool), None)  # type: ignore[misc]


def _pool_holds(pool: dict[str, str], rules: DutyRules, book: FigureBook, goods: list[Portion]) -> bool:
    """Are the goods together no more than one whole of the pool? A quantity that is not known is too much."""
    share = Decimal(0)
    for portion in goods:
        figure = pool[_name_in(rules, portion, pool) or ""]
        measure = pool_measure(book, figure)
        limit, (quantity, _) = in_unit(book, figure, measure), measured(portion, measure)
        if limit is None or quantity is None:
            return False
        share += quantity / limit if limit else Decimal(2 if quantity else 0)
    return share <= 1


def pool_measure(book: FigureBook, figure: str) -> str:
    """In what goods are counted that a limit in grams, litres or pieces is for: scales tell kilograms of them."""
    unit = book[figure].unit or "each"
    return "kg" if factor(unit, "kg") else unit


def _fitting(goods: list[Portion], limit: Decimal, rules: DutyRules) -> list[Portion]:
    """The goods that fit under `limit` and are worth the most together. One piece is never divided."""
    counts = [_pieces(portion) for portion in goods]
    if sum(counts) > _MOST_PIECES:
        counts = [1] * len(goods)
    pieces = [
        (_up(portion.price / count, rules), portion.line.id)  # type: ignore[operator]
        for portion, count in zip(goods, counts)
        for _ in range(count)
    ]
    pieces.sort()  # so that the order of the lines decides nothing
    best: dict[Decimal, tuple[str, ...]] = {Decimal(0): ()}  # what pieces cost together → the lines they are from
    for cost, line in pieces:
        more = {total + cost: (*lines, line) for total, lines in best.items() if total + cost <= limit}
        best = {**more, **best}
    chosen = best[max(best)]
    taken = []
    for portion, count in zip(goods, counts):
        found = chosen.count(portion.line.id)
        if found == count:
            taken.append(portion)
        elif found and portion.price:
            taken.append(portion.part(rounded(portion.price * found / count, rules.rounding), rules.rounding)[0])
    return taken


def _pieces(portion: Portion) -> int:
    """How many pieces the line is; 1 when it is not counted in pieces."""
    count = portion.line.quantity if portion.line.unit in ("each", "pair") else None
    counted = count is not None and count == count.to_integral_value() and 1 < count <= _MOST_PIECES
    return int(count) if counted and count else 1


def _up(value: Decimal, rules: DutyRules) -> Decimal:
    return rounded(value, Rounding(step=rules.rounding.step, mode="up"))
