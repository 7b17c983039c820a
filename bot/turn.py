"""A turn: what one person said once, cleaned, before it goes to the dialogue engine.

Channels make turns. Typed text goes through `clean_text`; a button's payload goes through `check_payload`.
"""

from __future__ import annotations

import json
import re
import secrets
import time
import unicodedata
from dataclasses import dataclass, field

MAX_PAYLOAD_CHARS = 200

# Payloads that our own buttons may send: intent → key → the values it may have. docs/contracts.md lists what they mean.
_VALUE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_RATING = re.compile(r"up|down")
_REASON = re.compile(r"wrong|outdated|unclear|no_answer")
PAYLOADS: dict[str, dict[str, re.Pattern[str]]] = {
    "start": {"entry": _VALUE},
    "change_administration": {"administration": _VALUE},
    "change_language": {"language": _VALUE},
    "choose_entry": {"entry": _VALUE},
    "give_feedback": {"rating": _RATING, "reason": _REASON},
    "check_allowance": {"administration": _VALUE},
    "estimate_duty": {"administration": _VALUE},
    "declare_cash": {"administration": _VALUE},
    "set_fact": {"fact": _VALUE, "value": _VALUE},
    "edit_line": {"line": _VALUE},
    "remove_line": {"line": _VALUE},
    "confirm_heading": {"line": _VALUE, "good": _VALUE},
    "go_back": {},
    "calculate_again": {},
    "give_up": {},
    "ask_human": {},
    "help": {},
    "restart": {},
}
# Keys that may be left out.
_OPTIONAL = {
    ("start", "entry"), ("give_feedback", "reason"), ("check_allowance", "administration"), ("estimate_duty", "administration"),
    ("declare_cash", "administration"),
}  # fmt: skip

_ULID_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BLANK_LETTERS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
_INVISIBLE_MARKS = re.compile("[\u034f\u180b-\u180f\ufdd0-\ufdef\U000e0000-\U000e0fff]")
# Arabic number and verse signs are of the class "format" but people see them.
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_JOINERS = "\u200c\u200d"
# Scripts in which a joiner changes how a word is read: Arabic (Urdu, Persian) and the Indic ones (Hindi).
_JOINED_SCRIPTS = "\u0600-\u07bf\u0860-\u0dff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\u3030-\u3299\ufe0f\U0001f000-\U0001faff"
_IDLE_JOINER = re.compile(f"(?<![{_JOINED_SCRIPTS}{_EMOJI}])[{_JOINERS}]|[{_JOINERS}](?=[{_JOINERS} ]|$)")


class PayloadError(ValueError):
    """A payload is none that our buttons make; the message says what is wrong with it."""


def new_request_id() -> str:
    """A new id for one turn: 26 characters, later ones sort after earlier ones (a ULID)."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "".join(_ULID_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


@dataclass(frozen=True)
class Turn:
    """What one person said once.

    `text` is cleaned text; with a `payload` (a pressed button) it is the button's title. `language`, `administration`
    and `date` (ISO) are hints that the question itself may overrule. `cut` says that the text was longer than allowed.
    `name` is the channel's own for the message, the same when it is sent again after a kill: it is then not said twice.
    """

    conversation: str
    text: str
    channel: str
    payload: str | None = None
    language: str | None = None
    administration: str | None = None
    date: str | None = None
    request_id: str = field(default_factory=new_request_id)
    cut: bool = False
    name: str | None = None

    @property
    def message(self) -> str:
        """What Rasa gets: the payload, or the text, which can never be taken for a payload."""
        return self.payload or self.text.lstrip("/ ")

    @property
    def metadata(self) -> dict[str, str]:
        """The hints that are known, as docs/contracts.md names them."""
        hints = {"administration": self.administration, "language": self.language, "date": self.date}
        hints |= {"message": self.name}
        return {"channel": self.channel, "request_id": self.request_id} | {k: v for k, v in hints.items() if v}


def _is_seen(char: str) -> bool:
    """False for what nobody sees or what turns the reading direction: controls, overrides, half surrogate pairs."""
    if char in _JOINERS or char in _VISIBLE_FORMATS:
        return True
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs"} and ord(char) & 0xFFFE != 0xFFFE


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def clean_text(raw: str, limit: int) -> tuple[str, bool]:
    """Return typed text as one clean line of at most `limit` characters, and whether it was cut to that.

    Invisible and direction-turning characters go; joiners stay where Urdu, Hindi or an emoji needs them; slashes in
    front go, so that nobody types a payload. Any string will do; one that holds nothing visible becomes "".
    """
    text = " ".join(raw.translate(_BLANK_LETTERS).split())
    text = "".join(char for char in _INVISIBLE_MARKS.sub("", text) if _is_seen(char))
    text = " ".join(_IDLE_JOINER.sub("", " ".join(_nfc(text).split())).split())
    text = _nfc(text).lstrip("/ ")
    cut = len(text) > limit
    return text[:limit].rstrip(" " + _JOINERS) if cut else text, cut


def check_payload(raw: str) -> str:
    """Return the payload `raw` in its one canonical spelling.

    Raises `PayloadError` unless intent, keys and values are of `PAYLOADS` and the whole has at most 200 characters.
    """
    if not isinstance(raw, str):
        raise PayloadError(f"A payload is text, not {type(raw).__name__}.")
    if len(raw) > MAX_PAYLOAD_CHARS:
        raise PayloadError(f"A payload has at most {MAX_PAYLOAD_CHARS} characters; this one has {len(raw)}.")
    parts = re.fullmatch(r"/([a-z_]+)(\{.*\})?", raw)
    if not parts:
        raise PayloadError('A payload looks like /intent or /intent{"key":"value"}.')
    intent, body = parts[1], parts[2] or "{}"
    if intent not in PAYLOADS:
        raise PayloadError(f"No button sends /{intent}; known are {', '.join(PAYLOADS)}.")
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise PayloadError(f"What follows /{intent} is not a JSON object.") from None
    allowed = PAYLOADS[intent]
    for key, value in values.items():
        if key not in allowed:
            raise PayloadError(f"/{intent} takes {', '.join(allowed) or 'no key'}, not {key!r}.")
        if not isinstance(value, str) or not allowed[key].fullmatch(value):
            raise PayloadError(f"/{intent}: the value of {key} does not match {allowed[key].pattern}.")
    for key in allowed:
        if key not in values and (intent, key) not in _OPTIONAL:
            raise PayloadError(f"/{intent} needs {key}.")
    return f"/{intent}" + (json.dumps(values, separators=(",", ":")) if values else "")
