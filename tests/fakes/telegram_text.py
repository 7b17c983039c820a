"""What the real Bot API checks in a text, a keyboard and a message that was typed; part of the fake Bot API."""

from __future__ import annotations

import html
import re
from typing import Any

Json = dict[str, Any]
LIMIT = 4096
TAGS = set("a b strong i em s strike del u ins span tg-spoiler tg-emoji code pre blockquote".split())
MARKS = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic", "a": "text_link", "u": "underline"}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)


class Refused(Exception):
    """The API says no: `code` as over HTTP, `text` as in `description`."""

    def __init__(self, code: int, text: str, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.code, self.text, self.retry_after = code, text, retry_after


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_html(text: str) -> tuple[str, list[Json]]:
    """The plain text and the entities of HTML; `Refused` when a tag is unknown, open or crossed."""

    def bad(what: str) -> Refused:
        return Refused(400, f"Bad Request: can't parse entities: {what}")

    plain, entities, stack, place = "", [], [], 0
    for match in re.finditer(r"<", text):
        if match.start() < place:
            continue
        plain += html.unescape(text[place : match.start()])
        end, where = text.find(">", match.start()), len(text[: match.start()].encode())
        if end < 0:
            raise bad(f"Unclosed start tag at byte offset {where}")
        name, _, rest = text[match.start() + 1 : end].partition(" ")
        if name.startswith("/"):
            if not stack:
                raise bad(f"Unexpected end tag at byte offset {where}")
            opened, offset, extra = stack.pop()
            if name[1:].lower() != opened:
                raise bad(f'Unmatched end tag at byte offset {where}, expected "</{opened}>", found "<{name}>"')
            if units(plain) > offset:
                kind = MARKS.get(opened, opened)
                entities.append({"type": kind, "offset": offset, "length": units(plain) - offset, **extra})
        elif name.lower() not in TAGS:
            raise bad(f'Unsupported start tag "{name}" at byte offset {where}')
        else:
            href = re.match(r'\s*href="([^"]*)"', rest)
            stack.append((name.lower(), units(plain), {"url": html.unescape(href[1])} if href else {}))
        place = end + 1
    if stack:
        raise bad(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return plain + html.unescape(text[place:]), sorted(entities, key=lambda entity: entity["offset"])


def typed_entities(text: str) -> list[Json]:
    """The commands and mentions in what a user typed, as the server marks them."""
    found = [("bot_command", match) for match in re.finditer(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@\w+)?", text)]
    found += [("mention", match) for match in re.finditer(r"(?<!\w)@\w{3,32}", text)]
    return [{"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])} for kind, match in found]


def check_markup(markup: Any) -> Json | None:
    """The inline keyboard, or None for none; `Refused` for a button that the server would refuse."""
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise Refused(400, "Bad Request: can't parse inline keyboard button: Text must be non-empty")
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            if len({"callback_data", "url"} & set(button)) != 1:
                raise Refused(400, "Bad Request: can't parse inline keyboard button: exactly one action is needed")
    return markup if (markup or {}).get("inline_keyboard") else None
