"""What stands around a word of a message: the rules by which a number belongs to one thing or to another, and names the goods."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from knowledge_base.goods.amounts import Measure
from knowledge_base.goods.items import Item
from knowledge_base.goods.tokens import Token
from knowledge_base.goods.tree import tree

BREAKS = frozenset(",;،、；，。.!?؟।۔\n+&/|")
ARTICLES = frozenset("a an the my un una une el la le les los las mi mon ma mes 一 这 那 один одну".split())
# Words between a name and what belongs to it.
# "3 lots of 50 cigars"
_PARTS = frozenset("lot lots set sets times time each by fois veces раза раз مرات بار گنا गुना 次 x".split())
LINKS = frozenset("of de d du des का की के کا کی کے 的 от".split())
_OWNERS = frozenset("his her our their own this that".split())
# Goods whose models are numbers.
_NUMBERED = frozenset({"phone", "tablet", "game console", "watch"})
_LARGEST_SIZE = 5  # litres
_FIRST_MODEL, _LAST_MODEL = 3, 30
_MODIFIERS_FIRST = frozenset({"en", "hi", "ru", "ur"})
_IN = frozenset("in en dans в في من 里".split())
POUND = Decimal("453.59237")
SUFFIXING = frozenset({"hi", "ur"})
# Bare numbers of things from which on they are prices; words between a bare number and the goods that it can count.
_MANY, _VERY_MANY, _FAR = 20, 1000, 3


class Neighbourhood:
    """The tokens of a message, and the goods that are being read (`_now`)."""

    def __init__(self, tokens: Sequence[Token], text: str, language: str) -> None:
        self._tokens, self._text, self._language = list(tokens), text, language
        self._now = Item()
        self._pending: set[str] = set()  # what is to be done with the goods that follow

    def _names_it(self, at: int) -> bool:
        """Does an unknown word right behind an amount or a price, or behind such a word, name the goods: "a 500 dollar trumpet"?"""
        now, before = self._now, at - 1
        if now.is_named or not now.has_amount:
            return False
        while before >= 0 and (self._tokens[before].form in LINKS or is_op(self._tokens[before], "worth")):
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

    def _goes_on_naming(self, at: int) -> bool:
        """Is an unknown word right behind a thing its head: "bike frame"? Only in English, where the head stands last."""
        now, last = self._now, self._tokens[at - 1] if at else None
        if self._language != "en" or not now.is_named or now.kind != "other" or now.price is not None or last is None:
            return False
        return last is now.terms[-1] and last.end + 1 == self._tokens[at].start

    def _name_before(self, at: int) -> list[Token]:
        """Unknown words that a price behind them names: "ordered a drill from the US for 80 dollars"; none when nothing leads to them."""
        told = at > 0 and is_op(self._tokens[at - 1], "worth")
        if not told:
            return []
        run: list[Token] = []
        for back in range(at - 2, -1, -1):
            token = self._tokens[back]
            if token.role in {"sign", "op", "kind", "brand", "thing", "price", "amount"} and not (
                run and token.role == "op"
            ):
                break
            if token.role == "word" and (not run or self._tokens[back + 1] is run[0]):
                run.insert(0, token)
            elif run:
                leads = token.form in ARTICLES or token.role == "number" or is_op(token, "also")
                return run if leads else []
        return []

    def _described(self, at: int) -> list[Token]:
        """Unknown words right before a name, which tell it nearer: "bluetooth" of "bluetooth speaker"."""
        run: list[Token] = []
        for token in reversed(self._tokens[max(at - _FAR, 0) : at]):
            if token.role != "word" or self._language not in _MODIFIERS_FIRST:
                break
            run.insert(0, token)
        return run

    def _segment(self, at: int) -> str:
        """The rest of the clause after token `at` in letters: N name, M measure, P price, X word."""
        letters = []
        for token in self._tokens[at + 1 :]:
            if (
                token.role == "sign"
                and token.form in BREAKS
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

    def _is_name(self, at: int) -> bool:
        return at < len(self._tokens) and self._tokens[at].role in {"kind", "brand", "thing"}

    def _follows_for(self, at: int) -> bool:
        """ "gifts for my wife": she carries nothing."""
        before = [token.form for token in self._tokens[max(at - 4, 0) : at]]
        return "for" in before or "para" in before or "pour" in before or "для" in before

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
        if any(is_op(token, "also") or token.role == "sign" for token in before[-1:]):
            near = after
        counted = bool(before) and before[-1].role in {"number", "amount"}
        return len(self._tokens) == 1 or counted or any(token.role in {"kind", "pack"} for token in near)

    def _is_container(self, at: int) -> bool:
        """ "in my bag"."""
        near = [before.form for before in self._tokens[max(at - 3, 0) : at]]
        inside = next((place for place, form in enumerate(near) if form in _IN), None)
        if inside is not None and inside < len(near) - 1 and set(near[inside + 1 :]) <= ARTICLES | _OWNERS:
            return True
        name = self._tokens[at].term.name if self._tokens[at].term else ""  # type: ignore[union-attr]
        return name == "handbag" and not self._now.has_amount and bool(_IN & set(near))

    def _is_exchanged(self, now: Item, token: Token) -> bool:
        """Names the second of two kinds what comes instead of the first: "вместо сигарет сигары"?"""
        last = now.terms[-1].term
        both = last is not None and token.term is not None and last.role == token.term.role == "kind"
        return both and bool(self._pending & {"negate", "swap"}) and last.kind != token.term.kind  # type: ignore[union-attr]

    def _is_purpose(self, at: int) -> bool:
        """ "one as a gift": what it is for, not what it is."""
        term, near = self._tokens[at].term, [token.form for token in self._tokens[max(at - 2, 0) : at]]
        return term is not None and term.name == "gifts" and "as" in near

    def _is_said_again(self, item: Item, following: list[Item]) -> bool:
        """Is a name without an amount said again with one right after: "شيشة كيلو معسل"?"""
        again = following[0] if following else None
        if again is None or item.has_amount or item.ops or again.ops or not item.is_named or item.strength is not None:
            return False
        between = self._text[item.end : again.start].strip()
        return item.kind == again.kind and item.kind != "other" and not between

    def _is_same(self, now: Item, token: Token) -> bool:
        """Does the name go on naming what was named: "marlboro cigarettes", "reloj de oro"?"""
        last = now.terms[-1]
        between = self._text[last.end : token.start].strip(" -'’").lower()
        if between and between not in LINKS:
            return False
        if token.term is None or last.term is None or between:
            return True
        both = token.term.role == last.term.role == "thing"
        return not both or "gifts" in {token.term.name, last.term.name} or token.term.name == last.term.name

    def _is_size(self, at: int) -> bool:
        """Is a bare fraction the litres of a package: "3 бутылки по 0,7 водки"?"""
        value, now = self._tokens[at].value, self._now
        packed = any(measure.pack for measure in now.measures) and not any(measure.unit for measure in now.measures)
        fraction = value is not None and value != int(value) and 0 < value < _LARGEST_SIZE
        return packed and fraction and (now.kind is None or now.kind in tree() and tree()[now.kind].unit == "L")

    def _belongs_elsewhere(self, at: int) -> bool:
        """A year, or a number with a word that is nothing we know of after a word that counts nothing."""
        token, after = self._tokens[at], self._tokens[at + 1] if at + 1 < len(self._tokens) else None
        if after is not None and after.role == "word" and after.start == token.end and self._language != "zh":
            return True  # "20ft"
        now = self._now
        if now.is_named and now.terms[-1].term and now.terms[-1].term.name in _NUMBERED:
            model = token.value is not None and _FIRST_MODEL <= token.value <= _LAST_MODEL
            if model and now.terms[-1].end + 1 == token.start:
                return True  # "iphone 15"
        if is_op(after, "fee"):
            return True  # "the 301 tariff"
        whole = token.value is None or token.value == int(token.value)
        if not whole and self._now.is_named and self._now.kind in tree() and tree()[str(self._now.kind)].unit == "each":
            return True  # "goods that go half to Switzerland"
        return token.value is not None and 2000 < token.value < 2100 and self._text[token.start : token.end].isdigit() and not self._segment(at)[:1] == "N"  # fmt: skip

    def _is_of_something_else(self, at: int) -> bool:
        """Is a bare number before this measure no count of it, as other words stand between: "she is 16 may she carry 200 cigarettes"?"""
        now = self._now
        if now.is_named or not now.measures or any(measure.pack or measure.unit for measure in now.measures):
            return False
        before = next((n for n in range(at - 1, -1, -1) if self._tokens[n].role == "number"), at - 1)
        return any(
            token.role in {"small", "word", "person"} and token.form not in _PARTS | LINKS
            for token in self._tokens[before + 1 : at]
        )

    def _is_price(self, at: int) -> bool:
        """Is a bare number a price: "worth 900", "3 iphones 800 each"?"""
        before = [t for t in self._tokens[max(at - 2, 0) : at] if not is_op(t, "about")]
        after = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
        if before and is_op(before[-1], "worth") and (after is None or after.role in {"sign", "op", "masked", "small"}):
            return self._now.is_named or not is_op(after, "also")
        if after is not None and self._tokens[at].end == after.start and after.role == "word":
            return False
        if self._is_plain_price(at, after):
            return True
        named = self._now.is_named and bool(self._now.measures)
        return named and (is_op(after, "each") or bool(before) and is_op(before[-1], "each"))

    def _is_plain_price(self, at: int, after: Token | None) -> bool:
        """ "my phone was 800", "a 5k watch": nobody brings so many."""
        number, now = self._tokens[at].value or 0, self._now
        if now.is_named and now.kind == "other" and not now.measures and now.price is None:
            if at - max((n for n, t in enumerate(self._tokens) if t is now.terms[-1]), default=0) > _FAR:
                return False
            return number >= _MANY and not self._segment(at).startswith(("N", "M"))
        follows = next((token for token in self._tokens[at + 1 : at + 3] if token.form not in LINKS), None)
        return not now.is_named and number >= _VERY_MANY and follows is not None and follows.role == "thing"

    def _pounds(self, at: int) -> Decimal | None:
        """The sum of money when a word for the weight means the coin: "планшет за 200 фунтов"; None when the weight is meant."""
        token = self._tokens[at]
        said = self._text[token.start : token.end].lower()
        if token.unit != "g" or not any(word in said for word in ("фунт", "libra", "livre")) or token.value is None:
            return None
        before = self._tokens[at - 1] if at else None
        money = is_op(before, "worth") or self._now.kind == "other"
        return (token.value / POUND).quantize(Decimal("0.01")) if money else None

    def _is_weight(self, at: int) -> bool:
        """ "2 pounds of tobacco"."""
        token, after = self._tokens[at], self._tokens[at + 1 : at + 3]
        if token.unit != "GBP" or not self._text[token.start : token.end].lower().endswith(("pound", "pounds")):
            return False
        kind = after[1].term.kind if len(after) == 2 and after[0].form == "of" and after[1].term else None
        return kind in tree() and tree()[str(kind)].unit == "g"

    def _is_next(self, now: Item, new: Measure, at: int) -> bool:
        """Does a measure after a name belong to the next goods?"""
        ahead = self._segment(at)
        if self._tokens[at].role == "number":
            ahead = ahead.removeprefix("M") if ahead.startswith("M") and at + 1 < len(self._tokens) and self._tokens[at + 1].role == "pack" else ahead  # fmt: skip
        if not now.measures:
            return ahead == "N" or ahead.startswith(("NP", "NX")) and self._language not in SUFFIXING or ahead.startswith("N") and not ahead.startswith("NM")  # fmt: skip
        if new.unit and not any(measure.unit for measure in now.measures) and not ahead.startswith("N"):
            return False  # "2 bottles of wine, 75 cl each"
        return True

    def _is_article(self, now: Item) -> bool:
        """A bare "un" or "one" that counts nothing."""
        bare = all(measure.pack is None and measure.unit is None for measure in now.measures)
        said = self._text[max(now.start, 0) : now.end]
        return not now.is_named and now.price is None and now.strength is None and not now.words and bare and not any(sign.isdigit() for sign in said) and "carries" not in self.ops and now.measures[0].number in {1, Decimal("0.5")}  # fmt: skip


def is_op(token: Token | None, name: str) -> bool:
    """Is the token a word for the operation `name`?"""
    return token is not None and token.role == "op" and token.term is not None and token.term.name == name
