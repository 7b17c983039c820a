"""One turn as staff may see it, and which turns wait for an answer."""

from __future__ import annotations

from dataclasses import dataclass

# Why a question waits for staff, in the order of the queue's filter.
NO_GUIDANCE, OUT_OF_SCOPE, DECLINED, ASKED_BACK, NOT_HELPFUL, COMMENTED, FAILED = WAITING = (
    "no_guidance", "out_of_scope", "declined", "asked_back", "not_helpful", "commented", "failed",
)  # fmt: skip
RATINGS = ("up", "down")


@dataclass(frozen=True)
class AskedTurn:
    """What was said and what came back, without personal data.

    `id` is the request's, `at` seconds since 1970, `person` the hash of `customs.asked.people`. With `pressed` the text is a
    button's. `answer` is the reply as plain text. `rating`, `rating_reason`, `comment` (what was typed about the reply) and `rated_at`
    are set when the reply is rated.
    """

    id: str
    at: float
    person: str
    channel: str
    said: str
    pressed: bool
    outcome: str
    reason: str | None = None
    language: str | None = None
    administration: str | None = None
    entry: str | None = None
    release: str | None = None
    answer: str = ""
    rating: str | None = None
    rating_reason: str | None = None
    rated_at: float | None = None
    comment: str | None = None
    group_id: str | None = None

    @property
    def waiting(self) -> str | None:
        """Why it waits for staff, one of `WAITING`; None: it does not."""
        return waiting(self.outcome, self.reason, self.rating, self.pressed, bool(self.comment))


def waiting(
    outcome: str, reason: str | None, rating: str | None, pressed: bool = False, commented: bool = False
) -> str | None:
    """Why a turn waits for staff: what was asked got no answer, or one that did not help. None: it does not wait.

    What a sum asks for (`which_fact`) is no gap, nor is a pressed button that began something.
    """
    if rating == "down":
        return NOT_HELPFUL
    if commented and rating is None:
        return COMMENTED
    if pressed or (outcome, reason) in {("failed", "empty"), ("asked_back", "which_fact")}:
        return None
    if outcome == "declined":
        return reason if reason in {NO_GUIDANCE, OUT_OF_SCOPE} else DECLINED
    return {"asked_back": ASKED_BACK, "failed": FAILED}.get(outcome)
