"""Reading a request: the body up to its limit, JSON as an object, and its fields one by one."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.turn import PayloadError, check_payload
from bot.web.problems import Problem
from customs.settings import Settings

# A question has some hundred bytes; nobody may hold a connection by sending them one by one.
BODY_DEADLINE_S = 20.0
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NO_OBJECT = 'The body must be a JSON object, for example {"text": "how much cash can I take along"}.'


async def read_body(request: Request, limit: int) -> bytes:
    """The body; raises a 413 `Problem` as soon as it is longer than `limit` bytes, a 408 if it takes too long to arrive."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_DEADLINE_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise Problem(413, "body_too_large", f"The body may have at most {limit} bytes.")
    except TimeoutError:
        raise Problem(408, "body_too_slow", f"The body did not arrive within {BODY_DEADLINE_S:g} seconds.") from None
    return bytes(body)


def media_type(request: Request) -> str:
    """The body's media type without its parameters, in small letters."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def read_json(request: Request, limit: int) -> dict[str, object]:
    """The JSON object of the body; raises a 400, 408, 413, 415 or 422 `Problem`."""
    if media_type(request) != "application/json":
        raise Problem(415, "unsupported_media_type", "Send the body as application/json.")
    body = await read_body(request, limit)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem(400, "malformed_json", f"The body cannot be read as JSON in UTF-8. {_NO_OBJECT}") from None
    if not isinstance(value, dict):
        raise Problem(422, "invalid_field", _NO_OBJECT)
    return value


async def read_form(request: Request, limit: int) -> dict[str, str]:
    """The fields of a form sent by the page; of a field given twice the last one counts."""
    if media_type(request) != "application/x-www-form-urlencoded":
        raise Problem(415, "unsupported_media_type", "Send the form as application/x-www-form-urlencoded.")
    body = await read_body(request, limit)
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise Problem(400, "malformed_form", "The form has too many fields.") from None


@dataclass(frozen=True)
class Fields:
    """The fields of one request, checked as they are taken; a wrong one raises a 422 `Problem` that names it."""

    values: dict[str, object]
    settings: Settings

    def only(self, *names: str) -> None:
        """Refuse a field that is not in `names`."""
        for name in self.values:
            if name not in names:
                raise self.wrong(name, f"There is no field {name[:80]!r}; known are {', '.join(names)}.")

    def text(self, name: str) -> str | None:
        """A text or None."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise self.wrong(name, f"{name} must be text, not {type(value).__name__}.")
        return value

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """One of `choices` or None."""
        value = self.text(name)
        if value is not None and value not in choices:
            raise self.wrong(name, f"{name} is {value[:40]!r}; expected one of {', '.join(choices)}.")
        return value

    def payload(self) -> str | None:
        """A button's payload or None."""
        value = self.text("payload")
        try:
            return None if value is None else check_payload(value)
        except PayloadError as error:
            raise self.wrong("payload", str(error)) from None

    def key(self) -> str | None:
        """An idempotency key or None."""
        value = self.text("idempotency_key")
        if value is not None and not KEY.fullmatch(value):
            message = "idempotency_key must be 8 to 64 letters, digits, - or _, new for each message (a UUID, say)."
            raise self.wrong("idempotency_key", message)
        return value

    def administration(self) -> str | None:
        """The id of a served administration or None."""
        return self.choice("administration", self.settings.administrations)

    def language(self) -> str | None:
        """An offered language or None."""
        return self.choice("language", self.settings.languages)

    def wrong(self, name: str, message: str) -> Problem:
        """The 422 `Problem` of the field `name`."""
        return Problem(422, "invalid_field", message.encode("utf-8", "replace").decode(), field=_short(name))


def _short(name: str) -> str:
    return name[:80].encode("utf-8", "replace").decode()
