"""The updates of all replicas: each answered by one of them, those of a chat in order, those of a dead replica by another.

An update stands in the line of its chat from its receipt until it is answered. The replica that received it owns it; while it
lives it says so every few seconds. What an owner that has fallen silent left in the lines goes to whoever looks next.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from typing import Any

from bot.telegram.database import DAY, KEEP
from bot.telegram.shared.connection import Shared
from bot.telegram.updates import MAX_ATTEMPTS

log = logging.getLogger(__name__)

ALIVE_S = 10
BEAT_EVERY_S = 2.0
# How often a waiting update looks whether it is its turn.
LOOK_EVERY_S = 0.05

_RECEIVE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'body', ARGV[2], 'owner', ARGV[3], 'line', KEYS[3], 'attempts', 0)
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[1], ARGV[1])
redis.call('EXPIRE', KEYS[3], ARGV[4])
return 1
"""
_DONE = """
local line = redis.call('HGET', KEYS[1], 'line')
if line then
  redis.call('ZREM', line, ARGV[1])
  if redis.call('GET', line .. ':now') == ARGV[1] then redis.call('DEL', line .. ':now') end
end
redis.call('HDEL', KEYS[1], 'body', 'line', 'owner') -- what is left names no chat
return redis.call('ZREM', KEYS[2], ARGV[1])
"""
# The first of the line begins unless another has begun; who took over what had begun begins it again.
_BEGIN = """
local now = redis.call('GET', KEYS[2])
if now and now ~= ARGV[1] and redis.call('ZSCORE', KEYS[1], now) then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
return 1
"""
# ARGV: my id, key of an update without its id, key of a living replica without its id, now, a day, most attempts.
_TAKE_OVER = """
local taken, given_up = {}, {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local key = ARGV[2] .. id
  local owner = redis.call('HGET', key, 'owner')
  if not owner or redis.call('EXISTS', ARGV[3] .. owner) == 0 then
    local attempts = owner and redis.call('HINCRBY', key, 'attempts', 1) or 0
    local body = redis.call('HGET', key, 'body')
    local late = tonumber(redis.call('ZSCORE', KEYS[1], id)) < tonumber(ARGV[4]) - tonumber(ARGV[5])
    if not body or late or attempts >= tonumber(ARGV[6]) then
      local line = redis.call('HGET', key, 'line')
      if line then
        redis.call('ZREM', line, id)
        if redis.call('GET', line .. ':now') == id then redis.call('DEL', line .. ':now') end
      end
      redis.call('HDEL', key, 'body', 'line', 'owner')
      redis.call('ZREM', KEYS[1], id)
      table.insert(given_up, id)
    else
      redis.call('HSET', key, 'owner', ARGV[1])
      table.insert(taken, body)
    end
  end
end
return {taken, given_up}
"""


class SharedInbox:
    """The updates in the shared store, for one replica; the interface is that of `bot.telegram.updates.Inbox`."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.replica = secrets.token_hex(8)
        self._pending = shared.key("pending")
        self._lines: dict[int, tuple[float, list[str], str | None]] = {}

    def receive(self, update_id: int, body: str, chat: int) -> bool:
        """Store the update; False when a replica received it before. While the store is away it counts as new."""
        keys = (self._update(update_id), self._pending, self._line(chat))
        values = (update_id, body, self.replica, int(KEEP["updates"][1]), time.time())
        self._lines.pop(chat, None)
        stored = self.shared.may(lambda store: store.eval(_RECEIVE, len(keys), *keys, *values), None)
        if stored is None:
            log.error("update %s could not be stored and would be lost by a kill", update_id)
        return stored != 0

    def done(self, update_id: int) -> None:
        """The update is answered: forget what it said, remember that it was here, let the next of its chat go on."""
        keys = (self._update(update_id), self._pending)
        self.shared.may(lambda store: store.eval(_DONE, len(keys), *keys, update_id), None)
        self._lines.clear()

    def unfinished(self) -> list[dict[str, Any]]:
        """What replicas that live no more left unanswered, oldest first; it is this one's now."""
        values = (self.replica, self._update(""), self.shared.key("alive", ""), time.time(), DAY, MAX_ATTEMPTS)
        self.beat()
        self._lines.clear()
        taken, given_up = self.shared.may(lambda store: store.eval(_TAKE_OVER, 1, self._pending, *values), ([], []))
        for update_id in given_up:
            log.error("update %s was begun %s times or is a day old; it is given up", update_id, MAX_ATTEMPTS)
        return [json.loads(body) for body in taken]

    def beat(self) -> None:
        """Say that this replica lives."""
        self.shared.may(lambda store: store.set(self.shared.key("alive", self.replica), 1, ex=ALIVE_S), None)

    def leave(self) -> None:
        """This replica ends: what it did not begin may be taken over at once."""
        self.shared.may(lambda store: store.delete(self.shared.key("alive", self.replica)), 0)

    async def turn(self, update_id: int, chat: int) -> None:
        """Wait until every earlier update of the chat is answered, by whichever replica; the lower its number the earlier."""
        while not self._may_begin(str(update_id), chat):
            await asyncio.sleep(LOOK_EVERY_S)

    def _may_begin(self, update_id: str, chat: int) -> bool:
        line, begun = self._line_now(chat)
        if update_id not in line:
            return True  # the store was away when it came, or has lost the line
        if begun not in (None, update_id) or not begun and line[0] != update_id:
            return False
        keys = (self._line(chat), self._line(chat) + ":now")
        return self.shared.may(lambda store: store.eval(_BEGIN, 2, *keys, update_id, int(DAY)), 1) == 1

    def _line_now(self, chat: int) -> tuple[list[str], str | None]:
        """The line of the chat and which of it has begun; those who wait look together. Empty while the store is away."""
        now, key = time.monotonic(), self._line(chat)
        if chat not in self._lines or now - self._lines[chat][0] >= LOOK_EVERY_S:

            def read(store):
                with store.pipeline() as together:
                    together.zrange(key, 0, -1)
                    together.get(key + ":now")
                    return together.execute()

            line, begun = self.shared.may(read, ([], None))
            self._lines[chat] = now, line, begun if begun in line else None
        return self._lines[chat][1:]

    def _update(self, update_id: int | str) -> str:
        return self.shared.key("update", update_id)

    def _line(self, chat: int) -> str:
        return self.shared.key("line", chat)
