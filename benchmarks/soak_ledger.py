"""What was said during a soak and what came of it, as plain data: the players write it, the judge reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

CHANNELS = ("api", "page", "telegram")


@dataclass(frozen=True)
class Seen:
    """A reply as its reader has it: what it is (outcome, entry, … as far as the channel shows it) and all its words."""

    what: str
    words: str


@dataclass
class Message:
    """One thing that somebody said. Times are seconds of the monotonic clock.

    `payload` is that of the pressed button, whose title is the text.
    `expected` is the reply that the same words get when nobody else talks, `came` the first proper one; `failures` are the honest
    failures and broken connections before it, after each of which it was said again. `replies` counts the proper replies,
    `asked` how often Telegram was given it as a new message. `fault` is what a player itself found wrong.
    """

    channel: str
    conversation: int
    talk: str
    step: int
    text: str
    sent: float
    expected: Seen | None = None
    came: Seen | None = None
    answered: float | None = None
    replies: int = 0
    asked: int = 1
    failures: list[str] = field(default_factory=list)
    fault: str = ""
    payload: str | None = None

    @property
    def seconds(self) -> float | None:
        """From the first sending to the proper reply; None while there is none."""
        return None if self.answered is None else self.answered - self.sent


@dataclass(frozen=True)
class Kill:
    """A process that was killed: when, and its id."""

    part: str
    at: float
    pid: int


@dataclass(frozen=True)
class Sample:
    """Resident memory of a process at a moment, in MB of 10^6 bytes."""

    part: str
    pid: int
    at: float
    mb: float


@dataclass
class Ledger:
    """Everything that a soak noted. `capacity` and `rate` are messages a second; `skipped` messages
    were due but nobody was free to say them; `errors` are faults of the soak itself."""

    messages: list[Message] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    capacity: float = 0.0
    rate: float = 0.0
    began: float = 0.0
    ended: float = 0.0
    skipped: int = 0
    errors: list[str] = field(default_factory=list)
