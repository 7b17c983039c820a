"""Payloads of buttons that the channel answers itself, without a turn; they travel and are checked like all others.

| payload | made by | meaning |
|---|---|---|
| `/delete_conversation` | /delete | delete what is kept of this chat |
| `/show_sources{"sources":"<key>"}` | under an answer | name its sources with their addresses |
| `/other_country` | under an answer | ask for which country the question shall be asked again |
| `/ask_again{"administration":"gb","answer":"12"}` | the choice after it, for the answer in message 12 | ask it |
| `/choose_country` | under a place that was shared | show the countries |
| `/follow{"entry":"ae.cash.declare"}` | under an answer | tell the chat when it changes |
| `/unfollow{"entry":"ae.cash.declare"}`, `/unfollow_all` | under a change that was told, /unsubscribe | stop |
"""

from __future__ import annotations

import json
import re

from bot.turn import PayloadError, check_payload

_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_NUMBER = re.compile(r"\d{1,20}")
_KEY = re.compile(r"[0-9a-f]{24}")
OWN: dict[str, dict[str, re.Pattern[str]]] = {
    "delete_conversation": {},
    "show_sources": {"sources": _KEY},
    "other_country": {},
    "ask_again": {"administration": _ID, "answer": _NUMBER},
    "choose_country": {},
    "follow": {"entry": _ID},
    "unfollow": {"entry": _ID},
    "unfollow_all": {},
}


def own_payload(intent: str, **values: str) -> str:
    """The payload `/intent{"key":"value"}` of a button of the channel's own."""
    return f"/{intent}" + (json.dumps(values, separators=(",", ":")) if values else "")


def read_own(payload: str) -> tuple[str, dict[str, str]] | None:
    """Intent and values of a payload of the channel's own, None for any other text."""
    intent, _, rest = payload.removeprefix("/").partition("{")
    keys = OWN.get(intent) if payload.startswith("/") else None
    if keys is None:
        return None
    try:
        values = json.loads("{" + rest) if rest else {}
    except (ValueError, RecursionError):
        return None
    if set(values) != set(keys):
        return None
    if not all(isinstance(value, str) and keys[key].fullmatch(value) for key, value in values.items()):
        return None
    return intent, values


def check(payload: str) -> str:
    """Return a payload that one of our buttons makes, for Rasa or for the channel; raises `PayloadError` for any other."""
    return payload if read_own(payload) else check_payload(payload)


__all__ = ["OWN", "PayloadError", "check", "own_payload", "read_own"]
