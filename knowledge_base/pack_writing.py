"""Writing packs: from plain data to the files of a pack, always the same bytes for the same pack.

The data has the shape of docs/content-guide.md with values as text ("42", "unknown", "2026-01-01"); `plain` makes it of a pack that was
read. Languages stand English first, then by their codes; keys in the guide's order; what is empty is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge_base.model import Pack

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
_NOT_WORDS = {"true", "false", "null", "unknown", "yes", "no", "on", "off", "y", "n"}
_ODD = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202f-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_KEYS = {
    "administration": (
        "format", "id", "name", "authority", "currency", "languages", "time_zone", "covers", "not_covered", "called", "contacts", "emergency",
    ),
    "contact": ("id", "name", "helps_with", "audience", "phone", "email", "url", "hours", "sources"),
    "emergency": ("phone", "sources"),
    "source": ("id", "title", "publisher", "url", "kind", "as_of", "checked", "note"),
    "figure": ("id", "label", "unit", "currency", "valid", "at_limit", "source", "status", "conflict", "note"),
    "entry": (
        "id", "title", "audience", "questions", "answer", "sources", "effective", "coming_from", "review_by", "related", "most_asked",
        "translations",
    ),
    "translation": ("title", "answer", "of"),
}  # fmt: skip


class Bare(str):
    """A text that is written without quotation marks: a number, a day, the word unknown."""


@dataclass
class PlainPack:
    """A pack as plain data: `topics` maps a topic to its entries in order, `files` the other files' names to their text."""

    administration: dict[str, Any]
    sources: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    topics: dict[str, list[dict[str, Any]]]
    files: dict[str, str] = field(default_factory=dict)


def plain(pack: Pack, folder: Path) -> PlainPack:
    """The data of a pack that was read from `folder`; its other files (rules, coverage) are taken as they are."""

    def dump(item: Any) -> dict[str, Any]:
        return item.model_dump(by_alias=True, exclude_none=True)

    topics: dict[str, list[dict[str, Any]]] = {}
    for entry in pack.entries.values():
        topics.setdefault(pack.topics[entry.id], []).append(dump(entry))
    others = [f"{name}.yml" for name in pack.rules] + ["coverage.yml"]
    files = {name: (folder / name).read_text(encoding="utf-8") for name in others if (folder / name).is_file()}
    figures = [
        # a value's None means unknown and must stay
        {**dump(figure), "valid": [_period(period) for period in figure.valid]}
        | ({"conflict": [_period(other) for other in figure.conflict]} if figure.conflict else {})
        for figure in pack.figures.values()
    ]
    return PlainPack(dump(pack.administration), [dump(source) for source in pack.sources.values()], figures, topics, files)


def _period(item: Any) -> dict[str, Any]:
    data = item.model_dump(by_alias=True)
    return {key: value for key, value in data.items() if value is not None}


def pack_texts(pack: PlainPack) -> dict[str, str]:
    """The files of a pack by name, such as `faq/alcohol.yml`."""
    texts = dict(pack.files)
    texts["administration.yml"] = _text(_administration(pack.administration))
    texts["sources.yml"] = _text({"sources": [_picked(source, "source") for source in pack.sources]})
    texts["figures.yml"] = _text({"figures": [_figure(figure) for figure in pack.figures]})
    for topic, entries in pack.topics.items():
        texts[f"faq/{topic}.yml"] = _text({"topic": topic, "entries": [_entry(entry) for entry in entries]})
    return dict(sorted(texts.items()))


