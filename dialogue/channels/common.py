"""What the connectors to phone messengers share: hints, typed text, choices by number, parts of a long text, repetitions."""

from __future__ import annotations

import re
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.events import BotUttered, Event

HINTS = ("administration", "language")
Button = Mapping[str, Any]


class CredentialsError(ValueError):
    """An entry of the credentials file is missing or wrong; the message names it."""


def needed(connector: str, credentials: Mapping[str, Any] | None, names: Iterable[str]) -> dict[str, str]:
    """The entries `names` of a connector as text. Raises `CredentialsError` for one that is missing or empty.

    Stock connectors start without their secrets, and then anybody may write to them.
    """
    given = {name: str((credentials or {}).get(name) or "").strip() for name in names}
    if missing := [name for name, value in given.items() if not value]:
        raise CredentialsError(
            f"The connector {connector} lacks {', '.join(missing)} in the credentials file; docs/channels.md says where "
            "to find them."
        )
    return given


def metadata(channel: str, credentials: Mapping[str, Any] | None) -> dict[str, str]:
    """The metadata of one turn as docs/contracts.md has it, with the hints that the credentials give for all askers."""
    hints = {name: str((credentials or {}).get(name) or "") for name in HINTS}
    return {"channel": channel, "request_id": uuid.uuid4().hex} | {name: hint for name, hint in hints.items() if hint}


def typed(text: str) -> str:
    """Typed text on one line, which can never be taken for a payload."""
    return " ".join(text.split()).lstrip("/ ")


def chosen(text: str, events: Iterable[Event]) -> str | None:
    """The payload that typed `text` means after the last reply among `events`; None when it is no choice.

    A choice is the title of a button, or its number as the reply showed it (`#2`). A number without the mark counts too, unless the
    reply asked for a fact, where "2" means two of something.
    """
    last = next((event for event in reversed(list(events)) if isinstance(event, BotUttered)), None)
    buttons = [button for button in (last.data.get("buttons") or ()) if button.get("payload")] if last else []
    said = text.strip().casefold()
    for button in buttons:
        if said and said == str(button.get("title", "")).strip().casefold():
            return button["payload"]
    asked_fact = ((last.data.get("custom") or {}) if last else {}).get("reason") == "which_fact"
    number = re.fullmatch(r"#\s?(\d{1,2})" if asked_fact else r"#?\s?(\d{1,2})[.)]?", text.strip())
    if number and 1 <= int(number[1]) <= len(buttons):
        return buttons[int(number[1]) - 1]["payload"]
    return None


def numbered(buttons: Sequence[Button]) -> str:
    """The buttons as lines that say what to type: `#1 United Kingdom`."""
    return "\n".join(f"#{number} {button['title']}" for number, button in enumerate(buttons, 1))


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` characters, cut at a paragraph's end, else a line's, else a word's."""
    parts, rest = [], text.strip()
    while len(rest) > limit:
        window = rest[: limit + 1]
        cut = max(window.rfind("\n\n"), 0) or max(window.rfind("\n"), 0) or max(window.rfind(" "), 0) or limit
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


class Repetitions:
    """The ids of the last messages, so that one that is delivered again is not answered again."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._seen: OrderedDict[str, None] = OrderedDict()

    def first(self, message: str | None) -> bool:
        """True when the message with this id comes for the first time; a message without an id always does."""
        if not message:
            return True
        if message in self._seen:
            return False
        self._seen[message] = None
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True
