"""From tokens to goods: a message is gone through once and cut into items, each with what is to be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge_base.goods.amounts import Measure
from knowledge_base.goods.items import Item
from knowledge_base.goods.lexicon import table
from knowledge_base.goods.neighbourhood import ARTICLES, BREAKS, LINKS, POUND, SUFFIXING, Neighbourhood, is_op
from knowledge_base.goods.tokens import Token

_ENDS = frozenset(".!?؟।۔。;；\n")
_TIMES = frozenset("x × * х".split())
_SAYS_NO = frozenset("no non нет".split())
_PER_PIECE = frozenset("at @ по".split())
_ADDING = frozenset("add adding añade agrega añadir ajoute ajouter добавь добавьте добавить أضف اضف".split())
_BEHIND = frozenset("去 掉|删 掉|拿 掉|去 除|删 除".split("|"))


_MOST_LINES = 100
_ABOUT_LINES = frozenset({"remove", "negate", "keep", "without"})


class _Reader(Neighbourhood):
    """Goes through the tokens once and cuts them into items."""

    def __init__(self, tokens: Sequence[Token], text: str, language: str) -> None:
        super().__init__(tokens, text, language)
        self._items: list[Item] = []
        self._person: str | None = None
        self._carries = False
        self.ops: set[str] = set()
        self._loose: list[Token] = []

    def read(self) -> tuple[list[Item], set[str], list[Token]]:
        for at, token in enumerate(self._tokens):
            self._step(at, token)
        self._close()
        for before, item in zip(self._items, self._items[1:]):
            if before.each and before.price is None and "also" in item.ops and not item.has_amount:
                item.measures = list(before.measures)  # "a bottle each of gin and rum"
        self._items = [
            item for at, item in enumerate(self._items) if not self._is_said_again(item, self._items[at + 1 : at + 2])
        ]
        return self._items, self.ops, self._loose

    def _is_said_again(self, item: Item, following: list[Item]) -> bool:
        """Is a name without an amount said again with one right after: "شيشة كيلو معسل"?"""
        again = following[0] if following else None
        if again is None or item.has_amount or item.ops or again.ops or not item.is_named or item.strength is not None:
            return False
        between = self._text[item.end : again.start].strip()
        return item.kind == again.kind and item.kind != "other" and not between

    def _step(self, at: int, token: Token) -> None:
        now = self._now
        if token.role == "sign":
            if token.form in BREAKS:
                self._break(at, token.form in _ENDS)
        elif token.role == "op":
            self._op(at, token)
        elif token.role in {"kind", "brand", "thing"}:
            self._name(at, token)
        elif token.role == "number" and not self._is_size(at) and self._is_price(at):
            self._price(at, token)
        elif token.role == "amount" and (pounds := self._pounds(at)) is not None:
            self._price(at, replace(token, role="price", value=pounds, unit="GBP"))
        elif token.role in {"number", "amount", "pack"}:
            self._measure(at, token)
        elif token.role == "price" and self._is_weight(at):
            self._measure(at, replace(token, role="amount", value=(token.value or 0) * POUND, unit="g"))
        elif token.role == "price":
            self._price(at, token)
        elif token.form in _TIMES:
            return
        elif token.role == "strength":
            after = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
            if not is_op(after, "fee"):  # "the 50% tax"
                now.strength = token.value
                now.touch(token) if not now.is_named else None
        elif token.role == "person":
            self._person = token.term.name if token.term else None
            if self._carries:
                now.person = self._person
        elif token.role == "word":
            if self._pending & _ABOUT_LINES and not now.is_named:
                now.words.append(token)
                now.touch(token)
            elif self._names_it(at) or self._goes_on_naming(at):
                now.words.append(token)
                now.touch(token)
            else:
                self._loose.append(token)

    def _close(self) -> None:
        now, self._now = self._now, Item()
        spoken_of = (
            now.line is not None or bool(now.words) and bool(now.ops & _ABOUT_LINES or self._pending & _ABOUT_LINES)
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

    def _name(self, at: int, token: Token) -> None:
        now = self._now
        if token.role == "thing" and (self._is_container(at) or self._is_purpose(at)):
            return
        if token.term and token.term.doubtful and not (now.has_amount or now.is_named) and not self._beside(at):
            self._loose.append(token)
            return
        previous = self._tokens[at - 1] if at else None
        if previous is not None and previous.form in {"in", "from"} and not self._pending & {"swap", "correct"}:
            return  # "a vineyard in rioja"
        if not now.is_named and now.measures and now.price is None and self._is_far(now, at):
            self._loose.extend(t for t in self._tokens[:at] if t.role == "number" and t.start >= now.start)
            self._now = now = Item(bounded=now.bounded)
        if now.is_named and (not self._is_same(now, token) or self._is_exchanged(now, token)):
            self._close()
            now = self._now
        elif now.words:
            now.words.clear()
        if token.role == "thing" and not now.is_named:
            now.words = self._described(at)
            self._loose = [word for word in self._loose if word not in now.words]
        now.terms.append(token)
        now.touch(token)
        before = self._tokens[at - 1].form if at else ""
        now.article = now.article or before in ARTICLES
        if "more" in self._pending:
            now.ops.add("more")
            self._pending.discard("more")

    def _measure(self, at: int, token: Token) -> None:
        now = self._now
        new = Measure(
            token.value, token.term.name if token.role == "pack" and token.term else None,
            token.unit if token.role == "amount" else None, token.form in _singular(),
        )  # fmt: skip
        if token.role == "number" and at and is_op(self._tokens[at - 1], "line") and token.value is not None:
            now.line = int(token.value) if 0 < token.value < _MOST_LINES else 0
            return
        if token.role == "pack":
            last = now.measures[-1] if now.measures else None
            previous = self._tokens[at - 1] if at else None
            if last and not last.pack and not last.unit and previous and previous.role == "number":
                now.measures[-1] = Measure(last.number, new.pack, None, new.singular)
                now.touch(token)
                return
        elif token.role == "number" and self._is_size(at):
            now.measures.append(Measure(token.value, None, "L"))
            now.touch(token)
            return
        elif token.role == "number" and self._belongs_elsewhere(at):
            self._loose.append(token)
            return
        if token.role == "pack" and new.number is None and self._now.bounded and not self._now.has_amount:
            return  # "how many bottles"
        if now.measures and at and self._tokens[at - 1].form in _TIMES:
            now.measures.append(new)  # "75 cl x 6"
            now.touch(token)
            return
        if now.is_named and self._is_next(now, new, at):
            self._close()
            now = self._now
        if not now.measures and not now.is_named:
            now.article = True
        if "more" in self._pending:
            now.ops.add("more")
            self._pending.discard("more")
        if now.words and not now.is_named:
            self._close()
            now = self._now
        now.measures.append(new)
        now.touch(token)

    def _price(self, at: int, token: Token) -> None:
        now = self._now
        after = next((t for t in self._tokens[at + 1 :] if t.role != "small" or t.form not in LINKS), None)
        before = self._tokens[at - 1] if at else None
        told = before is not None and before.role == "op" and before.term and before.term.name == "worth"
        if now.is_named and after and after.role in {"kind", "thing", "brand"} and not told or now.price is not None:
            self._close()
            now = self._now
        if not now.is_named and (words := self._name_before(at)):
            now.words = words
            self._loose = [word for word in self._loose if word not in words]
            now.touch(words[0])
        if now.measures and not now.is_named and after and after.role in {"kind", "thing", "brand"}:
            now.each = True  # "3 bottles of £20 wine"
        now.price = token
        now.touch(token)


def _singular() -> frozenset[str]:
    return frozenset(table("packs")["singular"])


def read_items(tokens: Sequence[Token], text: str, language: str) -> tuple[list[Item], set[str], list[Token]]:
    """The goods that `tokens` tell, all that is to be done, and words that could not be placed."""
    return _Reader(tokens, text, language).read()
