"""What is asked through Rasa's connectors reaches the staff as what is asked in the web chat and on Telegram does.

The connectors give no reply back; their output hears it, when the structured part passes by on its way to nowhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from customs.asked import Recorder
from customs.blocks import BlockError, check_outcome
from dialogue.environment import own_settings


@dataclass(frozen=True)
class Heard:
    """One message of a person as `customs.asked.Recorder` takes it; with a `payload` the text is the choice's title."""

    conversation: str
    text: str
    channel: str
    payload: str | None
    request_id: str


@dataclass
class Answered:
    """The reply to it: at first that there was none."""

    outcome: str = "failed"
    reason: str | None = "action_server_down"
    language: str = ""
    administration: str | None = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    entry: str | None = None
    release: str | None = None


class Hears:
    """For an output channel: remembers the structured reply, which the text says already."""

    heard: Mapping[str, Any] | None = None

    async def send_custom_json(self, recipient_id: str, json_message: Any, **kwargs: Any) -> None:
        """Send nothing: the messengers do not know our blocks."""
        if isinstance(json_message, Mapping) and "outcome" in json_message:
            self.heard = json_message


@cache
def recorder() -> Recorder:
    """The recorder of this process."""
    return Recorder.of(own_settings())


@asynccontextmanager
async def kept(
    channel: str, sender: str, said: str, message: str, metadata: Mapping[str, str], out: Hears
) -> AsyncIterator[None]:
    """While Rasa answers within: `sender` said `said`, which means `message` to Rasa; afterwards both are kept for staff.

    `out` is where the reply goes. A turn that raises is kept as failed, and raises on.
    """
    turn = Heard(sender, said, channel, message if message.startswith("/") else None, metadata["request_id"])
    try:
        yield
    except Exception:
        recorder().tell(turn, Answered(reason="error", language=metadata.get("language", "")))
        raise
    recorder().tell(turn, answered(out.heard, metadata))


def answered(custom: Mapping[str, Any] | None, metadata: Mapping[str, str]) -> Answered:
    """The reply whose structured part is `custom`; without one, or with one that is none of docs/contracts.md, a failure."""
    failure = Answered(language=metadata.get("language", ""))
    if not custom:
        return failure
    try:
        check_outcome(custom["outcome"], custom.get("reason"))
    except (BlockError, TypeError):
        failure.reason = "error"
        return failure
    names = ("language", "administration", "blocks", "entry", "release")
    return Answered(
        custom["outcome"], custom.get("reason"), **{name: custom.get(name) or getattr(failure, name) for name in names}
    )
