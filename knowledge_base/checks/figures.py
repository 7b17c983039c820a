"""Figures: unknown, unused, without a value when they are needed, and one thing with two numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge_base.answer_text import PLACEHOLDER, figures_in
from knowledge_base.checks.checked import Checked, texts
from knowledge_base.model import Conflict, Entry, Figure
from knowledge_base.packs import Fault
from knowledge_base.said import Said


def figures(checked: Checked) -> Iterator[Fault]:
    """Placeholders that cannot be filled in, and figures that no answer and no sum uses."""
    used = {figure for file in checked.pack.rules.values() for figure in file.figures()}
    for entry in checked.pack.entries.values():
        for key, text in texts(entry):
            for match in PLACEHOLDER.finditer(text):
                if match["form"] and match["form"] != "number":
                    yield checked.in_entry(entry, key, match[0], Said("Only |number can follow a figure's id."))
            named = figures_in(text)
            used |= named
            for figure_id in sorted(named):
                yield from _in_answer(checked, entry, key, figure_id)
    for figure_id in sorted(set(checked.pack.figures) - used):
        yield checked.in_figure(
            figure_id,
            "",
            Said("unused"),
            Said("No answer and no sum uses this figure; take it out or use it."),
            "warning",
        )


def _in_answer(checked: Checked, entry: Entry, key: str, figure_id: str) -> Iterator[Fault]:
    figure = checked.pack.figures.get(figure_id)
    if figure is None:
        yield checked.in_entry(
            entry, key, figure_id, Said("There is no such figure; add it to figures.yml or correct the id.")
        )
        return
    if figure.status == "unverified":
        remedy = Said("The figure is unverified, so this entry is not published.")
        yield checked.in_entry(entry, key, figure_id, remedy, "warning")
    day = checked.day_of(entry)
    if entry.effective.until is None or entry.effective.until >= day:
        try:
            figure.value_on(day)
        except LookupError:
            remedy = Said("The figure has no value for {day}, when this entry answers.", day=day)
            yield checked.in_entry(entry, key, figure_id, remedy)


def one_thing_two_numbers(checked: Checked) -> Iterator[Fault]:
    """Figures that call themselves the same and have the same unit: with other values one is wrong, with the same one is too many."""
    seen: dict[tuple[str, str], Figure] = {}
    for figure in checked.pack.figures.values():
        name = " ".join(sorted(re.findall(r"\w+", figure.label.casefold())))
        other = seen.setdefault((name, figure.unit or figure.currency or ""), figure)
        if other is figure:
            continue
        value, others = values(figure), values(other)
        if value == others:
            yield checked.in_figure(
                figure.id,
                "label",
                figure.label,
                Said("The same figure as {other}; use that one in the answers.", other=other.id),
                "warning",
            )
        else:
            yield checked.in_figure(
                figure.id, "label", Said("{value} and {others}", value=value, others=others),
                Said("Called the same as {other}, with another value: correct one, or tell them apart in the label.", other=other.id), "warning",
            )  # fmt: skip


def values(figure: Figure) -> str:
    """All values of a figure in words for staff: `4 until 2026-06-30, 18 L`."""
    parts = []
    for period in figure.valid:
        value = "unknown" if period.value is None else str(period.value)
        parts.append(value + (f" until {period.until}" if period.until else ""))
    return " ".join(filter(None, [", ".join(parts), _unit(figure)]))


def conflicting_value(figure: Figure, conflict: Conflict) -> str:
    """Another value found for `figure`, in words for staff, with what was noted of it."""
    value = "unknown" if conflict.value is None else str(conflict.value)
    note = f"({conflict.note})" if conflict.note else ""
    return " ".join(filter(None, [value, _unit(figure), note]))


def _unit(figure: Figure) -> str:
    return figure.currency or ("" if figure.unit in ("text", "date") else figure.unit or "")
