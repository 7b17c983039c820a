"""How the fake Bot API hands updates to a bot: long polling or a webhook, each at least once."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress

import httpx

from tests.fakes.telegram_text import Json, Refused


class UpdateQueue:
    """Updates that wait for the bot, and the API methods that fetch or forward them."""

    def __init__(self) -> None:
        self.updates: list[Json] = []  # not yet acknowledged, oldest first
        self.allowed: list[str] = []  # kinds that the bot asked for; empty: all
        self.webhook: Json = {"url": ""}
        self.down = False  # every call is answered with 502
        self._numbers = {"update": 1000, "message": 0, "poll": 0}
        self._deliveries: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def next(self, kind: str) -> int:
        """The next number of `kind`: update, message or poll."""
        self._numbers[kind] += 1
        return self._numbers[kind]

    def queue(self, update: Json) -> None:
        """Put `update` at the end; a waiting poll or the webhook gets it at once."""
        self.updates.append(update)
        self._wake()
        self._deliver(update)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _deliver(self, update: Json) -> None:
        if self.webhook["url"]:
            task = asyncio.get_running_loop().create_task(self._deliver_until_taken(update, dict(self.webhook)))
            self._deliveries.add(task)
            task.add_done_callback(self._deliveries.discard)

    async def _deliver_until_taken(self, update: Json, hook: Json) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook.get("secret") else {}
        pause = 0.05
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            while self.webhook["url"] == hook["url"] and update in self.updates:
                try:
                    answer = await client.post(hook["url"], json=update, headers=headers)
                    if 200 <= answer.status_code < 300:
                        with suppress(ValueError):
                            self.updates.remove(update)
                        return
                    fault = f"Wrong response from the webhook: {answer.status_code}"
                except httpx.HTTPError as error:
                    fault = f"Connection failed: {type(error).__name__}"
                self.webhook |= {"last_error_message": fault, "last_error_date": int(time.time())}
                await asyncio.sleep(pause)
                pause = min(1.0, pause * 2)

    async def close(self) -> None:
        """Stop delivering and let a waiting poll go."""
        self.next("poll")
        self._wake()
        for task in list(self._deliveries):
            task.cancel()

    async def on_getupdates(self, given: Json) -> list[Json]:
        if self.webhook["url"]:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        mine, offset = self.next("poll"), int(given.get("offset", 0))
        self._wake()
        if "allowed_updates" in given:
            self.allowed = given["allowed_updates"]
        # Below the offset is acknowledged; until then every poll gets it again. A negative offset counts from the end.
        first = self.updates[offset:][:1] if offset < 0 else [{"update_id": offset}]
        self.updates = [one for one in self.updates if first and one["update_id"] >= first[0]["update_id"]]
        end = time.monotonic() + min(50.0, float(given.get("timeout", 0)))
        while True:
            if self.down:
                raise Refused(502, "Bad Gateway")
            if mine != self._numbers["poll"]:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            if self.updates or time.monotonic() >= end:
                return self.updates[: int(given.get("limit", 100))]
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._changed.wait(), end - time.monotonic())

    async def on_setwebhook(self, given: Json) -> bool:
        url, secret = given.get("url", ""), given.get("secret_token", "")
        if url and not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[\w-]{0,256}", secret, re.ASCII):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        if given.get("drop_pending_updates") in (True, "true", "True"):
            self.updates.clear()
        self.allowed = given.get("allowed_updates", self.allowed)
        self.webhook = {"url": url, "secret": secret, "max_connections": int(given.get("max_connections", 40))}
        await self.close()
        for update in self.updates:
            self._deliver(update)
        return True

    async def on_deletewebhook(self, given: Json) -> bool:
        return await self.on_setwebhook({"drop_pending_updates": given.get("drop_pending_updates")})

    async def on_getwebhookinfo(self, _: Json) -> Json:
        shown = {key: value for key, value in self.webhook.items() if key != "secret"}
        waiting = len(self.updates)
        return {"has_custom_certificate": False, "pending_update_count": waiting} | shown
