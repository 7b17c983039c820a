"""A Bot API of our own for trials and tests: the methods that the channel uses, with the real server's refusals.

Run it by hand with `python -m tests.fakes.telegram_api --port 9200`, point `CUSTOMS_TELEGRAM_API_URL` at
`http://127.0.0.1:9200/bot`, then play the user with `POST /_/push {"chat_id": 1, "text": "hello"}` and look at
`GET /_/state`. `POST /_/set` turns the switches of `FakeTelegram` (blocked, flood, one_per_second, down).
"""

from __future__ import annotations

import argparse
import json
import re
import time
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.fakes.telegram_inline import InlineQueries
from tests.fakes.telegram_text import LIMIT, NOT_MODIFIED, Json, Refused, check_markup, read_html, typed_entities, units
from tests.fakes.telegram_updates import UpdateQueue

ACTIONS = set("typing upload_photo record_video record_voice upload_document choose_sticker find_location".split())
SWITCHES = ("blocked", "flood", "one_per_second", "down")


class FakeTelegram(UpdateQueue, InlineQueries):
    """The server's state; tests push updates as the user and read `sent`, `edits`, `calls`, `callbacks`, `commands`."""

    def __init__(self, token: str = "123456:fake-token", username: str = "GreenChannelTestBot") -> None:
        super().__init__()
        self.token = token
        self.me = {
            "id": 123456,
            "is_bot": True,
            "first_name": "Green Channel",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }
        self.chats: dict[int, Json] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.callbacks: dict[str, Json | None] = {}
        self.inline: dict[str, Json | None] = {}
        self.sent: list[Json] = []
        self.edits: list[Json] = []
        self.actions: list[int] = []
        self.calls: list[tuple[str, Json, int]] = []
        self.commands: dict[str, list[Json]] = {}
        self.blocked: set[int] = set()  # chats whose user blocked the bot
        self.flood = 0  # so many more sends are answered with 429
        self.one_per_second = False  # a second message to a chat within a second is answered with 429
        self._last_send: dict[int, float] = {}

    # -- the user's side ---------------------------------------------------------------------------------------------
    def push(self, update: Json) -> Json:
        """Take an update from a user: fill in ids, remember chat and message, queue it for the bot."""
        update.setdefault("update_id", self.next("update"))
        kind = next(key for key in update if key != "update_id")
        message = update[kind].get("message") if kind.endswith("_query") else update[kind]
        if message:
            self.chats[message["chat"]["id"]] = message["chat"]
            self.messages.setdefault((message["chat"]["id"], message["message_id"]), message)
        if kind == "callback_query":
            self.callbacks.setdefault(update[kind]["id"], None)
        if not self.allowed or kind in self.allowed:
            self.queue(update)
        return update

    @staticmethod
    def _user(number: int, language_code: str) -> Json:
        return {"id": abs(number), "is_bot": False, "first_name": "Traveller", "language_code": language_code}

    def message(
        self,
        chat_id: int = 1,
        text: str | None = None,
        *,
        user_id: int | None = None,
        language_code: str = "en",
        chat_type: str = "private",
        kind: str = "message",
        message_id: int | None = None,
        **content: Any,
    ) -> Json:
        """Push a message of a user; `content` is any other field, such as `photo` or `reply_to_message`."""
        body: Json = {
            "message_id": message_id or self.next("message"),
            "date": int(time.time()),
            "from": self._user(user_id or chat_id, language_code),
            "chat": {"id": chat_id, "type": chat_type},
            **content,
        }
        if text is not None:
            body |= {"text": text, "entities": typed_entities(text)}
        if body.get("caption"):
            body["caption_entities"] = typed_entities(body["caption"])
        if kind == "edited_message":
            body["edit_date"] = int(time.time())
        return self.push({kind: body})

    def press(self, message: Json, data: str, *, user_id: int | None = None, language_code: str = "en") -> Json:
        """Push the press of a button with the callback data `data` under `message`."""
        number = self.next("update")
        return self.push(
            {
                "update_id": number,
                "callback_query": {
                    "id": f"cb{number}",
                    "from": self._user(user_id or message["chat"]["id"], language_code),
                    "message": dict(message),
                    "chat_instance": "1",
                    "data": data,
                },
            }
        )

    # -- methods -----------------------------------------------------------------------------------------------------
    async def call(self, method: str, given: Json) -> Any:
        """The result of one API method; raises `Refused`."""
        if self.down:
            raise Refused(502, "Bad Gateway")
        handler = getattr(self, "on_" + method.lower(), None)
        if handler is None:
            raise Refused(404, "Not Found: method not found")
        return await handler(given)

    async def on_getme(self, _: Json) -> Json:
        return self.me

    def _content(self, given: Json) -> Json:
        text, entities = given.get("text", ""), given.get("entities", [])
        if given.get("parse_mode", "").upper() == "HTML":
            text, entities = read_html(text)
        elif given.get("parse_mode"):
            raise Refused(400, "Bad Request: unsupported parse_mode")
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > LIMIT:
            raise Refused(400, "Bad Request: message is too long")
        markup = check_markup(given.get("reply_markup"))
        return {"text": text, "entities": entities, **({"reply_markup": markup} if markup else {})}

    def _chat(self, given: Json) -> Json:
        chat = self.chats.get(int(given.get("chat_id", 0)))
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat["id"] in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    async def on_sendmessage(self, given: Json) -> Json:
        chat, content, now = self._chat(given), self._content(given), time.monotonic()
        too_soon = self.one_per_second and now - self._last_send.get(chat["id"], 0) < 1
        if self.flood > 0 or too_soon:
            self.flood = max(0, self.flood - 1)
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        number = self.next("message")
        message = {"message_id": number, "date": int(time.time()), "from": self.me, "chat": chat, **content}
        reply = given.get("reply_parameters") or {}
        if reply:
            first = self.messages.get((chat["id"], reply["message_id"]))
            if first is None and not reply.get("allow_sending_without_reply"):
                raise Refused(400, "Bad Request: message to be replied not found")
            if first:
                message["reply_to_message"] = {key: first[key] for key in first if key != "reply_to_message"}
        self._last_send[chat["id"]] = now
        self.messages[chat["id"], message["message_id"]] = message
        self.sent.append(message)
        return message

    def _own(self, given: Json) -> Json:
        message = self.messages.get((self._chat(given)["id"], int(given.get("message_id", 0))))
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if message["from"]["id"] != self.me["id"]:
            raise Refused(400, "Bad Request: message can't be edited")
        return message

    def _edit(self, message: Json, content: Json) -> Json:
        keys = ("text", "entities", "reply_markup")
        if all(message.get(key) == content.get(key) for key in keys):
            raise Refused(400, f"Bad Request: {NOT_MODIFIED}")
        for key in keys:
            message.pop(key, None)
        message |= {**content, "edit_date": int(time.time())}
        self.edits.append(dict(message))
        return message

    async def on_editmessagetext(self, given: Json) -> Json:
        return self._edit(self._own(given), self._content(given))

    async def on_editmessagereplymarkup(self, given: Json) -> Json:
        message, markup = self._own(given), check_markup(given.get("reply_markup"))
        content = {"text": message["text"], "entities": message["entities"]}
        return self._edit(message, content | ({"reply_markup": markup} if markup else {}))

    async def on_answercallbackquery(self, given: Json) -> bool:
        if self.callbacks.get(given.get("callback_query_id", ""), "unknown") is not None:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self.callbacks[given["callback_query_id"]] = {key: given[key] for key in ("text", "show_alert") if key in given}
        return True

    async def on_sendchataction(self, given: Json) -> bool:
        if given.get("action") not in ACTIONS:
            raise Refused(400, "Bad Request: wrong parameter action in request")
        self.actions.append(self._chat(given)["id"])
        return True

    async def on_setmycommands(self, given: Json) -> bool:
        for command in given.get("commands", []):
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[given.get("language_code", "")] = given.get("commands", [])
        return True

    async def on_getmycommands(self, given: Json) -> list[Json]:
        return self.commands.get(given.get("language_code", ""), [])

    def state(self) -> Json:
        """All that a test may want to see, as plain data."""
        names = "updates sent edits actions calls callbacks commands inline webhook".split()
        return {name: getattr(self, name) for name in names} | {"blocked": sorted(self.blocked)}


