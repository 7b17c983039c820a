"""From tokens to goods as they were told: what, how much, at what price, how strong, made where, carried by whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from knowledge_base.goods.amounts import Measure
from knowledge_base.goods.lexicon import table
from knowledge_base.goods.tokens import Token
from knowledge_base.goods.tree import is_a, tree

_BREAKS = frozenset(",;،、；，。.!?؟।۔\n+&/|")
_ENDS = frozenset(".!?؟।۔。;；\n")
_ARTICLES = frozenset("a an the my un una une el la le les los las mi mon ma mes 一 这 那 один одну".split())
_LINKS = frozenset("of de d du des का की के کا کی کے 的 от".split())
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_TIMES = frozenset("x × * х".split())
# Bare numbers of things from which on they are prices.
_MANY, _VERY_MANY = 20, 1000
# Words between a bare number and the goods that it can count.
_FAR = 3
_OWNERS = frozenset("his her our their own this that".split())
_SAYS_NO = frozenset("no non нет".split())
_PER_PIECE = frozenset("at @ по".split())
_IN = frozenset("in en dans в في من 里".split())
_POUND = Decimal("453.59237")
_SUFFIXING = frozenset({"hi", "ur"})


@dataclass
class Item:
    """Goods that one clause told. `ops` are what was said to be done with them (remove, negate, correct, swap, more, also, what_if)."""

    terms: list[Token] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    price: Token | None = None
    each: bool = False
    strength: Decimal | None = None
    made_in: str | None = None
    bought_in: str | None = None
    person: str | None = None
    carries: bool = False
    duty_free: bool = False
    article: bool = False
    bounded: bool = False
    cash: bool = False
    ops: set[str] = field(default_factory=set)
    said: str = ""
    start: int = -1
    end: int = -1

    @property
    def is_named(self) -> bool:
        """Was it said what they are?"""
        return bool(self.terms)

    @property
    def has_amount(self) -> bool:
        """Was it said how much, or at what price?"""
        return bool(self.measures) or self.price is not None

    @property
    def kind(self) -> str | None:
        """The kind of the product tree, None when it is not known. A carton of tobacco is one of cigarettes."""
        kind = kind_of(self.terms)
        usual = next((usually_of(measure.pack) for measure in self.measures if measure.pack), None)
        return usual if kind == "tobacco" and usual else kind

    @property
    def names(self) -> frozenset[str]:
        """What exactly it was called: brands, and rows of words.yml and things.yml."""
        return frozenset(token.term.name for token in self.terms if token.term)

    @property
    def description(self) -> str:
        """The asker's words for goods of no kind of their own."""
        said = self.terms or self.words
        words = " ".join(token.form for token in said)
        return words if words.isascii() else _HAN_GAP.sub("", words)

    def touch(self, token: Token) -> None:
        self.start = token.start if self.start < 0 else min(self.start, token.start)
        self.end = max(self.end, token.end)


def kind_of(terms: Sequence[Token]) -> str | None:
    """The kind that several names of one thing mean: the nearest, "whisky" within a brand, "watch" in "gold watch"."""
    kind: str | None = None
    for token in terms:
        its = token.term.kind if token.term else None
        if its is None or its == kind:
            continue
        if kind is None or kind == "other" and token.term and terms[0].term and terms[0].term.name == "gifts":
            kind = its
        elif its == "other":
            kind = kind if token.term and token.term.name == "gifts" else its
        elif its in tree() and is_a(its, kind):
            kind = its
        elif kind in tree() and is_a(kind, its):
            continue
        elif kind == "other":
            continue
        elif token.term and token.term.role == "kind":
            kind = its  # "davidoff perfume": the word decides against the brand
    return kind


def strength_of(terms: Sequence[Token]) -> Decimal | None:
    """The usual strength of the brand that was named, None where the brand tells none."""
    kind = kind_of(terms)
    for token in terms:
        if token.term and token.term.strength is not None and token.term.kind == kind:
            return token.term.strength
    return None


