"""A Unigram tokeniser with a large vocabulary in a tenth of the memory: what the library `tokenizers` does with 280 MB for 250,000 pieces.

The library normalises and parts the text into words, with an empty vocabulary; the most probable pieces of each word are found here, by
the library's own rule, so that the ids are the same. Words that come again are remembered.
"""

from __future__ import annotations

import json
import re
from array import array
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

_UNKNOWN_PENALTY = 10.0  # an unknown sign costs so much more than the least likely piece
_REMEMBERED_WORDS, _LONGEST_REMEMBERED = 20_000, 32


class UnigramTokenizer:
    """Token ids as `tokenizers` gives them for a text alone; safe to use from several threads.

    `content` is a `tokenizer.json` for which `fits` says yes; texts are cut to `max_tokens`.
    """

    def __init__(self, content: dict, max_tokens: int) -> None:
        model = content["model"]
        self._max_tokens = max_tokens
        self._unknown: int = model["unk_id"]
        self._scores = array("d", (score for _, score in model["vocab"]))
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._numbers: dict[str, int] = {}
        for number, (piece, _) in enumerate(model["vocab"]):
            self._numbers[piece] = number
        self._longest = max(map(len, self._numbers))
        empty = {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0]], "byte_fallback": False}
        parts = Tokenizer.from_str(json.dumps(content | {"model": empty, "added_tokens": []}))
        self._normalize, self._words = parts.normalizer.normalize_str, parts.pre_tokenizer.pre_tokenize_str
        self._marks = {each["content"]: each["id"] for each in content["added_tokens"]}
        strips = {each["content"]: r"\s*" * each["lstrip"] for each in content["added_tokens"]}
        self._mark = re.compile("|".join(f"{strips[mark]}({re.escape(mark)})" for mark in self._marks) or "(?!)")
        self._first, self._last = (_special(content, place) for place in (0, -1))
        self._of_known_word = lru_cache(_REMEMBERED_WORDS)(self._of_word)

    @classmethod
    def open(cls, path: Path, max_tokens: int) -> UnigramTokenizer | None:
        """The tokeniser of the file, None for one of another kind."""
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(content, max_tokens) if fits(content) else None

    def ids(self, text: str) -> list[int]:
        """The token ids of `text`, at most `max_tokens` with the marks of beginning and end."""
        found: list[int] = []
        at = 0
        for match in self._mark.finditer(text):
            found += self._of_text(text[at : match.start()])
            found.append(self._marks[match[match.lastindex]])
            at = match.end()
        found += self._of_text(text[at:])
        return [self._first, *found[: self._max_tokens - 2], self._last]

    def _of_text(self, text: str) -> list[int]:
        ids: list[int] = []
        for word, _ in self._words(self._normalize(text)) if text else ():
            ids += self._of_known_word(word) if len(word) <= _LONGEST_REMEMBERED else self._of_word(word)
        return ids

    def _of_word(self, word: str) -> tuple[int, ...]:
        """The pieces whose scores add up to the most; of two ways that add up alike the one that was found first."""
        size, numbers, scores = len(word), self._numbers, self._scores
        best = [0.0] * (size + 1)
        begins = [-1] * (size + 1)
        unknown = bytearray(size + 1)
        for start in range(size):
            so_far, single = best[start], False
            for end in range(start + 1, min(start + self._longest, size) + 1):
                if (number := numbers.get(word[start:end])) is not None:
                    score = so_far + scores[number]
                    if begins[end] < 0 or score > best[end]:
                        best[end], begins[end], unknown[end] = score, start, 0
                    single = single or end == start + 1
            if not single:
                score = so_far + self._unknown_score
                if begins[start + 1] < 0 or score > best[start + 1]:
                    best[start + 1], begins[start + 1], unknown[start + 1] = score, start, 1
        return tuple(reversed(list(self._back(word, begins, unknown))))

    def _back(self, word: str, begins: list[int], unknown: bytearray):  # noqa: ANN202 - yields ids from the end on
        end = len(word)
        while end > 0:
            start = begins[end]
            if unknown[end]:  # unknown signs in a row are one piece
                while start > 0 and unknown[start]:
                    start = begins[start]
            yield self._numbers.get(word[start:end], self._unknown)
            end = start


def fits(content: dict) -> bool:
    """Is a `tokenizer.json` of the kind that is understood here: Unigram, words with `▁` before them, one mark at each end?"""
    model, words, after = content["model"], content.get("pre_tokenizer") or {}, content.get("post_processor") or {}
    kinds = [next(iter(part)) for part in after.get("single", ())]
    return (
        model.get("type") == "Unigram"
        and not model.get("byte_fallback")
        and bool(content.get("normalizer"))
        and words.get("type") == "Metaspace"
        and kinds == ["SpecialToken", "Sequence", "SpecialToken"]
        and not any(each["normalized"] or each["single_word"] or each["rstrip"] for each in content["added_tokens"])
    )


def _special(content: dict, place: int) -> int:
    name = content["post_processor"]["single"][place]["SpecialToken"]["id"]
    return content["post_processor"]["special_tokens"][name]["ids"][0]