def create_app(fake: FakeTelegram) -> Starlette:
    """The HTTP face: `/bot<token>/<method>` for bots, `/_/push`, `/_/state` and `/_/set` for tests."""

    async def method(request: Request) -> JSONResponse:
        body, form = await request.body(), request.headers.get("content-type", "")
        given: Json = dict(request.query_params)
        given |= json.loads(body) if "json" in form and body else dict(parse_qsl(body.decode(), keep_blank_values=True))
        for key in (
            "reply_markup",
            "reply_parameters",
            "allowed_updates",
            "commands",
            "entities",
            "scope",
            "results",
            "button",
        ):
            if isinstance(given.get(key), str):
                given[key] = json.loads(given[key])
        name = request.path_params["method"]
        try:
            if request.path_params["token"] != fake.token:
                raise Refused(401, "Unauthorized")
            result = await fake.call(name, given)
        except Refused as no:
            fake.calls.append((name, given, no.code))
            extra = {"parameters": {"retry_after": no.retry_after}} if no.retry_after else {}
            return JSONResponse({"ok": False, "error_code": no.code, "description": no.text, **extra}, no.code)
        fake.calls.append((name, given, 200))
        return JSONResponse({"ok": True, "result": result})

    async def push(request: Request) -> JSONResponse:
        body = await request.json()
        raw = {"message", "edited_message", "callback_query", "inline_query"} & set(body)
        return JSONResponse(fake.push(body) if raw else fake.message(**body))

    async def state(_: Request) -> JSONResponse:
        return JSONResponse(fake.state())

    async def switch(request: Request) -> JSONResponse:
        for name, value in (await request.json()).items():
            if name not in SWITCHES:
                return JSONResponse({"error": f"There is no switch {name!r}."}, 400)
            setattr(fake, name, set(value) if name == "blocked" else value)
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", method, methods=["GET", "POST"]),
            Route("/_/push", push, methods=["POST"]),
            Route("/_/state", state),
            Route("/_/set", switch, methods=["POST"]),
        ]
    )


if __name__ == "__main__":
    import uvicorn

    options = argparse.ArgumentParser(description="A fake Telegram Bot API on loopback.")
    options.add_argument("--port", type=int, default=9200)
    options.add_argument("--token", default="123456:fake-token")
    chosen = options.parse_args()
    uvicorn.run(create_app(FakeTelegram(chosen.token)), host="127.0.0.1", port=chosen.port, log_level="warning")
