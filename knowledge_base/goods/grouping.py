"""From tokens to goods: a message is gone through once and cut into items, each with what is to be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge_base.goods.amounts import Measure
from knowledge_base.goods.clauses import ABOUT_LINES, Clauses
from knowledge_base.goods.items import Item
from knowledge_base.goods.neighbourhood import ARTICLES, BREAKS, LINKS, POUND, is_op
from knowledge_base.goods.tokens import Token
from knowledge_base.goods.writing import table

_ENDS = frozenset(".!?؟।۔。;；\n")
_TIMES = frozenset("x × * х".split())


_INTO = frozenset("to a por à par на до".split())
_MOST_LINES = 100


class _Reader(Clauses):
    """Goes through the tokens once and cuts them into items."""

    def read(self) -> tuple[list[Item], set[str], list[Token]]:
        """The items, the operations and the words left over."""
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
            if self._pending & ABOUT_LINES and not now.is_named:
                now.words.append(token)
                now.touch(token)
            elif self._names_it(at) or self._goes_on_naming(at):
                now.words.append(token)
                now.touch(token)
            else:
                self._loose.append(token)

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
        if now.measures and at and self._tokens[at - 1].form in _INTO and self._pending & {"swap", "correct"}:
            old = now.measures[0]  # "change the 2 bottles to 4"
            now.measures = [Measure(new.number, new.pack or old.pack, new.unit or old.unit, old.singular)]
            now.touch(token)
            return
        if now.is_named and self._is_next(now, new, at):
            self._close()
            now = self._now
        if token.role != "pack" and self._is_of_something_else(at):
            now.measures.clear()
            now.start = -1
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
