"""A Rasa of our own for the Telegram tests: answers by the contract in docs/contracts.md, and can be slow, down or empty."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.telegram.handlers import payload
from customs.wording import direction

SOURCE = {
    "type": "source",
    "title": "Bringing goods with you",
    "url": "https://www.example.org/goods?a=1&b=2",
    "publisher": "Example Customs",
    "checked": "2026-11-21",
    "as_of": "2026-06-09",
}
LONG_ENTRY = "ae.household.personal_effects_of_somebody_who_moves_home"
WORDS = {"ar": "الحد هو 200 سيجارة حتى 2026-10-01 حسب النموذج C88/SAD", "en": "The limit is 200 cigarettes."}


class FakeRasa:
    """Records the turns in `seen` and deleted conversations in `forgotten`; `down` answers 503, `empty` answers [], `delay_s` waits first."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.languages: dict[str, str] = {}
        self.forgotten: list[str] = []
        self.down = self.empty = False
        self.entries: dict[str, str] = {}  # other texts of entries; an empty one: withdrawn
        self.switched_off: set[str] = set()  # entries that staff have switched off
        self.delay_s = 0.0
        self.side_by_side = self.most_side_by_side = 0
        self.app = Starlette(
            routes=[
                Route("/webhooks/rest/webhook", self.webhook, methods=["POST"]),
                Route("/webhooks/rest/", self.health),
                Route("/webhooks/rest/conversations/{sender}", self.forget, methods=["DELETE"]),
            ]
        )

    @property
    def messages(self) -> list[str]:
        """What was said, in the order in which it arrived."""
        return [turn["message"] for turn in self.seen]

    async def health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def forget(self, request: Request) -> Response:
        if self.down:
            return JSONResponse({"error": "down"}, 503)
        self.forgotten.append(request.path_params["sender"])
        self.languages.pop(request.path_params["sender"], None)
        return JSONResponse({"deleted": 3})

    async def webhook(self, request: Request) -> Response:
        turn = await request.json()
        self.seen.append(turn)
        self.side_by_side += 1
        self.most_side_by_side = max(self.side_by_side, self.most_side_by_side)
        try:
            await asyncio.sleep(self.delay_s)
        finally:
            self.side_by_side -= 1
        if self.down:
            return JSONResponse({"error": "down"}, 503)
        return JSONResponse([] if self.empty else [self.reply(turn)])

    def reply(self, turn: dict[str, Any]) -> dict[str, Any]:
        """One message for one turn."""
        sender, message, hints = turn["sender"], turn["message"], turn["metadata"]
        intent, _, rest = message.removeprefix("/").partition("{") if message.startswith("/") else ("", "", "")
        values = json.loads("{" + rest) if rest else {}
        if intent == "start" and values:
            values["entry"] = values["entry"].replace("_", ".")  # as a link cannot hold dots
        if intent == "change_language":
            self.languages[sender] = values["language"]
        if intent == "restart":
            self.languages.pop(sender, None)
        language = self.languages.get(sender) or hints.get("language") or "en"
        if re.search("[\u0600-\u06ff]", message):
            language = "ar"
        if hints.get("administration"):
            message = message.replace("which country", "that country")  # it is known
        outcome, blocks = self._blocks(intent, values, message, language)
        reason = {"asked_back": "which_administration", "declined": "no_guidance"}.get(outcome)
        if values.get("entry") in self.switched_off:
            outcome, reason, blocks = "declined", "switched_off", [{"type": "paragraph", "text": "This answer is being corrected."}]
        return {
            "recipient_id": sender,
            "text": "",
            "custom": {
                "outcome": outcome,
                "reason": reason,
                "language": language,
                "direction": direction(language),
                "administration": "ae",
                "entry": values.get("entry") or ("ae.tobacco.allowance" if outcome == "answered" else None),
                "release": "r1",
                "blocks": blocks,
                "sources": [SOURCE] if outcome == "answered" else [],
                "request_id": hints["request_id"],
            },
        }

    def _blocks(
        self, intent: str, values: dict[str, str], message: str, language: str
    ) -> tuple[str, list[dict[str, Any]]]:
        def para(text: str) -> dict[str, Any]:
            return {"type": "paragraph", "text": text}

        def buttons(*items: tuple[str, str]) -> dict[str, Any]:
            return {"type": "buttons", "items": [{"title": title, "payload": payload} for title, payload in items]}

        if intent == "start" and not values:
            return "smalltalk", [
                para("Welcome. I am an automated assistant."),
                buttons(
                    ("Moving my household", payload("choose_entry", entry=LONG_ENTRY)),
                    ("Cigarettes", '/choose_entry{"entry":"ae.tobacco.allowance"}'),
                ),
            ]
        if self.entries.get(values.get("entry", "")) == "":
            return "declined", [para("There is no such guidance.")]
        if intent in ("start", "choose_entry") and values["entry"] in self.entries:
            return "answered", [para(self.entries[values["entry"]]), SOURCE]
        if intent in ("start", "choose_entry"):
            return "answered", [para(f"This is entry {values['entry']}."), SOURCE]
        if intent == "give_feedback":
            if values == {"rating": "down"}:
                reasons = [
                    (reason, payload("give_feedback", rating="down", reason=reason))
                    for reason in ("wrong", "no_answer")
                ]
                return "smalltalk", [para("What was wrong?"), buttons(*reasons)]
            return "smalltalk", [para("Thank you for telling us.")]
        if intent:
            return "smalltalk", [para(f"{intent} {' '.join(values.values())} {language}".strip())]
        if "which country" in message:
            return "asked_back", [
                para("Which country?"),
                buttons(
                    ("United Arab Emirates", '/change_administration{"administration":"ae"}'),
                    ("Great Britain", '/change_administration{"administration":"gb"}'),
                ),
            ]
        if "everything" in message:
            return "answered", [
                para(f"Rule {number}. " + "Goods & gifts <of> any kind. " * 20) for number in range(1, 25)
            ] + [SOURCE]
        if "table" in message:
            return "calculated", [
                {
                    "type": "table",
                    "caption": "Duty",
                    "columns": ["Goods", "Rate", "Amount"],
                    "rows": [["Watch", "5 %", "AED 250.00"], ["Shoes", "5 %", "AED 20.00"]],
                }
            ]
        return "answered", [
            para(WORDS.get(language, WORDS["en"])),
            para(f"You asked: {message}"),
            SOURCE,
            buttons(("Cigars", '/choose_entry{"entry":"ae.tobacco.cigars"}')),
        ]
