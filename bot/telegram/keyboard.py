"""Buttons under a message: the choices of a reply, and whether the answer helped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.payloads import WHOLE, Payloads
from bot.telegram.render import say
from customs.bidi import has_right_to_left, right_to_left
from customs.blocks import Block

# Two titles up to this length stand side by side on a narrow telephone; a longer one needs a row.
SHORT_TITLE = 18
# The server refuses a keyboard of more than a hundred buttons.
MAX_BUTTONS = 90
UP, DOWN = '/give_feedback{"rating":"up"}', '/give_feedback{"rating":"down"}'
Row = Sequence[InlineKeyboardButton]


def choices(items: Iterable[tuple[str, str]], payloads: Payloads) -> list[Row]:
    """Rows of buttons for (title, payload) pairs, in order."""
    rows: list[list[InlineKeyboardButton]] = []
    for title, payload in list(items)[:MAX_BUTTONS]:
        title = title.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip() or "…"
        title = right_to_left(title) if has_right_to_left(title) else title
        button = InlineKeyboardButton(title, callback_data=payloads.data(payload))
        last = rows[-1] if rows else []
        if len(last) == 1 and len(title) <= SHORT_TITLE and len(last[0].text) <= SHORT_TITLE:
            last.append(button)
        else:
            rows.append([button])
    return rows


def choices_of(blocks: Iterable[Block], payloads: Payloads) -> list[Row]:
    """The rows for all `buttons` blocks of a reply."""
    items = [
        (item["title"], item["payload"]) for block in blocks if block["type"] == "buttons" for item in block["items"]
    ]
    return choices(items, payloads)


def rating(language: str, payloads: Payloads) -> Row:
    """The row that asks whether the answer helped."""
    return [
        InlineKeyboardButton("👍 " + say(language, "Helpful"), callback_data=payloads.data(UP)),
        InlineKeyboardButton("👎 " + say(language, "Not helpful"), callback_data=payloads.data(DOWN)),
    ]


def is_rating(payload: str) -> bool:
    """Does this payload rate the last answer?"""
    return payload.startswith("/give_feedback")


def without_rating(markup: InlineKeyboardMarkup | None) -> list[Row]:
    """The rows of `markup` less those that rate."""
    rows = markup.inline_keyboard if markup else ()
    # A rating always fits into its button whole, so its callback data tells it.
    return [row for row in rows if not any(str(one.callback_data).startswith(WHOLE + "/give_feedback") for one in row)]


def title_of(markup: InlineKeyboardMarkup | None, data: str) -> str:
    """The title of the button that carries `data`; empty when the message has none."""
    buttons = [button for row in (markup.inline_keyboard if markup else ()) for button in row]
    return next((button.text for button in buttons if button.callback_data == data), "")


def markup(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """A keyboard of `rows`, None when there are none."""
    return InlineKeyboardMarkup(rows) if rows else None
