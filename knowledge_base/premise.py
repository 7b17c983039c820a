"""An amount that a question states, against the figure of the entry that answers: believed wrongly, or carried and over the limit.

>>> compare("it's 90 litres of beer, right?", entry.answer, figures, date(2026, 11, 21))
Comparison(said=Quantity(90 L beer), figure=gb.alcohol.beer, believed=True, order='different')

Pure. Whatever is not sure says nothing: a wrong "no" misleads more than a missing one. Words are data: premise.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from knowledge_base.answer_text import figures_in
from knowledge_base.folding import fold, words_pattern
from knowledge_base.model import Figure
from knowledge_base.packs import read_yaml
from knowledge_base.quantities import Quantity, dimension, find_kinds, find_quantities, in_base, is_counted, wider_kind

_MOST_BETWEEN = 3
# A bare number below it is no sum of money: it counts something.
_LEAST_MONEY = 100
_AFTER_YES = r"[\s,:;.،：，。؛!-]+"


@dataclass(frozen=True)
class Comparison:
    """What was said, and how it stands to `figure`.

    `believed`: said as what the rule is; else as what the asker has or asks about. `order`: `over`, `at` or `under` the figure; for a
    belief `at` when it is right, `different` when it is wrong. `figure` is None when a belief is wrong whichever of several is meant.
    """

    said: Quantity
    figure: Figure | None
    believed: bool
    order: str


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data = read_yaml(Path(__file__).with_name("premise.yml"))
    lists = ("believes", "carries", "together", "ages", "supposes", "limit_words")
    words = {name: re.compile(words_pattern(data[name])) for name in lists}
    rule = data["of_a_rule"]
    return words | {
        "tags": re.compile(rf"[\s,،，¿]{words_pattern(data['tags'])}(?=\W*$)|[吧吗么](?=\W*$)"),
        "rule_before": re.compile(rf"{words_pattern(rule['before'])}\W*$"),
        "rule_after": re.compile(rf"\W*(?:\w+\W+)?{words_pattern(rule['after'])}"),
    }


@cache
def _begins(answer: str) -> dict[str, re.Pattern[str]]:
    data = read_yaml(Path(__file__).with_name("premise.yml"))[answer]
    # The longest first: "जी हाँ" before "जी".
    return {
        language: re.compile(rf"^(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))}){_AFTER_YES}")
        for language, words in data.items()
    }


def says_no(text: str, language: str) -> bool:
    """Does an answer begin with a no?"""
    pattern = _begins("no").get(language)
    return bool(pattern and pattern.match(text.strip()))


def without_yes(text: str, language: str) -> str:
    """An answer without the yes that it begins with: after "No, not 90 litres" it would contradict."""
    pattern = _begins("yes").get(language)
    shorter = pattern.sub("", text.lstrip(), count=1) if pattern else text
    return shorter[:1].upper() + shorter[1:] if shorter else text


def believes(text: str) -> bool:
    """Does `text` say what the rule is, and not what somebody carries?"""
    folded = fold(text)
    words = _words()
    believed = words["believes"].search(folded) or words["tags"].search(folded)
    return bool(believed) and not words["carries"].search(folded)


@dataclass(frozen=True)
class Span:
    """A stretch of a text: text[start:end]."""

    start: int
    end: int


def belief_words(text: str) -> list[Span]:
    """Where `text` says that it believes something: "right?", "i thought"."""
    folded = fold(text)
    return [
        Span(match.start(), match.end()) for name in ("believes", "tags") for match in _words()[name].finditer(folded)
    ]


def limit_words(text: str) -> list[Span]:
    """Where `text` speaks of a limit and of bringing something within it."""
    return [Span(match.start(), match.end()) for match in _words()["limit_words"].finditer(fold(text))]


def believed_directly(text: str, said: Quantity) -> bool:
    """Is `said` the very thing that `text` believes ("it's 90 litres", "i thought 400 cigarettes"), and no supposition about it?"""
    folded = fold(text)
    before = [match for match in _words()["believes"].finditer(folded, 0, said.start)]
    if not before:
        return False
    gap = folded[before[-1].end() : said.start]
    return len(gap.split()) <= _MOST_BETWEEN and not _words()["supposes"].search(gap)


def _is_of_a_rule(text: str, said: Quantity) -> bool:
    folded = fold(text)
    words = _words()
    return bool(words["rule_before"].search(folded, 0, said.start) or words["rule_after"].match(folded, said.end))


def compare(
    text: str, answer: str, figures: Mapping[str, Figure], day: date, language: str = "en", before: str = ""
) -> Comparison | None:
    """How the one amount in `text` stands to the figure of `answer` that it is about; None when there is none or it is not sure.

    `answer` is the entry's text with its placeholders; `before` the question before, which may name the goods. Figures without a value on
    `day` are left out.
    """
    said = _the_amount(text, language, bool(before))
    if said is None:
        return None
    if before and said.dimension is None and said.unit is None:
        said = _measured_as(said, before, language)
    believed = believes(text)
    folded = fold(text)
    # A pronoun says what is meant only together with the question before.
    kind = said.kind or _only_kind(text) or _only_kind(before)
    known = {
        name: figures[name] for name in _in_order(answer) if name in figures and _number(figures[name], day) is not None
    }
    if before and kind == "cash" and said.dimension is None and said.value >= _LEAST_MONEY:
        said = _as_cash(said, known.values())
    bare = said.unit is None and said.currency is None
    carried = not believed
    if (carried and (bare or _words()["together"].search(folded) or _is_of_a_rule(text, said))) or (
        bare and _words()["ages"].search(folded)
    ):
        return None
    comparable = [
        figure for figure in known.values() if bare or dimension(figure.unit, figure.currency) == said.dimension
    ]
    same_size = [
        figure
        for figure in comparable
        if _size(_number(figure, day), figure.unit) == _size(said.value, said.unit or figure.unit)
    ]
    if carried and said.currency and sum(1 for figure in comparable if figure.at_limit) > 1:
        return None  # which limit a price counts towards depends on more than the price
    chosen = _choose(comparable, known, kind, _first_part(answer), believed)
    if chosen is None:
        # Wrong, whichever figure was meant.
        wrong = believed and not bare and not same_size and any(figure.at_limit for figure in comparable)
        return Comparison(said, None, True, "different") if wrong else None
    value, amount = _size(_number(chosen, day), chosen.unit), _size(said.value, said.unit or chosen.unit)
    if bare and same_size and chosen not in same_size:
        return None  # the number of another figure of this answer
    if believed:
        return Comparison(said, chosen, True, "at" if amount == value else "different")
    return Comparison(said, chosen, False, "over" if amount > value else "at" if amount == value else "under")


def _measured_as(said: Quantity, before: str, language: str) -> Quantity:
    """ "what about 40?" after "can i bring 20 cigarettes" is 40 cigarettes."""
    earlier = {(q.unit, q.currency, q.kind) for q in find_quantities(before, language) if q.dimension}
    if len(earlier) == 1:
        unit, currency, kind = earlier.pop()
        if currency and said.value < _LEAST_MONEY:
            return said  # "and 2?" after "a phone for 500 euros" counts the phones
        return replace(said, unit=unit, currency=currency, kind=said.kind or kind)
    kind = _only_kind(before)
    return replace(said, unit="each", kind=kind) if kind and is_counted(kind) else said


def _as_cash(said: Quantity, known: Iterable[Figure]) -> Quantity:
    """ "what about 40k?" after "how much cash" is 40,000 in the currency of the limit that the answer names first."""
    return replace(said, currency=next((figure.currency for figure in known if figure.at_limit), None))


def _the_amount(text: str, language: str, goes_on: bool) -> Quantity | None:
    """The amount that the text is about: the only one that can be compared, else the only number in a belief or a follow-up."""
    found = [
        q
        for q in find_quantities(text, language)
        if q.unit != "percent" and q.dimension not in {"time", "months"} or believes(text)
    ]
    measured = [quantity for quantity in found if quantity.dimension]
    if len(measured) == 1 and len(found) == 1:
        return measured[0]
    return found[0] if len(found) == 1 and found[0].unit is None and (goes_on or believes(text)) else None


def _only_kind(text: str) -> str | None:
    kinds = {kind for kind, _, _ in find_kinds(text)}
    return kinds.pop() if len(kinds) == 1 else None


def _number(figure: Figure, day: date) -> Decimal | None:
    try:
        value = figure.value_on(day)
    except LookupError:
        return None
    return value if isinstance(value, Decimal) else None


def _size(value: Decimal, unit: str | None) -> Decimal:
    return in_base(value, unit)


def _first_part(answer: str) -> str:
    return re.split(r"\n\s*\n", answer.strip(), maxsplit=1)[0]


def _in_order(answer: str) -> list[str]:
    return sorted(figures_in(answer), key=lambda name: answer.find("{" + name))


def _kinds_of(figure: Figure) -> set[str]:
    kinds = {kind for kind, _, _ in find_kinds(f"{figure.label} {' '.join(figure.id.split('.')[-1].split('_'))}")}
    return kinds or {kind for kind, _, _ in find_kinds(figure.id.split(".")[1])}


def _choose(
    comparable: list[Figure], known: Mapping[str, Figure], kind: str | None, first: str, believed: bool
) -> Figure | None:
    """The figure that an amount of `kind` is about, None when it is not plain."""
    limits = [figure for figure in comparable if figure.at_limit]
    deciding = figures_in(first)
    leading = [figure for figure in limits if figure.id in deciding]
    if kind is None:
        if len(leading) == 1:
            return leading[0]
        if limits or not believed:
            return limits[0] if len(limits) == 1 else None
        # A deadline or an age is no limit in the data, but can be believed wrongly.
        leading = [figure for figure in comparable if figure.id in deciding]
        return leading[0] if len(leading) == 1 else None
    own = [figure for figure in limits if kind in _kinds_of(figure)]
    if len(own) != 1:
        own = [figure for figure in own if figure.id in deciding]
    if len(own) == 1:
        return own[0]
    if own or any(kind in _kinds_of(figure) for figure in known.values() if figure.at_limit):
        return None  # its own figure is in another measure, or there are several
    wider = wider_kind(kind)
    fitting = [
        figure for figure in leading if not (kinds := _kinds_of(figure)) or wider in kinds or _alike(kind, kinds)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _alike(kind: str, kinds: set[str]) -> bool:
    # Money limits are put on goods of every kind: a phone counts towards the limit on goods, or on cash to declare when it is cash.
    return kind not in {"cash"} and kinds <= {"gifts"}
