"""Lines of a basket made and changed by what a message told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from knowledge_base.goods.amounts import Amount, Measure, amount_of, tidy, unit_of
from knowledge_base.goods.draft import Applied, said_measures
from knowledge_base.goods.finding import comes_in
from knowledge_base.goods.items import Item, strength_of
from knowledge_base.rules.basket import Good, Money

_MOST_PACKS = 20  # of goods that are counted: more are pieces
_SHORT = 80  # letters of an asker's words that a line keeps


def fields_of(item: Item, kind: str | None, applied: Applied, line: Good | None = None) -> dict[str, Any]:
    """The fields of a line that an item's amount, price and strength set."""
    fields: dict[str, Any] = {}
    amount = Amount()
    if item.measures:
        size = size_of(line)
        amount = amount_of(item.measures, kind, applied.country, item.duty_free, size)
        fields |= {"quantity": amount.quantity, "unit": amount.unit, "assumed": amount.assumed}
    if item.price is not None and item.price.value is not None and not item.cash:
        times = amount.count if item.each and amount.count else Decimal(1)
        if item.each and not item.measures and line is not None:
            times = (line.quantity if line.unit == "each" else applied.count_of(line)) or Decimal(1)
        fields["value"] = Money(amount=tidy(item.price.value * times), currency=item.price.unit or applied.currency)
    if item.strength is not None and 0 <= item.strength <= 100:
        fields["strength"] = item.strength
    fields |= {name: country for name in ("made_in", "bought_in") if (country := getattr(item, name))}
    return fields


def size_of(line: Good | None) -> str | None:
    """What a package of a line was taken to hold."""
    sizes = [code for code in line.assumed if not code.startswith("strength=")] if line else []
    return sizes[-1] if sizes else None


def said_of(item: Item, applied: Applied) -> str:
    """The asker's words for an item, at most a few."""
    return " ".join(applied.text[max(item.start, 0) : item.end].split())[:_SHORT]


def _description(item: Item) -> str | None:
    return words_of(item) if item.kind == "other" or (item.kind is None and item.words) else None


def words_of(item: Item) -> str:
    """The asker's own words for what the goods are, at most a few."""
    return item.description[:_SHORT]


def add_line(item: Item, applied: Applied) -> None:
    """Makes a new line of an item; one whose kind is not known is told as unclear, too."""
    kind = item.kind
    if kind is None and item.words:
        kind = "other" if item.price is not None else None
    measures = item.measures
    fields = fields_of(item, kind, applied)
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
            id=applied.new_id(), kind=kind, said=said_of(item, applied), carried_by=item.person,
            description=words_of(item) if kind == "other" or item.kind is None else None, **fields,
        )
    )  # fmt: skip
    if kind is None:
        applied.unclear.append(words_of(item) or said_of(item, applied))


def _is_one(item: Item, applied: Applied) -> bool:
    """ "a cigar" is one; "the cigars" may be any number."""
    before = applied.text[: max(item.start, 0)].rstrip().lower()
    return before.endswith((" a", " an", " un", " una", " une")) or before in {"a", "an", "un", "una", "une"}


def tells_size(line: Good, item: Item, applied: Applied) -> bool:
    """ "the bottles are 1 litre each": how much the packages of a line hold."""
    packs = [measure for measure in item.measures if measure.pack]
    sized = any(measure.unit for measure in item.measures)
    return (
        sized
        and bool(packs)
        and packs[0].number is None
        and applied.count_of(line) is not None
        and comes_in(line, str(packs[0].pack))
    )


def change_amount(line: Good, item: Item, applied: Applied) -> None:
    """Sets on a line what an item tells of it: amount, price, strength, origin."""
    count = applied.count_of(line)
    if count and tells_size(line, item, applied):
        item.measures = [replace(m, number=count) if m.pack else m for m in item.measures]
    elif not item.is_named and item.measures:
        item.measures = as_packed(line, item.measures, applied.language)
        item.said = f"{said_of(item, applied)} {applied.name_in(line.said)}".strip()[:_SHORT]
    fields = fields_of(item, line.kind, applied, line)
    if item.said and fields.get("quantity") is not None:
        fields["said"] = item.said
    elif item.is_named and fields.get("quantity") is not None:
        fields["said"] = said_of(item, applied)
    if item.measures and fields.get("quantity") is None and fields.get("unit") is None:
        applied.unclear.append(said_of(item, applied))
        fields = {name: value for name, value in fields.items() if name not in {"quantity", "unit", "assumed"}}
    if "assumed" in fields:
        fields["assumed"] = (
            *fields["assumed"],
            *(code for code in line.assumed if code.startswith("strength=") and "strength" not in fields),
        )
    if fields:
        applied.change(line, **fields)


def as_packed(line: Good, measures: Sequence[Measure], language: str) -> list[Measure]:
    """ "one more" of a line that came in bottles is a bottle, of one told in litres a litre."""
    first = measures[0]
    if (
        first.pack is not None
        or first.unit is not None
        or (first.number or 0) >= _MOST_PACKS
        and unit_of(line.kind) == "each"
    ):
        return list(measures)
    if size := size_of(line):
        return [replace(first, pack=line.assumed[0].partition("=")[0] if "=" in size else None), *measures[1:]]
    told = next((m for m in said_measures(line.said, language) if m.unit or m.pack), None)
    if told is not None and unit_of(line.kind) != "each":
        return [replace(first, pack=told.pack, unit=None if told.pack else told.unit), *measures[1:]]
    return list(measures)
