"""From the rows of a table back to entries, figures and sources, by the pack's own model; its objections become faults of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge_base.exchange.errors import ValueRefused
from knowledge_base.exchange.typed_values import read_value
from knowledge_base.model import Entry, Figure, Source
from knowledge_base.objections import objection

Model = TypeVar("Model", bound=BaseModel)
Cells = Mapping[str, str]
# Where the model's objection to a key belongs in a table: key → (sheet, column).
_PLACES = {
    "effective": ("entries", "effective_until"), "coming_from": ("entries", "coming_from_only"), "questions": ("questions", "question"),
    "translations": ("translations", "answer"), "valid": ("values", "value"), "conflict": ("conflicts", "value"),
}  # fmt: skip


class Objection(Exception):
    """The model does not take the item: (sheet, column, value, remedy) for each reason."""

    def __init__(self, reasons: list[tuple[str, str, str, str]]) -> None:
        super().__init__(str(reasons))
        self.reasons = reasons


def built_source(cells: Cells, before: Source | None) -> Source:
    """The source that a row of the sheet sources says. Raises `Objection`."""
    return _valid(Source, _base(before) | {"note": None} | dict(cells), "sources")


def built_entry(cells: Cells, questions: list[Cells], translations: list[Cells], before: Entry | None) -> Entry:
    """The entry of a row, its questions and its translations. Raises `Objection`."""
    asked: dict[str, list[str]] = {}
    for each in questions:
        asked.setdefault(each["language"], []).append(each["question"])
    only, without = _items(cells.get("coming_from_only")), _items(cells.get("coming_from_not"))
    data = {
        "id": cells["id"], "title": cells["title"], "audience": cells["audience"], "answer": cells["answer"], "questions": asked,
        "sources": _items(cells["sources"]), "related": _items(cells.get("related")), "review_by": cells["review_by"],
        "effective": {"from": cells.get("effective_from"), "until": cells.get("effective_until")},
        "coming_from": {"only": only, "not": without} if only or without else None,
        "most_asked": cells.get("most_asked") == "yes",
        "translations": {
            each["language"]: {"title": each["title"], "answer": each["answer"], "of": each.get("of", "")} for each in translations
        },
    }  # fmt: skip
    return _valid(Entry, _base(before) | data, "entries")


def built_figure(
    cells: Cells, values: list[Cells], conflicts: list[Cells], before: Figure | None, language: str | None
) -> Figure:
    """The figure of a row, its values by day and the other values found. Raises `Objection`."""
    kind = {"unit": cells.get("unit"), "currency": cells.get("currency")}
    data = _base(before) | {key: cells.get(key) for key in ("at_limit", "note")} | dict(cells) | kind
    probe = _valid(Figure, data | {"valid": [{"value": "unknown"}], "conflict": [], "status": "verified"}, "figures")

    def value(each: Cells, sheet: str) -> Any:
        if each.get("exact"):
            return "unknown" if each["value"] == "unknown" else each["value"]
        try:
            read = read_value(each["value"], probe, language)
        except ValueRefused as error:
            raise Objection([(sheet, "value", each["value"], error.args[0])]) from None
        return "unknown" if read is None else read

    periods = [
        {"from": each.get("from") or None, "until": each.get("until") or None, "value": value(each, "values")}
        for each in values
    ]
    others = [
        {"source": each["source"], "value": value(each, "conflicts"), "note": each.get("note")} for each in conflicts
    ]
    return _valid(
        Figure, data | {"valid": sorted(periods, key=lambda each: each["from"] or ""), "conflict": others}, "figures"
    )


def _base(before: BaseModel | None) -> dict[str, Any]:
    return before.model_dump(by_alias=True) if before else {}


def _items(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _valid(model: type[Model], data: dict[str, Any], sheet: str) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        reasons = []
        for problem in error.errors(include_url=False):
            location = problem["loc"]
            key = str(location[0]) if location else ""
            place, column = _PLACES.get(key, (sheet, key))
            value = problem.get("input")
            shown = value if isinstance(value, str) else "" if isinstance(value, dict) else str(value)
            reasons.append((place, column, shown, objection(problem)))
        raise Objection(reasons) from None
