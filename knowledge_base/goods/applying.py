"""Goods that a message told, put into a basket: added, changed, exchanged, removed, given to another to carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from knowledge_base.goods.amounts import Amount, Measure, amount_of, packs_of, unit_of
from knowledge_base.goods.changes import Change
from knowledge_base.goods.items import Item, read_items, strength_of, usually_of
from knowledge_base.goods.lexicon import brand_names
from knowledge_base.goods.tokens import read_message, tokens
from knowledge_base.goods.tree import is_a, tree
from knowledge_base.rules.basket import Good, Money

_SHORT = 80  # letters of an asker's words that a line keeps


@dataclass
class Applied:
    """A basket that is being changed, and what was changed."""

    goods: list[Good]
    country: str | None
    currency: str
    text: str
    language: str
    changes: list[Change] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    last: str | None = None  # the line that was spoken of last
    fresh: set[str] = field(default_factory=set)  # lines that this message added
    correcting: bool = False

    def names_of(self, good: Good) -> frozenset[str]:
        """What exactly a line's words name: brands, rows of words.yml and things.yml."""
        return _said_names(good.said or good.description or "", self.language)[0]

    def name_in(self, said: str) -> str:
        """The words within `said` that name the goods."""
        return _said_names(said, self.language)[1]

    def count_of(self, good: Good) -> Decimal | None:
        """How many packages a line's words tell: 2 of "2 bottles of wine"; None when they tell none."""
        measures = said_measures(good.said, self.language)
        packed = [measure for measure in measures if measure.pack]
        return (packed[0].number or Decimal(1)) if packed else None

    def line(self, identity: str | None) -> Good | None:
        return next((good for good in self.goods if good.id == identity), None)

    def new_id(self) -> str:
        taken = [int(good.id[1:]) for good in self.goods if good.id[1:].isdigit()]
        removed = [int(c.line[1:]) for c in self.changes if c.what == "removed" and c.line and c.line[1:].isdigit()]
        return f"g{max([0, *taken, *removed]) + 1}"

    def add(self, good: Good) -> None:
        self.goods.append(good)
        self.fresh.add(good.id)
        self.last = good.id
        self.changes.append(Change("added", good.id, None, None, good))

    def change(self, good: Good, **fields: Any) -> Good:
        """Sets fields of a line and notes each that is new."""
        changed = good.model_copy(update=fields)
        for name, after in fields.items():
            if (before := getattr(good, name)) != after and name not in {"assumed", "unit"}:
                self.changes.append(Change("changed", good.id, name, before, after))
        self.goods[self.goods.index(good)] = changed
        self.last = good.id
        return changed

    def remove(self, good: Good) -> None:
        self.goods.remove(good)
        self.changes.append(Change("removed", good.id, None, good, None))
        if self.last == good.id:
            self.last = self.goods[-1].id if self.goods else None


@lru_cache(maxsize=512)
def _said_names(said: str, language: str) -> tuple[frozenset[str], str]:
    message = read_message(said, language)
    named = [token for token in tokens(message) if token.term and token.role in {"kind", "brand", "thing"}]
    words = message.text[named[0].start : named[-1].end] if named else ""
    return frozenset(token.term.name for token in named if token.term), words


@lru_cache(maxsize=512)
def said_measures(said: str, language: str) -> tuple[Measure, ...]:
    """What a line's own words count."""
    message = read_message(said, language)
    items, _, _ = read_items(tokens(message), message.text, language)
    return tuple(items[0].measures) if items else ()


def apply_items(items: Sequence[Item], applied: Applied) -> None:
    """Applies the items in their order; a pair of which one is not meant exchanges the other for it."""
    if any("keep" in item.ops for item in items):
        _keep(items, applied)
        return
    waiting: Item | None = None  # "not vodka": what comes next replaces it
    for at, item in enumerate(items):
        after = items[at + 1] if at + 1 < len(items) else None
        if after is not None and "negate" in after.ops and not (item.is_named or after.is_named or item.ops):
            item.ops.add("correct")  # "3 bottles, not 2"
        if "negate" in item.ops:
            if after is not None and "negate" not in after.ops and waiting is None and _replaces(item, after, applied):
                waiting = item
            elif at and item.is_named and _exchange(item, items[at - 1], applied, already=True):
                pass
            elif item.is_named:
                _remove(item, applied)
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


