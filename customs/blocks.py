"""Blocks: the channel-free form of an answer, its check and its plain-text rendering.

A block is a plain dictionary with a `type`; docs/contracts.md lists the types and their keys. Text in a block holds no markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from customs.bidi import apart, right_to_left
from customs.days import long_date
from customs.wording import Wording, direction

say = Wording(Path(__file__).parent / "locale")

Block = dict[str, Any]

OUTCOMES = ("answered", "calculated", "asked_back", "declined", "handed_over", "smalltalk", "failed")
REASONS = {
    "asked_back": ("which_administration", "which_entry", "which_fact"),
    "declined": ("out_of_scope", "no_guidance", "personal_case", "other_administration", "unlawful", "abuse", "switched_off"),
    "failed": ("empty", "timeout", "rasa_down", "action_server_down", "no_release", "error"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEYS = {
    "paragraph": ({"text"}, set()),
    "list": ({"items"}, {"ordered"}),
    "card": ({"title"}, {"text", "rows", "url"}),
    "table": ({"columns", "rows"}, {"caption"}),
    "source": ({"title", "url", "checked"}, {"publisher", "as_of"}),
    "buttons": ({"items"}, {"label"}),
    "notice": ({"level", "text"}, set()),
}


class BlockError(ValueError):
    """A block or outcome is not of the closed list; the message names the key and the value."""


def check_block(block: Block) -> Block:
    """Return `block` unchanged; raise `BlockError` if its type or keys are not those of docs/contracts.md."""
    kind = block.get("type")
    if kind not in _KEYS:
        raise BlockError(f"Block type {kind!r} is not one of {', '.join(_KEYS)}.")
    needed, optional = _KEYS[kind]
    keys = set(block) - {"type"}
    if missing := needed - keys:
        raise BlockError(f"Block {kind!r} lacks {', '.join(sorted(missing))}.")
    if unknown := keys - needed - optional:
        raise BlockError(f"Block {kind!r} has the unknown key {', '.join(sorted(unknown))}.")
    return block


def whole_block(block: Block) -> Block:
    """`block` with every optional key of its type, None where it has none: for a template that asks for each."""
    _, optional = _KEYS[block["type"]]
    return dict.fromkeys(optional) | block


def check_outcome(outcome: str, reason: str | None) -> None:
    """Raise `BlockError` unless `outcome` and `reason` are of the closed list."""
    if outcome not in OUTCOMES:
        raise BlockError(f"Outcome {outcome!r} is not one of {', '.join(OUTCOMES)}.")
    allowed = REASONS.get(outcome, ())
    if (reason or None) is None and not allowed:
        return
    if reason not in allowed:
        raise BlockError(f"Reason {reason!r} does not go with outcome {outcome!r}; expected {allowed or 'none'}.")


def is_day(text: str | None) -> bool:
    """Is `text` one day, as an ISO date? What is known of a page's age may also be words ("2025-04, inferred")."""
    return bool(text and _DAY.fullmatch(text))


def is_related(block: Block) -> bool:
    """Are the buttons of `block` only other entries to read on?"""
    return all(item["payload"].startswith("/choose_entry") for item in block["items"])


def labels_of(blocks: Iterable[Block]) -> list[str]:
    """What is said of the buttons, for a channel that shows them all together under its text.

    Titles of related entries are whole questions: below the buttons of another group they need no heading.
    """
    groups = [block for block in blocks if block["type"] == "buttons"]
    shown = groups if len(groups) == 1 else [block for block in groups if not is_related(block)]
    return [block["label"] for block in shown if block.get("label")]


def paragraph(text: str) -> Block:
    """A paragraph."""
    return {"type": "paragraph", "text": text}


def notice(text: str, level: str = "info") -> Block:
    """A remark set apart from the answer; `level` is info or warning."""
    return {"type": "notice", "level": level, "text": text}


def buttons(items: Iterable[tuple[str, str]], label: str | None = None) -> Block:
    """Choices as (title, payload) pairs."""
    block: Block = {"type": "buttons", "items": [{"title": title, "payload": payload} for title, payload in items]}
    if label:
        block["label"] = label
    return block


def plain_text(blocks: Iterable[Block], language: str = "en") -> str:
    """The blocks as text that any channel can show; buttons are left out, as channels carry them apart.

    `language` is the asker's: days and what stands around them are written in it, and in Arabic and Urdu numbers keep their order.
    """
    parts: list[str] = []
    piece = apart if direction(language) == "rtl" else str
    blocks = list(blocks)
    for block in blocks:
        kind = block["type"]
        if kind in {"paragraph", "notice"}:
            parts.append(block["text"])
        elif kind == "list":
            marks = (f"{number}." for number in range(1, 1000)) if block.get("ordered") else iter(lambda: "•", None)
            parts.append("\n".join(f"{mark} {item}" for mark, item in zip(marks, block["items"])))
        elif kind == "card":
            lines = [block["title"], block.get("text")]
            lines += [f"{label}: {piece(value)}" for label, value in block.get("rows", [])]
            lines.append(block.get("url"))
            parts.append("\n".join(line for line in lines if line))
        elif kind == "table":
            rows = [" | ".join(map(piece, row)) for row in [block["columns"], *block["rows"]]]
            parts.append("\n".join(([block["caption"]] if block.get("caption") else []) + rows))
        elif kind == "source":
            parts.append(_plain_source(block, language))
    text = "\n\n".join(parts + labels_of(blocks))
    if direction(language) == "ltr":
        return text
    # An address alone in its line is left as it is: what makes links of addresses would take a mark behind it for a part of it.
    return "\n".join(line if line.startswith("http") else right_to_left(line) for line in text.split("\n"))


def _plain_source(block: Block, language: str) -> str:
    piece, comma = (apart, "، ") if direction(language) == "rtl" else (str, ", ")
    told = [piece(block["publisher"])] if block.get("publisher") else []
    told.append(say(language, "checked on {day}", day=long_date(block["checked"], language)))
    if is_day(block.get("as_of")):
        told.append(say(language, "page dated {day}", day=long_date(block["as_of"], language)))
    return f"{piece(block['title'])} ({comma.join(told)})\n{block['url']}"
