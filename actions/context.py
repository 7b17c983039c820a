"""What an action knows of one turn: the text, and what the tracker and the channel say about who asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from rasa_sdk import Tracker

from customs.settings import Settings
from knowledge_base.dates import Asked, find_day, last_day
from knowledge_base.errors import ReleaseError
from knowledge_base.language import identify
from knowledge_base.switches import Switches

if TYPE_CHECKING:
    from actions.knowledge import Served
    from knowledge_base.index.release import Release
    from knowledge_base.places import Administrations
    from knowledge_base.search import Searcher

# Languages that are not written in Latin letters.
_SCRIPT = {"ar": "arabic", "ur": "arabic", "hi": "devanagari", "ru": "cyrillic", "zh": "han"}


@dataclass(frozen=True)
class Turn:
    """One turn.

    `language` is the one to reply in, and `tells_language` whether the text shows it. `administration` is the one chosen so
    far, not the one the text may name; `origin` is the country (ISO code) that the question comes from, when it tells. `day` is the one to answer for: `today` of the asker, or the one that the text names, which is
    then `asked_for`. `served` is the release that the turn began with, None (and `problem` why) without one. `channel` is where it is
    asked, and `switches` what is switched off when it is.
    """

    conversation: str
    text: str
    language: str
    request_id: str
    day: date
    is_payload: bool = False
    values: dict[str, str] = field(default_factory=dict)
    tells_language: bool = False
    administration: str | None = None
    audience: str | None = None
    pending_question: str | None = None
    last_answer: dict[str, Any] = field(default_factory=dict)
    served: Served | None = None
    problem: str | None = None
    origin: str | None = None
    asked_for: Asked | None = None
    asked_on: date | None = None
    channel: str | None = None
    switches: Switches = field(default_factory=Switches)

    @property
    def today(self) -> date:
        """The day on which is asked."""
        return self.asked_on or self.day

    def on_day_of(self, text: str, administration: str | None = None) -> Turn:
        """The turn, to be answered for the day that `text` names, if it names one that is not now."""
        asked = find_day(text, self.today, month_first=administration == "us" and self.language in {"en", "es"})
        if asked is None or asked.day <= self.today <= last_day(asked):
            return replace(self, day=self.today, asked_for=None, asked_on=self.today)
        return replace(self, day=asked.day, asked_for=asked, asked_on=self.today)

    def on_today(self) -> Turn:
        """The turn, to be answered for the day on which is asked."""
        return replace(self, day=self.today, asked_for=None)

    @property
    def release(self) -> Release:
        """The release that is served. This and the next two raise `ReleaseError` when there is none."""
        return self._served.release

    @property
    def searcher(self) -> Searcher:
        return self._served.searcher

    @property
    def places(self) -> Administrations:
        return self._served.places

    @property
    def _served(self) -> Served:
        if self.served is None:
            raise ReleaseError(self.problem or "no release has been opened")
        return self.served


def bare_turn(tracker: Tracker, settings: Settings) -> Turn:
    """A turn of which only the conversation is known: to be honest with when reading it failed."""
    message = tracker.latest_message or {}
    metadata = message.get("metadata") if isinstance(message.get("metadata"), dict) else {}
    known = (tracker.slots.get("language"), (metadata or {}).get("language"))
    language = next((name for name in known if name in settings.languages), settings.default_language)
    request = str((metadata or {}).get("request_id") or uuid.uuid4().hex)
    return Turn(str(tracker.sender_id), "", language, request, date.today(), channel=_channel(metadata))


def read_turn(
    tracker: Tracker,
    settings: Settings,
    served: Served | None,
    problem: str | None = None,
    switches: Switches | None = None,
) -> Turn:
    """The turn that `tracker` is in. Hints that cannot be read are left out, never an error."""
    message = tracker.latest_message or {}
    metadata = message.get("metadata") if isinstance(message.get("metadata"), dict) else {}
    slots = tracker.slots
    text = str(message.get("text") or "").strip()
    is_payload = text.startswith("/")
    text = text if is_payload else text[: settings.max_question_chars]
    session = _one_of(slots.get("language"), settings.languages)
    page = _one_of(metadata.get("language"), settings.languages)
    language, sure = session or page or settings.default_language, False
    if text and not is_payload:
        said = identify(text, settings.languages, session=session, page=page)
        # A guess is no reason to leave the language of a conversation, unless that is not written so.
        unlike = session and _SCRIPT.get(said.language) != _SCRIPT.get(session)
        if said.language in settings.languages and (said.sure or not session or unlike and said.language in _SCRIPT):
            language, sure = said.language, said.sure
    covered = served.release.shelves if served else settings.administrations
    hints = (slots.get("administration"), metadata.get("administration"), settings.default_administration)
    last = slots.get("last_answer")
    pending = slots.get("pending_question")
    return Turn(
        conversation=str(tracker.sender_id),
        text=text,
        language=language,
        request_id=str(metadata.get("request_id") or uuid.uuid4().hex),
        day=_day(metadata.get("date")),
        is_payload=is_payload,
        values=_values(message.get("entities")),
        tells_language=sure,
        administration=next((found for hint in hints if (found := _one_of(hint, covered))), None),
        audience=_one_of(slots.get("audience"), ("traveller", "trader")),
        pending_question=pending if isinstance(pending, str) and pending else None,
        last_answer={key: value for key, value in last.items() if isinstance(value, str)}
        if isinstance(last, dict)
        else {},
        served=served,
        problem=problem,
        channel=_channel(metadata),
        switches=switches or Switches(),
    )


def _channel(metadata: dict[str, Any] | None) -> str | None:
    name = (metadata or {}).get("channel")
    return name if isinstance(name, str) else None


def _one_of(value: Any, known: Any) -> str | None:
    return value if isinstance(value, str) and value in known else None


def _values(entities: Any) -> dict[str, str]:
    return {
        str(item["entity"]): str(item["value"])
        for item in entities or []
        if isinstance(item, dict) and item.get("entity") and item.get("value") is not None
    }


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return date.today()
