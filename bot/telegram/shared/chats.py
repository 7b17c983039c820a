"""What replicas remember of a chat together, and the texts behind keys; see `bot.telegram.chats` and `bot.telegram.texts`."""

from __future__ import annotations

import logging

from bot.telegram.database import KEEP
from bot.telegram.shared.connection import Shared

log = logging.getLogger(__name__)


class SharedChats:
    """The interface of `bot.telegram.chats.Chats`; while the store is away chats are not remembered."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared

    def language(self, chat_id: int) -> str | None:
        """The language of the last reply in the chat; None when there was none."""
        return self._get(chat_id, "language")

    def rateable(self, chat_id: int) -> int | None:
        """The id of the message whose answer is the last one of the chat."""
        number = self._get(chat_id, "rateable")
        return int(number) if number else None

    def administration(self, chat_id: int) -> str | None:
        """The administration of the last reply that had one; None when there was none."""
        return self._get(chat_id, "administration")

    def entry(self, chat_id: int) -> str | None:
        """The entry that was answered last; None when there was none."""
        return self._get(chat_id, "entry")

    def replied(self, chat_id: int, language: str, rateable: int | None, administration: str | None = None,
                entry: str | None = None) -> None:  # fmt: skip
        """Remember a reply; an administration or entry that it has not stays as it was."""
        key, seconds = self._chat(chat_id), int(KEEP["chats"][1])
        given = {"administration": administration, "entry": entry}
        fields = {"language": language, "rateable": rateable or ""} | {k: v for k, v in given.items() if v}

        def write(store):
            with store.pipeline() as together:
                together.hset(key, mapping=fields)
                together.expire(key, seconds)
                return together.execute()

        self.shared.may(write, None)

    def forget(self, chat_id: int) -> None:
        """Forget the chat."""
        self.shared.may(lambda store: store.delete(self._chat(chat_id)), 0)

    def delete(self, chat_id: int) -> bool:
        """Delete all that names the chat; False when the store is away."""
        return self.shared.may(lambda store: store.delete(self._chat(chat_id), self._acts(chat_id)), None) is not None

    def first(self, act: str, update_id: int) -> bool:
        """True for the update that names this `act`, `kind:chat:what`, first to any replica, also when it comes again."""
        key, seconds = self._acts(act.split(":")[1]), int(KEEP["acts"][1])

        def write(store):
            with store.pipeline() as together:
                together.hsetnx(key, act, update_id)
                together.hget(key, act)
                together.expire(key, seconds)
                return int(together.execute()[1]) == update_id

        return self.shared.may(write, True)

    def _get(self, chat_id: int, field: str) -> str | None:
        return self.shared.may(lambda store: store.hget(self._chat(chat_id), field), None) or None

    def _chat(self, chat_id: int) -> str:
        return self.shared.key("chat", chat_id)

    def _acts(self, chat_id: int | str) -> str:
        return self.shared.key("acts", chat_id)


class SharedTexts:
    """Texts under keys of `kind`, for as long as `KEEP` says since they were kept last."""

    def __init__(self, shared: Shared, kind: str) -> None:
        self.shared = shared
        self.kind = kind

    def keep(self, key: str, text: str) -> bool:
        """Keep `text`; False when the store is away."""
        name, seconds = self.shared.key(self.kind, key), int(KEEP[self.kind][1])
        try:
            return bool(self.shared.may(lambda store: store.set(name, text, ex=seconds), False))
        except UnicodeEncodeError as error:  # half a surrogate pair
            log.error("One of the %s could not be kept: %s", self.kind, error)
            return False

    def read(self, key: str) -> str | None:
        """The text; None when it is unknown, too old, or the store is away."""
        return self.shared.may(lambda store: store.get(self.shared.key(self.kind, key)), None)
