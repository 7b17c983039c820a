"""What the replies of all sums are made of: amounts, cards of entries, sources, and that it is no ruling."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from actions.coming import long_date
from actions.context import Turn
from actions.reply import say
from actions.show_entry import source_block, title_of
from actions.switched_off import off_for
from customs.blocks import Block, buttons, notice
from customs.wording import direction
from knowledge_base.answer_text import fill, to_blocks
from knowledge_base.figures import format_value
from knowledge_base.index.release import Shelf
from knowledge_base.model import Entry
from knowledge_base.rules.basket import Money
from knowledge_base.rules.results import Row

_ISOLATE, _POP = "\u2068", "\u2069"
_CENT = Decimal("0.01")
_MOST_SOURCES = 6


def isolated(turn: Turn, text: str) -> str:
    """`text` so that it keeps its own direction inside a sentence that is read from right to left."""
    return f"{_ISOLATE}{text}{_POP}" if direction(turn.language) == "rtl" else text


def money(turn: Turn, amount: Money | None, administration: str) -> str:
    """An amount, to the cent, as the reader writes it; "not known" for None."""
    if amount is None:
        return format_value(None, None, None, turn.language, administration)
    value = amount.amount.quantize(_CENT, ROUND_HALF_UP)
    return format_value(value, None, amount.currency, turn.language, administration)


def quantity(turn: Turn, value: Decimal | None, unit: str | None, administration: str) -> str:
    """A quantity with its unit: "1.5 litres", "200"; at most three places behind the point."""
    if value is None:
        return format_value(None, None, None, turn.language, administration)
    shown = value if value == value.to_integral_value() else value.quantize(Decimal("0.001"), ROUND_HALF_UP).normalize()
    return format_value(Decimal(f"{shown:f}"), unit or "each", None, turn.language, administration)


def summary_text(entry: Entry, shelf: Shelf, turn: Turn) -> str:
    """The first paragraph of an entry in the asker's language, else in English. Raises LookupError without a figure for the day."""
    translation = entry.translations.get(turn.language)
    language = turn.language if translation else "en"
    text = (translation.answer if translation else entry.answer).strip().split("\n\n")[0]
    block = to_blocks(fill(text, shelf.figures, turn.day, language))[0]
    return block.get("text") or "; ".join(block["items"])


def entry_card(turn: Turn, shelf: Shelf, entry_id: str | None) -> list[Block]:
    """A card with an entry's title and its first paragraph; nothing when it does not answer on that day."""
    entry = shelf.entry(entry_id or "")
    if entry is None or not entry.effective.holds_on(turn.day) or off_for(turn, entry.id):
        return []
    try:
        return [{"type": "card", "title": title_of(entry, turn.language), "text": summary_text(entry, shelf, turn)}]
    except LookupError:
        return []


def entry_choices(turn: Turn, shelf: Shelf, entries: Iterable[str | None], label: str | None = None) -> list[Block]:
    """Buttons to the entries that answer on the day."""
    found = [
        entry
        for name in dict.fromkeys(entries)
        if (entry := shelf.entry(name or "")) and entry.effective.holds_on(turn.day) and not off_for(turn, entry.id)
    ]
    choices = [(title_of(entry, turn.language), f'/choose_entry{{"entry":"{entry.id}"}}') for entry in found]
    return [buttons(choices, label)] if choices else []


def sources_of(
    shelf: Shelf, figures: Iterable[str], sources: Iterable[str], entries: Iterable[str | None] = ()
) -> list[Block]:
    """The sources of a sum, each once: those that it names, of its figures, and of the entries that explain it."""
    names = list(sources)
    names += [shelf.figures[name].source for name in figures if name in shelf.figures]
    for name in entries:
        if (entry := shelf.entry(name or "")) is not None:
            names += entry.sources[:1]
    known = [name for name in dict.fromkeys(names) if name in shelf.sources]
    return [source_block(shelf.sources[name]) for name in known[:_MOST_SOURCES]]


def rate_notices(turn: Turn, rows: Iterable[Row], administration: str) -> list[Block]:
    """For each currency that was converted: at which rate, of which day."""
    told: dict[str, Block] = {}
    for row in rows:
        if row.as_of is None or row.base is None or row.amount is None or not row.base.amount:
            continue
        if row.base.currency == row.amount.currency:
            continue  # a duty whose rate has its day
        # Amounts are rounded, and what is worked out of them is not the table's rate.
        value = row.rate.value if row.rate else row.amount.amount / row.base.amount
        rate = written_rate(turn, value, administration)
        text = say(
            turn.language,
            "Exchange rate used: {one} = {other}, table of {day}.",
            one=isolated(turn, f"1 {row.base.currency}"),
            other=isolated(turn, f"{rate} {row.amount.currency}"),
            day=long_date(row.as_of, turn.language),
        )
        told.setdefault(row.base.currency, notice(text))
    return list(told.values())


def written_rate(turn: Turn, rate: Decimal, administration: str) -> str:
    """A rate with four figures that tell: 0.7463, 36.73; with the signs in which the administration's amounts are written."""
    places = max(4 - rate.adjusted() - 1, 0)
    shown = round(rate, places).normalize()
    return format_value(Decimal(f"{shown:f}"), "each", None, turn.language, administration)


def no_ruling(turn: Turn) -> Block:
    """That it is information and no decision of customs."""
    return notice(
        say(
            turn.language,
            "This is information worked out from published rules, not a decision. Customs decides when it sees the goods.",
        )
    )


def of_sources(blocks: Iterable[Block]) -> list[dict[str, object]]:
    """The sources among `blocks` as a reply lists them."""
    return [
        {key: value for key, value in block.items() if key != "type"} for block in blocks if block["type"] == "source"
    ]
