"""What every handler of the channel needs, and the one way in which a message is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from telegram import Message, Update
from telegram.error import BadRequest

from bot.breaker import Breaker
from bot.rasa_client import RasaClient, Reply
from bot.telegram import keyboard
from bot.telegram.administrations import Administrations
from bot.telegram.inline_asked import LastAsked
from bot.telegram.payloads import Payloads
from bot.telegram.render import paragraphs, quoted_choice, say, text
from bot.telegram.sending import send, typing
from bot.telegram.source_lists import SourceLists
from bot.telegram.split import LIMIT, units
from bot.telegram.stores import Stores
from bot.turn import Turn, clean_text
from customs.asked import Recorder
from customs.settings import Settings

log = logging.getLogger(__name__)

# Replies that a person may find right or wrong.
RATED = frozenset({"answered", "calculated"})


class Channel:
    """Asks Rasa through `client`, remembers in `stores`."""

    def __init__(
        self,
        settings: Settings,
        client: RasaClient | Breaker,
        stores: Stores,
        administrations: Administrations,
    ) -> None:
        self.settings = settings
        self.client = client
        self.recorder = Recorder.of(settings)
        self.inline_asked = LastAsked(self.recorder)
        self.administrations = administrations
        self.payloads = Payloads(stores.payloads)
        self.chats = stores.chats
        self.source_lists = SourceLists(stores.source_lists)
        self.subscriptions = stores.subscriptions
        # What puts a row of buttons of its own under an answer.
        self.rows_under: list[Callable[[Reply], keyboard.Row]] = []

    def known_language(self, update: Update) -> str | None:
        """The language of the chat's last reply, else that of the user's Telegram if it is one of ours, else None."""
        chat, user = update.effective_chat, update.effective_user
        remembered = self.chats.language(chat.id) if chat else None
        code = (user.language_code or "").lower().replace("_", "-").split("-")[0] if user else ""
        return remembered or (code if code in self.settings.languages else None)

    def language(self, update: Update) -> str:
        """The language in which the channel itself speaks to this user."""
        return self.known_language(update) or self.settings.default_language

    def say(self, update: Update, sentence: str, **values: object) -> str:
        """A sentence of the channel in the user's language, as HTML."""
        language = self.language(update)
        return text(say(language, sentence, **values), language)

    def turn(self, update: Update, raw: str, payload: str | None = None) -> Turn:
        """What the user said, as a turn of the conversation `tg-<chat id>`."""
        cleaned, cut = clean_text(raw, self.settings.max_question_chars)
        return Turn(
            conversation=conversation(update), text=cleaned, channel="telegram", payload=payload, cut=cut,
            language=self.known_language(update), name=str(update.update_id),
        )  # fmt: skip

    async def answer(self, update: Update, turn: Turn, before: Sequence[str] = ()) -> Reply:
        """Ask Rasa and send what it replies under the message of `update`, after the paragraphs `before`."""
        async with typing(update):
            reply = await self.client.ask(turn)
        self.recorder.tell(turn, reply)
        # The pressed message has lost its buttons: what failed is offered again under the failure.
        again = [(turn.text, turn.payload)] if reply.may_retry and turn.payload and turn.text else []
        await self.show(update, reply, before, again)
        return reply

    async def show(
        self, update: Update, reply: Reply, before: Sequence[str] = (), more: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Send `reply` with its buttons and `more` (title, payload); an answer gets the row that asks whether it helped."""
        rows = keyboard.choices_of(reply.blocks, self.payloads)
        rows += keyboard.choices(more, self.payloads)
        rated = reply.outcome in RATED
        if rated:
            rows.append(keyboard.rating(reply.asker_language, self.payloads))
            rows += [row for under in self.rows_under if (row := under(reply))]
        body = [*before, *paragraphs(reply.blocks, reply.language)]
        if len(body) == len(before):
            body.append(text(say(reply.asker_language, "Please choose:"), reply.asker_language))
        sent = await send(update, body, keyboard.markup(rows))
        chat_id = update.effective_chat.id
        if rated and sent:
            self.chats.replied(chat_id, reply.asker_language, sent.message_id, reply.administration, reply.entry)
        elif sent and any(keyboard.is_rating(payload) for _, payload in more):
            # The answer's own rating is gone: what rates it now stands under the failure.
            self.chats.replied(chat_id, reply.asker_language, sent.message_id)
        elif reply.outcome != "failed":
            # Small talk leaves the last answer the last answer.
            kept = self.chats.rateable(chat_id) if reply.outcome == "smalltalk" else None
            self.chats.replied(chat_id, reply.asker_language, kept, reply.administration)

    async def show_choice(self, update: Update, title: str, kept: list[keyboard.Row]) -> bool:
        """Write the choice under the message and take its buttons away; False when it could not be written there."""
        query = update.callback_query
        if not isinstance(query.message, Message):
            return False
        whole = f"{query.message.text_html or ''}\n\n{quoted_choice(title, self.language(update))}"
        writes = bool(title and query.message.text and units(whole) <= LIMIT)
        try:
            if writes:
                await query.edit_message_text(whole, reply_markup=keyboard.markup(kept))
            else:
                await query.edit_message_reply_markup(keyboard.markup(kept))
        except BadRequest as error:
            log.debug("conversation %s: the pressed message stays as it is: %s", conversation(update), error)
            # A press that a killed process had begun is written there already.
            return writes and "not modified" in str(error).lower()
        return writes


def conversation(update: object) -> str:
    """The conversation id of an update, `tg-?` when it has no chat."""
    chat = update.effective_chat if isinstance(update, Update) else None
    return f"tg-{chat.id if chat else '?'}"
