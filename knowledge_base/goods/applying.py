"""Goods that a message told, put into a basket: added, corrected, exchanged, removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge_base.goods.amounts import unit_of, usually_of
from knowledge_base.goods.draft import Applied
from knowledge_base.goods.finding import alike, find, fits, same_line
from knowledge_base.goods.items import Item, strength_of
from knowledge_base.goods.lines import _description, add_line, change_amount, fields_of, said_of, tells_size
from knowledge_base.goods.sharing import add_more, give, keep_lines, let_carry, remove_lines
from knowledge_base.rules.basket import Good


def apply_items(items: Sequence[Item], applied: Applied) -> None:
    """Applies the items in their order; a pair of which one is not meant exchanges the other for it."""
    if any("keep" in item.ops for item in items):
        keep_lines(items, applied)
        return
    waiting: Item | None = None  # "not vodka": what comes next replaces it
    for at, item in enumerate(items):
        after = items[at + 1] if at + 1 < len(items) else None
        told_anew = item.measures and not (item.is_named or item.words or item.ops)
        if told_anew and after is not None and "negate" in after.ops and after.measures and not after.is_named:
            item.ops.add("correct")  # "3 bottles, not 2"
        if "negate" in item.ops:
            if after is not None and "negate" not in after.ops and waiting is None and _replaces(item, after, applied):
                waiting = item
            elif at and item.is_named and _exchange(item, items[at - 1], applied, already=True):
                pass
            elif (item.is_named or item.words or item.line) and find(item, applied):
                remove_lines(item, applied)
            continue
        if "swap" in item.ops and item.is_named and at + 1 < len(items) and not item.has_amount:
            waiting = item
            continue
        if waiting is not None:
            if _exchange(waiting, item, applied, already=False):
                waiting = None
                continue
            waiting = None
        _apply(item, applied)
    if waiting is not None and "swap" in waiting.ops:
        _apply(waiting, applied)


def _replaces(item: Item, after: Item, applied: Applied) -> bool:
    if not item.is_named:
        return False  # "not 2, 3": only the second is read
    return after.is_named and bool(find(item, applied))


def _exchange(old: Item, new: Item, applied: Applied, already: bool) -> bool:
    """Exchanges the goods of `old` for those of `new`. `already`: `new` was told first and stands in the basket: "gin, not vodka"."""
    lines = [line for line in find(old, applied) if line.id not in applied.fresh]
    if not lines:
        return False
    line = lines[-1]
    if not new.is_named:
        if new.has_amount:
            change_amount(line, new, applied)
            return True
        return False
    fresh = applied.line(applied.last) if already else None
    if already and fresh is not None and fresh.id in applied.fresh:
        applied.goods.remove(fresh)
        applied.fresh.discard(fresh.id)
        applied.changes = [change for change in applied.changes if change.line != fresh.id]
    kind = new.kind
    fields: dict[str, Any] = {
        "kind": kind,
        "said": said_of(new, applied),
        "description": _description(new),
        "strength": new.strength or strength_of(new.terms),
    }
    fields["assumed"] = tuple(code for code in line.assumed if not code.startswith("strength="))
    if new.has_amount:
        fields |= fields_of(new, kind, applied)
    elif kind and line.kind and unit_of(kind) != line.unit:
        fields |= {"quantity": None, "unit": None, "assumed": ()}
    applied.change(line, **fields)
    return True


def _apply(item: Item, applied: Applied) -> None:
    if "remove" in item.ops:
        remove_lines(item, applied)
    elif item.carries or item.person and "what_if" in item.ops:
        let_carry(item, applied)
    elif "correct" in item.ops or "swap" in item.ops:
        _correct(item, applied)
    elif "more" in item.ops:
        add_more(item, applied)
    elif not item.is_named:
        _unnamed(item, applied)
    elif item.person and (lines := find(item, applied)) and not item.price:
        give(lines[-1], item, applied)
    elif (same := same_line(item, applied)) is not None and "also" not in item.ops:
        change_amount(same, item, applied)
        applied.last = same.id
    else:
        add_line(item, applied)


def _unnamed(item: Item, applied: Applied) -> None:
    """An amount without goods: a package that tells what is in it, the missing amount of the last line, or nothing plain."""
    pack = item.measures[0].pack if item.measures else None
    usual = usually_of(pack)
    if item.words:
        if item.price is not None or any(measure.unit or measure.pack for measure in item.measures):
            add_line(item, applied)
        else:
            applied.unclear.append(said_of(item, applied))
        return
    line = applied.line(applied.last)
    if line is None and len(applied.goods) == 1:
        line = applied.goods[0]
    if line is not None and (tells_size(line, item, applied) or not item.has_amount or item.each and not item.measures):
        change_amount(line, item, applied)
        return
    if line is not None and item.measures and line.quantity is None and (not usual or line.kind == usual):
        change_amount(line, item, applied)
        return
    if line is not None and item.price is not None and not item.measures and line.value is None:
        change_amount(line, item, applied)
        return
    if usual and item.measures:
        fields = fields_of(item, usual, applied)
        applied.add(
            Good(id=applied.new_id(), kind=usual, said=said_of(item, applied), carried_by=item.person, **fields)
        )
        return
    if not item.cash:
        applied.unclear.append(said_of(item, applied))


def _correct(item: Item, applied: Applied) -> None:
    lines = [line for line in find(item, applied) if line.id not in applied.fresh] or find(item, applied)
    if not item.is_named and len(lines) == 1 and item.measures and not fits(lines[0], item, applied):
        others = [line for line in reversed(applied.goods) if fits(line, item, applied)]
        lines = others[:1]
    if not item.is_named and lines and lines[0].quantity is None and item.measures:
        told = [line for line in applied.goods if line.quantity is not None and fits(line, item, applied)]
        lines = told[-1:] or lines  # what was never told is not corrected
    if item.is_named and not lines:
        last = applied.line(applied.last)
        kind = item.kind
        if (
            item.price is None
            and last
            and last.kind
            and kind
            and kind != "other"
            and alike(last.kind, kind)
            and last.id not in applied.fresh
        ):
            fields: dict[str, Any] = {
                "kind": kind,
                "said": said_of(item, applied),
                "strength": item.strength or strength_of(item.terms),
            }
            if item.measures:
                fields |= fields_of(item, kind, applied)
            applied.change(last, **fields)
        else:
            add_line(item, applied)
        return
    if not lines:
        applied.unclear.append(said_of(item, applied))
        return
    if item.has_amount or item.strength is not None or item.made_in:
        change_amount(lines[-1], item, applied)
    else:
        applied.last = lines[-1].id
