"""What a conversation remembers of a sum: one slot, plain data, between the messages."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

SLOT = "sum"
# The one slot that a form asks for. What is asked is a fact of the sum, so it is never filled: the form ends when nothing is missing.
FACT = "fact"
MOST_BACK = 5

Kind = Literal["allowance", "duty", "cash"]


class Earlier(BaseModel):
    """A sum as it was before a message, to go back to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    administration: str | None = None
    data: dict[str, Any] = {}
    unknown: tuple[str, ...] = ()


class State(BaseModel):
    """A sum in a conversation.

    `data` is the JSON of what is asked about (a basket, a consignment, cash). `asked` is the fact that was asked last, or the line that
    is to be changed; `unknown` are facts that the asker cannot tell. `told`: the result was given, and the form is closed. `began` is
    what was asked in the asker's words, `request` the id of the turn that last changed it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    administration: str | None = None
    data: dict[str, Any] = {}
    asked: str | None = None
    unknown: tuple[str, ...] = ()
    told: bool = False
    began: str = ""
    request: str = ""
    earlier: tuple[Earlier, ...] = ()

    @property
    def form(self) -> str:
        """The name of its Rasa form."""
        return f"{self.kind}_form"

    def changed(self, **changes: Any) -> State:
        """The state with `changes`, and the one before to go back to."""
        before = Earlier(administration=self.administration, data=self.data, unknown=self.unknown)
        return self.model_copy(update={"earlier": (*self.earlier, before)[-MOST_BACK:], **changes})

    def gone_back(self) -> State:
        """The state before the last message; the same when there is none."""
        if not self.earlier:
            return self
        *rest, last = self.earlier
        return self.model_copy(
            update={
                "administration": last.administration,
                "data": last.data,
                "unknown": last.unknown,
                "earlier": tuple(rest),
            }
        )


def read_state(tracker: Tracker) -> State | None:
    """The sum of the conversation; None without one, or with one that another version of the service wrote."""
    kept = tracker.slots.get(SLOT)
    if not isinstance(kept, dict):
        return None
    try:
        return State.model_validate(kept)
    except ValidationError:
        return None


def waiting(state: State) -> list[dict[str, Any]]:
    """The events that keep the sum and let its form wait for an answer."""
    return [kept(state), ActiveLoop(state.form), SlotSet("requested_slot", FACT), FollowupAction("action_listen")]


def closed(state: State | None) -> list[dict[str, Any]]:
    """The events that close the form; `state` is kept for corrections, None forgets it."""
    return [kept(state), ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]


def kept(state: State | None) -> dict[str, Any]:
    """The event that remembers a sum; None forgets it."""
    return SlotSet("sum", state.model_dump(mode="json", exclude_defaults=True) if state else None)
