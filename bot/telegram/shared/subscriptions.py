"""Who follows which answer, known to all replicas; see `bot.telegram.subscriptions`."""

from __future__ import annotations

import json
import time

from bot.telegram.database import DAY, KEEP
from bot.telegram.shared.connection import Shared
from bot.telegram.subscriptions import Subscription

# A replica notes that it tells a change before it sends it; of two that do so at once, one is told that it is late.
_SEEN = """
local raw = redis.call('HGET', KEYS[1], ARGV[1])
if not raw then return 0 end
local one = cjson.decode(raw)
if one.digest ~= ARGV[2] then return 0 end
one.digest = ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(one))
return 1
"""


class SharedSubscriptions:
    """The interface of `bot.telegram.subscriptions.Subscriptions`; raises `StoreDownError` while the store is away."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self._followers = shared.key("followers")

    def add(self, one: Subscription) -> None:
        """Follow; an entry that the chat follows already is followed as it stands now."""
        row = {"language": one.language, "title": one.title, "digest": one.digest, "since": repr(time.time())}

        def write(store):
            with store.pipeline() as together:
                together.hset(self._of(one.chat_id), one.entry, json.dumps(row))
                together.sadd(self._followers, one.chat_id)
                return together.execute()

        self.shared.must(write)

    def of_chat(self, chat_id: int) -> list[Subscription]:
        """What a chat follows, in the order in which it began to."""
        rows = self.shared.must(lambda store: store.hgetall(self._of(chat_id)))
        return _in_order(chat_id, rows)

    def all(self) -> list[Subscription]:
        """Every subscription, those of one entry and language together."""

        def read(store):
            chats = sorted(store.smembers(self._followers))
            with store.pipeline(transaction=False) as together:
                for chat_id in chats:
                    together.hgetall(self._of(chat_id))
                return list(zip(chats, together.execute(), strict=True))

        found = [one for chat_id, rows in self.shared.must(read) for one in _in_order(int(chat_id), rows)]
        return sorted(found, key=lambda one: (one.entry, one.language))

    def drop(self, chat_id: int, entry: str | None = None) -> int:
        """Stop following `entry`, or everything; returns how many were followed."""
        key = self._of(chat_id)

        def write(store):
            gone = store.hdel(key, entry) if entry else store.hlen(key)
            if not entry:
                store.delete(key)
            if not store.exists(key):
                store.srem(self._followers, chat_id)
            return gone

        return self.shared.must(write)

    def seen(self, one: Subscription, digest: str) -> bool:
        """Note that the chat is told the text with `digest`; False when it has been told, or follows no more."""
        values = (one.entry, one.digest, digest)
        return self.shared.must(lambda store: store.eval(_SEEN, 1, self._of(one.chat_id), *values)) == 1

    def unseen(self, one: Subscription, digest: str) -> None:
        """Take `seen` back: what was noted with `digest` could not be sent."""
        values = (one.entry, digest, one.digest)
        self.shared.must(lambda store: store.eval(_SEEN, 1, self._of(one.chat_id), *values))

    def told_today(self, chat_id: int) -> int:
        """How many changes the chat was told within a day."""
        return self.shared.must(lambda store: store.zcount(self._told(chat_id), time.time() - DAY, "+inf"))

    def note_told(self, chat_id: int) -> None:
        """Count one more change told."""
        key, now, seconds = self._told(chat_id), time.time(), KEEP["told"][1]

        def write(store):
            with store.pipeline() as together:
                together.zadd(key, {repr(now): now})
                together.zremrangebyscore(key, 0, now - seconds)
                together.expire(key, int(seconds))
                return together.execute()

        self.shared.must(write)

    def forget(self, chat_id: int) -> None:
        """Delete all that names the chat."""
        self.drop(chat_id)
        self.shared.must(lambda store: store.delete(self._told(chat_id)))

    def mark(self) -> str:
        """Which state of the guidance was compared last; empty at first."""
        return self.shared.must(lambda store: store.get(self.shared.key("watched"))) or ""

    def set_mark(self, value: str) -> None:
        """Remember which state of the guidance was compared."""
        self.shared.must(lambda store: store.set(self.shared.key("watched"), value))

    def _of(self, chat_id: int | str) -> str:
        return self.shared.key("follows", chat_id)

    def _told(self, chat_id: int) -> str:
        return self.shared.key("told", chat_id)


def _in_order(chat_id: int, rows: dict[str, str]) -> list[Subscription]:
    read = sorted(((json.loads(raw), entry) for entry, raw in rows.items()), key=lambda row: float(row[0]["since"]))
    return [Subscription(chat_id, entry, row["language"], row["title"], row["digest"]) for row, entry in read]
