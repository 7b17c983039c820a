"""Blocks and pages as HTML. Jinja2 escapes everything; no block is ever put into a page as markup."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.web.language import long_date, own_name
from customs.blocks import whole_block
from customs.wording import Wording, direction

HERE = Path(__file__).parent
STATIC = HERE / "static"
say = Wording(HERE / "locale")

# Phone numbers, dates and ranges fall apart in right-to-left text unless set apart. static/chat.js does the same.
LEFT_TO_RIGHT = re.compile(r"\+\d[\d ()-]*\d|\d+(?:[-/.:]\d+)+")

SUGGESTIONS = (
    "How much alcohol can I bring?",
    "How much cash do I have to declare?",
    "Can I bring my medicines?",
    "Do I pay tax on a parcel from abroad?",
)
# The sentences that static/chat.js shows; everything else is rendered here.
SCRIPT_WORDS = {
    "you": "You",
    "assistant": "Assistant",
    "source": "Source",
    "checked": "checked on {date}",
    "asOf": "page dated {date}",
    "waiting": "Looking it up…",
    "helpful": "Was this helpful?",
    "yes": "Helpful",
    "no": "Not helpful",
    "unsent": "Your question could not be sent. Check your connection and try again.",
    "tooMany": "Too many questions in a short time. Please wait a moment, then try again.",
    "tooLong": "Your question is too long. Please shorten it.",
    "wrong": "Something went wrong. Please try again.",
    "retry": "Try again",
}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def isolate(text: str, right_to_left: bool) -> Markup:
    """`text` escaped; in right-to-left text, numbers with signs inside are kept in their order."""
    if not right_to_left:
        return escape(text)
    parts, end = [], 0
    for found in LEFT_TO_RIGHT.finditer(text):
        parts += [escape(text[end : found.start()]), Markup('<bdi dir="ltr">{}</bdi>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def script_words(language: str) -> str:
    """The sentences of the page's module, as JSON for an attribute."""
    return json.dumps({key: say(language, text) for key, text in SCRIPT_WORDS.items()}, ensure_ascii=False)


def static_files() -> dict[str, tuple[bytes, str]]:
    """File name → content and version (a hash, for addresses that may be kept forever)."""
    found = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file()}
    return {name: (content, hashlib.sha256(content).hexdigest()[:10]) for name, content in found.items()}


class Pages:
    """Renders the templates; `page` is the chat, `error` a page that says what is wrong."""

    def __init__(self, versions: dict[str, str]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            asset=lambda name: f"/static/{name}?v={versions[name]}",
            direction=direction,
            isolate=isolate,
            is_date=lambda text: bool(text and ISO_DATE.fullmatch(text)),
            long_date=long_date,
            own_name=own_name,
            script_words=script_words,
            suggestions=SUGGESTIONS,
            whole=whole_block,
        )

    def html(self, template: str, language: str, **values: Any) -> str:
        """The page `template` in `language`."""

        def words(sentence: str, **more: object) -> str:
            return say(language, sentence, **more)

        return self._environment.get_template(template).render(t=words, language=language, **values)
