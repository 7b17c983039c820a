"""What goes wrong for a caller of the chat API or a user of the page: one class, a code, a sentence, a status."""

from __future__ import annotations

from collections.abc import Mapping


class Problem(Exception):
    """A refusal. `error` is the stable code, `message` tells developers what to do, `field` names the faulty field."""

    def __init__(
        self,
        status: int,
        error: str,
        message: str,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message
        self.field = field
        self.headers = dict(headers or {})

    def as_dict(self) -> dict[str, str]:
        """The problem as plain data for JSON."""
        problem = {"error": self.error, "message": self.message}
        return problem | {"field": self.field} if self.field else problem


def no_such_conversation() -> Problem:
    """The answer to a missing, a foreign and a forged conversation alike, so that nobody learns which ids exist."""
    message = "There is no such conversation. Leave `conversation` out to begin a new one."
    return Problem(404, "no_such_conversation", message, field="conversation")