def _keep(items: Sequence[Item], applied: Applied) -> None:
    """Removes all lines but those that the items name; none when they name no line."""
    kept = [line.id for item in items if item.is_named for line in find(item, applied)]
    for line in [line for line in applied.goods if kept and line.id not in kept]:
        applied.remove(line)


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
            _change_amount(line, new, applied)
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
        "said": _said(new, applied),
        "description": _description(new),
        "strength": new.strength or strength_of(new.terms),
    }
    fields["assumed"] = tuple(code for code in line.assumed if not code.startswith("strength="))
    if new.has_amount:
        fields |= _fields(new, kind, applied)
    elif kind and line.kind and unit_of(kind) != line.unit:
        fields |= {"quantity": None, "unit": None, "assumed": ()}
    applied.change(line, **fields)
    return True


def _apply(item: Item, applied: Applied) -> None:
    if "remove" in item.ops:
        _remove(item, applied)
    elif item.carries or item.person and "what_if" in item.ops:
        _carried(item, applied)
    elif "correct" in item.ops or "swap" in item.ops:
        _correct(item, applied)
    elif "more" in item.ops:
        _more(item, applied)
    elif not item.is_named:
        _unnamed(item, applied)
    elif item.person and (lines := find(item, applied)) and not item.price:
        _give(lines[-1], item, applied)
    elif (same := _same(item, applied)) is not None and "also" not in item.ops:
        _change_amount(same, item, applied)
        applied.last = same.id
    else:
        _add(item, applied)


def find(item: Item, applied: Applied) -> list[Good]:
    """The lines that an item speaks of: those called the same, else those of its kind, else of kinds under it."""
    if not item.is_named:
        line = applied.line(applied.last) or (applied.goods[-1] if applied.goods else None)
        if item.measures and (pack := item.measures[0].pack):
            fitting = [good for good in applied.goods if _comes_in(good, pack)]
            if fitting and line not in fitting:
                return [fitting[-1]]
        return [line] if line else []
    exact = [good for good in applied.goods if item.names & applied.names_of(good)]
    if exact:
        return exact
    kind = item.kind
    if kind in (None, "other"):
        words = item.description.split()
        return [
            good for good in applied.goods if good.description and set(words) & set(good.description.lower().split())
        ]
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


def _comes_in(good: Good, pack: str) -> bool:
    told = any(code.startswith(f"{pack}=") for code in good.assumed)
    return told or (good.kind in tree() and pack in packs_of(str(good.kind)))


def _same(item: Item, applied: Applied) -> Good | None:
    """A line told before that is told again: called the same, or one of the two in general words only."""
    if item.kind is None:
        return None
    for good in reversed(applied.goods):
        if good.id in applied.fresh or good.carried_by != item.person:
            continue
        names = applied.names_of(good)
        if item.kind == "other" and good.kind == "other":
            if item.names & names or item.description.lower() == (good.description or "").lower():
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


def _fields(item: Item, kind: str | None, applied: Applied, line: Good | None = None) -> dict[str, Any]:
    """The fields of a line that an item's amount, price and strength set."""
    fields: dict[str, Any] = {}
    amount = Amount()
    if item.measures:
        size = _size(line)
        amount = amount_of(item.measures, kind, applied.country, item.duty_free, size)
        fields |= {"quantity": amount.quantity, "unit": amount.unit, "assumed": amount.assumed}
    if item.price is not None and item.price.value is not None and not item.cash:
        times = amount.count if item.each and amount.count else Decimal(1)
        if item.each and not item.measures and line is not None:
            times = (line.quantity if line.unit == "each" else applied.count_of(line)) or Decimal(1)
        fields["value"] = Money(amount=item.price.value * times, currency=item.price.unit or applied.currency)
    if item.strength is not None and 0 <= item.strength <= 100:
        fields["strength"] = item.strength
    fields |= {name: country for name in ("made_in", "bought_in") if (country := getattr(item, name))}
    return fields


def _size(line: Good | None) -> str | None:
    """What a package of a line was taken to hold."""
    return line.assumed[-1] if line and line.assumed else None


def _said(item: Item, applied: Applied) -> str:
    return " ".join(applied.text[max(item.start, 0) : item.end].split())[:_SHORT]


def _description(item: Item) -> str | None:
    return applied_words(item) if item.kind == "other" or (item.kind is None and item.words) else None


def applied_words(item: Item) -> str:
    """The asker's own words for what the goods are, at most a few."""
    return item.description[:_SHORT]