def write_texts(texts: Mapping[str, str], folder: Path) -> None:
    """Make `folder` hold these files of a pack; a file of the pack that is not among them is removed, the others are left alone."""
    (folder / "faq").mkdir(parents=True, exist_ok=True)
    for path in (folder / "faq").glob("*.yml"):
        if f"faq/{path.name}" not in texts:
            path.unlink()
    for path in folder.glob("*.yml"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        data = text.encode()
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


# ---------------------------------------------------------------- the order of things


def _picked(data: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The keys of `kind` in the guide's order without what is empty; days without quotation marks."""
    picked = {key: data[key] for key in _KEYS[kind] if data.get(key) not in (None, "", [], {}, False)}
    return {key: Bare(value) if hasattr(value, "isoformat") else value for key, value in picked.items()}


def by_language(words: Mapping[str, Any]) -> dict[str, Any]:
    """English first, then by the languages' codes."""
    return {language: words[language] for language in sorted(words, key=lambda code: (code != "en", code))}


def _administration(data: Mapping[str, Any]) -> dict[str, Any]:
    out = _picked({**data, "format": Bare(1)}, "administration")
    out |= {key: by_language(out[key]) for key in ("name", "authority")}
    contacts = [_picked(contact, "contact") for contact in out.get("contacts", [])]
    for contact in contacts:
        contact |= {key: by_language(contact[key]) for key in ("helps_with", "hours") if key in contact}
    if contacts:
        out["contacts"] = contacts
    if "emergency" in out:
        out["emergency"] = _picked(out["emergency"], "emergency")
    return out


def _figure(data: Mapping[str, Any]) -> dict[str, Any]:
    out = _picked(data, "figure")

    def value(text: Any) -> str:
        return str(text) if data.get("unit") == "text" and text != "unknown" else Bare(text)

    out["valid"] = [
        {key: Bare(period[key]) for key in ("from", "until") if period.get(key)} | {"value": value(period["value"])}
        for period in data["valid"]
    ]
    if "conflict" in out:
        out["conflict"] = [
            {"value": value(other["value"]), "source": other["source"]} | ({"note": other["note"]} if other.get("note") else {})
            for other in out["conflict"]
        ]
    return out


def _entry(data: Mapping[str, Any]) -> dict[str, Any]:
    out = _picked(data, "entry")
    out["questions"] = by_language(data["questions"])  # must be there, be it empty
    if effective := {key: Bare(day) for key, day in out.pop("effective", {}).items() if day}:
        out["effective"] = effective
    if coming := {key: names for key, names in out.pop("coming_from", {}).items() if names}:
        out["coming_from"] = coming
    if "translations" in out:
        out["translations"] = {
            language: _picked(translation, "translation") for language, translation in by_language(out["translations"]).items()
        }
    return {key: out[key] for key in _KEYS["entry"] if key in out}


# ---------------------------------------------------------------- YAML


def _text(data: Mapping[str, Any]) -> str:
    return "\n".join(_mapping(data, 0)) + "\n"


def _mapping(data: Mapping[str, Any], indent: int) -> Iterable[str]:
    space = " " * indent
    for key, value in data.items():
        key = key if _is_word(key) else _quoted(key)
        if isinstance(value, Mapping) and value:
            if all(not isinstance(inner, (Mapping, list)) and len(str(inner)) < 60 for inner in value.values()) and len(value) < 3:
                yield f"{space}{key}: {_flow(value)}"
            else:
                yield f"{space}{key}:"
                yield from _mapping(value, indent + 2)
        elif isinstance(value, list) and value:
            yield from _sequence(key, value, indent)
        else:
            yield f"{space}{key}: {_scalar(value, indent)}"


def _sequence(key: str, items: list[Any], indent: int) -> Iterable[str]:
    space = " " * indent
    if all(isinstance(item, str) and _is_word(item) for item in items):
        yield f"{space}{key}: [{', '.join(items)}]"
        return
    yield f"{space}{key}:"
    for item in items:
        if not isinstance(item, Mapping):
            yield f"{space}  - {_scalar(item, indent + 2)}"
        elif set(item) <= {"from", "until", "value", "source", "note"}:
            yield f"{space}  - {_flow(item)}"
        else:
            first, *rest = _mapping(item, indent + 4)
            yield f"{space}  - {first.lstrip()}"
            yield from rest


def _flow(data: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_inline(value)}" for key, value in data.items()) + "}"


def _inline(value: Any) -> str:
    return str(value) if isinstance(value, Bare) else _quoted(str(value))


def _scalar(value: Any, indent: int) -> str:
    if value is True:
        return "true"
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list):
        return "[]"
    if isinstance(value, Bare) or _is_word(str(value)):
        return str(value)
    text = str(value)
    lines = text.rstrip("\n").split("\n")
    if len(lines) > 1 or text.endswith("\n"):
        ends = len(text) - len(text.rstrip("\n"))
        plain_lines = all(not line or line.strip() for line in lines) and lines[0][:1].strip() and not _ODD.search(text)
        if ends <= 1 and plain_lines:
            space = " " * (indent + 2)
            return ("|" if ends else "|-") + "".join(f"\n{space}{line}" if line else "\n" for line in lines)
    return _quoted(text)


def _is_word(text: str) -> bool:
    return isinstance(text, str) and _WORD.fullmatch(text) is not None and text.lower() not in _NOT_WORDS


def _quoted(text: str) -> str:
    if "\n" in text or _ODD.search(text):
        whole = json.dumps(text, ensure_ascii=False)
        return _ODD.sub(lambda odd: f"\\U{ord(odd[0]):08X}" if ord(odd[0]) > 0xFFFF else f"\\u{ord(odd[0]):04X}", whole)
    return "'" + text.replace("'", "''") + "'"


