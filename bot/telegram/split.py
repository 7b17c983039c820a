"""Long answers become several messages: cut at paragraph ends, then lines, then words, never inside a tag."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

LIMIT = 4096
# A "word" without a blank (Chinese, a long code) is offered in bits of about this many units.
BIT = 24
_TOKEN = re.compile(r"<[^>]+>|&#?\w+;|\n+|[^\S\n]+|[^\s<&]+|[<&]")
_NAME = re.compile(r"<([\w-]+)")
_STOPS = tuple("。！？；，、।۔؟")


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(paragraphs: Iterable[str], limit: int = LIMIT) -> list[str]:
    """Messages of at most `limit` units out of complete HTML paragraphs, in order, nothing lost but blanks.

    A tag must be shorter than `limit` by far; the renderer sees to that.
    """
    parts: list[str] = []
    current = ""
    for paragraph in paragraphs:
        for piece in [paragraph] if units(paragraph) <= limit else _cut(paragraph, limit):
            if not _is_visible(piece):
                continue
            joined = f"{current}\n\n{piece}" if current else piece
            if units(joined) > limit:
                parts.append(current)
                joined = piece
            current = joined
    return [*parts, current] if current else parts


def _is_visible(piece: str) -> bool:
    return bool(re.sub(r"<[^>]+>", "", piece).strip())


def _cut(paragraph: str, limit: int) -> Iterator[str]:
    """The pieces of one paragraph that is too long; tags open at a cut are closed there and opened again after it."""
    tokens = list(_tokens(paragraph))
    start, opened = 0, []
    while start < len(tokens):
        end = _end(tokens, start, opened, limit)
        still_open = list(opened)
        for token in tokens[start:end]:
            _step(still_open, token)
        yield ("".join(opened) + "".join(tokens[start:end]).strip() + _closing(still_open)).strip()
        start, opened = end, still_open


def _end(tokens: list[str], start: int, opened: list[str], limit: int) -> int:
    """Where the piece that begins at `start` ends: after a line if that fills half of it, else after a word."""
    size, stack = units("".join(opened)), list(opened)
    ends: dict[str, int] = {}
    for place in range(start, len(tokens)):
        token = tokens[place]
        _step(stack, token)
        size += units(token)
        if size + units(_closing(stack)) > limit:
            # A token that does not fit even alone is taken all the same, so that the loop ends.
            return ends.get("line") or ends.get("word") or max(place, start + 1)
        if size * 2 >= limit:
            if token.startswith("\n"):
                ends["line"] = place + 1
            elif token.isspace() or token.endswith(_STOPS):
                ends["word"] = place + 1
    return len(tokens)


def _step(stack: list[str], token: str) -> None:
    if token.startswith("</"):
        stack.pop()
    elif token.startswith("<") and token.endswith(">"):
        stack.append(token)


def _closing(stack: list[str]) -> str:
    return "".join(f"</{_NAME.match(tag)[1]}>" for tag in reversed(stack))


def _tokens(paragraph: str) -> Iterator[str]:
    for token in _TOKEN.findall(paragraph):
        if units(token) <= BIT or token[0] in "<&":
            yield token
        else:
            yield from _bits(token)


def _bits(word: str) -> Iterator[str]:
    """A long word in bits that keep a letter and its marks together and end after a full stop where there is one."""
    bit, before = "", ""
    for char in word:
        joins = (
            unicodedata.category(char).startswith("M")
            or "\u200d" in (char, before)
            or "\U0001f3fb" <= char <= "\U0001f3ff"
        )
        if bit and not (joins and units(bit) < 4 * BIT) and (units(bit) >= BIT or before in _STOPS):
            yield bit
            bit = ""
        bit += char
        before = char
    yield bit