def _add(item: Item, applied: Applied) -> None:
    kind = item.kind
    if kind is None and item.words:
        kind = "other" if item.price is not None else None
    measures = item.measures
    fields = _fields(item, kind, applied)
    if kind == "other" and not measures:
        fields |= {"quantity": Decimal(1), "unit": "each"}
    elif not measures and item.article and unit_of(kind) == "each" and kind is not None and _is_one(item, applied):
        fields |= {"quantity": Decimal(1), "unit": "each"}
    usual = strength_of(item.terms)
    if usual is not None and "strength" not in fields:
        fields["strength"] = usual
        fields["assumed"] = (*fields.get("assumed", ()), f"strength={usual}")
    applied.add(
        Good(
            id=applied.new_id(), kind=kind, said=_said(item, applied), carried_by=item.person,
            description=applied_words(item) if kind == "other" or item.kind is None else None, **fields,
        )
    )  # fmt: skip
    if kind is None:
        applied.unclear.append(applied_words(item) or _said(item, applied))


def _is_one(item: Item, applied: Applied) -> bool:
    """ "a cigar" is one; "the cigars" may be any number."""
    before = applied.text[: max(item.start, 0)].rstrip().lower()
    return before.endswith((" a", " an", " un", " una", " une")) or before in {"a", "an", "un", "una", "une"}


def _unnamed(item: Item, applied: Applied) -> None:
    """An amount without goods: a package that tells what is in it, the missing amount of the last line, or nothing plain."""
    pack = item.measures[0].pack if item.measures else None
    usual = usually_of(pack)
    if item.words:
        if item.price is not None or any(measure.unit or measure.pack for measure in item.measures):
            _add(item, applied)
        else:
            applied.unclear.append(_said(item, applied))
        return
    line = applied.line(applied.last)
    if line is None and len(applied.goods) == 1:
        line = applied.goods[0]
    if line is not None and (
        _tells_size(line, item, applied) or not item.has_amount or item.each and not item.measures
    ):
        _change_amount(line, item, applied)
        return
    if line is not None and item.measures and line.quantity is None and (not usual or line.kind == usual):
        _change_amount(line, item, applied)
        return
    if line is not None and item.price is not None and not item.measures and line.value is None:
        _change_amount(line, item, applied)
        return
    if usual and item.measures:
        fields = _fields(item, usual, applied)
        applied.add(Good(id=applied.new_id(), kind=usual, said=_said(item, applied), carried_by=item.person, **fields))
        return
    if not item.cash:
        applied.unclear.append(_said(item, applied))


def _tells_size(line: Good, item: Item, applied: Applied) -> bool:
    """ "the bottles are 1 litre each": how much the packages of a line hold."""
    packs = [measure for measure in item.measures if measure.pack]
    sized = any(measure.unit for measure in item.measures)
    return (
        sized
        and bool(packs)
        and packs[0].number is None
        and applied.count_of(line) is not None
        and _comes_in(line, str(packs[0].pack))
    )


def _change_amount(line: Good, item: Item, applied: Applied) -> None:
    count = applied.count_of(line)
    if count and _tells_size(line, item, applied):
        item.measures = [replace(m, number=count) if m.pack else m for m in item.measures]
    elif not item.is_named and item.measures:
        item.said = f"{_said(item, applied)} {applied.name_in(line.said)}".strip()[:_SHORT]
    fields = _fields(item, line.kind, applied, line)
    if item.said and fields.get("quantity") is not None:
        fields["said"] = item.said
    elif item.is_named and fields.get("quantity") is not None:
        fields["said"] = _said(item, applied)
    if item.measures and fields.get("quantity") is None and fields.get("unit") is None:
        applied.unclear.append(_said(item, applied))
        fields = {name: value for name, value in fields.items() if name not in {"quantity", "unit", "assumed"}}
    if "assumed" in fields:
        fields["assumed"] = (
            *fields["assumed"],
            *(code for code in line.assumed if code.startswith("strength=") and "strength" not in fields),
        )
    if fields:
        applied.change(line, **fields)


