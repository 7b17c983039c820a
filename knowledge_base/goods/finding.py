"""Which line of a basket a message speaks of."""

from __future__ import annotations

from knowledge_base.goods.amounts import packs_of, unit_of
from knowledge_base.goods.draft import Applied
from knowledge_base.goods.items import Item
from knowledge_base.goods.lexicon import brand_names
from knowledge_base.goods.tree import is_a, tree
from knowledge_base.goods.writing import key
from knowledge_base.rules.basket import Good


def find(item: Item, applied: Applied) -> list[Good]:
    """The lines that an item speaks of: those called the same, else those of its kind, else of kinds under it."""
    if item.line is not None:
        return applied.goods[item.line - 1 : item.line] if item.line > 0 else []
    if not item.is_named and item.words and not item.has_amount:
        return _described(item, applied)
    if not item.is_named:
        line = applied.line(applied.last) or (applied.goods[-1] if applied.goods else None)
        if item.measures and (pack := item.measures[0].pack):
            fitting = [good for good in applied.goods if comes_in(good, pack)]
            if fitting and line not in fitting:
                return [fitting[-1]]
        return [line] if line else []
    exact = [good for good in applied.goods if item.names & applied.names_of(good)]
    if exact:
        return exact
    kind = item.kind
    if kind in (None, "other"):
        return _described(item, applied)
    generic = {token.term.name for token in item.terms if token.term and token.term.role == "kind"}
    is_generic = any(
        name == str(kind).replace("_", " ")
        or name in {"alcohol", "wine", "tobacco", "gold", "spirits", "liqueur", "sparkling wine"}
        for name in generic
    )
    if not is_generic:
        # "the whisky" may be a line that only told its brand
        open_names = brand_names() | {str(kind).replace("_", " ")}
        return [good for good in applied.goods if good.kind == kind and applied.names_of(good) <= open_names]
    return [good for good in applied.goods if good.kind and is_a(good.kind, str(kind))]


def _described(item: Item, applied: Applied) -> list[Good]:
    """The lines whose description shares a word with the item's."""
    words = set(key(item.description).split())
    return [good for good in applied.goods if good.description and words & set(key(good.description).split())]


def comes_in(good: Good, pack: str) -> bool:
    """Do goods like the line's come in such a package?"""
    told = any(code.startswith(f"{pack}=") for code in good.assumed)
    return told or (good.kind in tree() and pack in packs_of(str(good.kind)))


def same_line(item: Item, applied: Applied) -> Good | None:
    """A line told before that is told again: called the same, or one of the two in general words only."""
    if item.kind is None:
        return None
    for good in reversed(applied.goods):
        if good.id in applied.fresh or good.carried_by != item.person:
            continue
        names = applied.names_of(good)
        if item.kind == "other" and good.kind == "other":
            if item.names & names or key(item.description) == key(good.description or ""):
                return good
        elif good.kind == item.kind and (
            item.names & names or _plain(item.names, item.kind) or _plain(names, item.kind)
        ):
            return good
        elif (
            good.kind
            and item.kind in tree()
            and item.kind != "other"
            and is_a(good.kind, item.kind)
            and item.kind in {"wine", "tobacco", "gold", "loose_tobacco"}
        ):
            return good
    return None


def _plain(names: frozenset[str], kind: str) -> bool:
    return names <= {kind.replace("_", " ")}


def alike(first: str, second: str) -> bool:
    """Do two kinds have one root: wine and gin are drinks both?"""
    return first in tree() and second in tree() and tree()[first].line[-1] == tree()[second].line[-1]


def fits(line: Good, item: Item, applied: Applied) -> bool:
    """Can an item's amount be one of the line?"""
    measure = item.measures[0]
    if measure.unit:
        its = (
            "L"
            if measure.unit == "oz" and line.kind and unit_of(line.kind) == "L"
            else {"oz": "g"}.get(measure.unit, measure.unit)
        )
        return unit_of(line.kind) == its
    return measure.pack is None or comes_in(line, measure.pack)