class _Reader:
    """Goes through the tokens once and cuts them into items."""

    def __init__(self, tokens: Sequence[Token], text: str, language: str) -> None:
        self._tokens, self._text, self._language = list(tokens), text, language
        self._items: list[Item] = []
        self._now = Item()
        self._pending: set[str] = set()  # what is to be done with the goods that follow
        self._person: str | None = None
        self._carries = False
        self.ops: set[str] = set()
        self._loose: list[Token] = []

    def read(self) -> tuple[list[Item], set[str], list[Token]]:
        for at, token in enumerate(self._tokens):
            self._step(at, token)
        self._close()
        return self._items, self.ops, self._loose

    def _step(self, at: int, token: Token) -> None:
        now = self._now
        if token.role == "sign":
            if token.form in _BREAKS:
                self._break(at, token.form in _ENDS)
        elif token.role == "op":
            self._op(at, token)
        elif token.role in {"kind", "brand", "thing"}:
            self._name(at, token)
        elif token.role == "number" and self._is_price(at):
            self._price(at, token)
        elif token.role == "amount" and (pounds := self._pounds(at)) is not None:
            self._price(at, replace(token, role="price", value=pounds, unit="GBP"))
        elif token.role in {"number", "amount", "pack"}:
            self._measure(at, token)
        elif token.role == "price" and self._is_weight(at):
            self._measure(at, replace(token, role="amount", value=(token.value or 0) * _POUND, unit="g"))
        elif token.role == "price":
            self._price(at, token)
        elif token.form in _TIMES:
            return
        elif token.role == "strength":
            after = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
            if not _is_op(after, "fee"):  # "the 50% tax"
                now.strength = token.value
                now.touch(token) if not now.is_named else None
        elif token.role == "person":
            self._person = token.term.name if token.term else None
            if self._carries:
                now.person = self._person
        elif token.role == "word":
            if self._names_it(at):
                now.words.append(token)
                now.touch(token)
            else:
                self._loose.append(token)

    def _names_it(self, at: int) -> bool:
        """Does an unknown word right behind an amount or a price, or behind such a word, name the goods: "a 500 dollar trumpet"?"""
        now, before = self._now, at - 1
        if now.is_named or not now.has_amount:
            return False
        while before >= 0 and (self._tokens[before].form in _LINKS or _is_op(self._tokens[before], "worth")):
            before -= 1
        last = self._tokens[before] if before >= 0 else None
        if (
            last is None
            or self._text[last.end : last.end + 1] != " "
            and self._language != "zh"
            and last.role == "number"
        ):
            return False  # "20ft"
        if self._language == "zh":
            return before < at - 1 and last.role == "price" or bool(now.words) and last is now.words[-1]
        return last.role in {"number", "amount", "pack", "price"} or bool(now.words) and last is now.words[-1]

    # What ends and begins an item.

    def _close(self) -> None:
        now, self._now = self._now, Item()
        if now.is_named or now.has_amount or now.strength is not None:
            if self._carries and self._person:
                now.person = self._person
            now.ops |= self._pending
            if "without" in now.ops:
                now.ops -= {"without"}
                now.ops |= set() if now.has_amount else {"remove"}
            if not (self._is_article(now) and not now.ops and not self._carries):
                self._items.append(now)
        elif now.words:
            self._loose.extend(now.words)

    def _is_article(self, now: Item) -> bool:
        """A bare "un" or "one" that counts nothing."""
        bare = all(measure.pack is None and measure.unit is None for measure in now.measures)
        said = self._text[max(now.start, 0) : now.end]
        return not now.is_named and now.price is None and now.strength is None and not now.words and bare and not any(sign.isdigit() for sign in said) and "carries" not in self.ops and now.measures[0].number in {1, Decimal("0.5")}  # fmt: skip

    def _segment(self, at: int) -> str:
        """The rest of the clause after token `at` in letters: N name, M measure, P price, X word."""
        letters = []
        for token in self._tokens[at + 1 :]:
            if (
                token.role == "sign"
                and token.form in _BREAKS
                or token.role == "op"
                and token.term
                and token.term.name in {"also", "remove", "negate"}
            ):
                break
            if token.role in {"kind", "brand", "thing"}:
                letters.append("N") if not letters or letters[-1] != "N" else None
            elif token.role in {"number", "amount", "pack"}:
                letters.append("M") if not letters or letters[-1] != "M" else None
            elif token.role == "price":
                letters.append("P")
            elif token.role == "word":
                letters.append("X") if not letters or letters[-1] != "X" else None
        return "".join(letters)

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
        self._close()
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
            if self._language not in _SUFFIXING:
                self._close()
                self._pending.add("without")
            elif now.is_named and not now.has_amount:
                now.ops.add("remove")
        elif name in {"remove", "negate"}:
            behind = self._language in _SUFFIXING or token.form in _BEHIND
            if behind and now.is_named and "N" not in self._segment(at):
                for item in [*self._items, now] if name == "remove" else [now]:
                    if not item.has_amount or item is now:
                        item.ops.add(name)
                return
            self._close()
            self._pending = {name} | (self._pending & {"what_if"})
        elif name in {"correct", "swap"}:
            if now.is_named or now.has_amount:
                if "N" not in self._segment(at) and "M" in self._segment(at) and now.is_named and not now.has_amount:
                    now.ops.add("correct")  # "the wine, make it 3 bottles"
                    return
                behind = self._language in _SUFFIXING or token.form in _BEHIND
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

    def _is_name(self, at: int) -> bool:
        return at < len(self._tokens) and self._tokens[at].role in {"kind", "brand", "thing"}

    def _follows_for(self, at: int) -> bool:
        """ "gifts for my wife": she carries nothing."""
        before = [token.form for token in self._tokens[max(at - 4, 0) : at]]
        return "for" in before or "para" in before or "pour" in before or "для" in before

    # What an item is made of.

    def _name(self, at: int, token: Token) -> None:
        now = self._now
        if token.role == "thing" and self._is_container(at):
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
        if now.is_named and not self._is_same(now, token):
            self._close()
            now = self._now
        elif now.words:
            now.words.clear()
        now.terms.append(token)
        now.touch(token)
        before = self._tokens[at - 1].form if at else ""
        now.article = now.article or before in _ARTICLES
        if "more" in self._pending:
            now.ops.add("more")
            self._pending.discard("more")

    def _is_far(self, now: Item, at: int) -> bool:
        """Stands a bare number too far before a name to count it: "form 28 in the mail about our bicycle"?"""
        bare = all(measure.pack is None and measure.unit is None for measure in now.measures)
        between = [
            token
            for token in self._tokens[:at]
            if token.start >= now.end and token.role in {"small", "word", "op", "masked"}
        ]
        return bare and len(between) > _FAR

    def _beside(self, at: int) -> bool:
        """Does a name of a kind, an amount or a package stand right beside token `at`?"""
        before, after = self._tokens[max(at - 2, 0) : at], self._tokens[at + 1 : at + 3]
        near = [*before, *after]
        if any(_is_op(token, "also") or token.role == "sign" for token in before[-1:]):
            near = after
        counted = bool(before) and before[-1].role in {"number", "amount"}
        return len(self._tokens) == 1 or counted or any(token.role in {"kind", "pack"} for token in near)

    def _is_container(self, at: int) -> bool:
        """ "in my bag"."""
        near = [before.form for before in self._tokens[max(at - 3, 0) : at]]
        inside = next((place for place, form in enumerate(near) if form in _IN), None)
        if inside is not None and inside < len(near) - 1 and set(near[inside + 1 :]) <= _ARTICLES | _OWNERS:
            return True
        name = self._tokens[at].term.name if self._tokens[at].term else ""  # type: ignore[union-attr]
        return name == "handbag" and not self._now.has_amount and bool(_IN & set(near))

    def _is_same(self, now: Item, token: Token) -> bool:
        """Does the name go on naming what was named: "marlboro cigarettes", "reloj de oro"?"""
        last = now.terms[-1]
        between = self._text[last.end : token.start].strip(" -'’").lower()
        if between and between not in _LINKS:
            return False
        return not (token.term and last.term and token.term.role == last.term.role == "thing" and "gifts" not in {token.term.name, last.term.name} and not between)  # fmt: skip

    def _measure(self, at: int, token: Token) -> None:
        now = self._now
        new = Measure(
            token.value, token.term.name if token.role == "pack" and token.term else None,
            token.unit if token.role == "amount" else None, token.form in _singular(),
        )  # fmt: skip
        if token.role == "pack":
            last = now.measures[-1] if now.measures else None
            previous = self._tokens[at - 1] if at else None
            if last and not last.pack and not last.unit and previous and previous.role == "number":
                now.measures[-1] = Measure(last.number, new.pack, None, new.singular)
                now.touch(token)
                return
        elif token.role == "number" and self._belongs_elsewhere(at):
            self._loose.append(token)
            return
        if token.role == "pack" and new.number is None and self._now.bounded and not self._now.has_amount:
            return  # "how many bottles"
        if now.is_named and (self._is_next(now, new, at)):
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

    def _belongs_elsewhere(self, at: int) -> bool:
        """A year, or a number with a word that is nothing we know of after a word that counts nothing."""
        token, after = self._tokens[at], self._tokens[at + 1] if at + 1 < len(self._tokens) else None
        if after is not None and after.role == "word" and after.start == token.end and self._language != "zh":
            return True  # "20ft"
        if _is_op(after, "fee"):
            return True  # "the 301 tariff"
        whole = token.value is None or token.value == int(token.value)
        if not whole and self._now.is_named and self._now.kind in tree() and tree()[str(self._now.kind)].unit == "each":
            return True  # "goods that go half to Switzerland"
        return token.value is not None and 2000 < token.value < 2100 and self._text[token.start : token.end].isdigit() and not self._segment(at)[:1] == "N"  # fmt: skip

    def _is_next(self, now: Item, new: Measure, at: int) -> bool:
        """Does a measure after a name belong to the next goods?"""
        ahead = self._segment(at)
        if self._tokens[at].role == "number":
            ahead = ahead.removeprefix("M") if ahead.startswith("M") and at + 1 < len(self._tokens) and self._tokens[at + 1].role == "pack" else ahead  # fmt: skip
        if not now.measures:
            return ahead == "N" or ahead.startswith(("NP", "NX")) and self._language not in _SUFFIXING or ahead.startswith("N") and not ahead.startswith("NM")  # fmt: skip
        if new.unit and not any(measure.unit for measure in now.measures) and not ahead.startswith("N"):
            return False  # "2 bottles of wine, 75 cl each"
        return True

    def _is_price(self, at: int) -> bool:
        """Is a bare number a price: "worth 900", "3 iphones 800 each"?"""
        before = [t for t in self._tokens[max(at - 2, 0) : at] if not _is_op(t, "about")]
        after = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
        if (
            before
            and _is_op(before[-1], "worth")
            and (after is None or after.role in {"sign", "op", "masked", "small"})
        ):
            return self._now.is_named or not _is_op(after, "also")
        if after is not None and self._tokens[at].end == after.start and after.role == "word":
            return False
        if self._is_plain_price(at, after):
            return True
        named = self._now.is_named and bool(self._now.measures)
        return named and (_is_op(after, "each") or bool(before) and _is_op(before[-1], "each"))

    def _is_plain_price(self, at: int, after: Token | None) -> bool:
        """ "my phone was 800", "a 5k watch": nobody brings so many."""
        number, now = self._tokens[at].value or 0, self._now
        if now.is_named and now.kind == "other" and not now.measures and now.price is None:
            if at - max((n for n, t in enumerate(self._tokens) if t is now.terms[-1]), default=0) > _FAR:
                return False
            return number >= _MANY and not self._segment(at).startswith(("N", "M"))
        return not now.is_named and number >= _VERY_MANY and after is not None and after.role == "thing"

    def _pounds(self, at: int) -> Decimal | None:
        """The sum of money when a word for the weight means the coin: "планшет за 200 фунтов"; None when the weight is meant."""
        token = self._tokens[at]
        said = self._text[token.start : token.end].lower()
        if token.unit != "g" or not any(word in said for word in ("фунт", "libra", "livre")) or token.value is None:
            return None
        before = self._tokens[at - 1] if at else None
        money = _is_op(before, "worth") or self._now.kind == "other"
        return (token.value / _POUND).quantize(Decimal("0.01")) if money else None

    def _is_weight(self, at: int) -> bool:
        """ "2 pounds of tobacco"."""
        token, after = self._tokens[at], self._tokens[at + 1 : at + 3]
        if token.unit != "GBP" or not self._text[token.start : token.end].lower().endswith(("pound", "pounds")):
            return False
        kind = after[1].term.kind if len(after) == 2 and after[0].form == "of" and after[1].term else None
        return kind in tree() and tree()[str(kind)].unit == "g"

    def _price(self, at: int, token: Token) -> None:
        now = self._now
        after = next((t for t in self._tokens[at + 1 :] if t.role != "small" or t.form not in _LINKS), None)
        before = self._tokens[at - 1] if at else None
        told = before is not None and before.role == "op" and before.term and before.term.name == "worth"
        if now.is_named and after and after.role in {"kind", "thing", "brand"} and not told or now.price is not None:
            self._close()
            now = self._now
        now.price = token
        now.touch(token)


def usually_of(pack: str | None) -> str | None:
    """What a package holds when nobody says what is in it: a carton cigarettes; None where nobody can tell."""
    return table("packs")["usually_of"].get(pack or "")


def _is_op(token: Token | None, name: str) -> bool:
    return token is not None and token.role == "op" and token.term is not None and token.term.name == name


def _singular() -> frozenset[str]:
    return frozenset(table("packs")["singular"])


_ADDING = frozenset("add adding añade agrega añadir ajoute ajouter добавь добавьте добавить أضف اضف".split())
# Words that stand behind the goods that they are about.
_BEHIND = frozenset("去 掉|删 掉|拿 掉|去 除|删 除".split("|"))


def read_items(tokens: Sequence[Token], text: str, language: str) -> tuple[list[Item], set[str], list[Token]]:
    """The goods that `tokens` tell, all that is to be done, and words that could not be placed."""
    return _Reader(tokens, text, language).read()
