"""What an action knows of one turn: the text, and what the tracker and the channel say about who asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base.language import identify
from rasa_sdk import Tracker

from customs.settings import Settings


@dataclass(frozen=True)
class Turn:
    """One turn. `language` is the one to reply in; `administration` the one chosen so far, not the one the text may name."""

    conversation: str
    text: str
    is_payload: bool
    values: dict[str, str]
    language: str
    romanised: str | None
    administration: str | None
    day: date
    channel: str
    request_id: str
    pending_question: str | None
    last_answer: dict[str, Any]


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return date.today()


def read_turn(tracker: Tracker, settings: Settings) -> Turn:
    """The turn that `tracker` is in. Hints that cannot be read are left out, never an error."""
    message = tracker.latest_message or {}
    metadata = message.get("metadata") or {}
    text = (message.get("text") or "").strip()
    is_payload = text.startswith("/")
    values = {
        item["entity"]: str(item["value"]) for item in message.get("entities") or [] if item.get("value") is not None
    }
    chosen = tracker.get_slot("language")
    page = metadata.get("language")
    page = page if page in settings.languages else None
    fallback = chosen or page or settings.default_language
    romanised = None
    if is_payload or not text:
        language = fallback
    else:
        identified = identify(text, settings.languages, session=chosen, page=page)
        language, romanised = identified.language, identified.romanised
    administration = (
        tracker.get_slot("administration") or metadata.get("administration") or settings.default_administration
    )
    return Turn(
        conversation=tracker.sender_id,
        text=text,
        is_payload=is_payload,
        values=values,
        language=language if language in settings.languages else settings.default_language,
        romanised=romanised,
        administration=administration if administration in settings.administrations else None,
        day=_day(metadata.get("date")),
        channel=str(metadata.get("channel") or "rest"),
        request_id=str(metadata.get("request_id") or uuid.uuid4().hex),
        pending_question=tracker.get_slot("pending_question"),
        last_answer=tracker.get_slot("last_answer") or {},
    )
