"""Which of the inline queries that came while somebody typed is the question: the last one before a pause.

Telegram sends a query for every pause of the fingers, "ciga" and "cigarettes to" too; staff see what was asked in the end.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.replies import Reply
from bot.turn import Turn
from customs.asked import Recorder

# Longer than anybody hesitates over a word, and short, because what is not kept yet is lost when the process ends.
QUIET_S = 10.0
CHANNEL = "telegram_inline"


class LastAsked:
    """Tells `recorder` of a user's question when no further query has come for `QUIET_S`. For one event loop."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._waiting: dict[int, asyncio.TimerHandle] = {}

    def note(self, user: int, turn: Turn, reply: Reply) -> None:
        """`user` typed `turn` so far and got `reply`; kept as of their own chat, so that /delete there reaches it."""
        self.drop(user)
        asked = replace(turn, conversation=f"tg-{user}", channel=CHANNEL)
        self._waiting[user] = asyncio.get_running_loop().call_later(QUIET_S, self._tell, user, asked, reply)

    def drop(self, user: int) -> None:
        """Forget what `user` typed last, if it was not kept yet."""
        if waiting := self._waiting.pop(user, None):
            waiting.cancel()

    def _tell(self, user: int, turn: Turn, reply: Reply) -> None:
        del self._waiting[user]
        self._recorder.tell(turn, reply)
