"""Impacts and table changes as templates show them: word by word, values in words, codes of sums as words."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

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
                "lines": [{**line, "about": _about(line["about"]), "before": _said(line["before"]), "after": _said(line["after"])} for line in move["lines"]],
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
        rows = [{"change": each, "words": each.words} for each in group]
        found.append({"sheet": item[0], "item": item[1], "rows": rows})
    return found


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


def _about(codes: list[str]) -> str:
    words = {
        "verdict": _("verdict"), "to_pay": _("to pay"), "limit": _("limit"), "left": _("left"), "threshold": _("threshold"),
        "counted": _("counted"), "duty": _("duty"), "vat": _("VAT"), "excise": _("excise"), "fee": _("fee"), "to_tell": _("note"),
        "customs_value": _("customs value"), "standard": _("standard"), "preference": _("preference"), "flat_rate": _("flat rate"),
    }  # fmt: skip
    return " › ".join(words.get(code, code.replace("_", " ")) for code in dict.fromkeys(codes))


def _said(text: str | None) -> str:
    words = {
        "within": _("free"), "at_limit": _("exactly at the limit"), "over": _("over"), "not_allowed": _("not allowed"), "unknown": _("not known"),
        "declare": _("must be declared"), "no_need": _("need not be declared"), "nothing_on_route": _("nothing to declare"), "yes": _("said"),
        "national": _("national rules"),
    }  # fmt: skip
    return "–" if text is None else words.get(text, text)
