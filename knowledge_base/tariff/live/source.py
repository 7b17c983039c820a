"""What a live tariff gives, how it is asked, and what can go wrong."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from knowledge_base.errors import KnowledgeError
from knowledge_base.rules.duty_goods import DutyPart

_MOST_BYTES = 8 * 1024 * 1024  # a long commodity of the UK tariff has 0.7 MB


class LiveTariffError(KnowledgeError):
    """A live tariff gave no rate; the message says which, for what, and why."""


class TariffUnreachable(LiveTariffError):
    """No answer in time, or an error of the server."""


class CodeUnknown(LiveTariffError):
    """The tariff has no such code."""


class RateUnreadable(LiveTariffError):
    """The rate is published in a way that no sum can follow, or the answer is of another form."""


@dataclass(frozen=True)
class LiveRate:
    """The duty on goods of every origin, as the tariff gave it on the day `asked`; `text` is how it writes the rate."""

    code: str
    duty: tuple[DutyPart, ...]
    text: str
    url: str
    asked: date


class TariffSource(Protocol):
    """A tariff that can be asked."""

    def rate(self, code: str, day: date) -> LiveRate:
        """The duty on `code` on `day`. Raises LiveTariffError."""


def ask_json(url: str, timeout_s: float) -> Any:
    """What `url` answers. Raises TariffUnreachable, CodeUnknown for 404, RateUnreadable for what is not JSON."""
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:
            body = answer.read(_MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            raise CodeUnknown(f"{url} knows no such code.") from None
        raise TariffUnreachable(f"{url} answered {error.code}.") from None
    except OSError as error:  # refused, timed out, no such host
        raise TariffUnreachable(f"{url} gave no answer in {timeout_s:g} s: {error}.") from None
    if len(body) > _MOST_BYTES:
        raise RateUnreadable(f"{url} answered more than {_MOST_BYTES} bytes.")
    try:
        return json.loads(body)
    except ValueError:
        raise RateUnreadable(f"{url} answered something that is not JSON.") from None
