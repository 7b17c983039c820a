"""Where goods end and others begin in a message, and what is to be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.goods.amounts import Measure
from knowledge_base.goods.items import Item
from knowledge_base.goods.neighbourhood import SUFFIXING, Neighbourhood
from knowledge_base.goods.tokens import Token

_SAYS_NO = frozenset("no non нет".split())
_PER_PIECE = frozenset("at @ по".split())
_ADDING = frozenset("add adding añade agrega añadir ajoute ajouter добавь добавьте добавить أضف اضف".split())
_BEHIND = frozenset("去 掉|删 掉|拿 掉|去 除|删 除".split("|"))
ABOUT_LINES = frozenset({"remove", "negate", "keep", "without"})


class Clauses(Neighbourhood):
    """The goods that were read so far, and what was said to be done with those that follow."""

    def __init__(self, tokens: Sequence[Token], text: str, language: str) -> None:
        super().__init__(tokens, text, language)
        self._items: list[Item] = []
        self._person: str | None = None
        self._carries = False
        self.ops: set[str] = set()
        self._loose: list[Token] = []

    def _close(self) -> None:
        now, self._now = self._now, Item()
        spoken_of = (
            now.line is not None or bool(now.words) and bool(now.ops & ABOUT_LINES or self._pending & ABOUT_LINES)
        )
        if now.is_named or now.has_amount or now.strength is not None or spoken_of:
            if self._carries and self._person:
                now.person = self._person
            now.ops |= self._pending
            self._pending.discard("negate")
            if "without" in now.ops:
                now.ops -= {"without"}
                now.ops |= set() if now.has_amount else {"remove"}
            if not (now.measures and self._is_article(now) and not now.ops and not self._carries):
                self._items.append(now)
        elif now.words:
            self._loose.extend(now.words)

    def _break(self, at: int, is_end: bool) -> None:
        now = self._now
        ahead = self._segment(at)
        if now.is_named and not now.has_amount and ahead and not set(ahead) & set("NX"):
            return  # "wine, 2 bottles"
        if now.is_named and now.measures and now.price is None and ahead == "P" and not is_end:
            return  # "2 watches, 500 dollars"
        if now.has_amount and not now.is_named and not now.words and ahead[:1] == "N" and not set(ahead) & set("MP"):
            if now.price is not None or any(measure.pack or measure.unit for measure in now.measures):
                return  # "2 bottles, red wine"
        empty = not (now.is_named or now.has_amount or now.strength is not None or now.words)
        self._close()
        if empty and not is_end:
            if "negate" in self._pending:
                self._pending = {"correct"}  # "नहीं, 3 बोतल"
            return
        if is_end:
            self._pending.clear()
            self._person, self._carries = None, False
        elif not self._pending & {"remove", "keep"}:
            self._pending &= {"what_if"}

    def _op(self, at: int, token: Token) -> None:
        name = token.term.name if token.term else ""
        now = self._now
        self.ops.add(name)
        if name == "also":
            verb = token.form in _ADDING
            if verb:
                self._close()
                self._pending = {"also"} | (self._pending & {"what_if"})
                return
            self._break(at, False)
            self._pending.discard("correct")
            self._pending.add("also")
        elif name == "each":
            after = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
            if token.form in _PER_PIECE and not (after and after.role in {"price", "number"}):
                return
            now.each = now.each or now.is_named or now.has_amount
        elif name == "correct" and token.form in _SAYS_NO and self._is_name(at + 1):
            self._close()
            self._pending = {"negate"}  # "no laptop"
        elif name == "without":
            if self._language not in SUFFIXING:
                self._close()
                self._pending.add("without")
            elif now.is_named and not now.has_amount:
                now.ops.add("remove")
        elif name in {"remove", "negate"}:
            behind = self._language in SUFFIXING or token.form in _BEHIND
            follows = now.is_named and now.terms[-1].end + 1 >= token.start and not now.has_amount
            if behind and now.is_named and ("N" not in self._segment(at) or follows):
                for item in [*self._items, now] if name == "remove" else [now]:
                    if not item.has_amount or item is now:
                        item.ops.add(name)
                if follows and "N" in self._segment(at):
                    self._close()
                return
            self._close()
            self._pending = {name} | (self._pending & {"what_if"})
        elif name in {"correct", "swap"}:
            if now.is_named or now.has_amount:
                if "N" not in self._segment(at) and "M" in self._segment(at) and now.is_named and not now.has_amount:
                    now.ops.add("correct")  # "the wine, make it 3 bottles"
                    return
                behind = self._language in SUFFIXING or token.form in _BEHIND
                if behind and not self._segment(at):
                    now.ops.add("correct")
                    return
                self._close()
            self._pending.discard("remove")
            self._pending.add(name)
        elif name == "more":
            if now.is_named and now.measures:
                now.ops.add("more")
            else:
                self._pending.add("more")
        elif name == "only":
            if not self._items and not now.is_named and not now.has_amount:
                self._pending.add("correct")
        elif name == "less":
            if now.has_amount:
                now.ops.add("remove")
            else:
                self._pending.add("remove")
        elif name == "what_if":
            self._pending.add("what_if")
        elif name == "carries":
            if self._person and "what_if" not in self.ops and self._follows_for(at):
                return
            if self._person:
                self._carries = True
        elif name == "bound":
            now.bounded = True
        elif name == "how_many":
            if now.is_named or now.has_amount:
                self._close()
            self._now.bounded = True
        elif name == "fee":
            now.bounded = now.bounded or now.price is not None and not now.is_named
        elif name == "cash":
            now.cash = True
        elif name == "keep":
            self._close()
            self._pending = {"keep"}
        elif name == "duty_free":
            now.duty_free = True
        elif name == "in_total" and now.measures:
            last = now.measures[-1]
            now.measures[-1] = Measure(last.number, last.pack, last.unit, last.singular, True)
