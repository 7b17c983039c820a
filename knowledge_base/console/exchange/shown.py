"""Impacts and table changes as templates show them: word by word, values in words, codes of sums as words."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from knowledge_base.console.exchange.sheet_words import column_words, sheet_words
from knowledge_base.console.exchange.sum_words import about_words, outcome_words
from knowledge_base.exchange.tables.plan import TableChange
from knowledge_base.exchange.tables.words import word_diff
from knowledge_base.figures import format_value
from knowledge_base.model import Figure

RTL = frozenset({"ar", "ur", "fa", "he"})
MOST_CHANGES = 400


def shown_impact(data: dict[str, Any]) -> dict[str, Any]:
    """An impact that was kept as plain data, for impact.html."""
    before, after = Figure.model_validate(data["before"]), Figure.model_validate(data["after"])
    return {
        "old": _value(before, data["old"]),
        "new": _value(after, data["new"]),
        "day": data["day"],
        "announced_from": data["announced_from"],
        "source": after.source,
        "periods": [{"start": each.start, "until": each.until, "value": _value(after, each.value)} for each in after.valid],
        "entries": len({move["entry"] for move in data["answers"]}),
        "answers": [
            {
                **move, "direction": "rtl" if move["language"] in RTL else "ltr",
                "words": word_diff(move["before"] or _no_value(), move["after"] or _no_value()),
            }
            for move in data["answers"]
        ],
        "rules": data["rules"],
        "sums": [
            {
                "title": move["sum"]["title"], "kind": move["sum"]["kind"],
                "lines": [{**line, "about": about_words(line["about"]), "before": outcome_words(line["before"]), "after": outcome_words(line["after"])} for line in move["lines"]],
            }
            for move in data["sums"]
        ],
        "left_behind": data["left_behind"],
        "faults": data["faults"],
    }  # fmt: skip


def shown_changes(changes: list[list[Any]]) -> list[dict[str, Any]]:
    """The changes of a dry run as they were kept, those of one thing together."""
    found = []
    for item, group in groupby((TableChange(*each) for each in changes), key=lambda each: (each.sheet, each.item)):
        rows = [{"column": column_words(each.column), "words": each.words} for each in group]
        found.append({"sheet": sheet_words(item[0]), "item": item[1], "rows": rows})
    return found


def shown_faults(faults: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The wrong rows of a dry run as they were kept: sheet and column in words, beside the column's name in the file."""
    return [
        {**each, "sheet": sheet_words(each["sheet"]), "column": column_words(each["column"]), "id": each["column"]}
        for each in faults
    ]


def _value(figure: Figure, value: Any) -> str:
    typed = figure.model_copy(update={"valid": figure.valid})
    if isinstance(value, str) and figure.unit != "text" and value != "unknown":
        probe = Figure.model_validate(
            typed.model_dump(by_alias=True) | {"valid": [{"value": value}], "conflict": [], "status": "verified"}
        )
        value = probe.valid[0].value
    return format_value(
        None if value == "unknown" else value, figure.unit, figure.currency, "en", figure.id.split(".", 1)[0]
    )


def _no_value() -> str:
    return _("(no value on that day: this answer cannot be shown)")
