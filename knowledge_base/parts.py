"""The several questions of one message, as candidates: whether they are questions of their own is for the search to say.

>>> [part.text for part in split("can i bring my dog and how much wine?")]
['can i bring my dog', 'how much wine?']
>>> [part.text for part in split("how much wine and cigarettes can i bring")]
['how much wine can i bring', 'how much cigarettes can i bring']

Pure. Words are data: parts.yml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge_base.folding import LETTER, fold, words_pattern
from knowledge_base.packs import read_yaml
from knowledge_base.quantities import find_kinds, find_quantities, is_within

MOST = 4
_SENTENCE_END = re.compile(r"[?？؟]+|[!！。۔\n]+|(?<!\d)\.+(?=\s|$)|(?<=\d)\.+(?=\s+\D|$)")
_ASKS = re.compile("[?？؟吗嗎]")
# A part of fewer words says too little to be a question of its own.
_FEWEST_WORDS, _FEWEST_CHINESE = 2, 3
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Part:
    """A candidate question. `how` it was parted: `sentence`, `clause` or `goods`."""

    text: str
    how: str


@dataclass(frozen=True)
class Opener:
    """A word that asks: text[start:end]."""

    start: int
    end: int


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data = read_yaml(Path(__file__).with_name("parts.yml"))
    joins, openers, between = (words_pattern(data[name]) for name in ("joins", "openers", "between"))
    # Arabic joins "and" to the next word: "وكم".
    joined = rf"(?<![{LETTER}])و(?=(?:كم|هل|ما|اين|كيف|متي|ماذا|وين)(?![{LETTER}]))"
    return {
        "opener": re.compile(openers),
        "join": re.compile(rf"[,،，;]?\s*(?:{joins}\s*[,،，]?\s*(?={openers})|{joined})|[,،，;；]\s*(?={openers})"),
        "list": re.compile(rf"^(?:[\s,،、，;&+/]|{joins}|{between}|(?<![{LETTER}])و)*$"),
        "has_join": re.compile(rf"{joins}|[,،、，&+/]|(?<![{LETTER}])و"),
    }


def split(text: str) -> list[Part]:
    """The candidate questions of `text`, in its order; empty when it holds one only. At most `MOST`."""
    sentences = _sentences(text)
    if len(sentences) > 1:
        return [Part(sentence, "sentence") for sentence in sentences[:MOST]]
    clauses = _clauses(text)
    if len(clauses) > 1:
        return [Part(clause, "clause") for clause in clauses[:MOST]]
    return [Part(variant, "goods") for variant in _goods(text)[:MOST]]


def _says_enough(text: str) -> bool:
    signs = len(_HAN.findall(text))
    return signs >= _FEWEST_CHINESE if signs else len(text.split()) >= _FEWEST_WORDS


def asks(text: str) -> bool:
    """Has `text` a word that asks, or a question mark?"""
    return bool(_ASKS.search(text) or _words()["opener"].search(fold(text)))


def openers(text: str) -> list[Opener]:
    """The words of `text` that ask: "how much", "can i"."""
    return [Opener(match.start(), match.end()) for match in _words()["opener"].finditer(fold(text))]


def _sentences(text: str) -> list[str]:
    """The sentences that end in a question mark or stand on a line of their own and ask; a statement goes with the next question."""
    found: list[str] = []
    story = ""
    at = 0
    for end in [*_SENTENCE_END.finditer(text), None]:
        piece = text[at : end.end() if end else len(text)].strip()
        at = end.end() if end else at
        if not piece:
            continue
        line = end is not None and "\n" in end[0] or end is None and "\n" in text
        is_question = bool(_ASKS.search(piece)) or (line and asks(piece))
        piece = f"{story} {piece}".strip()
        if is_question and _says_enough(piece):
            found.append(piece)
            story = ""
        else:
            story = piece
    if story and found:
        found[-1] = f"{found[-1]} {story}"
    return found


def _clauses(text: str) -> list[str]:
    """The text parted before "and how much", where what stands before asks, too."""
    words = _words()
    folded = fold(text)
    cuts = [match for match in words["join"].finditer(folded) if words["opener"].search(folded, 0, match.start())]
    parts: list[str] = []
    at = 0
    for cut in cuts:
        parts.append(text[at : cut.start()].strip(" ,،，;"))
        at = cut.end()
    parts.append(text[at:].strip())
    return _completed(parts) if all(_says_enough(part) for part in parts) else [text]


def _completed(parts: list[str]) -> list[str]:
    """The parts, with what the last one says of its goods said of those that only name theirs.

    "how many cigarettes" and "how much cash can i bring": the first asks what one can bring, too.
    """
    goods = find_kinds(parts[-1])
    tail = parts[-1][goods[-1][2] :].rstrip(" ?؟？.。!") if goods else ""
    completed = [
        f"{part.rstrip(' ?؟？')}{tail}" if tail.strip() and _only_names_goods(part) else part for part in parts[:-1]
    ]
    return [*completed, parts[-1]]


def _only_names_goods(part: str) -> bool:
    """ "how many cigarettes": words that ask, goods, and little words."""
    spans = [(start, end) for _, start, end in find_kinds(part)]
    if not spans:
        return False
    rest = list(part)
    for start, end in [*spans, *((opener.start, opener.end) for opener in openers(part))]:
        rest[start:end] = " " * (end - start)
    return bool(_words()["list"].match(fold("".join(rest))))


def _goods(text: str) -> list[str]:
    """One question for each of the goods that a list in `text` names; none when it names no such list."""
    words = _words()
    folded = fold(text)
    amounts = find_quantities(text)
    runs: list[tuple[int, int, str]] = []  # where each of the goods begins, with its amount, and ends; its kind
    for kind, start, end in find_kinds(text):
        # "200 cigarettes" begins with its number; "2 litres of wine" too.
        amount = next(
            (q for q in reversed(amounts) if q.start < start and words["list"].match(folded[q.end : start])), None
        )
        start = amount.start if amount and (not runs or amount.start >= runs[-1][1]) else start
        if runs:
            gap = folded[runs[-1][1] : start]
            if not words["list"].match(gap) or not words["has_join"].search(gap):
                return []
        runs.append((start, end, kind))
    alike = any(is_within(a[2], b[2]) or is_within(b[2], a[2]) for at, a in enumerate(runs) for b in runs[at + 1 :])
    if len(runs) < 2 or alike:
        return []
    head, tail = text[: runs[0][0]], text[runs[-1][1] :]
    return [f"{head}{text[start:end]}{tail}".strip() for start, end, _ in runs]


def asked_of_other_goods(question: str, text: str) -> str | None:
    """`question` asked of the goods that `text` names; None when it is not plain which goods take the place of which.

    >>> asked_of_other_goods("can i bring wine from spain?", "and cigars?")
    'can i bring cigars from spain?'
    """
    before, after = find_kinds(question), find_kinds(text)
    if len(before) != 1 or not after or find_quantities(question) or find_quantities(text):
        return None
    _, start, end = before[0]
    goods = text[after[0][1] : after[-1][2]]
    return f"{question[:start]}{goods}{question[end:]}"
