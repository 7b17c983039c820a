"""A shared location: says near which town it is and asks whether to answer by the rules of that country. It is not kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from babel import Locale
from telegram import Update
from telegram.ext import ContextTypes

from bot.telegram import keyboard
from bot.telegram.addressed import asked_text
from bot.telegram.administrations import Covered
from bot.telegram.buttons import Press
from bot.telegram.channel import Channel
from bot.telegram.nearest import Near, nearest
from bot.telegram.own_payloads import own_payload
from bot.telegram.render import inline, text
from bot.telegram.render import say as words
from bot.telegram.sending import send

Context = ContextTypes.DEFAULT_TYPE
NEAR = "This seems to be near {town}, {country}. Shall I answer by these rules?"
BORDER = "This seems to be near {town}, close to a border. Whose rules shall I answer by?"
NOT_COVERED = "This seems to be near {town}, {country}. I have no customs guidance for it. You may choose another one:"
UNKNOWN = "I cannot tell which country this is. Please choose it:"
NOT_KEPT = "Your location is not kept."
ANOTHER = "Another country"
CHOOSE = "Which country or union do you have a question about?"


class Location:
    """The callback for shared locations; `covered` says which administration an ISO country belongs to."""

    def __init__(self, channel: Channel, covered: Covered) -> None:
        self.channel = channel
        self.covered = covered
        self.presses: dict[str, Press] = {"choose_country": self.choose}

    async def shared(self, update: Update, context: Context) -> None:
        """A location or a venue; a live location that moves and a group's own talk are left alone."""
        message = update.effective_message
        if update.edited_message or asked_text(message, context.bot) is None:
            return
        # The first location loads the towns, which takes half a second.
        near = await asyncio.to_thread(nearest, message.location.latitude, message.location.longitude)
        language = self.channel.language(update)
        names = dict(self.channel.administrations(language))
        found = self._administrations(near, names)
        if near is None:
            sentence, offered = text(words(language, UNKNOWN), language), names
        elif not found:
            sentence, offered = self._place(near, NOT_COVERED, language), names
        else:
            border = len(near.countries) > 1 and len({self.covered.get(code) for code in near.countries}) > 1
            sentence, offered = (
                self._place(near, BORDER if border else NEAR, language),
                {key: names[key] for key in found},
            )
        await self._offer(update, [sentence, text(words(language, NOT_KEPT), language)], offered, more=offered != names)

    async def choose(self, update: Update, values: dict[str, str]) -> str:
        """The button "another country": all of them."""
        language = self.channel.language(update)
        names = dict(self.channel.administrations(language))
        await self._offer(update, [text(words(language, CHOOSE), language)], names, more=False)
        return ""

    def _administrations(self, near: Near | None, names: dict[str, str]) -> Iterable[str]:
        found = (self.covered.get(code) for code in near.countries) if near else ()
        return [one for one in dict.fromkeys(found) if one in names]

    def _place(self, near: Near, sentence: str, language: str) -> str:
        country = Locale.parse(language).territories.get(near.country, near.country)
        # Both may begin in Latin letters inside an Arabic sentence, so each is shown with a direction of its own.
        return words(
            language,
            sentence,
            town=f"<b>{inline(near.town, language)}</b>",
            country=f"<b>{inline(country, language)}</b>",
        )

    async def _offer(self, update: Update, body: list[str], offered: dict[str, str], more: bool) -> None:
        language = self.channel.language(update)
        items = [(name, f'/change_administration{{"administration":"{key}"}}') for key, name in offered.items()]
        if more:
            items.append((words(language, ANOTHER), own_payload("choose_country")))
        await send(update, body, keyboard.markup(keyboard.choices(items, self.channel.payloads)))
