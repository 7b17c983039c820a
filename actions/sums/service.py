"""Sums for programs: plain data in, plain data and blocks out, by the same rules and words as in conversation.

`{"administration": "gb", "language": "en", "text": "2 bottles of whisky, i'm 30", "basket": {...}}`: `text` is read beside what `basket`
(for duty `consignment`, for cash `cash`) already holds. The answer tells what was understood, what is missing and the result.
"""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from actions.base import Service
from actions.context import Turn
from actions.knowledge import Knowledge
from actions.sums.calculator import Calculator
from actions.sums.calculators import CALCULATORS
from actions.sums.off import sum_off
from actions.sums.telling import no_ruling
from actions.switched_off import notice_targets, urgent
from customs.blocks import Block
from customs.settings import Settings

# The sum → the field of a request that holds what it is about.
FIELDS = {"allowance": "basket", "duty": "consignment", "cash": "cash"}
_KNOWN = frozenset({"administration", "language", "date", "text"})
Answer = tuple[int, dict[str, Any]]


class RequestError(ValueError):
    """A request that cannot be worked out; `field` names what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class SwitchedOffError(Exception):
    """The sum rests on guidance that staff have switched off."""


def sum_up(kind: str, request: Any, settings: Settings, knowledge: Knowledge) -> Answer:
    """The HTTP status and the answer to a request. 404 for a sum that there is not, 422 for a faulty field, 503 without a release."""
    calculator = next((one for one in CALCULATORS if one.kind == kind), None)
    if calculator is None:
        return 404, {"error": "not_found", "message": f"There is no sum {kind!r}; known are {', '.join(FIELDS)}."}
    if knowledge.served is None:
        return 503, {"error": "no_release", "message": "The guidance cannot be read just now."}
    try:
        return 200, _result(calculator, _checked(request, calculator), settings, knowledge)
    except SwitchedOffError as error:
        return 503, {"error": "switched_off", "message": str(error)}
    except RequestError as error:
        return 422, {"error": "invalid_field", "message": str(error), "field": error.field}


def _checked(request: Any, calculator: Calculator) -> dict[str, Any]:
    field = FIELDS[calculator.kind]
    if not isinstance(request, dict):
        raise RequestError("", f"The body must be a JSON object with administration and text or {field}.")
    for name in request:
        if name not in _KNOWN and name != field:
            raise RequestError(
                str(name)[:80], f"There is no field {str(name)[:80]!r}; known are {', '.join(sorted(_KNOWN))}, {field}."
            )
    for name in _KNOWN:
        if request.get(name) is not None and not isinstance(request[name], str):
            raise RequestError(name, f"{name} must be text, not {type(request[name]).__name__}.")
    return request


def _result(
    calculator: Calculator, request: dict[str, Any], settings: Settings, knowledge: Knowledge
) -> dict[str, Any]:
    shelves = knowledge.served.release.shelves  # type: ignore[union-attr]
    having = [name for name, shelf in shelves.items() if calculator.rules in shelf.rules]
    administration = request.get("administration")
    if administration not in having:
        raise RequestError(
            "administration", f"administration is {str(administration)[:40]!r}; expected one of {', '.join(having)}."
        )
    language = request.get("language") or settings.default_language
    if language not in settings.languages:
        raise RequestError(
            "language", f"language is {language[:40]!r}; expected one of {', '.join(settings.languages)}."
        )
    turn = Turn(
        "api", (request.get("text") or "")[: settings.max_question_chars], language, uuid.uuid4().hex, _day(request.get("date")),
        administration=administration, served=knowledge.served, switches=Service.switches(),
    )  # fmt: skip
    field = FIELDS[calculator.kind]
    try:
        data = calculator.model.model_validate({} if request.get(field) is None else request[field])
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in (field, *first["loc"]))
        raise RequestError(place[:80], f"{place[:200]}: {first['msg']}.") from None
    shelf = shelves[administration]
    unclear: tuple[str, ...] = ()
    if turn.text:
        heard = calculator.read(turn, turn.text, data, None, turn.places.find(turn.text), shelf.administration.currency)
        data, unclear = heard.data, heard.unclear
    result = calculator.check(turn, shelf, data)
    if sum_off(turn, calculator, shelf, result):
        raise SwitchedOffError("This answer is being corrected just now. Please ask the customs office.")
    needs = calculator.missing(data, result)
    about = urgent(turn, notice_targets(turn, administration, *calculator.rests_on(shelf, result)))
    blocks: list[Block] = calculator.tell(turn, shelf, data, result, certain_only=bool(needs))
    return {
        "administration": administration,
        "language": language,
        "release": knowledge.release_id,
        field: data.model_dump(mode="json"),
        "unclear": list(unclear),
        "needs": list(needs),
        "result": plain(result),
        "blocks": [*about, *blocks, *([] if needs else [no_ruling(turn)])],
    }


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError("date", f"date is {text[:40]!r}; expected a day such as 2026-11-22.") from None


def plain(thing: Any) -> Any:
    """A result as JSON has it: numbers as text, so that no digit is lost; `verdict` and `total` are told beside the fields."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        told = {field.name: plain(getattr(thing, field.name)) for field in dataclasses.fields(thing)}
        return told | {
            name: plain(getattr(thing, name))
            for name in ("verdict", "total")
            if name not in told and hasattr(thing, name)
        }
    if isinstance(thing, BaseModel):
        return thing.model_dump(mode="json")
    if isinstance(thing, Decimal):
        return f"{thing:f}"
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, dict):
        return {str(name): plain(value) for name, value in thing.items()}
    if isinstance(thing, (list, tuple, set, frozenset)):
        return [plain(value) for value in thing]
    return thing
