"""Blocks and pages as HTML. Jinja2 escapes everything; no block is ever put into a page as markup."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.web.brand import Brand
from bot.web.language import own_name
from customs.bidi import NUMBERS, is_left_to_right
from customs.blocks import Block, is_day, is_related, whole_block
from customs.days import long_date
from customs.wording import Wording, direction

HERE = Path(__file__).parent
STATIC = HERE / "static"
say = Wording(HERE / "locale")

_NUMBERS = re.compile(NUMBERS)
# A value that is one of these as a whole can be tapped.
PHONE = re.compile(r"\+\d[\d ()-]{5,24}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)

SUGGESTIONS = (
    "How much alcohol can I bring?",
    "How much cash do I have to declare?",
    "Can I bring my medicines?",
    "Do I pay tax on a parcel from abroad?",
)
# What somebody asks who stands before the exit of the arrivals hall.
AT_THE_BORDER = (
    "What do I have to declare when I arrive?",
    "Should I use the red or the green channel?",
    "I have more than the allowance. What do I pay?",
    "Customs took my goods. What can I do?",
)
# Of more buttons than that, and more sources in one run, the rest is folded. static/chat.js does the same.
SHOWN_CHOICES = 8
SHOWN_SOURCES = 3
# The sentences that static/chat.js and static/more.js show; everything else is rendered here.
SCRIPT_WORDS = {
    "you": "You",
    "assistant": "Assistant",
    "source": "Source",
    "sources": "More sources",
    "checked": "checked on {date}",
    "asOf": "page dated {date}",
    "related": "Related questions",
    "more": "More choices",
    "table": "Table",
    "waiting": "Looking it up…",
    "slow": "This takes longer than usual. Please stay here…",
    "offline": "You are offline. What you send is kept and goes out when the line is back.",
    "helpful": "Was this helpful?",
    "yes": "Helpful",
    "no": "Not helpful",
    "copy": "Copy",
    "copied": "The answer was copied.",
    "uncopied": "Copying did not work. Select the text and copy it by hand.",
    "left": "Characters left: {count}",
    "over": "Too long by {count} characters: the end will not be read.",
    "unsent": "Your question could not be sent. Check your connection and try again.",
    "tooMany": "Too many questions in a short time. Please wait {seconds} seconds, then try again.",
    "tooLong": "Your question is too long. Please shorten it.",
    "wrong": "Something went wrong. Please try again.",
    "retry": "Try again",
}
_END_COMMENT = re.compile(r"""(?<=[;,])\s+// [^"'`]*$""")
_CSS_SPACES = re.compile(rb"\s*([{};,])\s*")
_NOTHING = re.compile(r"[-–—]?")


def isolate(text: str, right_to_left: bool) -> Markup:
    """`text` escaped; in right-to-left text, numbers with signs inside, and what is all Latin, are kept in their order."""
    if not right_to_left:
        return escape(text)
    if is_left_to_right(text):
        return Markup("<bdi>{}</bdi>").format(text)
    parts, end = [], 0
    for found in _NUMBERS.finditer(text):
        parts += [escape(text[end : found.start()]), Markup('<bdi dir="ltr">{}</bdi>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def contact(text: str, right_to_left: bool) -> Markup:
    """A phone number or a mail address as a link, anything else as text."""
    link = Markup('<a href="{}" rel="noopener"><bdi dir="ltr">{}</bdi></a>')
    if PHONE.fullmatch(text):
        return link.format("tel:" + re.sub(r"[^+\d]", "", text), text)
    if MAIL.fullmatch(text):
        return link.format("mailto:" + text, text)
    return isolate(text, right_to_left)


def amount_columns(table: Block) -> set[int]:
    """The columns of amounts, which stand under each other and are not broken: all cells short, with a digit, or empty."""
    found = set()
    for number in range(1, len(table["columns"])):
        cells = [row[number] for row in table["rows"] if number < len(row)]
        cells = [cell for cell in cells if not _NOTHING.fullmatch(cell)]
        if cells and all(len(cell) <= 24 and re.search("[0-9]", cell) for cell in cells):
            found.add(number)
    return found


def folded(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, a longer run of sources folded after its second into one block `sources`."""
    run: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and block["type"] == "source":
            run.append(block)
            continue
        shown = run if len(run) <= SHOWN_SOURCES else run[:2]
        yield from shown
        if run[len(shown) :]:
            yield {"type": "sources", "items": run[len(shown) :]}
        run = []
        if block is not None:
            yield block


def _whole(block: Block) -> Block:
    return block if block["type"] == "sources" else whole_block(block)


def script_words(language: str) -> str:
    """The sentences of the page's modules, as JSON for an attribute."""
    return json.dumps({key: say(language, text) for key, text in SCRIPT_WORDS.items()}, ensure_ascii=False)


def slim(source: bytes) -> bytes:
    """A script or style sheet without comments and indentation: a fifth less to load.

    Comments are known by how we write them: a line of their own, or `//` after the end of a statement, without quotes.
    """
    lines = (_END_COMMENT.sub("", line.strip()) for line in source.decode().splitlines())
    kept = [
        line for line in lines if line and not line.startswith("//") and not (line[:2] == "/*" and line[-2:] == "*/")
    ]
    return "\n".join(kept).encode()


def static_files(brand: Brand) -> dict[str, tuple[bytes, str]]:
    """File name → content and version (a hash, for addresses that may be kept forever), the brand's colours and logo in."""
    found = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file()}
    found |= {name: slim(content) for name, content in found.items() if name.endswith((".js", ".css"))}
    found["chat.css"] = _CSS_SPACES.sub(rb"\1", found["chat.css"])
    found["chat.css"] += brand.css.encode()
    if brand.logo:
        found[brand.logo.name] = brand.logo.read_bytes()
    return {name: (content, hashlib.sha256(content).hexdigest()[:10]) for name, content in found.items()}


class Pages:
    """Renders the templates; `page` is the chat, `error` a page that says what is wrong."""

    def __init__(self, versions: dict[str, str], brand: Brand) -> None:
        self.brand = brand
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            amount_columns=amount_columns,
            asset=lambda name: f"/static/{name}?v={versions[name]}",
            at_the_border=AT_THE_BORDER,
            brand=brand,
            contact=contact,
            direction=direction,
            folded=folded,
            is_day=is_day,
            is_related=is_related,
            isolate=isolate,
            long_date=long_date,
            own_name=own_name,
            script_words=script_words,
            SHOWN_CHOICES=SHOWN_CHOICES,
            suggestions=SUGGESTIONS,
            whole=_whole,
        )

    def html(self, template: str, language: str, title: str = "Ask customs", **values: Any) -> str:
        """The page `template` in `language`; `title` is one of the catalogue's sentences."""

        def words(sentence: str, **more: object) -> str:
            return say(language, sentence, **more)

        given = {"t": words, "language": language, "title": words(title)} | values
        return self._environment.get_template(template).render(given)
