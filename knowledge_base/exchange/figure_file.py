"""Writing a changed figure into its pack: only its periods, source and status are touched, all else of figures.yml stays as it was typed."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import yaml

from knowledge_base import yaml12
from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.model import Figure, FigureFile, Period


def write_figure(folder: Path, figure: Figure) -> None:
    """Put `figure` in the place of the one of its id in `folder`/figures.yml, by one rename.

    Raises `ChangeRefused` when the file cannot be written, has no such figure, or was laid out in a way that cannot be edited in place.
    """
    path = folder / "figures.yml"
    try:
        before = path.read_text(encoding="utf-8")
        after = with_figure_text(before, figure)
        aside = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            aside.write_text(after, encoding="utf-8", newline="")
            os.replace(aside, path)
        finally:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ChangeRefused(f"{path} cannot be changed: {reason}. Make the file readable and writable.") from None


def with_figure_text(text: str, figure: Figure) -> str:
    """The text of a figures.yml with `figure` changed in it. Raises `ChangeRefused` when the outcome would not be exactly that."""
    mapping = _node_of(text, figure.id)
    nodes = {key.value: (key, value) for key, value in mapping.value}
    edits = [_valid_edit(text, *nodes["valid"], figure.valid)]
    for key, wanted in (("source", figure.source), ("status", figure.status)):
        if nodes[key][1].value != wanted:
            edits.append((nodes[key][1].start_mark.index, nodes[key][1].end_mark.index, wanted))
    if "conflict" in nodes and not figure.conflict:
        edits.append(_removal(text, mapping, "conflict"))
    changed = text
    for start, end, put in sorted(edits, reverse=True):
        changed = changed[:start] + put + changed[end:]
    _verify(text, changed, figure)
    return changed


def _node_of(text: str, figure_id: str) -> yaml.MappingNode:
    """The figure's own node, with the places of its keys in the text."""
    root = yaml.compose(text, yaml12._Loader)
    items = next((value for key, value in getattr(root, "value", []) if key.value == "figures"), None)
    for item in getattr(items, "value", []):
        if any(key.value == "id" and value.value == figure_id for key, value in item.value):
            return item
    raise ChangeRefused(f"figures.yml has no figure {figure_id}; was it renamed meanwhile?")


def _valid_edit(text: str, key: yaml.Node, node: yaml.Node, periods: list[Period]) -> tuple[int, int, str]:
    """(start, end, new text) for the list of periods, in the layout that it has."""
    items = [_period(period) for period in periods]
    if node.flow_style or not node.value:
        return node.start_mark.index, node.end_mark.index, f"[{', '.join(items)}]"
    # A block list's own end lies behind the comments that follow it; its last item's does not.
    start, end = node.start_mark.index, _end(node.value[-1])
    indent = " " * node.start_mark.column
    return start, end, f"\n{indent}".join(f"- {item}" for item in items)


def _end(node: yaml.Node) -> int:
    """Where the text of `node` ends."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        return node.end_mark.index
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _removal(text: str, mapping: yaml.MappingNode, name: str) -> tuple[int, int, str]:
    """The edit that takes a key with its value out of a figure."""
    place = next(number for number, (key, _) in enumerate(mapping.value) if key.value == name)
    key, value = mapping.value[place]
    if mapping.flow_style:  # from the end of the entry before, with the comma
        return mapping.value[place - 1][1].end_mark.index, value.end_mark.index, ""
    return text.rfind("\n", 0, key.start_mark.index), _end(value), ""


def _period(period: Period) -> str:
    parts = [f"{name}: {day}" for name, day in (("from", period.start), ("until", period.until)) if day]
    return "{" + ", ".join([*parts, f"value: {_value(period.value)}"]) + "}"


def _value(value: Decimal | date | str | None) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else value.isoformat()


def _verify(before: str, after: str, figure: Figure) -> None:
    """The file says the new figure, and of all others what it said before."""
    try:
        old = {each.id: each for each in FigureFile.model_validate(yaml12.load(before)).figures}
        new = {each.id: each for each in FigureFile.model_validate(yaml12.load(after)).figures}
    except (yaml.YAMLError, ValueError):
        new, old = {}, {}
    if not new or new != {**old, figure.id: figure}:
        raise ChangeRefused(
            f"figures.yml: {figure.id} is laid out in a way that cannot be changed in place; edit its periods by hand."
        )
