"""Asking a release that is not served, as the chat would, and showing replies as the web page and Telegram do.

The knowledge base knows neither actions nor channels; this is where staff's "try it" meets them.
"""

from __future__ import annotations

import asyncio
import copy
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from actions.base import failed
from actions.context import Turn
from actions.knowledge import Served
from actions.show_entry import show_entry
from bot.telegram.render import paragraphs
from bot.turn import clean_text
from bot.web.brand import read_brand
from bot.web.render import STATIC, Pages, folded
from customs.commands.ask import ask
from customs.settings import Settings
from customs.trial import serving
from customs.wording import direction
from knowledge_base.model import Entry
from knowledge_base.places import Administrations
from knowledge_base.search import Searcher
from knowledge_base.trying.errors import TryError

DEADLINE_S = 2.0
_GRACE_S = 3.0
_BUSY = "The assistant is still busy with another question. Ask again in a moment."
# A thread of its own: an event loop may be running where a page is made.
_ASKING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trying")


@dataclass(frozen=True)
class Tried:
    """A reply: the `custom` payload of docs/contracts.md, and the whole as plain text."""

    custom: dict[str, Any]
    text: str

    @property
    def outcome(self) -> tuple[str, str | None, str | None]:
        """Outcome, reason and entry: what kind of reply it is, whatever its words."""
        return self.custom["outcome"], self.custom["reason"], self.custom["entry"]


def ask_release(
    searcher: Searcher,
    text: str,
    settings: Settings,
    administration: str | None = None,
    language: str | None = None,
    deadline_s: float = DEADLINE_S,
) -> Tried:
    """The reply to `text` from the release of `searcher`, by the actions of the chat. One that takes longer than `deadline_s` is a failed
    one and says so. Raises ValueError for a text without a word, and `TryError` when another reply goes on and on.
    """
    question, _ = clean_text(text, settings.max_question_chars)
    if not question:
        raise ValueError("the question is empty; write it in a few words")
    limited = copy.copy(settings)
    limited.action_deadline_s = deadline_s

    def reply() -> dict[str, Any]:
        with serving(limited, searcher):
            return asyncio.run(ask(question, administration, language, date.today().isoformat()))

    asking = _ASKING.submit(reply)
    try:
        # An event loop ends only with its threads, so the action's own deadline does not free who waits here.
        message = asking.result(timeout=deadline_s + _GRACE_S)
    except TookTooLong:
        asking.cancel()
        raise TryError(_BUSY) from None
    return Tried(message["custom"], message["text"])


def warm_up(searcher: Searcher, settings: Settings) -> None:
    """Have all that the first reply needs read, which takes longer than a reply may."""
    ask_release(searcher, "customs", settings, deadline_s=60.0)


def entry_reply(searcher: Searcher, entry: Entry, language: str) -> dict[str, Any]:
    """The custom payload with which the chat shows `entry` in `language` today, with today's figures."""
    served = Served(
        searcher.release, searcher,
        Administrations([shelf.administration for shelf in searcher.release.shelves.values()]),
    )  # fmt: skip
    turn = Turn("trying", "", language, "trying", date.today(), administration=entry.administration, served=served)
    try:
        reply = show_entry(entry, turn, entry.title)
    except LookupError:  # a figure has no value today
        reply = failed(turn, "error")
    told = reply.language or language
    return {"outcome": reply.outcome, "language": told, "direction": direction(told), "blocks": reply.blocks}


def as_web(custom: dict[str, Any], settings: Settings) -> str:
    """The reply as a whole page in the chat's own look, for a frame; its buttons do nothing."""
    language = custom["language"]
    template = _web(settings)._environment.from_string(_WEB)

    def words(sentence: str, **more: object) -> str:
        from bot.web.render import say

        return say(language, sentence, **more)

    blocks = list(folded(custom["blocks"]))
    return template.render(t=words, language=language, reply=custom, blocks=blocks, style=_style(settings))


def as_telegram(custom: dict[str, Any]) -> tuple[str, list[str]]:
    """The reply as Telegram gets it: its HTML (escaped, of <b>, <i> and <a> alone), and the titles of the buttons below."""
    text = "\n\n".join(paragraphs(custom["blocks"], custom["language"]))
    titles = [item["title"] for block in custom["blocks"] if block["type"] == "buttons" for item in block["items"]]
    return text, titles


_WEB = """<!doctype html><html lang="{{ language }}" dir="{{ reply.direction }}"><head><meta charset="utf-8"><title>{{ t("Assistant") }}</title>
<style>{{ style|safe }}</style></head><body>{% from "blocks.html" import show %}<main><div id="log"><ol>
<li class="reply {{ reply.outcome }}" lang="{{ language }}" dir="{{ reply.direction }}">
{% for block in blocks %}{{ show(block, reply.direction == "rtl", t, language, true, reply.outcome) }}{% endfor %}
</li></ol></div></main></body></html>"""


@cache
def _pages(var_dir: Any) -> Pages:
    return Pages(defaultdict(str), read_brand(var_dir))


def _web(settings: Settings) -> Pages:
    return _pages(settings.var_dir)


@cache
def _chat_css() -> str:
    return (STATIC / "chat.css").read_text(encoding="utf-8")


def _style(settings: Settings) -> str:
    return _chat_css() + _web(settings).brand.css
