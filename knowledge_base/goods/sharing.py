"""More of a line, less of it, and lines that another traveller carries."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from knowledge_base.goods.amounts import Amount, Measure, amount_of
from knowledge_base.goods.changes import Change
from knowledge_base.goods.draft import Applied
from knowledge_base.goods.finding import find
from knowledge_base.goods.items import Item
from knowledge_base.goods.lines import add_line, as_packed, said_of, size_of
from knowledge_base.rules.basket import Good, Money

_HALF = Decimal("0.5")


def add_more(item: Item, applied: Applied) -> None:
    """Adds to the line that is spoken of; goods that stand in no line become one."""
    if not item.measures:
        item.measures.append(Measure(Decimal(1)))
    lines = find(item, applied)
    if not lines:
        add_line(item, applied) if item.is_named else applied.unclear.append(said_of(item, applied))
        return
    lines = [line for line in lines if line.id not in applied.fresh]
    if not lines:
        applied.unclear.append(said_of(item, applied))
        return
    line = lines[-1]
    more = amount_of(
        as_packed(line, item.measures, applied.language), line.kind, applied.country, item.duty_free, size_of(line)
    )
    if more.quantity is not None and line.quantity is not None and more.unit == line.unit:
        assumed = tuple(dict.fromkeys((*line.assumed, *more.assumed)))
        applied.change(line, quantity=line.quantity + more.quantity, assumed=assumed)
    else:
        add_line(item, applied) if item.is_named else applied.unclear.append(said_of(item, applied))


def remove_lines(item: Item, applied: Applied) -> None:
    """Removes the lines that are spoken of, or as much of the last one as was told."""
    lines = find(item, applied)
    if not lines:
        if item.is_named:
            applied.unclear.append(said_of(item, applied))
        return
    if item.measures and any(measure.number for measure in item.measures):
        line = lines[-1]
        less = amount_of(
            as_packed(line, item.measures, applied.language), line.kind, applied.country, item.duty_free, size_of(line)
        )
        if (
            less.quantity is not None
            and line.quantity is not None
            and less.unit == line.unit
            and less.quantity < line.quantity
        ):
            applied.change(line, quantity=line.quantity - less.quantity)
            return
    for line in lines:
        applied.remove(line)


def keep_lines(items: Sequence[Item], applied: Applied) -> None:
    """Removes all lines but those that the items name; none when they name no line."""
    kept = [line.id for item in items if item.is_named for line in find(item, applied)]
    for line in [line for line in applied.goods if kept and line.id not in kept]:
        applied.remove(line)


def let_carry(item: Item, applied: Applied) -> None:
    """Lets a fellow traveller carry goods: those of a line, or goods told for the first time."""
    lines = [line for line in find(item, applied) if line.carried_by != item.person]
    if not lines:
        if item.is_named and item.has_amount:
            add_line(item, applied)
        return
    if not item.is_named and item.measures:
        several = [
            line
            for line in reversed(applied.goods)
            if line.carried_by != item.person and _has_more_than(line, item, applied)
        ]
        lines = [lines[-1]] if lines[-1] in several else several[:1] or lines
    give(lines[-1], item, applied)


def _has_more_than(line: Good, item: Item, applied: Applied) -> bool:
    share = amount_of(
        as_packed(line, item.measures, applied.language), line.kind, applied.country, False, size_of(line)
    )
    return (
        share.quantity is not None
        and line.quantity is not None
        and share.unit == line.unit
        and share.quantity < line.quantity
    )


def give(line: Good, item: Item, applied: Applied) -> None:
    """Lets another traveller carry a line, or so much of it."""
    what = "what_if" if "what_if" in item.ops else "changed"
    share = (
        amount_of(
            as_packed(line, item.measures, applied.language), line.kind, applied.country, item.duty_free, size_of(line)
        )
        if item.measures
        else Amount()
    )
    if line.quantity is not None and [(m.number, m.pack, m.unit) for m in item.measures] == [(_HALF, None, None)]:
        share = Amount(line.quantity / 2, line.unit)
    if share.quantity is None or line.quantity is None or share.unit != line.unit or share.quantity >= line.quantity:
        index = applied.goods.index(line)
        applied.goods[index] = line.model_copy(update={"carried_by": item.person})
        applied.changes.append(Change(what, line.id, "carried_by", line.carried_by, item.person))  # type: ignore[arg-type]
        return
    rest = line.quantity - share.quantity
    value = line.value
    given = None
    if value is not None:
        given = Money(
            amount=(value.amount * share.quantity / line.quantity).quantize(Decimal("0.01")), currency=value.currency
        )
        value = Money(amount=value.amount - given.amount, currency=value.currency)
    index = applied.goods.index(line)
    other = line.model_copy(
        update={"id": applied.new_id(), "quantity": share.quantity, "value": given, "carried_by": item.person}
    )
    applied.goods[index] = line.model_copy(update={"quantity": rest, "value": value})
    applied.goods.insert(index + 1, other)
    applied.changes.append(Change("changed", line.id, "quantity", line.quantity, rest))
    applied.changes.append(Change("added", other.id, None, None, other))
    applied.changes.append(Change(what, other.id, "carried_by", None, item.person))  # type: ignore[arg-type]
    applied.fresh.add(other.id)