def _correct(item: Item, applied: Applied) -> None:
    lines = [line for line in find(item, applied) if line.id not in applied.fresh] or find(item, applied)
    if not item.is_named and len(lines) == 1 and item.measures and not _fits(lines[0], item, applied):
        others = [line for line in reversed(applied.goods) if _fits(line, item, applied)]
        lines = others[:1]
    if item.is_named and not lines:
        last = applied.line(applied.last)
        kind = item.kind
        if (
            item.price is None
            and last
            and last.kind
            and kind
            and kind != "other"
            and _alike(last.kind, kind)
            and last.id not in applied.fresh
        ):
            fields: dict[str, Any] = {
                "kind": kind,
                "said": _said(item, applied),
                "strength": item.strength or strength_of(item.terms),
            }
            if item.measures:
                fields |= _fields(item, kind, applied)
            applied.change(last, **fields)
        else:
            _add(item, applied)
        return
    if not lines:
        applied.unclear.append(_said(item, applied))
        return
    if item.has_amount or item.strength is not None or item.made_in:
        _change_amount(lines[-1], item, applied)
    else:
        applied.last = lines[-1].id


def _alike(first: str, second: str) -> bool:
    """Do two kinds have one root: wine and gin are drinks both?"""
    return first in tree() and second in tree() and tree()[first].line[-1] == tree()[second].line[-1]


def _fits(line: Good, item: Item, applied: Applied) -> bool:
    """Can an item's amount be one of the line?"""
    measure = item.measures[0]
    if measure.unit:
        its = (
            "L"
            if measure.unit == "oz" and line.kind and unit_of(line.kind) == "L"
            else {"oz": "g"}.get(measure.unit, measure.unit)
        )
        return unit_of(line.kind) == its
    return measure.pack is None or _comes_in(line, measure.pack)


def _more(item: Item, applied: Applied) -> None:
    if not item.measures:
        item.measures.append(Measure(Decimal(1)))
    lines = find(item, applied)
    if not lines:
        _add(item, applied) if item.is_named else applied.unclear.append(_said(item, applied))
        return
    lines = [line for line in lines if line.id not in applied.fresh]
    if not lines:
        applied.unclear.append(_said(item, applied))
        return
    line = lines[-1]
    more = amount_of(_as_packed(line, item.measures), line.kind, applied.country, item.duty_free, _size(line))
    if more.quantity is not None and line.quantity is not None and more.unit == line.unit:
        assumed = tuple(dict.fromkeys((*line.assumed, *more.assumed)))
        applied.change(line, quantity=line.quantity + more.quantity, assumed=assumed)
    else:
        _add(item, applied) if item.is_named else applied.unclear.append(_said(item, applied))


def _as_packed(line: Good, measures: Sequence[Measure]) -> list[Measure]:
    """ "one more" of a line that came in bottles is a bottle."""
    first = measures[0]
    if (
        first.pack is None
        and first.unit is None
        and (size := _size(line))
        and "=" in size
        and not size.startswith("strength")
    ):
        pack = line.assumed[0].partition("=")[0]
        if unit_of(line.kind) != "each" or (first.number or 0) < 20:
            return [replace(first, pack=pack), *measures[1:]]
    return list(measures)


def _remove(item: Item, applied: Applied) -> None:
    lines = find(item, applied)
    if not lines:
        if item.is_named:
            applied.unclear.append(_said(item, applied))
        return
    if item.measures and any(measure.number for measure in item.measures):
        line = lines[-1]
        less = amount_of(_as_packed(line, item.measures), line.kind, applied.country, item.duty_free, _size(line))
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


def _carried(item: Item, applied: Applied) -> None:
    lines = [line for line in find(item, applied) if line.carried_by != item.person]
    if not lines:
        if item.is_named and item.has_amount:
            _add(item, applied)
        return
    if not item.is_named and item.measures:
        several = [
            line
            for line in reversed(applied.goods)
            if line.carried_by != item.person and _has_more_than(line, item, applied)
        ]
        lines = [lines[-1]] if lines[-1] in several else several[:1] or lines
    _give(lines[-1], item, applied)


def _has_more_than(line: Good, item: Item, applied: Applied) -> bool:
    share = amount_of(_as_packed(line, item.measures), line.kind, applied.country, False, _size(line))
    return (
        share.quantity is not None
        and line.quantity is not None
        and share.unit == line.unit
        and share.quantity < line.quantity
    )


def _give(line: Good, item: Item, applied: Applied) -> None:
    """Lets another traveller carry a line, or so much of it."""
    what = "what_if" if "what_if" in item.ops else "changed"
    share = (
        amount_of(_as_packed(line, item.measures), line.kind, applied.country, item.duty_free, _size(line))
        if item.measures
        else Amount()
    )
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
