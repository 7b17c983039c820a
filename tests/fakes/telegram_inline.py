"""Inline mode of the fake Bot API: queries of users, and what the server checks in the answers."""

from __future__ import annotations

import re

from tests.fakes.telegram_text import Json, Refused

MOST_RESULTS = 50


class InlineQueries:
    """Queries by id with their answers, None while there is none; a part of `FakeTelegram`."""

    inline: dict[str, Json | None]

    def inline_query(self, user_id: int, query: str, language_code: str = "en") -> str:
        """Push what a user typed after the bot's name in any chat; returns the query's id."""
        number = self.next("update")
        made = {
            "id": f"iq{number}",
            "from": self._user(user_id, language_code),
            "query": query,
            "offset": "",
            "chat_type": "sender",
        }
        self.inline[made["id"]] = None
        self.push({"update_id": number, "inline_query": made})
        return made["id"]

    async def on_answerinlinequery(self, given: Json) -> bool:
        if self.inline.get(given.get("inline_query_id", ""), "unknown") is not None:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        results, button = given.get("results", []), given.get("button")
        if len(results) > MOST_RESULTS:
            raise Refused(400, "Bad Request: RESULTS_TOO_MUCH")
        ids = [one.get("id", "") for one in results]
        if len(set(ids)) < len(ids):
            raise Refused(400, "Bad Request: RESULT_ID_DUPLICATE")
        for one in results:
            if not 1 <= len(one["id"].encode()) <= 64:
                raise Refused(400, "Bad Request: RESULT_ID_INVALID")
            if one.get("type") != "article" or not one.get("title"):
                raise Refused(400, "Bad Request: can't parse inline query result: article must have a title")
            content = one.get("input_message_content") or {}
            one["message"] = self._content({**content, "text": content.get("message_text", "")})
        if button is not None and not (
            button.get("text") and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.get("start_parameter", ""))
        ):
            raise Refused(400, "Bad Request: START_PARAM_INVALID")
        self.inline[given["inline_query_id"]] = given
        return True
